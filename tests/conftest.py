"""What holds for every test: which of them share what they have built, when several processes run them."""

from pathlib import Path

import pytest

TESTS = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One process for a file, because its tests share a world; one for all of integration/, whose states follow one another."""
    for item in items:
        file = item.path.relative_to(TESTS)
        item.add_marker(pytest.mark.xdist_group("integration" if file.parts[0] == "integration" else str(file)))
