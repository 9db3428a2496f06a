"""The listing pages: ranking, controls, quarantine, deliveries, snapshots.

Belongs here: choosing rows of the published frames and naming their columns. Does not: one entity's page (entity.py),
or output formats (output.py).
"""

from typing import Any

import polars as pl

from console.output import Column, Page, Table, of
from console.words import (
    STATUSES,
    chance_and_number,
    counted,
    kind_words,
    number,
    reasons,
    rule_note,
    status_words,
    why_the_rule,
)
from preaudit.snapshot import Snapshot

CONTROL_COLUMNS = (
    Column("Control", lambda row: _named_control(row)),
    *(Column(status_words(name), of(name), is_number=True) for name in ("fail", "waived", "pass")),
    Column("n/a", of("not_applicable"), is_number=True),
    Column("n/e", of("not_evaluable"), is_number=True),
)
DELIVERY_COUNTS = ("rows_delivered", "rows_accepted", "rows_quarantined", "rows_refused", "rows_repeated")


def facts(snapshot: Snapshot) -> dict[str, Any]:
    """What every page says about where its figures come from."""
    return {"as_of_on": snapshot.as_of_on, "version": snapshot.version, "horizon_days": snapshot.manifest["horizon_days"]}


def rank_page(snapshot: Snapshot, entity_kind: str, top: int) -> Page:
    """The ranking of one kind; names it the rule's where no model is better than the rule."""
    ranked = snapshot.frame("rankings").filter(pl.col("entity_kind") == entity_kind).sort("rank", "entity_id")
    names = dict(snapshot.frame("controls").select("control_id", "name").iter_rows())
    rows = [_ranked(row, names) for row in ranked.head(top).iter_rows(named=True)]
    is_rule = "rule" in ranked["ranked_by"].to_list()
    kind = kind_words(entity_kind)
    why = rule_reason(snapshot, entity_kind)
    title = f"{why}: {kind} by exceptions in the last 28 days" if is_rule else f"{kind.capitalize()} most likely to fail"
    horizon = snapshot.manifest["horizon_days"]
    columns = _rule_columns() if is_rule else _model_columns()
    return Page(
        title=f"{title}, as of {snapshot.as_of_on}",
        facts={**facts(snapshot), "ranked_by": "rule" if is_rule else "model", "entities": ranked.height},
        lines=(
            f"Top {len(rows)} of {counted(ranked.height, entity_kind, kind)}."
            + ("" if is_rule else f" Chance = of failing any control in the next {horizon} days; order = weighted by severity."),
        ),
        notes=(rule_note(why),) if is_rule else (),
        tables=(Table("ranking", "", rows, columns, f"No {kind} in scope on this day."),),
    )


def rule_reason(snapshot: Snapshot, entity_kind: str) -> str:
    """Why the rule ranks this kind, in words."""
    decided = snapshot.frame("model_review").filter((pl.col("entity_kind") == entity_kind) & (pl.col("metric") == "decision"))
    return why_the_rule(decided["detail"].to_list()[0] if decided.height else None)


def controls_page(snapshot: Snapshot) -> Page:
    """The control library with the day's statuses of every entity in scope."""
    status = snapshot.frame("control_status")
    counts = {(control, name): count for control, name, count in status.group_by("control_id", "status").len().iter_rows()}
    rows = []
    for control in snapshot.frame("controls").sort("control_id").iter_rows(named=True):
        row: dict[str, Any] = {key: control[key] for key in ("control_id", "name", "area", "severity", "is_implemented")}
        row |= {name: counts.get((control["control_id"], name), 0) for name in STATUSES}
        rows.append(row | {"not_evaluable_reason": _why_not_evaluable(control)})
    evaluable = sum(not row["not_evaluable_reason"] for row in rows)
    return Page(
        title=f"Controls, as of {snapshot.as_of_on}",
        facts=facts(snapshot),
        lines=(
            f"{evaluable} of {len(rows)} could be evaluated. Figures are entities (processes and agents) by status;"
            " n/a = nothing to test, n/e = not evaluable.",
        ),
        tables=(Table("controls", "", rows, CONTROL_COLUMNS),),
    )


def deliveries_page(snapshot: Snapshot) -> Page:
    """Rows delivered = accepted + quarantined (+ refused) per source and feed."""
    deliveries = snapshot.frame("deliveries")
    totals = deliveries.group_by("source", "feed").agg(
        pl.len().alias("files"),
        (pl.col("status") == "refused").sum().alias("files_refused"),
        *(pl.col(name).sum() for name in DELIVERY_COUNTS),
    )
    rows = totals.sort("source", "feed").to_dicts()
    columns = (
        Column("Feed", lambda row: f"{row['source']} {row['feed']}"),
        Column("delivered", of("rows_delivered"), is_number=True),
        Column("= accepted", of("rows_accepted"), is_number=True),
        Column("+ quarantined", of("rows_quarantined"), is_number=True),
        Column("+ refused", of("rows_refused"), is_number=True),
    )
    sums = {name: int(deliveries[name].sum()) for name in DELIVERY_COUNTS}
    refused = deliveries.filter(pl.col("status") == "refused")
    reason_columns = (Column("Refused file", of("file")), Column("Rule", of("refusal_rule")), Column("Why", of("refusal_reason")))
    refused_rows = refused.select("source", "feed", "file", "refusal_rule", "refusal_reason").to_dicts()
    refused_tables = (Table("refused", "Refused files", refused_rows, reason_columns),) if refused_rows else ()
    return Page(
        title=f"Rows by feed, as of {snapshot.as_of_on}",
        facts={**facts(snapshot), **sums, "files": deliveries.height},
        lines=(
            f"{sums['rows_delivered']:,} delivered = {sums['rows_accepted']:,} accepted"
            f" + {sums['rows_quarantined']:,} quarantined + {sums['rows_refused']:,} refused,"
            f" in {counted(deliveries.height, 'file')}."
            f" Of the accepted, {counted(sums['rows_repeated'], 'row')} had been delivered before.",
        ),
        tables=(Table("feeds", "", rows, columns, "Nothing was delivered."), *refused_tables),
    )


def quarantine_page(snapshot: Snapshot, feed: str | None, rule: str | None, limit: int) -> Page:
    """Rows set aside by the gate: counts by feed and rule, then the rows."""
    found = snapshot.frame("quarantine")
    found = found.filter(pl.col("feed") == feed) if feed else found
    found = found.filter(pl.col("rule_code") == rule) if rule else found
    by = ("feed", "rule_code", "column_name")
    counts = found.group_by(by).agg(pl.len().alias("rows")).sort("rows", *by, descending=[True, False, False, False])
    keys = ("source", "feed", "file", "row_number", "rule_code", "column_name", "value", "message", "is_superseded")
    rows = found.head(limit).select(keys).to_dicts()
    broken = (
        Column("Feed", of("feed")),
        Column("Rule", of("rule_code")),
        Column("Column", of("column_name")),
        Column("Rows", of("rows"), is_number=True),
    )
    columns = (
        Column("File and row", lambda row: f"{row['file']} row {row['row_number']}"),
        Column("Rule", of("rule_code")),
        Column("What was wrong", lambda row: row["message"] + (" (file since corrected)" if row["is_superseded"] else "")),
    )
    return Page(
        title=f"Quarantined rows, as of {snapshot.as_of_on}",
        facts={**facts(snapshot), "rows_found": found.height},
        lines=(f"{counted(found.height, 'broken rule')}; a row can break several. Showing {len(rows)} (--limit).",),
        tables=(
            Table("counts", "By feed and rule", counts.to_dicts(), broken, "None."),
            Table("rows", "Rows", rows, columns, "None."),
        ),
        main="rows",
    )


def snapshots_page(published: list[Snapshot], current: Snapshot) -> Page:
    """Every published version, newest first."""
    rows = [
        {
            "as_of_on": snapshot.as_of_on,
            "version": snapshot.version,
            "is_current": snapshot.folder.name == current.folder.name,
            "published_at": snapshot.manifest["published_at"],
            "content_sha256": snapshot.content_sha256,
            "folder": str(snapshot.folder),
        }
        for snapshot in reversed(published)
    ]
    columns = (
        Column("As of", of("as_of_on"), is_short=True),
        Column("Version", of("version"), is_number=True),
        Column("", lambda row: "current" if row["is_current"] else ""),
        Column("Published (UTC)", lambda row: row["published_at"][:16].replace("T", " ")),
        Column("Content", lambda row: row["content_sha256"][:12]),
    )
    tables = (Table("snapshots", "", rows, columns),)
    return Page(title="Published snapshots", facts={"current": current.folder.name}, tables=tables)


def _ranked(row: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    keys = ("rank", "entity_kind", "entity_id", "entity_name", "probability_any", "risk", "worst_control_id")
    more = ("worst_control_probability", "exceptions_28d", "exceptions_90d", "open_exceptions", "controls_scored", "ranked_by")
    ranked = {key: row[key] for key in keys} | {"worst_control_name": names.get(row["worst_control_id"])}
    return ranked | {key: row[key] for key in more} | {"reasons": reasons(row["reasons"])}


def _entity(row: Any) -> str:
    return f"{row['entity_id']} {row['entity_name']}" if row["entity_name"] else str(row["entity_id"])


def _worst(row: Any) -> str:
    if row["worst_control_id"] is None:
        return "-"
    head = f"{row['worst_control_id']} {row['worst_control_name'] or ''}".strip()
    if row["worst_control_probability"] is not None:
        head += f": {chance_and_number(row['worst_control_probability'])}"
    return "\n".join([head, *(f"- {sentence}" for sentence in row["reasons"])])


def _model_columns() -> tuple[Column, ...]:
    return (
        Column("#", of("rank"), is_number=True),
        Column("Who", _entity),
        Column("Chance", lambda row: chance_and_number(row["probability_any"])),
        Column("Worst control, and why", _worst),
    )


def _rule_columns() -> tuple[Column, ...]:
    return (
        Column("#", of("rank"), is_number=True),
        Column("Who", _entity),
        Column("28 days", lambda row: number(row["exceptions_28d"], 0), is_number=True),
        Column("90 days", lambda row: number(row["exceptions_90d"], 0), is_number=True),
        Column("Worst control", _worst),
    )


def _named_control(row: Any) -> str:
    reason = row["not_evaluable_reason"]
    return f"{row['control_id']} {row['name']}" + (f"\nnot evaluable: {reason}" if reason else "")


def _why_not_evaluable(control: dict[str, Any]) -> str:
    if not control["is_implemented"]:
        return "not implemented"
    if control["is_evaluable"]:
        return ""
    return control["status_reason"] or "no result for this day"
