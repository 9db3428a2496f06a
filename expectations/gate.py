"""The gate: judges one delivery that lies in its raw table and says which rows to set aside, or why to refuse it.

Belongs here: the order of the checks and their report. Does not: the rules (suites.py, duplicates.py, tables.py), writing the
outcome down (preaudit/ingestion/load.py). Rule codes and their meaning: expectations.contract.RULES.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from expectations import docs, duplicates, suites, tables
from expectations.columns import Feed
from expectations.duplicates import FAILURES, Delivery
from expectations.library import great_expectations
from expectations.sql import only_row
from expectations.validation import RuleOutcome, validate
from preaudit.settings import Settings

# One pandas frame at a time, so that the memory of a long history is that of a part of it.
BATCH_ROWS = 1_000_000


@dataclass(frozen=True)
class RuleResult:
    """One rule on one column of a delivery; `rule_kind` is row or table."""

    rule_code: str
    column_name: str | None
    rule_kind: str
    is_success: bool
    checked_count: int
    failed_count: int
    detail: str | None


@dataclass(frozen=True)
class GateReport:
    """What the gate found; the broken row rules are in the temporary table gate_failures, repeats in key_repeats.

    Attributes:
        refusal: rule code and sentence of the first broken table rule, or None.
    """

    results: tuple[RuleResult, ...]
    refusal: tuple[str, str] | None


def check_columns(settings: Settings, feed: Feed, names: tuple[str, ...], file: str, *, is_history: bool) -> GateReport:
    """Whether a file has every required column; run before any row is loaded."""
    gx, gxe = great_expectations()
    import pandas as pd

    required = feed.required_columns(is_history=is_history)
    # One expectation for all of them: each costs GX some milliseconds, however little it looks at.
    expectation = gxe.ExpectTableColumnsToMatchSet(
        column_set=list(required), exact_match=False, meta={"rule": "MISSING_COLUMN", "column": None}
    )
    suite = gx.ExpectationSuite(name=_name(feed), expectations=[expectation])
    frame = pd.DataFrame(columns=[name.lower() for name in names])
    (found,) = validate(settings, [frame], suite)
    mismatched = ({} if found.is_success else found.result.result["details"]["mismatched"]).get("missing", [])
    outcomes = [RuleOutcome("MISSING_COLUMN", column, 0, int(column in mismatched)) for column in required]
    missing = [str(outcome.column) for outcome in outcomes if not outcome.is_success]
    results = tuple(_result(outcome, "table", None) for outcome in outcomes)
    if not missing:
        return GateReport(results, None)
    sentence = (
        f"{file} lacks the required column{'s' if len(missing) > 1 else ''} {', '.join(missing)}; it has {', '.join(names)}. "
        "Add the column to the export and deliver the file again."
    )
    return GateReport(results, ("MISSING_COLUMN", sentence))


def check_delivery(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    delivery: Delivery,
    *,
    rows: int,
    malformed: int,
    latest_on: date,
    delivered_on: date | None,
    progress: Callable[[int], None] | None = None,
) -> GateReport:
    """Check a delivery whose rows were just inserted into its raw table, in the same transaction.

    Args:
        rows: rows in the raw table.
        malformed: further rows that could not be put into columns.
        latest_on: the last local day on which a past event of this delivery may lie.
        delivered_on: the folder's day; None for history.
        progress: called with the number of rows checked so far.

    Raises:
        PreauditError: a rule could not be evaluated.
    """
    con.execute(f"create or replace temp table {FAILURES} (row_number bigint, rule_code varchar, column_name varchar)")
    by_row = _check_rows(con, settings, delivery, latest_on, progress) if rows else []
    duplicates.find(con, delivery)
    by_row += _check_conflicts(con, settings, delivery) if rows else []
    (set_aside,) = only_row(con, f"select count(distinct row_number) from {FAILURES}")
    found = tables.facts(
        con, delivery.feed, delivery.table, delivery.delivery_id, rows + malformed, rows - set_aside, delivered_on
    )
    by_table = _check_facts(settings, delivery.feed, found)
    docs.store(settings, delivery.feed, delivery.delivery_id, [*by_row, *by_table])
    sentences = {(fact.code, fact.column): fact.sentence for fact in found}
    broken = {
        (outcome.code, outcome.column): sentences[outcome.code, outcome.column] for outcome in by_table if not outcome.is_success
    }
    results = [_result(outcome, "row", None) for outcome in by_row]
    results += [_result(outcome, "table", broken.get((outcome.code, outcome.column))) for outcome in by_table]
    refusal = next(((code, sentence) for (code, _), sentence in broken.items()), None)
    return GateReport(tuple(results), refusal)


def _check_rows(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    delivery: Delivery,
    latest_on: date,
    progress: Callable[[int], None] | None,
) -> list[RuleOutcome]:
    rules = suites.row_rules(delivery.feed, is_history=delivery.is_history)
    frames = _frames(con, delivery, rules, latest_on)
    outcomes = validate(settings, frames, suites.build_suite(_name(delivery.feed), rules), progress=progress)
    for outcome in outcomes:
        _record(con, outcome)
    return outcomes


def _frames(
    con: duckdb.DuckDBPyConnection, delivery: Delivery, rules: tuple[suites.RowRule, ...], latest_on: date
) -> Iterator[Any]:
    """Arrow-backed pandas frames of at most BATCH_ROWS rows."""
    latest = f"(cast(date '{latest_on}' + interval 1 day - interval 1 microsecond as timestamptz) at time zone 'UTC')"
    (last,) = only_row(con, f"select max(_row_number) from {delivery.table} where _delivery_id = {delivery.delivery_id}")
    for start in range(1, last + 1, BATCH_ROWS):
        where = f"_delivery_id = {delivery.delivery_id} and _row_number between {start} and {start + BATCH_ROWS - 1}"
        yield _pandas(con, suites.frame_query(delivery.feed, rules, delivery.table, where, latest))


def _check_conflicts(con: duckdb.DuckDBPyConnection, settings: Settings, delivery: Delivery) -> list[RuleOutcome]:
    key = ", ".join(delivery.feed.key_columns(is_history=delivery.is_history))
    rule = suites.broken_row("DUPLICATE_KEY", key, "conflicting_row", "is_conflict", "has come before with another content")
    frame = _pandas(con, f"select _row_number, {rule.sql} as {rule.frame_column} from key_repeats")
    outcomes = validate(settings, [frame], suites.build_suite(_name(delivery.feed), (rule,)))
    for outcome in outcomes:
        _record(con, outcome)
    return outcomes


def _check_facts(settings: Settings, feed: Feed, found: list[tables.Fact]) -> list[RuleOutcome]:
    import pandas as pd

    if not found:
        return []
    frame = pd.DataFrame({fact.name: [float(fact.value)] for fact in found})
    return validate(settings, [frame], tables.build_suite(_name(feed), found))


def _record(con: duckdb.DuckDBPyConnection, outcome: RuleOutcome) -> None:
    if not outcome.rows:
        return
    import pyarrow as pa

    failed_rows = pa.table({"row_number": pa.array(outcome.rows, pa.int64())})
    con.register("failed_rows", failed_rows)
    con.execute(f"insert into {FAILURES} select distinct row_number, ?, ? from failed_rows", [outcome.code, outcome.column])
    con.unregister("failed_rows")


def _pandas(con: duckdb.DuckDBPyConnection, query: str) -> Any:
    """Text stays in Arrow; numbers become NumPy columns, which GX compares without a Python call per value."""
    import pandas as pd
    import pyarrow as pa

    arrow_text = {pa.string(): pd.ArrowDtype(pa.string())}
    return con.sql(query).to_arrow_table().to_pandas(types_mapper=arrow_text.get)


def _result(outcome: RuleOutcome, kind: str, detail: str | None) -> RuleResult:
    return RuleResult(outcome.code, outcome.column, kind, outcome.is_success, outcome.checked, outcome.failed, detail)


def _name(feed: Feed) -> str:
    return f"{feed.source}.{feed.name}"


def open_docs(settings: Settings) -> Path:
    """Write the Data Docs of everything checked so far and return their first page."""
    return docs.build(settings)
