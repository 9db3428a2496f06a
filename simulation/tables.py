"""Column stores of the simulated world: growable tables of numpy arrays, and the rows of one day on their way to a feed.

Containers and null markers belong here; nothing that knows what a worker or a ticket is. Text is made only when a file
is written (simulation/columns.py), so every column here is a number.
"""

from typing import Any

import numpy as np

NULL = np.iinfo(np.int64).min
DAY = 86_400

Array = np.ndarray[Any, Any]


class Table:
    """Growable columns of equal length, read as attributes; rows are only ever appended.

    Args:
        capacity: rows to reserve; doubled when full.
        dtypes: column name -> numpy type.
    """

    def __init__(self, capacity: int, **dtypes: Any) -> None:
        self._size = 0
        self._columns: dict[str, Array] = {name: np.zeros(max(capacity, 16), dtype) for name, dtype in dtypes.items()}

    def __len__(self) -> int:
        return self._size

    def __getattr__(self, name: str) -> Array:
        try:
            column: Array = self.__dict__["_columns"][name]
        except KeyError:
            raise AttributeError(name) from None
        return column[: self._size]

    def append(self, count: int, **values: Any) -> Array:
        """Add `count` rows (unnamed columns are zero) and return their row numbers."""
        start, stop = self._size, self._size + count
        for name, column in self._columns.items():
            if stop > len(column):
                column = np.concatenate([column, np.zeros(max(len(column), stop - len(column)), column.dtype)])
                self._columns[name] = column
            column[start:stop] = values.get(name, 0)
        self._size = stop
        return np.arange(start, stop)


class Outbox:
    """Rows by feed and delivery day: everything that will be delivered is put here, possibly for a later day."""

    def __init__(self) -> None:
        self._days: dict[int, dict[str, list[dict[str, Array]]]] = {}

    def put(self, feed: str, day: int, rows: dict[str, Array]) -> None:
        """Deliver these rows on one day."""
        if len(next(iter(rows.values()))):
            self._days.setdefault(day, {}).setdefault(feed, []).append(rows)

    def put_by(self, feed: str, days: Array, rows: dict[str, Array], earliest: int) -> None:
        """Deliver each row on its own day, none before `earliest`."""
        days = np.maximum(days, earliest)
        order = np.argsort(days, kind="stable")
        edges = np.flatnonzero(np.diff(days[order], prepend=np.iinfo(np.int64).min))
        for part in np.split(order, edges[1:]) if len(order) else []:
            self.put(feed, int(days[part[0]]), {name: column[part] for name, column in rows.items()})

    def take(self, day: int) -> dict[str, dict[str, Array]]:
        """Remove and return the rows of one day, the columns of each feed joined."""
        parts = self._days.pop(day, {})
        return {
            feed: {name: np.concatenate([rows[name] for rows in batch]) for name in batch[0]} for feed, batch in parts.items()
        }


def mix(values: Any) -> Array:
    """Well-spread unsigned 64-bit hashes of integers (splitmix64)."""
    with np.errstate(over="ignore"):
        x = np.asarray(values).astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def spread(values: Any, salt: int) -> Array:
    """A fixed uniform number in [0, 1) per integer: the same thing always gets the same one."""
    return mix(mix(values) ^ np.uint64(salt * 7_919 + 1)).astype(np.float64) / 2.0**64
