"""How an entity, or a control, went over time: chance by day, failures by week, and the charts of both.

Belongs here: series and their charts. Does not: the page around them (entity.py, control.py).
"""

from datetime import date, timedelta
from typing import Any

import polars as pl

from console.charts.lines import failures_by_week, risk_history, rule_history
from console.reading.view import View

WEEKS = 52
MOST_POINTS = 130
FEWEST_DAYS = 7


def entity_history(view: View, kind: str, entity_id: str, *, is_rule: bool) -> dict[str, Any]:
    """Series and charts of one entity; a chart is None where there are fewer than `FEWEST_DAYS`."""
    past, measure = view.reading.history, "exceptions_28d" if is_rule else "probability"
    edges = {edge: dict(past.series(kind, entity_id, f"probability_{edge}")) for edge in ("lower", "upper")}
    rows = [
        {"day": day, "value": round(value, 4), **{edge: round(found.get(day, value), 4) for edge, found in edges.items()}}
        for day, value in past.series(kind, entity_id, measure)
    ]
    draw = rule_history if is_rule else risk_history
    failures = view.of_entity("failures", kind, entity_id).filter(~pl.col("is_waived"))
    weeks = by_week(failures, view.as_of_on)
    return {
        "history": rows,
        "history_chart": draw(_thinned(rows)) if len(rows) >= FEWEST_DAYS else None,
        "fewest_days": FEWEST_DAYS,
        "weeks": weeks,
        "weeks_chart": failures_by_week(weeks) if any(week["failures"] for week in weeks) else None,
    }


def _thinned(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """At most `MOST_POINTS` days, the last one among them: more cannot be told apart at the width of a chart."""
    step = -(-len(rows) // MOST_POINTS)
    return rows[(len(rows) - 1) % step :: step]


def by_week(failures: pl.DataFrame, last: date) -> list[dict[str, Any]]:
    """Failures per week of the year up to a day, weeks without any included."""
    monday = last - timedelta(days=last.weekday())
    weeks = [monday - timedelta(weeks=back) for back in reversed(range(WEEKS))]
    counts = dict(failures.group_by(pl.col("failed_on").dt.truncate("1w")).len().iter_rows())
    return [{"week": week, "failures": counts.get(week, 0)} for week in weeks]
