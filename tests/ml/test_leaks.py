"""The alarm for one feature that knows the answer: fires, does not fire, does not judge."""

import polars as pl
import pytest

from ml.leaks import alarms, feature_aucs


@pytest.fixture(scope="module")
def judged(make_world):
    return make_world(60, 14).filter(pl.col("is_failure").is_not_null())


def test_the_alarm_fires_on_the_label_in_disguise(judged):
    answer = pl.col("is_failure").cast(pl.Float64) * 3 + pl.int_range(pl.len()).mod(7) / 10
    assert list(alarms(judged.with_columns(answer.alias("innocent_looking")), ["exceptions_28d", "innocent_looking"])) == [
        "innocent_looking"
    ]


def test_the_alarm_fires_whatever_the_direction(judged):
    assert alarms(judged.with_columns((-pl.col("is_failure").cast(pl.Float64)).alias("x")), ["x"])["x"] == pytest.approx(1.0)


def test_the_alarm_fires_on_a_column_that_is_only_filled_in_for_failures(judged):
    written_back = judged.with_columns(pl.when("is_failure").then(1.0).alias("closed_code"))
    assert "closed_code" in alarms(written_back, ["closed_code"])


def test_the_alarm_is_silent_on_honest_features(judged):
    assert alarms(judged, ["exceptions_28d", "exceptions_90d", "overtime_minutes_28d"]) == {}
    assert feature_aucs(judged, ["overtime_minutes_28d"])["overtime_minutes_28d"] > 0.6


def test_a_handful_of_failures_is_not_judged(judged):
    few = pl.concat([judged.filter("is_failure").head(5), judged.filter(~pl.col("is_failure")).head(100)])
    assert alarms(few.with_columns(pl.col("is_failure").cast(pl.Float64).alias("x")), ["x"]) == {}
