"""How an entity, or a control, went over time: chance by day, failures by week, and the charts of both.

Belongs here: series and their charts. Does not: the page around them (entity.py, control.py).
"""

from datetime import date, timedelta
from typing import Any

import polars as pl

from console.charts.lines import failures_by_week, risk_history, rule_history
from console.reading.view import View

WEEKS = 52


def entity_history(view: View, kind: str, entity_id: str, *, is_rule: bool) -> dict[str, Any]:
    """Series and charts of one entity; a chart is None where there are fewer than two days to connect."""
    past = view.reading.history.rows(kind, entity_id)
    value = pl.col("exceptions_28d" if is_rule else "probability").alias("value")
    edges = [pl.col(f"probability_{edge}").fill_null(value).alias(edge) for edge in ("lower", "upper")]
    shown = past.select(pl.col("as_of_on").alias("day"), value, *edges).drop_nulls("value")
    rows = [
        {"day": row[0], **dict(zip(("value", "lower", "upper"), _rounded(row[1:]), strict=True))} for row in shown.iter_rows()
    ]
    draw = rule_history if is_rule else risk_history
    failures = view.of_entity("failures", kind, entity_id).filter(~pl.col("is_waived"))
    weeks = by_week(failures, view.as_of_on)
    return {
        "history": rows,
        "history_chart": draw(rows) if len(rows) > 1 else None,
        "weeks": weeks,
        "weeks_chart": failures_by_week(weeks) if any(week["failures"] for week in weeks) else None,
    }


def by_week(failures: pl.DataFrame, last: date) -> list[dict[str, Any]]:
    """Failures per week of the year up to a day, weeks without any included."""
    monday = last - timedelta(days=last.weekday())
    weeks = [monday - timedelta(weeks=back) for back in reversed(range(WEEKS))]
    counts = dict(failures.group_by(pl.col("failed_on").dt.truncate("1w")).len().iter_rows())
    return [{"week": week, "failures": counts.get(week, 0)} for week in weeks]


def _rounded(values: tuple[float, ...]) -> list[float]:
    return [round(value, 4) for value in values]
