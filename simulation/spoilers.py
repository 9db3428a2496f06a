"""The ways to spoil a copy of a good row: one entry per kind and feed.

Only what is wrong with a bad row belongs here. How many there are, and where they go, is in dirt.py.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc


def with_text(table: pa.Table, column: str, value: str | None) -> pa.Table:
    """The table with one value in every row of a column; the column becomes text."""
    return table.set_column(table.schema.get_field_index(column), column, pa.array([value] * len(table), pa.string()))


def moved(table: pa.Table, column: str, base: str, seconds: int) -> pa.Table:
    """The table with a time column set to another one plus some seconds."""
    later = pc.add(table[base], pa.scalar(seconds * 1_000_000, pa.duration("us")))
    return table.set_column(table.schema.get_field_index(column), column, later)


@dataclass(frozen=True)
class Spoiler:
    """One way to spoil a copy of a row: `everywhere` where a typed Parquet file can hold it, else only in text files."""

    kind: str
    feed: str
    share: float
    spoil: Callable[[pa.Table], pa.Table]
    everywhere: bool = True


SPOILERS = (
    Spoiler(
        "unknown_value", "tickets", 3e-5, lambda rows: with_text(moved(rows, "updated_at", "updated_at", 1), "status", "parked")
    ),
    Spoiler("unknown_value", "auth_events", 2e-5, lambda rows: with_text(rows, "outcome", "maybe")),
    Spoiler("missing_key", "auth_events", 2e-5, lambda rows: with_text(rows, "account_id", None)),
    Spoiler("missing_key", "ticket_events", 2e-5, lambda rows: with_text(rows, "ticket_id", None)),
    Spoiler(
        "end_before_start",
        "shifts",
        5e-5,
        lambda rows: moved(moved(rows, "starts_at", "starts_at", -1), "ends_at", "starts_at", -7_200),
    ),
    Spoiler(
        "same_key_other_content",
        "data_access_events",
        2e-5,
        lambda rows: rows.set_column(
            rows.schema.get_field_index("records"), "records", pc.add(rows["records"], pa.scalar(7, pa.int32()))
        ),
    ),
    Spoiler("future_event", "ticket_events", 0.0, lambda rows: moved(rows, "occurred_at", "occurred_at", 400 * 86_400)),
    Spoiler("future_event", "auth_events", 0.0, lambda rows: moved(rows, "occurred_at", "occurred_at", 400 * 86_400)),
    Spoiler(
        "impossible_date",
        "tickets",
        0.0,
        lambda rows: with_text(moved(rows, "updated_at", "updated_at", 2), "opened_at", "2026-02-30T10:00:00Z"),
        False,
    ),
    Spoiler(
        "impossible_date",
        "shifts",
        0.0,
        lambda rows: with_text(moved(rows, "starts_at", "starts_at", -2), "ends_at", "2026-13-01T08:00:00Z"),
        False,
    ),
)
