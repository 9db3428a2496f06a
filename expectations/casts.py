"""How the text of a raw column becomes a typed value, as DuckDB expressions.

Belongs here: one expression per column type, used by the gate and by the loader's time stamps. Does not: any rule.
Null means "not given" or "not readable"; the gate tells them apart by looking at the text beside it.
The connection's TimeZone setting must be the source's time zone: it is what a timestamp without an offset is read in.
"""

from expectations.columns import Column, Feed
from expectations.sql import literal, quote


def given(feed: Feed, name: str) -> str:
    """The text of a column, null where it is one of the source's null tokens."""
    tokens = [token for token in feed.null_tokens if not (feed.stores_nulls and token == "")]
    column = quote(name)
    if not tokens:
        return column
    return f"case when {column} not in ({', '.join(literal(token) for token in tokens)}) then {column} end"


def typed(feed: Feed, column: Column) -> str:
    """The value of a column in its contract type; timestamps in UTC without a zone."""
    text = given(feed, column.name)
    if column.type == "timestamp":
        return _timestamp(feed, text)
    if column.type == "date":
        return f"try_cast({text} as date)"
    if column.type == "boolean":
        return f"try_cast({text} as boolean)"
    if column.type == "integer":
        return f"case when try_cast({text} as double) = try_cast({text} as bigint) then try_cast({text} as bigint) end"
    if column.type == "number":
        return f"case when isfinite(try_cast({text} as double)) then try_cast({text} as double) end"
    return text


def local_date(timestamp: str) -> str:
    """The local day of a UTC timestamp expression, in the connection's TimeZone."""
    return f"cast((({timestamp}) at time zone 'UTC') as date)"


def _timestamp(feed: Feed, text: str) -> str:
    if feed.is_day_first:
        local = f"try_strptime({text}, ['%d/%m/%Y %H:%M', '%d/%m/%Y %H:%M:%S'])"
        return f"(cast({local} as timestamptz) at time zone 'UTC')"
    return f"(try_cast({text} as timestamptz) at time zone 'UTC')"
