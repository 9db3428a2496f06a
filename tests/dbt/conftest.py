"""Fixtures of the dbt tests."""

from pathlib import Path

import pytest

from tests.dbt.scratch_warehouse import ScratchWarehouse


@pytest.fixture
def warehouse(tmp_path: Path) -> ScratchWarehouse:
    """An empty warehouse in the test's own folder."""
    return ScratchWarehouse(tmp_path)
