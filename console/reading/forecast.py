"""How good the forecast is, in the words of who uses it: past lists, reliability, the model beside the rule, its state today.

Belongs here: published figures, shaped. Does not: computing them (ml/, the marts).
"""

from typing import Any

import polars as pl

from console.charts.lines import list_against_rule, reliability
from console.ranking import rule_reason
from console.reading.outcomes import outcome_sentence, outcomes, wilson
from console.reading.tables import as_data
from console.reading.view import View
from console.report import HEADLINE_SPLIT, decision_words, review_table
from console.words import chance, kind_words, number

MEASURE_WORDS = {
    "input_psi": "drift of an input (PSI)",
    "score_psi": "drift of the chances (PSI)",
    "expected_failures": "failures expected",
    "realised_failures": "failures that came",
    "list_overlap": "overlap with the list before",
    "not_evaluable_ratio": "share that cannot be evaluated",
    "champion_age_days": "age of the model in days",
}


def forecast_page(view: View) -> dict[str, Any]:
    """Processes first, then agents."""
    return view.memo("forecast", lambda: {"kinds": [_kind(view, kind) for kind in ("process", "agent")]})


def _kind(view: View, kind: str) -> dict[str, Any]:
    review = view.frame("model_review").filter(pl.col("entity_kind") == kind)
    horizon = view.manifest["horizon_days"]
    if "horizon_days" in review.columns:
        review = review.filter(pl.col("horizon_days").fill_null(horizon) == horizon)
    past = outcomes(view, kind)
    is_rule = (view.frame("rankings").filter(pl.col("entity_kind") == kind)["ranked_by"] == "rule").any()
    return {
        "kind": kind,
        "words": kind_words(kind).capitalize(),
        "ranked_by": "the rule" if is_rule else "the model",
        "why": rule_reason(view, kind) if is_rule else None,
        "verdict": decision_words(review) if is_rule or (review["metric"] == "decision").any() else None,
        "in_words": _in_words(review, kind),
        "review": as_data(review_table(review)),
        "judged_on": _judged_on(review),
        "outcomes": list(reversed(past)),
        "outcome_sentence": outcome_sentence(past[-1], kind, horizon) if past else None,
        "outcomes_chart": list_against_rule(_lines(past)) if len(past) > 1 else None,
        **_reliability(view, kind),
        "monitoring": _monitoring(view, kind),
    }


def _in_words(review: pl.DataFrame, kind: str) -> list[str]:
    """Recall of the list in words: of the entities that went on to fail, how many were on it."""
    told = []
    for name, whose in (("lightgbm", "The model's list"), ("rule", "The rule's list")):
        mine = (pl.col("split") == HEADLINE_SPLIT) & (pl.col("competitor") == name)
        figures = {row["metric"]: row for row in review.filter(mine).iter_rows(named=True)}
        precision, recall = figures.get("precision_at_k"), figures.get("recall_at_k")
        if precision and precision["value"] is not None:
            share = f"{number(precision['value'])}{_between(precision)}"
            told.append(f"{whose}: {chance(precision['value'])} of the {kind_words(kind)} on it failed ({share}).")
        if recall and recall["value"] is not None:
            told.append(
                f"{whose} held {chance(recall['value'])} of all that failed ({number(recall['value'])}{_between(recall)})."
            )
    return told


def _between(figure: dict[str, Any]) -> str:
    if figure["lower"] is None or figure["upper"] is None:
        return ""
    return f", 95 % {number(figure['lower'])} to {number(figure['upper'])}"


def _judged_on(review: pl.DataFrame) -> str | None:
    rows = review.filter((pl.col("split") == HEADLINE_SPLIT) & (pl.col("metric") == "recall_at_k")).to_dicts()
    if not rows:
        return None
    row = rows[0]
    return (
        f"Judged on {row['dates']} days after training, {row['entities']:,} entities, {row['failing_pairs']:,} failing pairs;"
        f" the list holds {row['capacity_ratio']:.0%} of the entities; 95 % intervals."
    )


def _lines(past: list[dict[str, Any]]) -> list[dict[str, Any]]:
    rows = []
    for row in past:
        for name, hits in (("the list", row["failed"]), ("the rule", row["rule_failed"])):
            if hits is not None and row["list_size"]:
                lower, upper = wilson(hits, row["list_size"])
                rows.append(
                    {"day": row["as_of_on"], "list": name, "ratio": hits / row["list_size"], "lower": lower, "upper": upper}
                )
    return rows


def _reliability(view: View, kind: str) -> dict[str, Any]:
    found = view.frame("reliability").filter(pl.col("entity_kind") == kind) if view.has("reliability") else pl.DataFrame()
    rows = found.to_dicts()
    return {"reliability": rows, "reliability_chart": reliability(rows) if len(rows) > 1 else None}


def _monitoring(view: View, kind: str) -> list[dict[str, Any]]:
    if not view.has("model_monitoring"):
        return []
    found = view.frame("model_monitoring").filter(pl.col("entity_kind") == kind)
    rows = found.sort("is_ok", "measure", "name", nulls_last=True).to_dicts()
    keys = ("measure", "name", "value", "limit_value", "is_ok", "detail")
    return [{key: row[key] for key in keys} | {"words": MEASURE_WORDS.get(row["measure"], row["measure"])} for row in rows]
