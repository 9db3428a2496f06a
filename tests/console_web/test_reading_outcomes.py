"""What came of past lists, in a sentence whose figures can be checked by hand."""

import pytest

from console.reading.facts import age_words, list_length
from console.reading.filters import Filter, read_filter
from console.reading.list_items import chance_words
from console.reading.outcomes import outcome_sentence, wilson
from preaudit.settings import Settings


def test_the_sentence_names_hits_of_all_the_interval_and_the_rule() -> None:
    row = {"as_of_on": "2026-10-01", "list_size": 40, "failed": 27, "rule_failed": 18, "intervened": 0, "origin": None}
    told = outcome_sentence(row | dict(zip(("lower", "upper"), wilson(27, 40), strict=True)), "agent", 30)
    assert told == (
        "Of the 40 agents we listed on 2026-10-01, 27 failed within 30 days (0.68, 95 % 0.52 to 0.80);"
        " the old rule would have caught 18."
    )


def test_a_list_that_was_acted_on_says_so_and_a_back_test_does_not_claim_to_have_been_shown() -> None:
    row = {"as_of_on": "2026-10-01", "list_size": 2, "failed": 0, "rule_failed": None, "intervened": 2, "origin": "backtest"}
    told = outcome_sentence(row | {"lower": 0.0, "upper": 0.66}, "process", 30)
    assert "a back test lists" in told
    assert "Something was done about 2 of them" in told
    assert "rule" not in told


def test_the_interval_of_a_share_is_wilsons() -> None:
    assert wilson(8, 10) == pytest.approx((0.490, 0.943), abs=1e-3)
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(0, 5)[0] == 0.0


def test_the_list_has_the_length_that_the_forecast_is_judged_by() -> None:
    settings = Settings(capacity_agents_ratio=0.05, capacity_processes_ratio=0.1)
    assert [list_length(settings, "agent", count) for count in (0, 1, 100, 101)] == [0, 1, 5, 6]
    assert list_length(settings, "process", 12) == 2


def test_a_small_chance_keeps_an_interval_above_nothing() -> None:
    assert chance_words(0.002, 0.001, 0.004)["interval"] == "0.1 to 0.4 %"
    assert chance_words(0.3, 0.234, 0.4)["interval"] == "23 to 40 %"
    assert chance_words(0.3)["interval"] is None


def test_an_address_holds_what_differs_from_the_standard_and_a_new_choice_starts_at_page_one() -> None:
    chosen = read_filter({"site": "Manila", "q": " a&b ", "page": "3", "sort": "chance", "other": "x"})
    assert chosen == Filter(q="a&b", site="Manila", sort="chance", page=3)
    assert chosen.query(page=4) == "q=a%26b&site=Manila&sort=chance&page=4"
    assert chosen.query(site="") == "q=a%26b&sort=chance"


def test_the_age_of_the_data_in_words() -> None:
    assert [age_words(days) for days in (0, 1, 12, -1)] == ["today", "yesterday", "12 days ago", "in 1 day"]
