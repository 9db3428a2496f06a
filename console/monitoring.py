"""The page of monitoring: what came of past lists beside the rule, and whether the model still sees the world it was trained on.

Belongs here: the sentences and tables of both. Does not: the measures (dbt_project/models/marts/monitoring), the review of a
training (report.py).
"""

from datetime import timedelta
from typing import Any

import polars as pl

from console.output import Column, Page, Table, of
from console.pages import facts
from console.words import counted, kind_words, number
from preaudit.snapshot_files import Snapshot

KINDS = ("process", "agent")
ORIGIN_WORDS = {"served": "served", "backtest": "back-test"}
MEASURE_WORDS = {
    "champion_age_days": "age of the champion, days",
    "drifted_inputs_ratio": "share of inputs that drifted",
    "score_psi": "drift of the scores (PSI)",
    "expected_failures": "expected to fail, of today's list",
    "realised_failures": "failed, of the last list whose time is over",
    "list_overlap": "share of the list that stayed",
    "not_evaluable_ratio": "share that could not be judged",
}


def monitoring_page(snapshot: Snapshot, limit: int) -> Page:
    """Past lists and their outcomes, newest first, then the measures of the day, then the inputs that moved most."""
    outcomes = snapshot.frame("list_outcomes").sort("as_of_on", "entity_kind", descending=[True, True])
    measures = snapshot.frame("model_monitoring")
    decisions = snapshot.frame("decisions")
    inputs = measures.filter(pl.col("measure") == "input_psi")
    nearest = inputs.sort(pl.col("value") / pl.col("limit_value"), "entity_kind", "name", descending=[True, False, False])
    others = measures.filter(pl.col("measure") != "input_psi").sort(
        "entity_kind", "measure", "name", descending=[True, False, False]
    )
    off = [_outside(row) for row in others.filter(~pl.col("is_ok")).iter_rows(named=True)]
    return Page(
        title=f"Monitoring, as of {snapshot.as_of_on}",
        facts={**facts(snapshot), "decisions": decisions.height, "outside_limits": off},
        lines=(
            *(line for kind in KINDS for line in _hit_rates(outcomes.filter(pl.col("entity_kind") == kind), kind)),
            f"{counted(decisions.height, 'decision')} of people on record.",
        ),
        notes=tuple(off),
        tables=(
            Table("lists", "Lists and what came of them", outcomes.head(limit).to_dicts(), _list_columns(), "No list yet."),
            Table("measures", "Today", others.drop("as_of_on").to_dicts(), _measure_columns(), "Nothing was measured."),
            Table(
                "inputs",
                "Inputs nearest to their limit, against the training data (PSI)",
                nearest.head(limit).drop("as_of_on").to_dicts(),
                _input_columns(),
                "No training to compare with, or no later day of its weekday yet.",
            ),
        ),
    )


def _hit_rates(outcomes: pl.DataFrame, kind: str) -> list[str]:
    """'Of the 40 agents listed on 2026-09-30, 27 failed; the old rule would have caught 18.'; served first, then back-tested."""
    served = outcomes.filter(pl.col("origin") == "served")
    matured = served.filter("matured")
    tested = outcomes.filter(pl.col("origin") == "backtest")
    lines = []
    if matured.height:
        row = matured.row(0, named=True)
        lines.append(f"Of the {counted(row['list_size'], kind, kind_words(kind))} listed on {row['as_of_on']}, {_caught(row)}")
        if row["intervened"]:
            left, failed = row["list_size"] - row["intervened"], row["failed"] - row["intervened_failed"]
            lines.append(
                f"  Without the {row['intervened']} that were acted upon: {failed} of {left} (docs/model.md says why both)."
            )
    elif served.height:
        first = served.row(-1, named=True)
        due = first["as_of_on"] + timedelta(days=first["horizon_days"])
        lines.append(f"{kind_words(kind).capitalize()}: no list that was served has matured; the first one does on {due}.")
    if tested.height:
        total = tested.select(pl.col("list_size", "failed", "rule_failed").sum()).row(0, named=True) | {"ranked_by": "model"}
        lines.append(
            f"Back-test on {counted(tested.height, 'date')}, served to nobody: of {total['list_size']:,} {kind_words(kind)}"
            f" that the model would have listed, {_caught(total)}"
        )
    return lines


def _caught(row: dict[str, Any]) -> str:
    if row["ranked_by"] == "rule":
        return f"{row['failed']:,} failed; it was the rule's list."
    return f"{row['failed']:,} failed; the old rule would have caught {row['rule_failed']:,}."


def _outside(row: dict[str, Any]) -> str:
    limit = f" (limit {number(row['limit_value'])})" if row["limit_value"] is not None else ""
    return f"{row['entity_kind']}: {MEASURE_WORDS[row['measure']]} {number(row['value'])}{limit}; {row['detail']}."


def _list_columns() -> tuple[Column, ...]:
    return (
        Column("As of", of("as_of_on"), is_short=True),
        Column("List", lambda row: f"{row['list_size']} {kind_words(row['entity_kind'])}", is_short=True),
        Column("By", of("ranked_by"), is_short=True),
        Column("", lambda row: ORIGIN_WORDS[row["origin"]], is_short=True),
        Column("Expected", lambda row: number(row["expected"], 1), is_number=True),
        Column("Failed", of("failed", "not yet"), is_number=True),
        Column("By rule", of("rule_failed"), is_number=True),
        Column("Acted", of("intervened"), is_number=True),
    )


def _measure_columns() -> tuple[Column, ...]:
    return (
        Column("", of("entity_kind")),
        Column("Measure", lambda row: MEASURE_WORDS[row["measure"]]),
        Column("Value", lambda row: number(row["value"]), is_number=True),
        Column("Limit", lambda row: number(row["limit_value"]), is_number=True),
        Column("", lambda row: "" if row["is_ok"] else "outside"),
        Column("Measured on", of("detail")),
    )


def _input_columns() -> tuple[Column, ...]:
    return (
        Column("", of("entity_kind")),
        Column("Input", of("name")),
        Column("PSI", lambda row: number(row["value"]), is_number=True),
        Column("Limit", lambda row: number(row["limit_value"]), is_number=True),
        Column("", lambda row: "" if row["is_ok"] else "outside"),
    )
