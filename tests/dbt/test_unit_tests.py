"""The unit tests that stand beside the dbt models."""

import pytest

from tests.dbt.scratch_warehouse import ScratchWarehouse

pytestmark = pytest.mark.slow


def test_every_unit_test_of_the_dbt_project_passes(warehouse: ScratchWarehouse) -> None:
    # They take the types of columns from tables that stand, however empty.
    warehouse.build("fqn:*", "2026-03-01", "2026-03-01", feature_dates=["2026-03-01"])
    warehouse.dbt("test", "--select", "test_type:unit")
