"""The first page: what changed since the day before, what is coming, how far the data can be trusted, how good past lists were.

Belongs here: choosing the few things somebody with ten minutes must see. Does not: the full lists (ranked_list.py, controls.py).
"""

from typing import Any

import polars as pl

from console.pages import why_not_evaluable
from console.reading.facts import list_length
from console.reading.filters import Filter
from console.reading.list_items import list_item
from console.reading.outcomes import last_outcomes
from console.reading.ranked_list import ordered
from console.reading.view import View
from console.words import kind_words

TOP = 5
MOST_CHANGES = 12
DUE_WITHIN_DAYS = 14
MOST_DUE = 12
MOST_NEW = 10
KINDS = ("process", "agent")


def today_page(view: View) -> dict[str, Any]:
    """The page."""
    return view.memo("today", lambda: _page(view))


def _page(view: View) -> dict[str, Any]:
    changes = view.frame("control_changes")
    counts = {(kind, change): count for kind, change, count in changes.group_by("entity_kind", "change").len().iter_rows()}
    days = changes["previous_on"].drop_nulls().to_list()
    return {
        "previous_on": max(days) if days else view.reading.previous_on,
        "lists": [_list(view, kind) for kind in KINDS],
        "changes": [
            {"kind": kind, "kinds": kind_words(kind)}
            | {name: counts.get((kind, name), 0) for name in ("newly_failing", "still_failing", "fixed", "now_waived", "unknown")}
            for kind in KINDS
        ],
        "newly_failing": _newly_failing(view, changes),
        "newly_predicted": [_newly_predicted(view, kind) for kind in KINDS],
        "due": _due(view),
        "not_evaluable": _not_evaluable(view),
        "late_feeds": _late_feeds(view),
        "outcomes": last_outcomes(view),
    }


def _list(view: View, kind: str) -> dict[str, Any]:
    found = ordered(view, kind, Filter())
    length = list_length(view.reading.settings, kind, found.height)
    items = [list_item(view, row) for row in found.head(min(TOP, length)).iter_rows(named=True)]
    return {"kind": kind, "kinds": kind_words(kind), "entities": found.height, "length": length, "items": items}


def _newly_failing(view: View, changes: pl.DataFrame) -> dict[str, Any]:
    controls = view.frame("controls").select("control_id", pl.col("name").alias("control_name"), "severity_weight")
    names = view.frame("rankings").select("entity_kind", "entity_id", "entity_name")
    found = changes.filter(pl.col("change") == "newly_failing").join(controls, on="control_id", how="left")
    found = found.join(names, on=["entity_kind", "entity_id"], how="left")
    order = ["entity_kind", "severity_weight", "new_exceptions", "control_id", "entity_id"]
    rows = found.sort(order, descending=[True, True, True, False, False], nulls_last=True).head(MOST_CHANGES)
    keys = ("entity_kind", "entity_id", "entity_name", "control_id", "control_name", "reason", "new_exceptions")
    return {"total": found.height, "rows": rows.select(keys).to_dicts()}


def _newly_predicted(view: View, kind: str) -> dict[str, Any]:
    """Who is on today's list and was not on that of the day before; None where there is no day before."""
    found = ordered(view, kind, Filter())
    length = list_length(view.reading.settings, kind, found.height)
    before = view.reading.previous_on
    if before is None:
        return {"kind": kind, "kinds": kind_words(kind), "since": None, "items": [], "total": 0}
    new = found.head(length).filter(pl.col("previous_rank").is_null() | (pl.col("previous_rank") > length))
    items = [list_item(view, row) for row in new.head(MOST_NEW).iter_rows(named=True)]
    return {"kind": kind, "kinds": kind_words(kind), "since": before, "items": items, "total": new.height}


def _due(view: View) -> dict[str, Any]:
    """Limits that run out soon if nobody acts, the nearest first; a process's is the nearest of its people's."""
    headline = pl.col("horizon_days") == view.manifest["horizon_days"]
    scores = view.frame("scores").filter(headline)
    soon = scores.filter(pl.col("days_until_limit").is_between(0, DUE_WITHIN_DAYS))
    controls = view.frame("controls").select("control_id", pl.col("name").alias("control_name"), "remedy")
    names = view.frame("rankings").select("entity_kind", "entity_id", "entity_name")
    joined = soon.join(controls, on="control_id", how="left").join(names, on=["entity_kind", "entity_id"], how="left")
    order = ["days_until_limit", "entity_kind", "control_id", "entity_id"]
    rows = joined.sort(order, descending=[False, True, False, False]).head(MOST_DUE)
    keys = ("entity_kind", "entity_id", "entity_name", "control_id", "control_name", "remedy")
    return {
        "is_known": scores["days_until_limit"].is_not_null().any(),
        "within_days": DUE_WITHIN_DAYS,
        "total": soon.height,
        "rows": [row | {"days": int(row.pop("days_until_limit"))} for row in rows.select(*keys, "days_until_limit").to_dicts()],
    }


def _not_evaluable(view: View) -> dict[str, Any]:
    controls = view.frame("controls").sort("control_id").to_dicts()
    rows = [
        {"control_id": row["control_id"], "name": row["name"], "reason": reason}
        for row in controls
        if (reason := why_not_evaluable(row))
    ]
    status = view.frame("control_status")
    pairs = status.filter(pl.col("status").is_in(["not_evaluable", "error"])).height
    return {"controls": len(controls), "rows": rows, "pairs": pairs, "all_pairs": status.height}


def _late_feeds(view: View) -> list[dict[str, Any]]:
    late = view.frame("control_coverage").filter(pl.col("feed_status") != "fresh")
    found = late.group_by("feed", "feed_status").agg(
        pl.col("feed_last_known_on").max().alias("last_known_on"),
        pl.col("control_id").filter(pl.col("is_needed")).n_unique().alias("controls"),
    )
    return found.sort("feed").to_dicts()
