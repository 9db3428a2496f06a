"""The upper deviation limit: the tables of auditors, and what must hold of it for every sample."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta, binom, hypergeom

from preaudit.audit.deviation import CONFIDENCE, Plan, plan_for, upper_limit

SIZES = st.integers(1, 400)


@st.composite
def samples(draw, fewest_items=1):
    """(deviations, items)"""
    size = draw(st.integers(fewest_items, 400))
    return draw(st.integers(0, size)), size


@pytest.mark.parametrize(
    ("size", "deviations", "percent"),
    [(20, 0, 10.9), (20, 1, 18.1), (25, 0, 8.8), (25, 1, 14.7), (30, 0, 7.4)],
)
def test_the_limits_are_those_of_the_table_for_ten_percent_risk(size, deviations, percent):
    assert upper_limit(deviations, size) == pytest.approx(percent / 100, abs=0.0005)


def test_another_confidence_gives_the_textbook_figure_too():
    assert upper_limit(3, 150, 0.95) == pytest.approx(0.051, abs=0.0005)


@pytest.mark.parametrize(("size", "allowed"), [(45, 0), (78, 1), (105, 2), (132, 3), (158, 4)])
def test_the_sample_sizes_of_the_financial_audit_manual_just_reach_five_percent(size, allowed):
    assert upper_limit(allowed, size) <= 0.05 < upper_limit(allowed + 1, size)
    assert upper_limit(allowed, size) == pytest.approx(0.05, abs=0.0015)


@given(samples())
def test_at_the_limit_so_few_deviations_are_as_unlikely_as_the_risk_allows(sample):
    deviations, size = sample
    if deviations < size:
        assert binom.cdf(deviations, size, upper_limit(deviations, size)) == pytest.approx(1 - CONFIDENCE, abs=1e-6)
        quantile = beta.ppf(CONFIDENCE, deviations + 1, size - deviations)
        assert upper_limit(deviations, size) == pytest.approx(quantile, abs=1e-9)


@given(samples())
def test_more_deviations_raise_the_limit(sample):
    deviations, size = sample
    if deviations < size:
        assert upper_limit(deviations, size) < upper_limit(deviations + 1, size)


@given(samples())
def test_more_items_with_the_same_deviations_lower_the_limit(sample):
    deviations, size = sample
    assert upper_limit(deviations, size + 1) < upper_limit(deviations, size) or deviations == size == 0


@given(samples())
def test_the_limit_is_above_the_rate_that_was_seen_and_never_more_than_all(sample):
    deviations, size = sample
    assert deviations / size <= upper_limit(deviations, size) <= 1


@given(st.integers(16, 250), st.integers(0, 14))
def test_drawing_without_replacement_never_leaves_more_risk_than_is_said(population, deviations):
    plan = plan_for(population, 0.0)
    most = int(plan.limit(deviations) * population) + 1  # the fewest deviating items whose rate is above the limit
    if most <= population:
        assert hypergeom.cdf(deviations, population, most, plan.size) <= 1 - CONFIDENCE + 1e-9


@pytest.mark.parametrize(("population", "size"), [(1, 1), (15, 15), (16, 15), (250, 15), (251, 25), (9_000_000, 25)])
def test_twenty_five_fifteen_of_small_populations_and_all_of_fewer_are_drawn(population, size):
    plan = plan_for(population, 0.02)
    assert (plan.size, plan.is_census) == (size, population <= 15)


def test_nothing_is_drawn_from_nothing():
    assert plan_for(0, 0.02) is None


def test_both_samples_allow_no_deviation():
    assert plan_for(1000, 0.5).allowed == 0
    assert plan_for(100, 0.5).allowed == 0


def test_where_everything_is_looked_at_the_controls_own_tolerance_decides():
    assert plan_for(10, 0.0).allowed == 0
    assert plan_for(10, 0.1).allowed == 1
    assert plan_for(10, 0.1).limit(1) == 0.1


@given(SIZES, st.floats(0, 1))
def test_what_is_allowed_is_tolerable_and_one_more_is_not(size, tolerable):
    plan = Plan(size + 1, size, tolerable)
    assert plan.limit(plan.allowed) <= tolerable or plan.allowed == 0
    assert plan.allowed == size or plan.limit(plan.allowed + 1) > tolerable


@pytest.mark.parametrize(("deviations", "size"), [(-1, 5), (6, 5), (0, 0)])
def test_an_impossible_sample_is_refused(deviations, size):
    with pytest.raises(ValueError, match="deviations in"):
        upper_limit(deviations, size)
