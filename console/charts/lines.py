"""Every chart of the console: one declaration each, made once, and the function that draws rows with it.

Belongs here: marks, axes and their words. Does not: drawing (svg.py), or working out the rows (console/reading/).
"""

import math
from functools import cache
from typing import Any

from console.charts.svg import BAD, HEIGHT, INK, MODEL, RULE, WIDTH, draw

Rows = list[dict[str, Any]]
Spec = dict[str, Any]


def risk_history(rows: Rows) -> str:
    """The chance of an entity by day, with its interval. rows: day, value, lower, upper."""
    return draw(_risk(), rows)


def rule_history(rows: Rows) -> str:
    """The failures of 28 days by day, where no model serves. rows: day, value."""
    return draw(_in_whole_steps(_rule(), max(row["value"] for row in rows)), rows)


def failures_by_week(rows: Rows) -> str:
    """Failures by week. rows: week (its Monday), failures."""
    return draw(_in_whole_steps(_weeks(), max(row["failures"] for row in rows)), rows)


def reliability(rows: Rows) -> str:
    """Expected against observed share of failures. rows: expected, observed, lower, upper."""
    return draw(_reliability(), rows)


def list_against_rule(rows: Rows) -> str:
    """The share of a list that failed, by day of the list. rows: day, ratio, lower, upper, list (the list | the rule)."""
    return draw(_against(), rows)


@cache
def _risk() -> Spec:
    alt = _altair()
    base = alt.Chart(alt.Data(values=[])).encode(x=_day(alt))
    chance = alt.Axis(format="%", tickCount=4)
    band = base.mark_area(opacity=0.2, color=MODEL).encode(y=alt.Y("lower:Q", axis=chance, title="chance"), y2="upper:Q")
    line = base.mark_line(color=MODEL, strokeWidth=2).encode(
        y=alt.Y("value:Q", axis=chance, title="chance", scale=alt.Scale(domainMin=0))
    )
    return _spec(band + line)


@cache
def _rule() -> Spec:
    alt = _altair()
    chart = alt.Chart(alt.Data(values=[])).mark_line(color=RULE, strokeWidth=2)
    whole = alt.Axis(format="d", tickMinStep=1, tickCount=4)
    return _spec(
        chart.encode(x=_day(alt), y=alt.Y("value:Q", title="failures in 28 days", axis=whole, scale=alt.Scale(domainMin=0)))
    )


@cache
def _weeks() -> Spec:
    alt = _altair()
    chart = alt.Chart(alt.Data(values=[])).mark_bar(color=BAD, width=7)
    whole = alt.Axis(format="d", tickMinStep=1, tickCount=4)
    return _spec(chart.encode(x=_day(alt, "week"), y=alt.Y("failures:Q", title="failures per week", axis=whole)))


@cache
def _reliability() -> Spec:
    alt = _altair()
    share = alt.Axis(format="%", tickCount=5)
    base = alt.Chart(alt.Data(values=[])).encode(x=alt.X("expected:Q", title="chance that was given", axis=share))
    honest = base.mark_line(color=INK, opacity=0.5, strokeDash=[4, 4]).encode(
        y=alt.Y("expected:Q", title="share that failed", axis=share)
    )
    bars = base.mark_rule(color=MODEL, strokeWidth=2).encode(y=alt.Y("lower:Q", axis=share), y2="upper:Q")
    points = base.mark_point(color=MODEL, filled=True, size=60, opacity=1).encode(y=alt.Y("observed:Q", axis=share))
    return _spec((honest + bars + points).properties(width=320, height=260))


@cache
def _against() -> Spec:
    alt = _altair()
    colour = alt.Color("list:N", scale=alt.Scale(domain=["the list", "the rule"], range=[MODEL, RULE]))
    base = alt.Chart(alt.Data(values=[])).encode(x=_day(alt), color=colour)
    share = alt.Axis(format="%", tickCount=4)
    bars = base.mark_rule(opacity=0.35).encode(
        y=alt.Y("lower:Q", title="share of the list that failed", axis=share), y2="upper:Q"
    )
    line = base.mark_line(strokeWidth=2, point={"size": 18}).encode(
        y=alt.Y("ratio:Q", title="share of the list that failed", axis=share, scale=alt.Scale(domainMin=0)),
        strokeDash=alt.StrokeDash("list:N", legend=None),
    )
    return _spec(bars + line)


def _in_whole_steps(spec: Spec, highest: float) -> Spec:
    """The declaration with an axis of whole numbers: a failure has no half."""
    step = max(1, math.ceil(highest / 4))
    y = spec["encoding"]["y"]
    axis = {**y["axis"], "values": list(range(0, math.ceil(highest) + step, step))}
    return {**spec, "encoding": {**spec["encoding"], "y": {**y, "axis": axis}}}


def _altair() -> Any:
    # Imported here: only pages with a chart need it.
    import altair

    return altair


def _day(alt: Any, field: str = "day") -> Any:
    return alt.X(f"{field}:T", title=None, axis=alt.Axis(format="%d %b", labelOverlap=True, tickCount=6))


def _spec(chart: Any) -> Spec:
    """The declaration without its rows, which are filled in when it is drawn."""
    spec: Spec = chart.to_dict()
    spec.pop("config", None)
    spec.pop("datasets", None)
    for layer in spec.get("layer", []):
        layer.pop("data", None)
    spec.setdefault("width", WIDTH)
    spec.setdefault("height", HEIGHT)
    return spec
