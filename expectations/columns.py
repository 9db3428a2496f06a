"""The words a feed contract is written in: columns, pair rules, references, feeds.

Belongs here: frozen shapes without behaviour. Does not: the declarations (expectations/declared) and the checks.
"""

from dataclasses import dataclass, field
from typing import Literal

ColumnType = Literal["text", "timestamp", "date", "boolean", "integer", "number"]
Kind = Literal["S", "V", "E"]


@dataclass(frozen=True)
class Column:
    """One column of a feed.

    Attributes:
        values: allowed values; empty means any.
        is_identity: names a person or a customer; the published quarantine withholds its values.
        is_past: states something that has happened, so it may not lie after the day it became known.
        minimum, maximum: inclusive limits of a number.
    """

    name: str
    type: ColumnType = "text"
    required: bool = False
    values: tuple[str, ...] = ()
    is_identity: bool = False
    is_past: bool = False
    minimum: int | None = None
    maximum: int | None = None


@dataclass(frozen=True)
class Pair:
    """`later` may not lie before `earlier` where both are given."""

    earlier: str
    later: str


@dataclass(frozen=True)
class Reference:
    """Values of `column` should be keys that `feed` of the same source has delivered as `key`."""

    column: str
    feed: str
    key: str


@dataclass(frozen=True)
class Feed:
    """One kind of input table.

    Attributes:
        kind: S whole list of a day, V versions ordered by `updated_column`, E events at `event_column`.
        max_age_days: days after its last delivery on which a feed still counts as known; older, what needs it is not evaluable.
            2026-11-24: 0 for logs that every day fills, because a day without the log is a day without a test, not one without
            exceptions; at least 7 for whole lists, which may come weekly; longer where a feed may be silent because nothing
            happened.
        has_steady_volume: its row count per weekday is regular enough to refuse a delivery far off it.
        is_day_first: timestamps are written d/m/yyyy HH:MM instead of ISO 8601.
        null_tokens: texts that mean "no value" to every rule.
        stores_nulls: whether raw stores the null tokens as null (else as they came).
    """

    source: str
    name: str
    kind: Kind
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    max_age_days: int
    event_column: str | None = None
    updated_column: str | None = None
    pairs: tuple[Pair, ...] = ()
    references: tuple[Reference, ...] = ()
    may_be_empty: bool = False
    has_steady_volume: bool = False
    is_day_first: bool = False
    null_tokens: tuple[str, ...] = ("",)
    stores_nulls: bool = True
    by_name: dict[str, Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {column.name: column for column in self.columns})

    @property
    def history_column(self) -> str:
        """The column that says when a row of a history file became known."""
        return {"S": "snapshot_on", "V": self.updated_column, "E": self.event_column}[self.kind] or ""

    def required_columns(self, *, is_history: bool) -> tuple[str, ...]:
        """Columns without which a file is refused; a history file of a snapshot feed also needs `snapshot_on`."""
        names = tuple(column.name for column in self.columns if column.required)
        return (*names, "snapshot_on") if is_history and self.kind == "S" else names

    def key_columns(self, *, is_history: bool) -> tuple[str, ...]:
        """The key within one file: a version is one per update, a history of lists one per list."""
        if self.kind == "S" and is_history:
            return (*self.key, "snapshot_on")
        if self.kind == "V" and self.updated_column not in self.key:
            return (*self.key, str(self.updated_column))
        return self.key


def text(name: str, *, required: bool = False, values: tuple[str, ...] = (), is_identity: bool = False) -> Column:
    """A text column."""
    return Column(name, "text", required, values, is_identity)


def moment(name: str, *, required: bool = False, is_past: bool = False) -> Column:
    """A timestamp column."""
    return Column(name, "timestamp", required, is_past=is_past)


def day(name: str, *, required: bool = False, is_past: bool = False) -> Column:
    """A date column."""
    return Column(name, "date", required, is_past=is_past)


def flag(name: str, *, required: bool = False) -> Column:
    """A boolean column; null means unknown, not false."""
    return Column(name, "boolean", required)


def count(name: str, *, required: bool = False, minimum: int = 0, maximum: int | None = None) -> Column:
    """A whole number."""
    return Column(name, "integer", required, minimum=minimum, maximum=maximum)
