"""One simulated operation, run through its days once; every state it was in is kept as a folder of its own.

A daily run costs some ten seconds, so the tests share these states and copy one where they need to disturb it.
"""

from pathlib import Path

import pytest

from tests.integration.operation import Operation
from tests.integration.world import FIRST_DAY, LATE_FOLDER, SECOND_DAY, deliver, make_world, read_delivery, without_column


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
    """The second day was run again after its sources had corrected two feeds, sent a missing one, and delivered an earlier day late."""
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
    (late / "acknowledgements.csv").write_text(
        f"worker_id,document_id,version,signed_at\nW000001,LATE-POLICY,1,{LATE_FOLDER}T10:00:00Z\n", encoding="utf-8"
    )
    operation.run("--date", str(SECOND_DAY))
    return operation
