"""The simulation knows why a pair is at risk; the reasons given for the failures that the list catches are held against it."""

from pathlib import Path

import pytest

from console.planted_causes import measure, page
from tests.integration.operation import Operation

pytestmark = pytest.mark.slow


def test_reasons_name_the_planted_cause_of_failures_that_the_list_caught(
    loaded: Operation, capsys: pytest.CaptureFixture[str], world: Path
):
    """The share is printed, not asserted: on one seed of sixty agents it is mostly chance. `make causes` measures the sample."""
    settings = loaded.settings.model_copy(update={"landing": world / "landing"})
    found = measure(settings, "agent")
    with capsys.disabled():
        print(f"\n{page([found]).lines[0]}")
    assert found.failures == sum(row["failures"] for row in found.by_cause)
    assert found.share > 0
