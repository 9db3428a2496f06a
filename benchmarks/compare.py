"""Whether the hand-written script and the pipeline computed the same features.

Belongs here: the comparison, column by column, over all rows of the three feature tables. Does not: computing either side.
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb

TOLERANCE = 1e-9
KEYS = {
    "ftr_agent": ("as_of_on", "agent_id"),
    "ftr_process": ("as_of_on", "process_id"),
    "ftr_pair": ("as_of_on", "entity_kind", "entity_id", "control_id"),
}


@dataclass(frozen=True)
class ColumnComparison:
    """One feature column on both sides.

    Attributes:
        rows: rows that both sides have.
        differing: rows of these whose values differ by more than the tolerance, relative above 1 and absolute below.
        example: the first differing row in words, empty where there is none.
    """

    table: str
    column: str
    rows: int
    differing: int
    example: str

    @property
    def is_equal(self) -> bool:
        return self.differing == 0


@dataclass(frozen=True)
class TableComparison:
    """One feature table on both sides: rows that only one side has, and every column."""

    table: str
    only_pipeline: int
    only_handwritten: int
    missing_columns: tuple[str, ...]
    columns: tuple[ColumnComparison, ...]


def compare(warehouse: Path, handwritten: Path) -> list[TableComparison]:
    """Compare marts.ftr_* of the warehouse with ftr_* of the hand-written database."""
    with duckdb.connect() as con:
        con.execute(f"attach '{warehouse}' as pipeline (read_only)")
        con.execute(f"attach '{handwritten}' as straight (read_only)")
        return [_compare_table(con, table, keys) for table, keys in KEYS.items()]


def _compare_table(con: duckdb.DuckDBPyConnection, table: str, keys: tuple[str, ...]) -> TableComparison:
    ours, theirs = f"pipeline.marts.{table}", f"straight.main.{table}"
    wanted, found = ([name for name in _columns(con, name_of) if name not in keys] for name_of in (ours, theirs))
    using = ", ".join(keys)
    (only_ours,), (only_theirs,) = (
        con.execute(f"select count(*) from {left} anti join {right} using ({using})").fetchone()
        for left, right in ((ours, theirs), (theirs, ours))
    )
    columns = tuple(_compare_column(con, table, keys, column) for column in wanted if column in found)
    return TableComparison(table, only_ours, only_theirs, tuple(name for name in wanted if name not in found), columns)


def _compare_column(con: duckdb.DuckDBPyConnection, table: str, keys: tuple[str, ...], column: str) -> ColumnComparison:
    a, b = f"ours.{column}", f"theirs.{column}"
    differs = f"({a} is null) != ({b} is null) or abs({a} - {b}) > {TOLERANCE} * greatest(1, abs({a}))"
    joined = f"from pipeline.marts.{table} as ours inner join straight.main.{table} as theirs using ({', '.join(keys)})"
    rows, differing = con.execute(f"select count(*), count(*) filter ({differs}) {joined}").fetchone()
    example = ""
    if differing:
        where = ", ".join(f"ours.{key}" for key in keys)
        first = con.execute(f"select {where}, {a}, {b} {joined} where {differs} order by {where} limit 1").fetchone()
        example = f"{', '.join(str(key) for key in first[:-2])}: {first[-2]} here, {first[-1]} by hand"
    return ColumnComparison(table, column, rows, differing, example)


def _columns(con: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    return [row[0] for row in con.execute(f"select column_name from (describe {table})").fetchall()]
