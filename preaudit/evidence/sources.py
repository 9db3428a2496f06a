"""Where a control's data came from in a period: files, what the gate said of them, and the runs that read them.

Belongs here: deliveries with their digests and counts, their reconciliation, gate results, runs and dbt invocations, as frames.
Does not: the control's own items and results (facts.py), pseudonyms (disguise.py).
"""

import hashlib
from typing import Any

import duckdb
import polars as pl

from preaudit.evidence.facts import Period, control_row, has_table, read

COUNTS = ("rows_delivered", "rows_accepted", "rows_repeated", "rows_quarantined", "rows_refused")


def deliveries(connection: duckdb.DuckDBPyConnection, control_id: str, period: Period) -> pl.DataFrame:
    """Every file of the control's feeds that was known, or refused, by the end of the period. grain: delivery_id, feed (one
    table of a source can hold two feeds).

    `is_in_period` tells the files that became known in the period from earlier ones, on which the histories rest. A refused file
    never became known: the day of its folder counts.
    """
    sql = f"{_DELIVERIES} select * from chosen order by delivery_id, feed"
    return read(connection, sql, **_feeds(connection, control_id, period))


def reconciliation(files: pl.DataFrame) -> pl.DataFrame:
    """Rows of `deliveries` added up. grain: feed, is_in_period.

    `is_reconciled`: delivered = accepted + quarantined + refused. `files_sha256` is the SHA-256 of the files' digests, sorted,
    one a line: it binds a pack to files that it only counts.
    """
    totals = files.group_by("feed", "is_needed", "is_in_period").agg(
        pl.len().cast(pl.Int64).alias("files"),
        (pl.col("status") == "refused").sum().cast(pl.Int64).alias("files_refused"),
        *(pl.col(name).sum() for name in COUNTS),
        pl.col("file_sha256").sort().alias("digests"),
    )
    together = [hashlib.sha256("\n".join(digests).encode()).hexdigest() for digests in totals["digests"]]
    difference = pl.col("rows_delivered") - pl.sum_horizontal("rows_accepted", "rows_quarantined", "rows_refused")
    return (
        totals.drop("digests")
        .with_columns(
            difference.alias("difference"),
            (difference == 0).alias("is_reconciled"),
            pl.Series("files_sha256", together, dtype=pl.String),
        )
        .sort("feed", "is_in_period", descending=[False, True])
    )


def validation(connection: duckdb.DuckDBPyConnection, control_id: str, period: Period) -> pl.DataFrame:
    """What the gate checked on the control's files of the period. grain: delivery_id, feed, rule_code, column_name."""
    sql = f"{_DELIVERIES} {_VALIDATION}"
    return read(connection, sql, **_feeds(connection, control_id, period))


def runs(connection: duckdb.DuckDBPyConnection, period: Period) -> pl.DataFrame:
    """Runs that were finished for days of the period, in the order they ended. grain: run_id."""
    return read(connection, _RUNS, first=period.first, last=period.last)


def invocations(connection: duckdb.DuckDBPyConnection, period: Period) -> pl.DataFrame:
    """Invocations of dbt over days of the period. grain: invocation_id; none where the warehouse is older than their record."""
    is_kept = has_table(connection, "ops", "invocations")
    relation = "ops.invocations" if is_kept else f"({_NO_INVOCATIONS})"
    return read(connection, _INVOCATIONS.format(relation=relation), first=period.first, last=period.last)


def _feeds(connection: duckdb.DuckDBPyConnection, control_id: str, period: Period) -> dict[str, Any]:
    row = control_row(connection, control_id)
    needed, optional = ([feed for feed in (row[name] or "").split(";") if feed] for name in ("needs_feeds", "optional_feeds"))
    return {"needed": needed, "optional": optional, "first": period.first, "last": period.last}


_DELIVERIES = """
with known as (
    select
        deliveries.*, coalesce(source_feeds.feed, deliveries.feed) as mapped_feed,
        coalesce(deliveries.known_on, deliveries.first_known_on, deliveries.delivered_on) as from_day,
        coalesce(deliveries.known_on, deliveries.last_known_on, deliveries.delivered_on) as to_day
    from ops.deliveries as deliveries
    left join seeds.source_feeds as source_feeds
        on deliveries.source = source_feeds.source and deliveries.feed = source_feeds.source_table
), chosen as (
    select
        delivery_id, mapped_feed as feed, source, feed as source_table,
        list_contains($needed::varchar[], mapped_feed) as is_needed,
        coalesce(to_day >= $first, true) as is_in_period, folder, file, file_sha256, file_bytes, status, refusal_rule,
        refusal_reason, rows_delivered, rows_accepted, rows_repeated, rows_quarantined, rows_refused, from_day as known_from,
        to_day as known_to, if(superseded_on <= $last, superseded_on, null) as superseded_on,
        array_to_string(dropped_columns, ', ') as dropped_columns, loaded_at
    from known
    where list_contains($needed::varchar[] || $optional::varchar[], mapped_feed) and coalesce(from_day <= $last, true)
)"""

_VALIDATION = """
select chosen.delivery_id, chosen.feed, chosen.file, checked.rule_code, checked.column_name, checked.rule_kind,
    checked.is_success, checked.checked_count, checked.failed_count, checked.detail
from chosen inner join ops.gate_results as checked using (delivery_id)
where chosen.is_in_period order by all"""

_RUNS = """
select run_id, job, from_date, to_date, code_version, started_at, ended_at from ops.runs
where ended_at is not null and from_date <= $last and to_date >= $first order by ended_at, run_id"""

_NO_INVOCATIONS = """
select null::varchar as invocation_id, null::varchar as run_id, null::varchar as stage, null::date as from_date,
    null::date as to_date, null::varchar as project_digest, null::timestamp as ended_at where false"""

_INVOCATIONS = """
select invocation_id, run_id, stage, from_date, to_date, project_digest, ended_at from {relation}
where from_date <= $last and to_date >= $first order by ended_at, invocation_id"""
