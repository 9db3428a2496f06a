"""The synthetic company a benchmark runs on: its size, its days and where its files lie.

Belongs here: sizes, dates, folders and the settings of a run. Does not: making the data (simulation/) or measuring (measure.py).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

SIZES = {"S": (1_000, 50), "M": (10_000, 200)}
DAYS = 90
SEED = 7
NEXT_DAY = date(2026, 10, 31)


@dataclass(frozen=True)
class World:
    """One benchmark's company, with 90 days of history and one more day delivered after them.

    Args:
        agents: headcount aimed at.
        processes: number of processes.
        folder: scratch folder that holds everything: deliveries, run state, the hand-written database.
    """

    agents: int
    processes: int
    folder: Path

    @property
    def first_day(self) -> date:
        return NEXT_DAY - timedelta(days=DAYS)

    @property
    def last_day(self) -> date:
        return NEXT_DAY - timedelta(days=1)

    @property
    def landing(self) -> Path:
        return self.folder / "landing"

    @property
    def history(self) -> Path:
        return self.landing / "canonical" / "history"

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def same_scope(self) -> Path:
        """A copy of the warehouse, of the same name, in which dbt computes only what the hand-written script computes."""
        return self.folder / "same_scope" / "warehouse.duckdb"

    @property
    def handwritten(self) -> Path:
        return self.folder / "handwritten.duckdb"

    @property
    def environment(self) -> dict[str, str]:
        """Settings of every stage: run state in the scratch folder, files taken at once, the first model put into service."""
        return {
            "PREAUDIT_HOME": str(self.home),
            "PREAUDIT_LANDING": str(self.landing),
            "PREAUDIT_SETTLE_SECONDS": "0",
            "PREAUDIT_AUTO_PROMOTE": "true",
        }
