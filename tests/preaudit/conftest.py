"""A home with a small warehouse, nothing published yet."""

from pathlib import Path

import pytest

from preaudit.settings import Settings
from tests.console.published_fixture import make_warehouse, settings_for


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings whose home lies in the test's own folder."""
    settings = settings_for(tmp_path)
    make_warehouse(settings)
    return settings
