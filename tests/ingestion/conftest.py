"""Fixtures of the ingestion tests."""

from pathlib import Path

import pytest

from preaudit.settings import Settings
from tests.ingestion.world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    """An empty landing folder and no warehouse yet."""
    return World(Settings(home=tmp_path / "var", landing=tmp_path / "landing", settle_seconds=2))
