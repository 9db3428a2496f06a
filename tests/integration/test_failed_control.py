"""A control whose model cannot be built has the status error; the others are tested, and the day is published."""

from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest

from tests.integration.operation import Operation

pytestmark = pytest.mark.slow

NEXT_DAY = date(2026, 10, 21)


def test_one_control_that_cannot_be_built_does_not_hold_back_the_others(tiny: Operation, tmp_path: Path):
    operation = tiny.copy(tmp_path / "one_broken")
    # As after an upgrade of this one control: its table has other columns than its model.
    with duckdb.connect(str(operation.home / "warehouse.duckdb")) as connection:
        connection.execute("alter table controls.ctl_chg_01 rename column reason to reason_of_another_version")
    printed = operation.run("--date", str(NEXT_DAY))
    assert "CHG-01 could not be built" in printed.stderr
    status = operation.current().frame("control_status")
    assert set(status.filter(pl.col("control_id") == "CHG-01")["status"]) == {"error"}
    assert "error" not in set(status.filter(pl.col("control_id") != "CHG-01")["status"])
    evaluable = operation.evaluable(NEXT_DAY)
    assert evaluable["CHG-01"] == (False, "its model could not be built; run the day again once it is mended")
    assert evaluable["OPS-01"][0]

    with duckdb.connect(str(operation.home / "warehouse.duckdb")) as connection:
        connection.execute("alter table controls.ctl_chg_01 rename column reason_of_another_version to reason")
    operation.run("--date", str(NEXT_DAY))
    assert "error" not in set(operation.current().frame("control_status")["status"])
