"""What is known later changes nothing of what was known before: the proof that the forecasts are not hindsight."""

from pathlib import Path

import duckdb
import pytest

from tests.integration.operation import Operation
from tests.integration.world import CUT_ON, FIRST_HISTORY_DAY, LAST_HISTORY_DAY, SECOND_DAY

pytestmark = pytest.mark.slow

FEATURES = ("ftr_agent", "ftr_process", "ftr_pair")


def differences(one: Operation, other: Operation, table: str, condition: str) -> tuple[int, int]:
    """Rows of the first home under the condition, and rows that stand in one home only (any bit counts)."""
    with duckdb.connect() as connection:
        for name, operation in (("one", one), ("other", other)):
            connection.execute(f"attach '{operation.home / 'warehouse.duckdb'}' as {name} (read_only)")
        left, right = (f"(select * from {name}.marts.{table} where {condition})" for name in ("one", "other"))
        sides = f"({left} except all {right}) union all ({right} except all {left})"
        return connection.execute(f"select (select count(*) from {left}), (select count(*) from ({sides}))").fetchall()[0]


@pytest.fixture(scope="module")
def rebuilt(root: Path, corrected: Operation) -> Operation:
    """Everything built anew from raw after late, corrected and refused deliveries."""
    operation = corrected.copy(root / "rebuilt")
    operation.run("--from", str(FIRST_HISTORY_DAY), "--to", str(SECOND_DAY), "--full-refresh", "--no-train")
    return operation


@pytest.mark.parametrize("table", FEATURES)
def test_without_the_future_the_features_are_bit_identical(loaded: Operation, cut: Operation, table: str):
    rows, different = differences(cut, loaded, table, f"as_of_on = date '{CUT_ON}'")
    assert rows > 0
    assert different == 0
    assert differences(cut, loaded, table, f"as_of_on < date '{CUT_ON}'")[1] == 0


@pytest.mark.parametrize("table", FEATURES)
def test_late_and_corrected_rows_leave_the_features_of_earlier_days_alone(loaded: Operation, rebuilt: Operation, table: str):
    rows, different = differences(loaded, rebuilt, table, f"as_of_on <= date '{LAST_HISTORY_DAY}'")
    assert rows > 0
    assert different == 0


@pytest.mark.parametrize("table", FEATURES)
def test_day_by_day_and_in_one_go_the_features_are_the_same(corrected: Operation, rebuilt: Operation, table: str):
    rows, different = differences(corrected, rebuilt, table, f"as_of_on = date '{SECOND_DAY}'")
    assert rows > 0
    assert different == 0


def test_a_rebuild_from_raw_publishes_the_same_content(corrected: Operation, rebuilt: Operation):
    assert rebuilt.current().content_sha256 == corrected.current().content_sha256
    assert len(rebuilt.versions(SECOND_DAY)) == len(corrected.versions(SECOND_DAY))
