"""What came of past lists: how many of those listed failed, and how many the rule's list of the same length would have caught.

Belongs here: figures and sentences about matured lists. Does not: making lists, or the model's review (forecast.py).
"""

import math
from typing import Any

import polars as pl

from console.reading.view import View
from console.words import counted, kind_words, number

Z = 1.96  # 95 %


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927)."""
    if of == 0:
        return 0.0, 1.0
    share = hits / of
    centre = (share + Z**2 / (2 * of)) / (1 + Z**2 / of)
    half = Z * math.sqrt(share * (1 - share) / of + Z**2 / (4 * of**2)) / (1 + Z**2 / of)
    return max(0.0, centre - half), min(1.0, centre + half)


def last_outcomes(view: View) -> list[dict[str, Any]]:
    """Per kind the sentence about the last list whose days have passed."""
    return [{"kind": kind, "kinds": kind_words(kind), **_last(view, kind)} for kind in ("process", "agent")]


def outcomes(view: View, kind: str) -> list[dict[str, Any]]:
    """Matured lists of a kind, oldest first; lists that were shown, or where there are none yet, those of the back test."""
    if not view.has("list_outcomes"):
        return []
    found = view.frame("list_outcomes").filter((pl.col("entity_kind") == kind) & pl.col("matured").fill_null(False))
    if "horizon_days" in found.columns:
        found = found.filter(pl.col("horizon_days").fill_null(view.manifest["horizon_days"]) == view.manifest["horizon_days"])
    if "origin" in found.columns and (found["origin"] == "served").any():
        found = found.filter(pl.col("origin") == "served")
    return [_outcome(row) for row in found.sort("as_of_on").iter_rows(named=True)]


def _outcome(row: dict[str, Any]) -> dict[str, Any]:
    size, failed = int(row["list_size"]), int(row["failed"])
    lower, upper = wilson(failed, size)
    keys = ("as_of_on", "expected", "intervened", "origin", "ranked_by")
    rule = None if row["rule_failed"] is None else int(row["rule_failed"])
    return {
        **{key: row.get(key) for key in keys},
        "list_size": size,
        "failed": failed,
        "rule_failed": rule,
        "lower": lower,
        "upper": upper,
    }


def _last(view: View, kind: str) -> dict[str, Any]:
    found = outcomes(view, kind)
    horizon = view.manifest["horizon_days"]
    if not found:
        return {
            "last": None,
            "sentence": f"No list of {kind_words(kind)} has run its {horizon} days yet, so there is nothing to judge.",
        }
    return {"last": found[-1], "sentence": outcome_sentence(found[-1], kind, horizon)}


def outcome_sentence(row: dict[str, Any], kind: str, horizon: int) -> str:
    """'Of the 40 agents we listed on 2026-09-30, 27 failed within 30 days (0.68, 95 % 0.52 to 0.80); the old rule's ...'."""
    who = counted(row["list_size"], kind, kind_words(kind))
    was_shown = row["origin"] in (None, "served")
    listed = "we listed" if was_shown else "a back test lists"
    share = (
        f"{number(row['failed'] / row['list_size'])}, 95 % {number(row['lower'])} to {number(row['upper'])}"
        if row["list_size"]
        else "-"
    )
    told = f"Of the {who} {listed} on {row['as_of_on']}, {row['failed']} failed within {horizon} days ({share})"
    told += f"; the old rule would have caught {row['rule_failed']}." if row["rule_failed"] is not None else "."
    if row["intervened"]:
        told += f" Something was done about {row['intervened']} of them, so fewer failures are no miss."
    return told
