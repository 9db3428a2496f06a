"""What a run leaves of monitoring: the list it served, the back-test of its training, the measures of its day."""

import polars as pl
import pytest

from tests.integration.operation import Operation
from tests.integration.world import FIRST_DAY, LAST_HISTORY_DAY

pytestmark = pytest.mark.slow


def test_a_history_load_serves_its_first_list_and_shows_the_back_test_of_its_training(loaded: Operation):
    outcomes = loaded.current().frame("list_outcomes")
    served = outcomes.filter(pl.col("origin") == "served")
    assert set(served.select("as_of_on", "matured").iter_rows()) == {(LAST_HISTORY_DAY, False)}
    tested = outcomes.filter(pl.col("origin") == "backtest")
    assert tested.height
    assert tested["matured"].all()
    judged = pl.read_parquet(loaded.home / "review" / "agent_validation.parquet")
    assert set(tested.filter(pl.col("entity_kind") == "agent")["as_of_on"]) == set(judged["as_of_on"])


def test_every_daily_run_adds_its_list_and_its_measures(first_day: Operation):
    assert set(first_day.rows("select as_of_on from marts.fct_listed_entities")) == {(LAST_HISTORY_DAY,), (FIRST_DAY,)}
    measured = first_day.current().frame("model_monitoring")
    assert set(measured["as_of_on"]) == {FIRST_DAY}
    assert {"champion_age_days", "expected_failures", "list_overlap", "not_evaluable_ratio"} <= set(measured["measure"])


def test_the_reference_is_taken_from_what_the_training_used(loaded: Operation):
    last = "select max(as_of_on) from marts.lbl_pair_outcomes where horizon_days = 30 and is_failure is not null"
    assert loaded.rows("select distinct last_as_of_on from ml.trained_models") == loaded.rows(last)
    assert loaded.rows("select count(*) > 100 from ml.feature_reference") == [(True,)]
