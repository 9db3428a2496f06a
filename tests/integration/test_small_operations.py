"""Where there is too little to learn from, the run ends well, ranks by the rule and says why."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from tests.integration.operation import Operation
from tests.integration.world import write_tiny_history

pytestmark = pytest.mark.slow


def test_three_agents_and_twenty_days_are_ranked_by_the_rule_with_an_honest_word(tmp_path: Path):
    operation = Operation(tmp_path)
    write_tiny_history(operation.landing, date(2026, 10, 1), days=20)
    done = operation.run()
    assert "Traceback" not in done.stdout + done.stderr
    assert "no model: 0 matured failures, need 20" in done.stdout
    assert "this is the rule's ranking" in done.stdout
    rankings = operation.current().frame("rankings")
    assert rankings.group_by("entity_kind").len().sort("entity_kind").rows() == [("agent", 3), ("process", 1)]
    assert set(rankings["ranked_by"]) == {"rule"}
    worst = rankings.filter((pl.col("entity_kind") == "agent") & (pl.col("rank") == 1))
    assert worst["exceptions_28d"].to_list() == [4]
    assert worst["probability_any"].to_list() == [None]
