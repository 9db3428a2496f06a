"""One simulated operation, run through its days once; every state it was in is kept as a folder of its own.

A run costs ten to thirty seconds, so the tests share these states and copy one where they need to disturb it. Installations
that do not follow from one another are made at the same time, or by another process (tests/conftest.py).
"""

import shutil
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from tests.integration.operation import Operation
from tests.integration.world import (
    CUT_ON,
    FIRST_DAY,
    FIRST_HISTORY_DAY,
    INCIDENT_LOG,
    LATE_FOLDER,
    SECOND_DAY,
    cut_history,
    deliver,
    make_world,
    read_delivery,
    without_column,
    write_tiny_history,
)


@pytest.fixture(scope="session")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of all states."""
    return tmp_path_factory.mktemp("integration")


@pytest.fixture(scope="session")
def world(root: Path) -> Path:
    """What the simulation wrote: landing, corrections, truth."""
    return make_world(root / "world")


@pytest.fixture(scope="session")
def deliveries(world: Path) -> Path:
    """The delivery folders of the simulated source."""
    return world / "landing" / "canonical"


@pytest.fixture(scope="session")
def being_cut(root: Path, deliveries: Path) -> Iterator[Future[Operation]]:
    """The installation that follows from no other one, being made by one thread beside the others."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        yield pool.submit(make_cut, root / "cut", deliveries)


def make_cut(folder: Path, deliveries: Path) -> Operation:
    """Built from deliveries without anything that became known after the cut."""
    operation = Operation(folder)
    assert cut_history(deliveries / "history", operation.landing, CUT_ON) > 10_000
    operation.run("--from", str(FIRST_HISTORY_DAY), "--to", str(CUT_ON), "--no-train")
    return operation


def make_servicenow(folder: Path) -> Operation:
    """The real incident log delivered as history and run by one command."""
    operation = Operation(folder)
    history = operation.landing / "servicenow" / "history"
    history.mkdir(parents=True)
    shutil.copyfile(INCIDENT_LOG, history / INCIDENT_LOG.name)
    operation.run("--source", "servicenow")
    return operation


def make_tiny(folder: Path) -> Operation:
    """Three agents, one process, twenty days; what the command printed lies beside."""
    operation = Operation(folder)
    write_tiny_history(operation.landing, date(2026, 10, 1), days=20)
    done = operation.run()
    (folder / "printed.txt").write_text(done.stdout + done.stderr, encoding="utf-8")
    return operation


@pytest.fixture(scope="session")
def cut(being_cut: Future[Operation]) -> Operation:
    """The simulated operation as it was on the day of the cut."""
    return being_cut.result()


@pytest.fixture(scope="session")
def servicenow(root: Path) -> Operation:
    """The installation with the real incident log only."""
    return make_servicenow(root / "servicenow")


@pytest.fixture(scope="session")
def tiny(root: Path) -> Operation:
    """The installation with too little to learn from."""
    return make_tiny(root / "tiny")


@pytest.fixture(scope="session")
def loaded(root: Path, deliveries: Path) -> Operation:
    """The history was delivered, and one command without dates loaded it, trained and published its last day."""
    operation = Operation(root / "loaded")
    deliver(deliveries / "history", operation.landing)
    operation.run()
    return operation


@pytest.fixture(scope="session")
def before_first_day(root: Path, loaded: Operation, deliveries: Path) -> Operation:
    """The first day was delivered, with late events and a forbidden column, and has not been run."""
    operation = loaded.copy(root / "before_first_day")
    deliver(deliveries / str(FIRST_DAY), operation.landing)
    return operation


@pytest.fixture(scope="session")
def first_day(root: Path, before_first_day: Operation) -> Operation:
    """The first day was run, undisturbed."""
    operation = before_first_day.copy(root / "first_day")
    operation.run("--date", str(FIRST_DAY))
    return operation


@pytest.fixture(scope="session")
def second_day(root: Path, first_day: Operation, deliveries: Path) -> Operation:
    """The second day was run; its log-ins came without a column they need, its data accesses not at all."""
    operation = first_day.copy(root / "second_day")
    source = deliveries / str(SECOND_DAY)
    deliver(source, operation.landing, leave_out=["auth_events"])
    target = operation.landing / "canonical" / str(SECOND_DAY) / "auth_events.csv"
    without_column(next(source.glob("auth_events.*")), "outcome", target)
    operation.run("--date", str(SECOND_DAY))
    return operation


@pytest.fixture(scope="session")
def corrected(root: Path, second_day: Operation, world: Path) -> Operation:
    """The second day was run again: two feeds corrected, the missing one sent, an earlier day delivered late."""
    operation = second_day.copy(root / "corrected")
    day = operation.landing / "canonical" / str(SECOND_DAY)
    (day / "auth_events.csv").unlink()
    deliver(world / "corrections" / str(SECOND_DAY), operation.landing)
    tickets = next(day.glob("tickets.*"))
    corrected_tickets = read_delivery(tickets).head(-1)
    tickets.unlink()
    corrected_tickets.write_csv(day / "tickets.csv")
    late = operation.landing / "canonical" / str(LATE_FOLDER)
    late.mkdir()
    [(account,)] = operation.rows(
        "select min(account_id) from intermediate.int_access__account_history where worker_id is not null and valid_to is null"
    )
    (late / "auth_events.csv").write_text(
        f"event_id,occurred_at,account_id,outcome\nLATE1,{LATE_FOLDER}T10:00:00Z,{account},success\n", encoding="utf-8"
    )
    operation.run()
    return operation
