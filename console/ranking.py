"""The page of one ranking: who is most likely to fail a control, why, and which controls the list could not take in.

Belongs here: the columns of the model's and of the rule's list, and what they leave out. Does not: the other listings (pages.py),
one entity's page (entity.py).
"""

from typing import Any

import polars as pl

from console.output import Column, Page, Table, of
from console.pages import facts, why_not_evaluable
from console.words import chance_and_number, counted, kind_words, number, reasons, rule_note, why_the_rule
from preaudit.snapshot_files import Snapshot

MOST_CAUSES = 3
# Instead of a place in the list (ml/venn_abers.py says when).
TOO_LITTLE_EVIDENCE = "too little evidence"


def rank_page(snapshot: Snapshot, entity_kind: str, top: int) -> Page:
    """The ranking of one kind; names it the rule's where no model is better than the rule."""
    ranked = snapshot.frame("rankings").filter(pl.col("entity_kind") == entity_kind).sort("rank", "entity_id")
    names = dict(snapshot.frame("controls").select("control_id", "name").iter_rows())
    rows = [_ranked(row, names) for row in ranked.head(top).iter_rows(named=True)]
    is_rule = "rule" in ranked["ranked_by"].to_list()
    scores = snapshot.frame("scores").filter((pl.col("entity_kind") == entity_kind) & (pl.col("rule_exceptions_90d") > 0))
    broken = set(scores.select("entity_id", "control_id").iter_rows())
    kind = kind_words(entity_kind)
    why = rule_reason(snapshot, entity_kind)
    title = f"{why}: {kind} by exceptions in the last 28 days" if is_rule else f"{kind.capitalize()} most likely to fail"
    horizon = snapshot.manifest["horizon_days"]
    columns = _rule_columns(broken) if is_rule else _model_columns()
    left_out = _left_out(snapshot, entity_kind)
    notes = ((rule_note(why),) if is_rule else ()) + ((left_out,) if left_out else ())
    if not rows:
        notes = (_why_nobody(snapshot, entity_kind, left_out),)
    return Page(
        title=f"{title}, as of {snapshot.as_of_on}",
        facts={**facts(snapshot), "ranked_by": "rule" if is_rule else "model", "entities": ranked.height},
        lines=(
            f"Top {len(rows)} of {counted(ranked.height, entity_kind, kind)}."
            + ("" if is_rule else f" Chance = of failing any control in the next {horizon} days; order = weighted by severity."),
        ),
        notes=notes,
        tables=(Table("ranking", "", rows, columns, "Nobody is ranked; the note says why."),),
    )


def rule_reason(snapshot: Snapshot, entity_kind: str) -> str:
    """Why the rule ranks this kind, in words."""
    decided = snapshot.frame("model_review").filter(is_headline(snapshot, entity_kind) & (pl.col("metric") == "decision"))
    return why_the_rule(decided["detail"].to_list()[0] if decided.height else None)


def is_headline(snapshot: Snapshot, entity_kind: str) -> pl.Expr:
    """Rows of the review that speak of the headline horizon of one kind; the gate's answers on it bear no number of days."""
    horizon: int = snapshot.manifest["horizon_days"]
    return (pl.col("entity_kind") == entity_kind) & (pl.col("horizon_days").fill_null(horizon) == horizon)


def _left_out(snapshot: Snapshot, entity_kind: str) -> str:
    """Which implemented controls of this kind the ranking lacks, grouped by cause; empty where it lacks none."""
    mine = pl.col("is_implemented") & pl.col("entity_kinds").is_in([entity_kind, "both"])
    library = snapshot.frame("controls").filter(mine).sort("control_id").to_dicts()
    causes: dict[str, list[str]] = {}
    for control in library:
        if cause := why_not_evaluable(control):
            causes.setdefault(cause, []).append(control["control_id"])
    if not causes:
        return ""
    told = [f"{', '.join(controls)} could not be evaluated ({cause})" for cause, controls in list(causes.items())[:MOST_CAUSES]]
    more = sum(map(len, list(causes.values())[MOST_CAUSES:]))
    told += [f"{more} more (see `preaudit controls`)"] if more else []
    evaluable = len(library) - sum(map(len, causes.values()))
    return f"Based on {evaluable} of {counted(len(library), 'control')}: {'; '.join(told)}."


def _why_nobody(snapshot: Snapshot, entity_kind: str, left_out: str) -> str:
    kind = kind_words(entity_kind)
    if left_out:
        return f"No {kind} could be ranked. {left_out}"
    is_in_scope = snapshot.frame("control_status").filter(pl.col("entity_kind") == entity_kind).height > 0
    return f"No {kind} could be ranked: none has a score on this day." if is_in_scope else f"No {kind} in scope on this day."


def _ranked(row: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    keys = ("rank", "entity_kind", "entity_id", "entity_name", "probability_any", "risk", "worst_control_id")
    more = (
        "worst_control_probability",
        "probability_lower",
        "probability_upper",
        "has_enough_evidence",
        "exceptions_28d",
        "exceptions_90d",
        "open_exceptions",
        "controls_scored",
        "ranked_by",
    )
    ranked = {key: row[key] for key in keys} | {"worst_control_name": names.get(row["worst_control_id"])}
    return ranked | {key: row[key] for key in more} | {"reasons": reasons(row["reasons"])}


def _entity(row: Any) -> str:
    return f"{row['entity_id']} {row['entity_name']}" if row["entity_name"] else str(row["entity_id"])


def _worst(row: Any) -> str:
    if row["worst_control_id"] is None:
        return "-"
    head = f"{row['worst_control_id']} {row['worst_control_name'] or ''}".strip()
    if row["worst_control_probability"] is not None:
        head += f": {chance_and_number(row['worst_control_probability'])}{interval(row)}"
    return "\n".join([head, *(f"- {sentence}" for sentence in row["reasons"])])


def interval(row: Any) -> str:
    """The interval of a probability in brackets; nothing where the model that scored has none."""
    if row["probability_lower"] is None:
        return ""
    return f" ({row['probability_lower']:.0%} to {row['probability_upper']:.0%})"


def _model_columns() -> tuple[Column, ...]:
    return (
        Column("#", lambda row: str(row["rank"]) if row["has_enough_evidence"] else TOO_LITTLE_EVIDENCE, is_number=True),
        Column("Who", _entity),
        Column("Chance", lambda row: chance_and_number(row["probability_any"])),
        Column("Worst control, and why", _worst),
    )


def _rule_columns(broken: set[tuple[str, str]]) -> tuple[Column, ...]:
    """Args: broken: entity and control where the rule counted an exception; without one no control is the worst."""

    def worst(row: Any) -> str:
        return _worst(row) if (row["entity_id"], row["worst_control_id"]) in broken else "-"

    return (
        Column("#", of("rank"), is_number=True),
        Column("Who", _entity),
        Column("28 days", lambda row: number(row["exceptions_28d"], 0), is_number=True),
        Column("90 days", lambda row: number(row["exceptions_90d"], 0), is_number=True),
        Column("Worst control", worst),
    )
