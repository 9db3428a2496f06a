"""What a value may do to its reader: nothing."""

import pytest
from rich.console import Console

from console.cells import LONGEST_ID, visible, visible_row, without_formula
from console.output import Column, Page, Table, as_csv, as_text, of


@pytest.mark.parametrize("value", ["=1+1", "+cmd", "-x", "@sum", "\t=1", "\r=1", "-1+1", "=-1"])
def test_a_formula_gets_an_apostrophe(value: str) -> None:
    assert without_formula(value) == f"'{value}"


@pytest.mark.parametrize("value", ["-1", "+1.5", "-.5e-3", -1, None, "P01", "a=b", ""])
def test_a_plain_number_or_text_stays_as_it_is(value: object) -> None:
    assert without_formula(value) == value


def test_a_list_whose_text_begins_like_a_formula_is_neutralised_in_csv() -> None:
    assert as_csv(Table("t", "", [{"why": ["=1+1", "b"]}], ())) == "why\n'=1+1; b\n"


def test_control_characters_are_written_out_and_other_letters_are_not_touched() -> None:
    assert visible("\x1b[31mred\n\u202eabc\udcff\x9b") == r"\x1b[31mred\n\u202eabc\udcff\x9b"
    assert visible("Zürich 東京 – ✓") == "Zürich 東京 – ✓"


def test_a_long_id_is_cut_and_a_long_sentence_is_not() -> None:
    row = visible_row({"entity_id": "x" * 500, "reason": "y" * 500, "rank": 1})

    assert row == {"entity_id": "x" * (LONGEST_ID - 1) + "…", "reason": "y" * 500, "rank": 1}


def test_no_page_prints_a_control_character_of_its_data() -> None:
    rows = [{"name": "a\x1b]0;title\x07", "reasons": ["b\u202ec"]}]
    columns = (Column("Name", of("name")), Column("Why", lambda row: "\n".join(row["reasons"])))
    page = Page("P\x1b[2J", (Table("t", "", rows, columns),), {}, lines=("l\x07",), notes=("n\x1b",))
    console = Console(width=100)

    with console.capture() as printed:
        console.print(as_text(page))

    assert not set("\x1b\x07\u202e") & set(printed.get())
    assert r"a\x1b]0;title\x07" in printed.get()
