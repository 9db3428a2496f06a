"""The list of one kind, narrowed and ordered as its address says: a page of entities with chance, reasons and trend.

Belongs here: who is on the list, in which order. Does not: what is said of one of them (list_items.py), filters (filters.py).
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import polars as pl

from console.ranking import rule_reason
from console.reading.facts import list_length
from console.reading.filters import PAGE_SIZE, Filter, choices, chosen_controls
from console.reading.list_items import list_item
from console.reading.view import View
from console.words import counted, kind_words, rule_note

_ORDERS: dict[str, tuple[list[str], list[bool]]] = {
    "rank": (["rank"], [False]),
    "chance": (["probability_any", "rank"], [True, False]),
    "failures": (["exceptions_28d", "rank"], [True, False]),
    "open": (["open_exceptions", "rank"], [True, False]),
    "moved": (["moved", "rank"], [True, False]),
    "name": (["entity_name", "entity_id"], [False, False]),
}


def ranked_list(view: View, kind: str, chosen: Filter) -> dict[str, Any]:
    """One page of the list, and what the list can be narrowed to."""
    return view.memo(("list", kind, chosen), lambda: _list(view, kind, chosen))


def ordered(view: View, kind: str, chosen: Filter) -> pl.DataFrame:
    """Everybody that the filter leaves, in its order; `rank` is the place among those its controls are about."""
    whole = replace(chosen, page=1)
    return view.memo(("ordered", kind, whole), lambda: _ordered(view, kind, whole))


def _list(view: View, kind: str, chosen: Filter) -> dict[str, Any]:
    found = ordered(view, kind, chosen)
    everybody = view.frame("rankings").filter(pl.col("entity_kind") == kind)
    pages = max(1, -(-found.height // PAGE_SIZE))
    page = min(chosen.page, pages)
    shown = found.slice((page - 1) * PAGE_SIZE, PAGE_SIZE)
    is_rule = "rule" in everybody["ranked_by"].to_list()
    kinds = kind_words(kind)
    return {
        "kind": kind,
        "kinds": kinds,
        "is_rule": is_rule,
        "rule_note": rule_note(rule_reason(view, kind)) if is_rule else None,
        "filter": replace(chosen, page=page),
        "choices": view.memo(("choices", kind), lambda: choices(everybody, view.frame("controls"))),
        "total": everybody.height,
        "found": found.height,
        "found_words": f"{found.height:,} of {counted(everybody.height, kind, kinds)}",
        "pages": pages,
        "first": (page - 1) * PAGE_SIZE + 1 if found.height else 0,
        "list_length": list_length(view.reading.settings, kind, everybody.height),
        "items": [list_item(view, row) for row in shown.iter_rows(named=True)],
    }


def _ordered(view: View, kind: str, chosen: Filter) -> pl.DataFrame:
    found = view.frame("rankings").filter(pl.col("entity_kind") == kind)
    for column, value in (("site", chosen.site), ("client_id", chosen.client)):
        found = found.filter(pl.col(column) == value) if value else found
    if chosen.q:
        words = chosen.q.lower()
        named = [pl.col(name).str.to_lowercase().str.contains(words, literal=True) for name in _NAMES]
        found = found.filter(pl.any_horizontal(named).fill_null(False))
    controls = chosen_controls(view.frame("controls"), chosen)
    if controls is not None:
        found = _of_controls(view, kind, found, controls)
    before = view.reading.previous.filter(pl.col("entity_kind") == kind).select(
        "entity_id", pl.col("rank").alias("previous_rank")
    )
    found = found.join(before, on="entity_id", how="left").with_columns(
        (pl.col("previous_rank") - pl.col("rank")).alias("moved") if controls is None else pl.lit(None, pl.Int64).alias("moved")
    )
    by, descending = _ORDERS[chosen.sort]
    return found.sort(by, descending=descending, nulls_last=True)


_NAMES = ("entity_id", "entity_name", "process_name", "process_id")


def _of_controls(view: View, kind: str, found: pl.DataFrame, controls: list[str]) -> pl.DataFrame:
    """The list as if there were only these controls: chance of any of them, failures of them, the worst of them."""
    mine = (pl.col("entity_kind") == kind) & pl.col("control_id").is_in(controls)
    p, weight = pl.col("probability") * (1 - 1e-12), pl.col("severity_weight")
    worst_first = view.memo(("worst first", kind), lambda: _worst_first(view, kind)).filter(pl.col("control_id").is_in(controls))

    def any_of(chance: pl.Expr) -> pl.Expr:
        return pl.when(pl.col("probability").count() > 0).then(1 - (1 - chance).log().sum().exp())

    by_score = worst_first.group_by("entity_id", maintain_order=True).agg(
        any_of(p).alias("probability_any"),
        any_of(p * weight).alias("risk"),
        pl.col("control_id").first().alias("worst_control_id"),
        pl.col("probability").first().alias("worst_control_probability"),
        pl.col("probability_lower").first(),
        pl.col("probability_upper").first(),
        pl.col("has_enough_evidence").first(),
        pl.len().alias("controls_scored"),
    )
    days = {days: view.as_of_on - timedelta(days=days) for days in (28, 90)}
    failures = view.frame("failures").filter(mine & ~pl.col("is_waived")).group_by("entity_id")
    past = failures.agg(
        *((pl.col("failed_on") > day).sum().cast(pl.Float64).alias(f"exceptions_{n}d") for n, day in days.items())
    )
    library = view.frame("controls")
    state = library.filter(pl.col("item_kind") == "state")["control_id"].to_list()
    status = view.frame("control_status").filter(mine)
    is_open = (pl.col("status") == "fail") & pl.col("control_id").is_in(state)
    now = status.group_by("entity_id").agg(
        pl.col("exceptions").cast(pl.Int64).filter(is_open).sum().alias("open_exceptions"),
        (pl.col("status") == "fail").any().alias("is_failing"),
    )
    kept = [name for name in found.columns if name not in {*by_score.columns, *past.columns, "open_exceptions", "rank"}]
    joined = found.select("entity_id", *(name for name in kept if name != "entity_id"))
    joined = joined.join(found.select("entity_id", pl.col("worst_control_id").alias("worst_of_all")), on="entity_id")
    for part in (by_score, past, now):
        joined = joined.join(part, on="entity_id", how="left")
    joined = joined.filter(pl.col("controls_scored").is_not_null() | pl.col("is_failing").fill_null(False))
    joined = joined.with_columns(
        *(pl.col(f"exceptions_{n}d").fill_null(0.0) for n in days),
        pl.col("open_exceptions").fill_null(0),
        # The published reasons speak of the worst control of all.
        pl.when(pl.col("worst_control_id") == pl.col("worst_of_all")).then(pl.col("reasons")).alias("reasons"),
    )
    order = ["ranked_by", "risk", "exceptions_28d", "exceptions_90d", "entity_id"]
    joined = joined.sort(order, descending=[False, True, True, True, False], nulls_last=True)
    return joined.drop("worst_of_all", "is_failing").with_row_index("rank", offset=1).cast({"rank": pl.Int64})


def _worst_first(view: View, kind: str) -> pl.DataFrame:
    """The headline scores of a kind, the worst of all first: sorting them costs more than all that follows."""
    weights = view.frame("controls").select("control_id", "severity_weight")
    mine = (pl.col("entity_kind") == kind) & (pl.col("horizon_days") == view.manifest["horizon_days"])
    scores = view.frame("scores").filter(mine).join(weights, on="control_id")
    return scores.with_columns((pl.col("probability") * pl.col("severity_weight")).alias("weighted")).sort(
        ["weighted", "rule_exceptions_28d", "rule_exceptions_90d", "control_id"],
        descending=[True, True, True, False],
        nulls_last=True,
    )
