"""The listing pages: quarantine, deliveries, snapshots.

Belongs here: choosing rows of the published frames and naming their columns, and what every page says. Does not: the ranking
(ranking.py), one entity's page (entity.py), controls (controls.py, coverage.py), or output formats (output.py).
"""

from typing import Any

import polars as pl

from console.output import Column, Page, Table, of
from console.words import counted
from preaudit.errors import PreauditError
from preaudit.snapshot_files import DamagedSnapshot, Snapshot

DELIVERY_COUNTS = ("rows_delivered", "rows_accepted", "rows_quarantined", "rows_refused", "rows_repeated")


def facts(snapshot: Snapshot) -> dict[str, Any]:
    """What every page says about where its figures come from."""
    return {"as_of_on": snapshot.as_of_on, "version": snapshot.version, "horizon_days": snapshot.manifest["horizon_days"]}


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
    refused = deliveries.filter(pl.col("status") == "refused").sort("source", "feed", "file")
    is_replaced = pl.col("superseded_on").is_not_null()
    refused_tables = (
        _refused("refused", "Refused files", refused.filter(~is_replaced)),
        _refused("replaced", "Refused files that a corrected file replaced since", refused.filter(is_replaced)),
    )
    return Page(
        title=f"Rows by feed, as of {snapshot.as_of_on}",
        facts={**facts(snapshot), **sums, "files": deliveries.height},
        lines=(
            f"{sums['rows_delivered']:,} delivered = {sums['rows_accepted']:,} accepted"
            f" + {sums['rows_quarantined']:,} quarantined + {sums['rows_refused']:,} refused,"
            f" in {counted(deliveries.height, 'file')}."
            f" Of the accepted, {counted(sums['rows_repeated'], 'row')} had been delivered before.",
        ),
        tables=(Table("feeds", "", rows, columns, "Nothing was delivered."), *(table for table in refused_tables if table.rows)),
    )


def _refused(name: str, title: str, files: pl.DataFrame) -> Table:
    rows = files.select("source", "feed", "file", "refusal_rule", "refusal_reason", "superseded_on").to_dicts()
    columns = (Column("File", of("file")), Column("Rule", of("refusal_rule")), Column("Why", of("refusal_reason")))
    replaced = (Column("Replaced on", of("superseded_on"), is_short=True),) if name == "replaced" else ()
    return Table(name, title, rows, columns + replaced)


def quarantine_page(snapshot: Snapshot, feed: str | None, rule: str | None, limit: int) -> Page:
    """Rows set aside by the gate: counts by feed and rule, then the rows.

    Raises:
        PreauditError: there is no such feed, declared or delivered, or no such rule; names the ones there are.
    """
    # Imported here: only the names that may be asked for come from the contract, everything that is shown from the snapshot.
    from expectations.contract import RULES, feeds, sources

    found = snapshot.frame("quarantine")
    declared = {declared.name for source in sources() for declared in feeds(source)}
    _check_known("feed", feed, {*declared, *snapshot.frame("deliveries")["feed"], *found["feed"]})
    _check_known("rule", rule, {*RULES, *found["rule_code"]})
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


def _check_known(option: str, value: str | None, known: set[str]) -> None:
    if value is not None and value not in known:
        raise PreauditError(
            f"There is no {option} '{value}'.",
            where=f"--{option}",
            remedy=f"Choose one of {', '.join(sorted(known)) or 'none: nothing was delivered'}.",
        )


def snapshots_page(published: list[Snapshot], damaged: list[DamagedSnapshot], current: str) -> Page:
    """Every published version, newest first; the damaged ones with what is wrong with them.

    Args:
        published: the intact versions.
        damaged: the others.
        current: folder name of the one that readers see.
    """
    found: list[Snapshot | DamagedSnapshot] = [*published, *damaged]
    rows = [
        {
            "as_of_on": snapshot.as_of_on,
            "version": snapshot.version,
            "is_current": snapshot.folder.name == current,
            "published_at": snapshot.manifest["published_at"] if isinstance(snapshot, Snapshot) else None,
            "content_sha256": snapshot.content_sha256 if isinstance(snapshot, Snapshot) else None,
            "damage": snapshot.damage if isinstance(snapshot, DamagedSnapshot) else None,
            "folder": str(snapshot.folder),
        }
        for snapshot in sorted(found, key=lambda snapshot: (snapshot.as_of_on, snapshot.version), reverse=True)
    ]
    columns = (
        Column("As of", of("as_of_on"), is_short=True),
        Column("Version", of("version"), is_number=True),
        Column("", lambda row: " ".join(["current"] * row["is_current"] + ["damaged"] * bool(row["damage"]))),
        Column("Published (UTC)", lambda row: (row["published_at"] or "-")[:16].replace("T", " ")),
        Column("Content", lambda row: (row["content_sha256"] or "-")[:12]),
    )
    tables = (Table("snapshots", "", rows, columns),)
    notes = tuple(f"{snapshot.folder} is damaged: {snapshot.damage}" for snapshot in damaged)
    return Page(title="Published snapshots", facts={"current": current}, notes=notes, tables=tables)


def why_not_evaluable(control: dict[str, Any]) -> str:
    """Why a control of the published library has no result for its day; empty where it has one."""
    if not control["is_implemented"]:
        return "not implemented"
    if control["is_evaluable"]:
        return ""
    return control["status_reason"] or "no result for this day"
