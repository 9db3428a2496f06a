"""`kill -9` at any moment of a day, then the same command: the published content is that of a run that was not disturbed."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from preaudit.snapshot import RUN_FACTS
from tests.integration.operation import Operation
from tests.integration.world import FIRST_DAY, LAST_HISTORY_DAY, deliver

pytestmark = pytest.mark.slow

COMMAND = ("--date", str(FIRST_DAY))
LIMIT_SECONDS = 240
Moment = Callable[[Operation, subprocess.Popen[str]], None]


def said(words: str) -> Moment:
    """The moment a progress line holds these words."""

    def wait(_: Operation, process: subprocess.Popen[str]) -> None:
        assert process.stderr is not None
        lines = []
        for line in process.stderr:
            lines.append(line)
            if words in line:
                return
        raise AssertionError(f"the run ended before it said {words!r}:\n{''.join(lines)}")

    return wait


def dbt_writes(operation: Operation, process: subprocess.Popen[str]) -> None:
    """The moment dbt, a process of its own, has changed the warehouse."""
    said("dbt: building")(operation, process)
    files = [operation.home / name for name in ("warehouse.duckdb", "warehouse.duckdb.wal")]
    before = [_stamp(path) for path in files]
    _until(lambda: [_stamp(path) for path in files] != before, process)


def publishes(operation: Operation, process: subprocess.Popen[str]) -> None:
    """The moment the first file of the new snapshot lies in its draft folder."""
    said("scored")(operation, process)
    _until(lambda: any(operation.home.glob("published/.draft-*/*.parquet")), process)


def _stamp(path: Path) -> tuple[int, int] | None:
    return (path.stat().st_size, path.stat().st_mtime_ns) if path.exists() else None


def _until(is_so: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    end = time.monotonic() + LIMIT_SECONDS
    while not is_so():
        assert process.poll() is None, "the run ended before the moment came"
        assert time.monotonic() < end, "the moment did not come"
        time.sleep(0.001)


def kill(process: subprocess.Popen[str]) -> None:
    """Kill the run and what it started, and wait until both are gone."""
    os.killpg(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL


def wait_for_lock(operation: Operation) -> None:
    """Until no process holds the warehouse: the kernel takes a moment to bury a killed child."""
    end = time.monotonic() + 30
    while True:
        try:
            duckdb.connect(str(operation.home / "warehouse.duckdb")).close()
        except duckdb.IOException:
            assert time.monotonic() < end
            time.sleep(0.05)
        else:
            return


def content(operation: Operation) -> dict[str, str]:
    """Digest of every published file of the day but the run's own facts."""
    files = operation.versions(FIRST_DAY)[-1].manifest["files"]
    return {name: facts["sha256"] for name, facts in files.items() if name != RUN_FACTS}


def test_a_day_killed_again_and_again_publishes_what_an_undisturbed_day_does(
    before_first_day: Operation, first_day: Operation, deliveries: Path, tmp_path: Path
):
    # One home for all moments, each later than the one before: a run costs too much for a home per moment, and what one
    # kill broke has to be mended through all the others.
    operation = before_first_day.copy(tmp_path / "killed")
    moments: dict[str, Moment] = {
        "ingestion": said("canonical process_assignments:"),
        "dbt build": dbt_writes,
        "after scoring": said("scored"),
        "publication": publishes,
    }
    for name, moment in moments.items():
        with operation.running(*COMMAND) as process:
            moment(operation, process)
            kill(process)
        assert operation.current().as_of_on == LAST_HISTORY_DAY, f"killed at {name}, readers saw a day that was not finished"
        assert operation.current().frame("rankings").height > 0
        wait_for_lock(operation)
    # Delivered a second time, too: the same content again changes nothing.
    deliver(deliveries / str(FIRST_DAY), operation.landing)
    operation.run(*COMMAND)
    assert operation.current().as_of_on == FIRST_DAY
    assert len(operation.versions(FIRST_DAY)) == 1
    assert content(operation) == content(first_day)
    assert operation.current().content_sha256 == first_day.current().content_sha256
    assert not list((operation.home / "published").glob(".draft-*"))


def test_running_a_later_day_again_leaves_the_day_before_as_it_was(first_day: Operation, corrected: Operation):
    assert [found.version for found in corrected.versions(FIRST_DAY)] == [1]
    assert content(corrected) == content(first_day)
