"""Charts are SVG without script or style, in the colour of the page's text, drawn once."""

from datetime import date, timedelta

from console.charts.lines import failures_by_week, list_against_rule, reliability, risk_history, rule_history
from console.charts.svg import _drawn

DAYS = [date(2026, 1, 1) + timedelta(days=back) for back in range(10)]
ROWS = [{"day": day, "value": 0.1 + number / 50, "lower": 0.05, "upper": 0.4} for number, day in enumerate(DAYS)]


def test_a_chart_has_nothing_that_the_content_policy_refuses() -> None:
    charts = (
        risk_history(ROWS),
        rule_history(ROWS),
        failures_by_week([{"week": day, "failures": number} for number, day in enumerate(DAYS)]),
        reliability(
            [
                {"expected": 0.1, "observed": 0.2, "lower": 0.1, "upper": 0.3},
                {"expected": 0.5, "observed": 0.5, "lower": 0.4, "upper": 0.6},
            ]
        ),
        list_against_rule(
            [
                {"day": day, "list": name, "ratio": 0.5, "lower": 0.3, "upper": 0.7}
                for day in DAYS
                for name in ("the list", "the rule")
            ]
        ),
    )
    for svg in charts:
        assert svg.startswith("<svg")
        assert "style=" not in svg
        assert "<style" not in svg
        assert "<script" not in svg
        assert "href=" not in svg
        assert 'fill="currentColor"' in svg, "its words have the colour of the page's text"


def test_the_axis_of_a_chance_is_in_percent() -> None:
    assert "20%" in risk_history(ROWS)


def test_the_same_figures_are_drawn_once() -> None:
    risk_history(ROWS)
    before = _drawn.cache_info().misses
    risk_history([dict(row) for row in ROWS])
    assert _drawn.cache_info().misses == before
