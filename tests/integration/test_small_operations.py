"""Where there is too little to learn from, the run ends well, ranks by the rule and says why."""

import polars as pl
import pytest

from tests.integration.operation import Operation

pytestmark = pytest.mark.slow


def test_three_agents_and_twenty_days_are_ranked_by_the_rule_with_an_honest_word(tiny: Operation):
    printed = (tiny.folder / "printed.txt").read_text(encoding="utf-8")
    assert "Traceback" not in printed
    assert "no model: 0 matured failures, need 20" in printed
    assert "this is the rule's ranking" in printed
    rankings = tiny.current().frame("rankings")
    assert rankings.group_by("entity_kind").len().sort("entity_kind").rows() == [("agent", 3), ("process", 1)]
    assert set(rankings["ranked_by"]) == {"rule"}
    worst = rankings.filter((pl.col("entity_kind") == "agent") & (pl.col("rank") == 1))
    assert worst["exceptions_28d"].to_list() == [4]
    assert worst["probability_any"].to_list() == [None]
