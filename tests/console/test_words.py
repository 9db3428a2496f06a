"""Figures in words."""

import json

import pytest

from console.words import chance, number, reasons, rule_note, why_the_rule


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


def test_a_reason_that_is_known_of_nobody_gives_way_to_the_next() -> None:
    found = [
        {"sentence": "says nothing", "value": None, "usual": None},
        {"sentence": "peers are known", "value": None, "usual": 3.0},
        {"sentence": "zero is known", "value": 0.0, "usual": None},
        {"sentence": "third", "value": 1.0, "usual": 1.0},
        {"sentence": "fourth", "value": 1.0, "usual": 1.0},
    ]

    assert reasons(json.dumps(found)) == ["peers are known", "zero is known", "third"]


@pytest.mark.parametrize(
    ("verdict", "why"),
    [
        (None, "No model yet"),
        ("no model: 12 matured failures, need 50", "No model: 12 matured failures, need 50"),
        ("no better than the rule", "No better than the rule"),
        ("passed the gate", "A model passed its gate and waits for approval"),
        ("not promoted: observed / expected failures in the list 1.44", "The model was not promoted"),
    ],
)
def test_a_ranking_by_the_rule_says_why_no_model_ranks(verdict, why):
    assert why_the_rule(verdict) == why
    assert rule_note(why).endswith("this is the rule's ranking (exceptions in the last 28 days).")
