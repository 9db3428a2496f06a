"""Two tiny worlds shared by the tests of the simulation: a clean one and a dirty one."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from simulation import SimulationReport, simulate

SIZE = {"agents": 80, "processes": 5, "days": 75, "seed": 3, "events_per_shift": 5.0, "tickets_per_shift": 1.4}


@dataclass(frozen=True)
class SmallWorld:
    """A simulated world on disk."""

    report: SimulationReport

    def history(self, feed: str) -> pl.DataFrame:
        """The history of one feed."""
        return pl.read_parquet(self.report.landing / "canonical" / "history" / f"{feed}.parquet")

    def truth(self, name: str) -> pl.DataFrame:
        """One file of the truth."""
        return pl.read_parquet(self.report.truth / f"{name}.parquet")

    def files(self) -> dict[str, Path]:
        """Delivered files by folder/name below the source."""
        root = self.report.landing / "canonical"
        return {str(path.relative_to(root)): path for path in sorted(root.rglob("*")) if path.is_file()}


@pytest.fixture(scope="session")
def clean(tmp_path_factory: pytest.TempPathFactory) -> SmallWorld:
    """All days as history, no dirt."""
    return SmallWorld(simulate(**SIZE, out=tmp_path_factory.mktemp("clean"), with_dirt=False, daily_deliveries=0))


@pytest.fixture(scope="session")
def dirty(tmp_path_factory: pytest.TempPathFactory) -> SmallWorld:
    """The last three days as daily folders, with dirt."""
    return SmallWorld(simulate(**SIZE, out=tmp_path_factory.mktemp("dirty")))
