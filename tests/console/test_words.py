"""Figures in words."""

import pytest

from console.words import chance, number, reasons


@pytest.mark.parametrize(
    ("probability", "words"),
    [
        (None, "-"),
        (0.0, "under 1 in 1,000"),
        (0.0012, "1 in 800"),
        (0.0074, "1 in 140"),
        (0.02, "1 in 50"),
        (0.041, "1 in 25"),
        (0.08, "1 in 12"),
        (0.1, "1 in 10"),
        (0.31, "3 in 10"),
        (0.949, "9 in 10"),
        (0.97, "over 19 in 20"),
    ],
)
def test_a_chance_is_said_as_people_say_it(probability: float | None, words: str) -> None:
    assert chance(probability) == words


def test_a_small_figure_never_reads_as_nothing() -> None:
    assert number(0.0042) == "0.004"
    assert number(0.0) == "0.00"


def test_no_reasons_are_no_sentences() -> None:
    assert reasons(None) == []
