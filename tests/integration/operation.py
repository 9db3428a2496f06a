"""One installation under test: a home folder, a landing folder and the `preaudit` command, run as a person runs it.

Belongs here: starting the command, looking at what it left. Does not: what must hold (the tests), making deliveries (world.py).
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from preaudit import snapshot
from preaudit.settings import Settings
from preaudit.snapshot import Snapshot

PROGRAM = Path(sys.executable).with_name("preaudit")


@dataclass(frozen=True)
class Operation:
    """A home and a landing folder under one parent, so that a copy of the parent is a second installation in the same state."""

    folder: Path

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def landing(self) -> Path:
        return self.folder / "landing"

    @property
    def settings(self) -> Settings:
        return Settings(home=self.home, landing=self.landing, settle_seconds=0)

    def copy(self, folder: Path) -> "Operation":
        """The same state in another folder."""
        shutil.copytree(self.folder, folder, symlinks=True)
        return Operation(folder)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`preaudit run --landing <landing> <arguments>`, which has to end well."""
        done = subprocess.run(self._command(*arguments), env=self._environment(), cwd=self.folder, capture_output=True, text=True)
        assert done.returncode == 0, (
            f"preaudit run {' '.join(arguments)} ended with {done.returncode}:\n{done.stderr}\n{done.stdout}"
        )
        return done

    @contextmanager
    def running(self, *arguments: str) -> Iterator[subprocess.Popen[str]]:
        """The same command at work, in a process group of its own, its progress lines on `stderr`."""
        with subprocess.Popen(
            self._command(*arguments),
            env=self._environment(),
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        ) as process:
            yield process

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The answer of the warehouse."""
        with duckdb.connect(str(self.home / "warehouse.duckdb"), read_only=True) as connection:
            return connection.execute(query).fetchall()

    def current(self) -> Snapshot:
        """What readers see."""
        return snapshot.read_current(self.settings)

    def versions(self, as_of_on: date) -> list[Snapshot]:
        """Every published version of one day, oldest first."""
        return [found for found in snapshot.snapshots(self.settings) if found.as_of_on == as_of_on]

    def evaluable(self, as_of_on: date) -> dict[str, tuple[bool, str | None]]:
        """Per implemented control, whether it could be evaluated that day and the reason given."""
        controls = self.versions(as_of_on)[-1].frame("controls")
        rows = controls.filter(controls["is_implemented"]).select("control_id", "is_evaluable", "status_reason").iter_rows()
        return {control: (is_evaluable, reason) for control, is_evaluable, reason in rows}

    def _command(self, *arguments: str) -> list[str]:
        return [str(PROGRAM), "run", "--landing", str(self.landing), *arguments]

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREAUDIT_", "DAGSTER_", "MLFLOW_"))}
        ours = {
            "PREAUDIT_HOME": str(self.home),
            "PREAUDIT_SETTLE_SECONDS": "0",
            "PREAUDIT_MIN_MATURED_FAILURES": "20",
            "PREAUDIT_AUTO_PROMOTE": "true",
            "COLUMNS": "250",
        }
        return kept | ours
