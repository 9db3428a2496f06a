"""Challengers learn the world's hazard through the one interface, and stand on the base rate where there is nothing to learn."""

import numpy as np
import polars as pl
import pytest

from ml.competitors import ORDER_ONLY
from ml.competitors.challengers import make_challengers
from ml.competitors.hazard import DiscreteTimeHazard
from ml.competitors.per_family import OTHERS, PerFamily, family_of
from ml.dataset import matured, outcomes
from ml.features import features
from ml.metrics import log_losses
from ml.plan import CHALLENGERS

FEATURES = features("agent")


@pytest.fixture(scope="module")
def parts(make_world):
    rows = matured(make_world())
    days = sorted(rows["as_of_on"].unique())
    return rows.filter(pl.col("as_of_on") < days[6]), rows.filter(pl.col("as_of_on") >= days[11])


@pytest.mark.parametrize("name", CHALLENGERS)
def test_a_challenger_orders_later_rows_by_the_hazard_it_cannot_see(parts, name):
    train, later = parts
    (challenger,) = make_challengers([name], FEATURES, 80, 30, seed=7)
    challenger.fit(train)
    scores = challenger.predict(later)
    known = later.with_columns(pl.Series("score", scores)).select(pl.corr("score", "true_p", method="spearman")).item()
    assert known > 0.25
    if challenger.is_probability:
        rate = np.full(later.height, outcomes(train).mean())
        assert log_losses(outcomes(later), scores).mean() < log_losses(outcomes(later), rate).mean()


@pytest.mark.parametrize("name", CHALLENGERS)
@pytest.mark.parametrize("outcome", [True, False])
def test_without_two_kinds_of_outcome_a_challenger_says_the_base_rate(parts, name, outcome):
    train, later = parts
    (challenger,) = make_challengers([name], FEATURES, 80, 30, seed=7)
    challenger.fit(train.with_columns(pl.lit(outcome).alias("is_failure")))
    assert (challenger.predict(later) == float(outcome)).all()


def test_the_names_that_only_order_are_those_whose_scores_are_no_probabilities():
    made = make_challengers(CHALLENGERS, FEATURES, 80, 30, seed=7)
    assert {one.name for one in made if not one.is_probability} == {"lambdarank"} == set(CHALLENGERS) & set(ORDER_ONLY)


def test_the_hazard_of_a_long_horizon_is_learned_in_at_most_six_periods():
    found = {days: DiscreteTimeHazard(FEATURES, 80, days, 7) for days in (7, 30, 90)}
    assert {days: (one.periods, one.period_days) for days, one in found.items()} == {7: (1, 7), 30: (5, 7), 90: (6, 15)}


def test_a_family_with_few_failures_learns_with_the_others(parts):
    train, _ = parts
    rare = train.filter((pl.col("control_id") != "SEC-02") | ~pl.col("is_failure"))
    model = PerFamily(FEATURES, 80, 7)
    model.fit(rare)
    assert "SEC" not in model.families
    assert OTHERS in model.boosters
    assert set(family_of(train)) == {"HR", "SEC", "DATA", "OPS"}
