"""The raw tables: one per source table, every contract column as text, and the stamps that place a row in file and time.

Belongs here: their names, shape and the query that fills them. Does not: judging rows (expectations/), recording deliveries.
"""

from datetime import date

import duckdb

from expectations import contract
from expectations.casts import local_date, typed
from expectations.columns import Feed
from expectations.sql import literal, only_row, quote
from preaudit.ingestion.reading import Readable

STAMPS = (
    "_delivery_id bigint",
    "_file varchar",
    "_row_number bigint",
    "_known_at timestamp",
    "_known_on date",
    "_occurred_on date",
    "_is_quarantined boolean",
    "_is_repeat boolean",
)


def table_name(feed: Feed) -> str:
    """The qualified raw table of a feed, for example raw.canonical__workers."""
    return f"raw.{feed.source}__{feed.name}"


def create_raw_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Create every raw table of every source that does not exist yet, empty."""
    con.execute("create schema if not exists raw")
    for source in contract.sources():
        for feed in contract.feeds(source):
            columns = ", ".join(f"{quote(column.name)} varchar" for column in feed.columns)
            con.execute(f"create table if not exists {table_name(feed)} ({columns}, _extra varchar, {', '.join(STAMPS)})")


def insert_rows(
    con: duckdb.DuckDBPyConnection, feed: Feed, readable: Readable, delivery_id: int, file: str, known_on: date | None
) -> int:
    """Append all rows of a file to the feed's raw table.

    Args:
        known_on: the day the delivery became known; None for history, where every row has its own.

    Returns:
        The number of rows appended.

    Raises:
        duckdb.Error: of reading.ROW_ERRORS, where the file has malformed rows.
    """
    cells = f"{_contract_columns(feed, readable)}, {_extra(feed, readable)} as _extra"
    rows = f"select row_number as _row_number, {cells} from ({readable.sql})"
    own = _own_time(feed)
    timed = f"select *, {own} as own_at from ({rows})"
    known = f"date '{known_on}'" if known_on else local_date("own_at")
    occurred_on = local_date("own_at") if feed.kind == "E" else "cast(null as date)"
    stamped = (
        f"select * exclude (_row_number, own_at), {delivery_id} as _delivery_id, {literal(file)} as _file, _row_number, "
        f"{_end_of_day(known_on) if known_on else 'own_at'} as _known_at, {known} "
        f"as _known_on, {occurred_on} as _occurred_on, false as _is_quarantined, false as _is_repeat from ({timed})"
    )
    return int(only_row(con, f"insert into {table_name(feed)} by name {stamped}")[0])


def _contract_columns(feed: Feed, readable: Readable) -> str:
    positions = {name.lower(): index for index, name in enumerate(readable.columns)}
    parts = []
    for column in feed.columns:
        if column.name not in positions:
            parts.append(f"cast(null as varchar) as {quote(column.name)}")
            continue
        cell = f"c{positions[column.name]}"
        parts.append(f"{_stored(feed, cell)} as {quote(column.name)}")
    return ", ".join(parts)


def _stored(feed: Feed, cell: str) -> str:
    if not feed.stores_nulls:
        return cell
    if len(feed.null_tokens) == 1:
        return f"nullif({cell}, {literal(feed.null_tokens[0])})"
    return f"case when {cell} not in ({', '.join(literal(token) for token in feed.null_tokens)}) then {cell} end"


def _extra(feed: Feed, readable: Readable) -> str:
    """A JSON object of the cells in undeclared, not forbidden columns."""
    pairs = [
        f"{literal(name)}, c{index}"
        for index, name in enumerate(readable.columns)
        if name.lower() not in feed.by_name and not contract.is_forbidden(feed, name)
    ]
    return f"cast(json_object({', '.join(pairs)}) as varchar)" if pairs else "cast(null as varchar)"


def _own_time(feed: Feed) -> str:
    """The moment at which a row of a history became known by itself; of a list, the end of its day."""
    own = typed(feed, feed.by_name[feed.history_column])
    return _end_of_day(own) if feed.kind == "S" else own


def _end_of_day(day: date | str) -> str:
    """The last second of a local day, as a UTC timestamp."""
    value = day if isinstance(day, str) else f"date '{day}'"
    return f"(cast({value} + interval 1 day - interval 1 second as timestamptz) at time zone 'UTC')"
