"""docs/controls: a page for each control of the library, whole, and as the library and the models say it today."""

import re

import pytest

from console.control_docs import FOLDER, control_pages
from console.control_texts import control_texts, library, limit_meanings

CONTROLS = [row["control_id"] for row in library()]


def test_the_pages_are_what_make_docs_writes() -> None:
    written = {path: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}

    assert {path.name for path in written} == {"README.md", *(f"{control_id}.md" for control_id in CONTROLS)}
    assert [path.name for path, text in control_pages().items() if written[path] != text] == []


@pytest.mark.parametrize("control_id", CONTROLS)
def test_a_page_has_every_section_and_none_is_empty(control_id: str) -> None:
    text = control_pages()[FOLDER / f"{control_id}.md"]
    sections = dict(re.findall(r"^## (.+)\n\n(.*)$", text, flags=re.M))

    assert list(sections) == ["What is looked at", "Rule", "Limits", "Example", "What to do", "What it cannot see"]
    assert not [title for title, first_line in sections.items() if len(first_line) < 20]
    assert not re.search(r"\|\s*\|\s*$", text.split("|---|---|", 1)[1], flags=re.M)


@pytest.mark.parametrize("control_id", CONTROLS)
def test_an_example_is_concrete(control_id: str) -> None:
    assert re.search(r"\d", control_texts()[control_id].example)


def test_every_limit_that_is_set_stands_on_its_page_with_its_value_and_meaning() -> None:
    for row in library():
        page = control_pages()[FOLDER / f"{row['control_id']}.md"]
        for name, meaning in limit_meanings().items():
            assert (f"| {name} | " in page and meaning in page) is bool(row[name]), (row["control_id"], name)


def test_the_list_links_to_every_page() -> None:
    index = (FOLDER / "README.md").read_text(encoding="utf-8")

    assert re.findall(r"^\| \[([A-Z]+-\d\d)\]\(\1\.md\)", index, flags=re.M) == CONTROLS
