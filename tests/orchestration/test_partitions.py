"""Windows of days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.partitions import Window

DAYS = st.dates(date(2016, 1, 1), date(2030, 12, 31))


@given(DAYS, st.integers(0, 400), st.integers(1, 7))
def test_the_last_day_always_has_features_and_none_lies_outside(first, length, weekday):
    window = Window(first, first + timedelta(days=length))
    dates = window.feature_dates(weekday)
    assert dates[-1] == window.last
    assert all(window.first <= day <= window.last for day in dates)
    assert dates == sorted(set(dates))


@given(DAYS, st.integers(7, 400), st.integers(1, 7))
def test_a_long_range_has_weekly_features(first, length, weekday):
    window = Window(first, first + timedelta(days=length))
    assert all(day.isoweekday() == weekday for day in window.feature_dates(weekday)[:-1])


def test_a_short_range_has_features_every_day():
    assert len(Window(date(2026, 1, 1), date(2026, 1, 7)).feature_dates(7)) == 7


def test_a_range_that_ends_before_it_starts_is_an_error():
    with pytest.raises(ValueError, match="ends before it starts"):
        Window(date(2026, 1, 2), date(2026, 1, 1))
