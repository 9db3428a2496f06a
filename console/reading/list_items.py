"""What a list says of one entity: chance in words and number, interval, worst controls, reasons, trend.

Belongs here: one item. Does not: who is on the list (ranked_list.py), the entity's own page (entity.py).
"""

from typing import Any

import polars as pl

from console.reading.view import View
from console.words import chance, number, reasons

MOST_CONTROLS = 3
TREND_DAYS = 90
TREND_POINTS = 45
TOO_LITTLE_EVIDENCE = "too little evidence"


def list_item(view: View, row: dict[str, Any]) -> dict[str, Any]:
    """One entity of a list, from its row in the ranking (joined with the day before)."""
    kind, entity_id = row["entity_kind"], row["entity_id"]
    has_evidence = row["has_enough_evidence"] is not False
    is_rule = row["ranked_by"] == "rule"
    keys = ("rank", "entity_kind", "entity_id", "entity_name", "site", "client_id", "criticality", "process_id", "process_name")
    return {
        **{key: row[key] for key in keys},
        "has_enough_evidence": has_evidence,
        "is_rule": is_rule,
        **chance_words(row["probability_any"]),
        "worst_controls": worst_controls(view, kind, entity_id, row["worst_control_id"], is_rule=is_rule),
        "reasons": reasons(row["reasons"]),
        "failing_now": failing_now(view, kind, entity_id),
        "exceptions_28d": int(row["exceptions_28d"]),
        "exceptions_90d": int(row["exceptions_90d"]),
        "open_exceptions": int(row["open_exceptions"]),
        "previous_rank": row.get("previous_rank"),
        "moved": row.get("moved"),
        "is_new": "previous_rank" in row and row["previous_rank"] is None and view.reading.previous_on is not None,
        "trend": trend(view, kind, entity_id, is_rule=is_rule),
    }


def chance_words(probability: float | None, lower: float | None = None, upper: float | None = None) -> dict[str, Any]:
    """A chance as pages show it: words ('3 in 10'), number ('0.31'), interval ('23 % to 40 %') where there is one."""
    between = None if lower is None or upper is None else f"{_percent(lower)} to {_percent(upper)} %"
    return {
        "probability": probability,
        "probability_lower": lower,
        "probability_upper": upper,
        "chance": None if probability is None else chance(probability),
        "number": None if probability is None else number(probability),
        "interval": between,
    }


def _percent(share: float) -> str:
    """Whole percent; tenths below one, so that a small chance is not shown as none."""
    return f"{100 * share:.0f}" if share >= 0.0095 or share == 0 else f"{100 * share:.1f}"


def worst_controls(
    view: View, kind: str, entity_id: str, first: str | None, *, is_rule: bool, most: int = MOST_CONTROLS
) -> list[dict[str, Any]]:
    """The controls most likely to fail, severity considered; under the rule those with most failures in 28, then 90 days.

    Args:
        first: the control that the ranking calls the worst; it stands first where it is among them.
    """
    names, weights = _library(view)
    found = [row for row in scores_of(view, kind, entity_id) if not is_rule or (row["rule_exceptions_90d"] or 0) > 0]

    def order(row: dict[str, Any]) -> tuple[Any, ...]:
        weighted = (row["probability"] or 0.0) * weights.get(row["control_id"], 0.0)
        past = (row["rule_exceptions_28d"] or 0, row["rule_exceptions_90d"] or 0)
        return (
            row["control_id"] != first,
            *(-value for value in ((*past, weighted) if is_rule else (weighted, *past))),
            row["control_id"],
        )

    return [
        {
            "control_id": row["control_id"],
            "name": names.get(row["control_id"]),
            **chance_words(row["probability"], row["probability_lower"], row["probability_upper"]),
            "has_enough_evidence": row["has_enough_evidence"] is not False,
            "exceptions_28d": int(row["rule_exceptions_28d"] or 0),
            "exceptions_90d": int(row["rule_exceptions_90d"] or 0),
            "days_until_limit": None if row["days_until_limit"] is None else int(row["days_until_limit"]),
        }
        for row in sorted(found, key=order)[:most]
    ]


def scores_of(view: View, kind: str, entity_id: str) -> list[dict[str, Any]]:
    """The headline scores of one entity, a row per control."""
    rows = view.of_entity("scores", kind, entity_id)
    return rows.filter(pl.col("horizon_days") == view.manifest["horizon_days"]).to_dicts()


def failing_now(view: View, kind: str, entity_id: str) -> list[str]:
    """Controls that the entity fails today."""
    rows = view.of_entity("control_status", kind, entity_id)
    return rows.filter(pl.col("status") == "fail")["control_id"].to_list()


def trend(view: View, kind: str, entity_id: str, *, is_rule: bool) -> list[float]:
    """Chances of the last published days (under the rule: failures in 28 days), oldest first, at most `TREND_POINTS`."""
    past = view.reading.history.series(kind, entity_id, "exceptions_28d" if is_rule else "probability")
    values = [value for _, value in past[-TREND_DAYS:]]
    step = max(1, -(-len(values) // TREND_POINTS))
    # The last day is always one of them.
    return [round(value, 4) for value in values[(len(values) - 1) % step :: step]]


def _library(view: View) -> tuple[dict[str, str], dict[str, float]]:
    def read() -> tuple[dict[str, str], dict[str, float]]:
        rows = view.reading.frames["controls"].select("control_id", "name", "severity_weight").rows()
        return {row[0]: row[1] for row in rows}, {row[0]: row[2] or 0.0 for row in rows}

    return view.memo("library", read)
