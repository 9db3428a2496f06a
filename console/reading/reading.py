"""One published snapshot held in memory, with what was worked out from it.

Belongs here: loading the frames, the index by entity, the memory of results. Does not: which snapshot is current (current.py),
the part of it that one person may see (view.py).
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

import polars as pl

from console.reading.by_entity import ByEntity
from console.reading.history import History, read_history
from preaudit.settings import Settings
from preaudit.snapshot_files import Snapshot

T = TypeVar("T")

# Everything but the daily results, which no page shows: a snapshot holds seven days of them.
TABLES = (
    "rankings", "scores", "control_status", "control_changes", "control_coverage", "framework_coverage", "failures", "controls",
    "quarantine", "deliveries", "model_review", "run_facts",
)  # fmt: skip
LATER_TABLES = ("model_monitoring", "list_outcomes", "decisions", "reliability")
# Columns that a snapshot of an earlier program does not have. A page says "not known" there.
LATER_COLUMNS: dict[str, dict[str, Any]] = {
    "rankings": {
        "site": pl.String, "client_id": pl.String, "criticality": pl.String, "process_id": pl.String, "process_name": pl.String,
        "probability_lower": pl.Float64, "probability_upper": pl.Float64, "has_enough_evidence": pl.Boolean,
    },
    "control_status": dict.fromkeys(("exceptions", "population", "unjudged_items", "waived_exceptions"), pl.Int64),
    "scores": {
        "probability_lower": pl.Float64, "probability_upper": pl.Float64, "has_enough_evidence": pl.Boolean,
        "days_until_limit": pl.Float64,
    },
}  # fmt: skip
# Long text that one page needs for one entity: 300 MB at 10,000 agents, so it stays in the file.
LEFT_IN_FILE = {"scores": ("reasons", "levers")}
MOST_RESULTS = 600
# Text that people see: a control character or a mark that turns the direction of what follows is shown as a sign of its own.
SAID = (
    "entity_name",
    "process_name",
    "file",
    "reason",
    "note",
    "value",
    "message",
    "status_reason",
    "gap_reason",
    "refusal_reason",
)
UNSEEN = r"[\x00-\x1f\x7f-\x9f\u{061c}\u{200e}\u{200f}\u{2028}-\u{202e}\u{2066}-\u{2069}]"


@dataclass
class Reading:
    """A snapshot, whole or not at all: every frame was read and proven when this was made."""

    snapshot: Snapshot
    settings: Settings
    frames: dict[str, pl.DataFrame]
    history: History
    previous: pl.DataFrame
    notices: tuple[str, ...] = ()
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _results: OrderedDict[Hashable, Any] = field(default_factory=OrderedDict)

    def memo(self, key: Hashable, make: Callable[[], T]) -> T:
        """`make()`, or what it gave before; the least recently used results are forgotten."""
        with self._lock:
            if key in self._results:
                self._results.move_to_end(key)
                found: T = self._results[key]
                return found
        made = make()
        with self._lock:
            self._results[key] = made
            while len(self._results) > MOST_RESULTS:
                self._results.popitem(last=False)
        return made

    def by_entity(self, name: str) -> ByEntity:
        """One frame by entity."""
        return self.memo(("by_entity", name), lambda: ByEntity(self.frames[name]))

    @property
    def previous_on(self) -> date | None:
        """The day of the snapshot before this one."""
        return self.history.days[-2] if len(self.history.days) > 1 else None


def load(settings: Settings, snapshot: Snapshot, before: Reading | None = None) -> Reading:
    """Read and prove every table, and the history beside it.

    Args:
        before: what is shown until then; days that it has in its history are not read again.

    Raises:
        PreauditError: a table is missing, or not the one that was published.
    """
    frames = {name: _table(snapshot, name) for name in TABLES}
    frames |= {name: _table(snapshot, name) for name in LATER_TABLES if name in snapshot.manifest["files"]}
    past, told = read_history(settings, snapshot, before.history if before else None)
    reading = Reading(snapshot, settings, frames, past, past.ranks_before(snapshot.as_of_on), told)
    for name in ("scores", "control_status", "failures", "rankings"):
        reading.by_entity(name)
    return reading


def _table(snapshot: Snapshot, name: str) -> pl.DataFrame:
    file = snapshot.file(name)
    left = LEFT_IN_FILE.get(name, ())
    present = [column for column in pl.read_parquet_schema(file) if column not in left]
    rows = pl.scan_parquet(file).select(present)
    if name == "scores":  # Pages speak of the headline horizon; the others are two thirds of the rows.
        rows = rows.filter(pl.col("horizon_days") == snapshot.manifest["horizon_days"])
    frame = rows.collect()
    later = LATER_COLUMNS.get(name, {})
    said = [pl.col(column).str.replace_all(UNSEEN, "\ufffd") for column in SAID if frame.schema.get(column) == pl.String]
    return frame.with_columns(said).with_columns(
        (pl.col(column) if column in present else pl.lit(None)).cast(kind).alias(column) for column, kind in later.items()
    )
