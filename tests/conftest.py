"""What holds for every test: which of them share what they have built, when several processes run them.

One group is run by one process. Tests of integration/ whose states follow one another are one group, and are started first
because it takes longest.
"""

from pathlib import Path

import pytest

TESTS = Path(__file__).parent
# Installations that the other tests of integration/ have nothing to do with.
OF_THEIR_OWN = {
    "test_selftest.py": "selftest",
    "test_servicenow.py": "servicenow",
    "test_small_operations.py": "tiny",
    "test_failed_control.py": "tiny",
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One process for a file, because its tests share a world; one for the files of integration/ that share one."""
    items.sort(key=lambda item: item.path.parent.name != "integration")
    for item in items:
        file = item.path.relative_to(TESTS)
        name = OF_THEIR_OWN.get(file.name, "integration") if file.parts[0] == "integration" else str(file)
        item.add_marker(pytest.mark.xdist_group(name))
