"""Small helpers around DuckDB statements. Belongs here: quoting, reading one row. Does not: any query of the domain."""

from typing import Any

import duckdb


def quote(name: str) -> str:
    """An SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """An SQL string."""
    return "'" + text.replace("'", "''") + "'"


def only_row(con: duckdb.DuckDBPyConnection, query: str, parameters: list[Any] | None = None) -> tuple[Any, ...]:
    """The one row of an aggregate query, read to its end: DuckDB refuses the next statement while a result is open."""
    return con.execute(query, parameters or []).fetchall()[0]
