"""The cheap rivals: each says what its name says, and learns from training rows only."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.competitors import BaseRate, Logistic, PairRate, Rule, rule_order, simple_competitors

TRAIN = pl.DataFrame(
    {
        "entity_id": ["A"] * 10 + ["B"] * 10 + ["A"] * 10,
        "control_id": ["HR-02"] * 20 + ["SEC-02"] * 10,
        "is_failure": [True] * 8 + [False] * 2 + [False] * 10 + [False] * 10,
    }
)


def asked(*pairs: tuple[str, str]) -> pl.DataFrame:
    return pl.DataFrame(pairs, schema=["entity_id", "control_id"], orient="row")


def test_the_base_rate_is_the_controls_own_and_a_new_control_gets_the_overall_one():
    competitor = BaseRate()
    competitor.fit(TRAIN)
    found = competitor.predict(asked(("A", "SEC-02"), ("B", "HR-02"), ("A", "NEW-01")))
    assert found.tolist() == [0.0, 0.4, 8 / 30]


def test_a_pairs_rate_is_pulled_towards_its_controls_and_a_new_pair_gets_the_controls():
    competitor = PairRate()
    competitor.fit(TRAIN)
    often, never, new = competitor.predict(asked(("A", "HR-02"), ("B", "HR-02"), ("C", "HR-02")))
    assert 0.4 < often < 0.8
    assert 0.0 < never < 0.4
    assert new == 0.4


counts = st.integers(0, 10_000)


@given(st.tuples(counts, counts), st.tuples(counts, counts))
def test_the_rule_sorts_by_28_days_first_and_by_90_within(one, two):
    scores = rule_order(np.array([one[0], two[0]], dtype=float), np.array([one[1], two[1]], dtype=float))
    assert (scores[0] < scores[1]) == (one < two)


def test_the_rule_learns_nothing_and_reads_missing_counts_as_none():
    rows = pl.DataFrame({"exceptions_28d": [None, 1.0], "exceptions_90d": [2.0, None]})
    assert Rule().predict(rows).tolist() == [2 / 3, 1.0]


def test_scaling_and_imputing_are_learned_from_training_and_not_from_the_rows_being_scored(small_world):
    names = ["exceptions_28d", "exceptions_90d", "overtime_minutes_28d", "exposure_28d"]
    competitor = Logistic(names)
    competitor.fit(small_world.filter(pl.col("is_failure").is_not_null()))
    row = small_world.head(1)
    beside_giants = pl.concat([row, small_world.slice(1, 50).with_columns(pl.lit(1e6).alias("overtime_minutes_28d"))])
    assert competitor.predict(row)[0] == pytest.approx(competitor.predict(beside_giants)[0], rel=1e-9)


def test_every_competitor_survives_a_training_window_without_failures(small_world):
    calm = small_world.with_columns(pl.lit(False).alias("is_failure"))
    for competitor in simple_competitors(["exceptions_28d", "overtime_minutes_28d"]):
        competitor.fit(calm)
        assert np.isfinite(competitor.predict(calm.head(5))).all()


def test_every_competitor_survives_a_feature_that_is_never_known(small_world):
    rows = small_world.filter(pl.col("is_failure").is_not_null())
    competitor = Logistic(["exceptions_28d", "tenure_days"])
    competitor.fit(rows)
    assert rows["tenure_days"].is_null().all()
    assert np.isfinite(competitor.predict(rows)).all()
