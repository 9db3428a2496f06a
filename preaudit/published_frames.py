"""From warehouse rows to publishable frames: pseudonyms in, identities out, rows in one fixed order.

Belongs here: what is done to the rows between the warehouse and the file.
Does not: the allow-list of columns (published_tables.py), files and versions (snapshot.py).
"""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import duckdb
import polars as pl
import polars.selectors as cs

from preaudit.errors import PreauditError
from preaudit.pseudonyms import WITHHELD, Pseudonyms
from preaudit.published_table import PublishedTable
from preaudit.published_tables import TABLES, read_table

# Parallel sums differ in their last bits from run to run; nine decimals keep equal content equal.
DECIMALS = 9
# Identities that a sentence might quote although they are no agent's id.
OTHER_IDENTITIES = (("raw", "canonical__workers", "email"), ("raw", "canonical__accounts", "account_id"))


def collect(connection: duckdb.DuckDBPyConnection, pseudonyms: Pseudonyms, as_of_on: date) -> dict[str, pl.DataFrame]:
    """Every published table at the as-of date, by file name, without any worker id.

    Raises:
        PreauditError: a table is missing, or the marts were built for another date.
    """
    rows = {table.name: read_table(connection, table, as_of_on) for table in TABLES}
    _check_date(connection, rows["control_status"], as_of_on)
    rows["quarantine"] = _withhold_values(rows["quarantine"])
    workers = _worker_ids(connection, rows)
    others = {value for place in OTHER_IDENTITIES for value in _distinct(connection, *place)} - workers
    redacted = pseudonyms.redaction(workers, others)
    return {table.name: _publishable(table, rows[table.name], pseudonyms, redacted) for table in TABLES}


def run_facts(connection: duckdb.DuckDBPyConnection, as_of_on: date, facts: dict[str, Any]) -> pl.DataFrame:
    """Rows of fact and value (JSON): what the run says of itself, and which model scored. Not part of the digest."""
    scored = connection.execute(
        "select distinct entity_kind, served_by, model_version from ml.scores where as_of_on = $as_of order by all",
        {"as_of": as_of_on},
    ).fetchall()
    models = [dict(zip(("entity_kind", "served_by", "model_version"), row, strict=True)) for row in scored]
    values = {**facts, "models": models}
    return pl.DataFrame(
        [(fact, json.dumps(values[fact], default=str, sort_keys=True)) for fact in sorted(values)],
        schema={"fact": pl.String, "value": pl.String},
        orient="row",
    )


def harmless_columns() -> frozenset[tuple[str, str, str]]:
    """(source, feed, column) of the feed contract whose values name nobody."""
    # Imported here: only publishing needs the contract, and reading a snapshot must not depend on it.
    from expectations.contract import feeds, sources

    declared = [feed for source in sources() for feed in feeds(source)]
    return frozenset(
        (feed.source, feed.name, column.name) for feed in declared for column in feed.columns if not column.is_identity
    )


def _check_date(connection: duckdb.DuckDBPyConnection, status: pl.DataFrame, as_of_on: date) -> None:
    if status.height:
        return
    built = connection.execute("select max(on_date) from marts.mart_control_status").fetchone()
    if built is not None and built[0] is not None:
        raise PreauditError(
            f"The control statuses were built for {built[0]}, not for {as_of_on}.",
            where="marts.mart_control_status",
            remedy=f"Run `preaudit run --date {as_of_on}`.",
        )


def _worker_ids(connection: duckdb.DuckDBPyConnection, rows: dict[str, pl.DataFrame]) -> set[str]:
    entities = [frame for frame in rows.values() if "entity_id" in frame.columns]
    ranked = {name for frame in entities for name in frame.filter(pl.col("entity_kind") == "agent")["entity_id"].unique()}
    return ranked | _distinct(connection, "raw", "canonical__workers", "worker_id")


def _distinct(connection: duckdb.DuckDBPyConnection, schema: str, table: str, column: str) -> set[str]:
    exists = connection.execute(
        "select 1 from information_schema.columns where table_schema = ? and table_name = ? and column_name = ?",
        [schema, table, column],
    ).fetchone()
    if exists is None:
        return set()
    return {
        row[0]
        for row in connection.execute(f'select distinct "{column}" from {schema}.{table} where "{column}" is not null').fetchall()
    }


def _withhold_values(quarantine: pl.DataFrame) -> pl.DataFrame:
    """Values are withheld, in the message too, unless the contract knows their column and says that it names nobody."""
    harmless = harmless_columns()
    values, messages = quarantine["value"].to_list(), quarantine["message"].to_list()
    hidden = [pair not in harmless for pair in quarantine.select("source", "feed", "column_name").iter_rows()]
    shown = [WITHHELD if hide and value is not None else value for hide, value in zip(hidden, values, strict=True)]
    safe = [
        message.replace(value, WITHHELD) if hide and value else message
        for hide, value, message in zip(hidden, values, messages, strict=True)
    ]
    return quarantine.with_columns(pl.Series("value", shown, dtype=pl.String), pl.Series("message", safe, dtype=pl.String))


def _publishable(
    table: PublishedTable, frame: pl.DataFrame, pseudonyms: Pseudonyms, redacted: Callable[[pl.Series], pl.Series]
) -> pl.DataFrame:
    if "entity_id" in frame.columns:
        is_agent = pl.col("entity_kind") == "agent"
        agents = pseudonyms.agents(frame.select(pl.when(is_agent).then(pl.col("entity_id")))["entity_id"])
        frame = frame.with_columns(pl.when(is_agent).then(agents).otherwise(pl.col("entity_id")).alias("entity_id"))
    if "item_key" in frame.columns:
        frame = frame.with_columns(pseudonyms.items(frame["item_key"]).alias("item_key")).rename({"item_key": "item_ref"})
    frame = frame.with_columns(redacted(frame[column].cast(pl.String)) for column in table.text)
    return frame.with_columns(cs.float().round(DECIMALS)).sort(table.key, nulls_last=True)
