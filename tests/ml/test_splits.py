"""Who trains and who judges: the purge holds for any calendar, unseen entities stay unseen."""

from datetime import date, timedelta

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from ml.splits import MIN_TRAIN_DATES, is_unseen, purged_dates, rolling_origins, stopping_split

START = date(2026, 1, 4)
calendars = st.lists(st.integers(0, 500).map(lambda day: START + timedelta(days=day)), max_size=60)
horizons = st.sampled_from([1, 7, 30, 90])


def weekly(weeks: int) -> list[date]:
    return [START + timedelta(weeks=week) for week in range(weeks)]


@given(calendars, horizons, st.integers(1, 12))
def test_no_training_label_window_reaches_the_test_date(days, horizon, count):
    for origin in rolling_origins(days, horizon, count):
        assert origin.train_dates
        assert all(day + timedelta(days=horizon) < origin.test_on for day in origin.train_dates)


@given(calendars, horizons)
def test_no_fitting_label_window_reaches_the_validation_dates(days, horizon):
    train = pl.DataFrame({"as_of_on": days}, schema={"as_of_on": pl.Date})
    split = stopping_split(train, horizon)
    if split is not None:
        fit, validation = split
        assert fit["as_of_on"].max() + timedelta(days=horizon) < validation["as_of_on"].min()


def test_the_purge_drops_exactly_the_windows_that_are_still_open():
    assert purged_dates(weekly(6), START + timedelta(days=35), 30) == (START,)
    assert purged_dates(weekly(6), START + timedelta(days=30), 30) == ()


def test_the_newest_dates_are_judged_and_the_early_ones_warm_up():
    origins = rolling_origins(weekly(21), 30, count=8)
    evaluated = [origin for origin in origins if not origin.is_warm_up]
    assert [origin.test_on for origin in evaluated] == weekly(21)[-8:]
    assert all(len(origin.train_dates) >= MIN_TRAIN_DATES for origin in origins)
    assert all(origin.test_on < evaluated[0].test_on for origin in origins if origin.is_warm_up)


def test_a_long_history_is_judged_over_its_later_half_and_not_only_its_last_weeks():
    origins = [origin for origin in rolling_origins(weekly(104), 30, count=8) if not origin.is_warm_up]
    evaluated = [origin.test_on for origin in origins]
    judged = [day for origin in origins for day in origin.test_dates]
    assert len(evaluated) == 8
    assert judged == weekly(104)[-len(judged) :], "every date from the first origin on is judged once"
    assert (evaluated[-1] - evaluated[0]).days > 200


def test_twenty_days_of_history_have_no_origin():
    assert rolling_origins(weekly(3), 30) == ()


def test_an_unseen_entity_is_held_out_at_every_date():
    ids = pl.Series([f"A{index % 40}" for index in range(400)])
    held = is_unseen(ids, fold=0)
    by_entity = pl.DataFrame({"id": ids, "held": held}).group_by("id").agg(pl.col("held").n_unique())
    assert by_entity["held"].unique().to_list() == [1]
    assert 0 < held.sum() < 400


def test_every_entity_is_held_out_in_exactly_one_fold():
    ids = pl.Series([f"A{index}" for index in range(50)])
    times = sum(is_unseen(ids, fold).cast(pl.Int64) for fold in range(5))
    assert times.to_list() == [1] * 50
