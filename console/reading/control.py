"""The page of one control: its question, who fails and who is likely to, how it went, what the library says of it.

Belongs here: joining the terminal's page of a control with forecast and history. Does not: all controls (controls.py).
"""

from collections.abc import Mapping
from typing import Any

import polars as pl

from console.charts.lines import failures_by_week
from console.control_page import control_page as terminal_page
from console.reading.entity_history import by_week
from console.reading.list_items import chance_words
from console.reading.not_found import NotFound
from console.reading.tables import as_data
from console.reading.view import View
from console.words import COMPETITOR_WORDS

MOST_FAILING = 100
MOST_LIKELY = 15


def control_page(view: View, control_id: str) -> dict[str, Any]:
    """Everything published about one control.

    Raises:
        NotFound: the library has no such control.
    """
    wanted = control_id.upper()
    if wanted not in view.frame("controls")["control_id"].to_list():
        raise NotFound("The library has no such control.", remedy="The page of controls lists them.")
    return view.memo(("control", wanted), lambda: _page(view, wanted))


def _page(view: View, control_id: str) -> dict[str, Any]:
    page = terminal_page(view, control_id, MOST_FAILING)
    tables = {table.name: as_data(table) for table in page.tables}
    mine = pl.col("control_id") == control_id
    weeks = by_week(
        view.frame("failures").filter(mine & ~pl.col("is_waived") & (pl.col("entity_kind") == _counted_kind(page.facts))),
        view.as_of_on,
    )
    failing = view.frame("control_changes").filter(mine & pl.col("change").is_in(["newly_failing", "still_failing"])).height
    coverage = view.frame("control_coverage").filter(mine).unique(["process_id"], keep="first", maintain_order=True)
    return {
        **{key: page.facts[key] for key in ("control_id", "name", "area", "severity", "entity_kinds", "question", "remedy")},
        "not_evaluable_reason": page.facts["not_evaluable_reason"],
        "standing": list(page.lines[1:]),
        "failing_total": failing,
        "failing": [_linked(row) for row in tables["failing"]["rows"]],
        "changed": [_linked(row) for row in tables["changed"]["rows"]],
        "limits": tables["limits"],
        "library": tables["about"],
        "likely": _likely(view, control_id),
        "weeks": weeks,
        "weeks_kind": _counted_kind(page.facts),
        "weeks_chart": failures_by_week(weeks) if any(week["failures"] for week in weeks) else None,
        "coverage": coverage.select("process_id", "coverage", "reason", "judged_items", "unjudged_items").to_dicts(),
    }


def _counted_kind(facts: Mapping[str, Any]) -> str:
    """A failure of an agent also counts for the agent's process: one of the two is counted, or each would stand twice."""
    return "agent" if facts["entity_kinds"] == "agent" else "process"


def _linked(row: dict[str, Any]) -> dict[str, Any]:
    keys = ("entity_kind", "entity_id", "entity_name", "change", "reason", "exceptions", "previous_exceptions", "previous_on")
    return {key: row[key] for key in keys}


def _likely(view: View, control_id: str) -> list[dict[str, Any]]:
    """Who passes now and is most likely to fail; nobody where the rule ranks, which gives no chance."""
    headline = pl.col("horizon_days") == view.manifest["horizon_days"]
    scores = view.frame("scores").filter((pl.col("control_id") == control_id) & headline & pl.col("probability").is_not_null())
    names = view.frame("rankings").select("entity_kind", "entity_id", "entity_name")
    found = scores.sort("probability", "entity_id", descending=[True, False]).head(MOST_LIKELY)
    rows = found.join(names, on=["entity_kind", "entity_id"], how="left", maintain_order="left").to_dicts()
    keys = ("entity_kind", "entity_id", "entity_name")
    return [
        {
            **{key: row[key] for key in keys},
            **chance_words(row["probability"], row["probability_lower"], row["probability_upper"]),
            "has_enough_evidence": row["has_enough_evidence"] is not False,
            "served_by": COMPETITOR_WORDS.get(row["served_by"], row["served_by"]),
        }
        for row in rows
    ]
