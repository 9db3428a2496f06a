"""The page of one process or agent: how it stands, why, what fails and failed, what would lower the chance.

Belongs here: collecting what is published about it. Does not: its curves over time (entity_history.py), revealing who an agent
is, which nothing published can do.
"""

import json
from typing import Any

import polars as pl

from console.ranking import rule_reason
from console.reading.entity_history import entity_history
from console.reading.list_items import TOO_LITTLE_EVIDENCE, chance_words, list_item, worst_controls
from console.reading.not_found import NotFound
from console.reading.view import View
from console.words import STATUSES, counted, kind_words, number, rule_note, status_words
from preaudit.errors import PreauditError

WORST_CONTROLS = 8
LATEST_FAILURES = 25
AGENTS_OF_PROCESS = 10


def entity_page(view: View, kind: str, entity_id: str) -> dict[str, Any]:
    """Everything published about one entity.

    Raises:
        NotFound: nobody of that kind and name, or nobody within the scope.
    """
    return view.memo(("entity", kind, entity_id), lambda: _page(view, kind, entity_id))


def _page(view: View, kind: str, entity_id: str) -> dict[str, Any]:
    known = any((kind, entity_id) in view.reading.by_entity(name) for name in ("rankings", "control_status", "failures"))
    if not known or not view.sees(kind, entity_id):
        raise NotFound(
            f"There is no {kind} of that name on {view.as_of_on}, or it lies outside what you may see.",
            remedy="Look for it in the list. Agents go by pseudonym (A-...), not by worker id.",
        )
    ranked = view.of_entity("rankings", kind, entity_id).to_dicts()
    item = list_item(view, {**ranked[0], **_before(view, kind, entity_id)}) if ranked else None
    is_rule = bool(item and item["is_rule"])
    details = _details(view, kind, entity_id)
    worst = worst_controls(
        view, kind, entity_id, ranked[0]["worst_control_id"] if ranked else None, is_rule=is_rule, most=WORST_CONTROLS
    )
    return {
        "kind": kind,
        "kinds": kind_words(kind),
        "entity_id": entity_id,
        "entity_name": item["entity_name"] if item else None,
        "item": item,
        "standing": _standing(view, kind, item),
        "is_rule": is_rule,
        "rule_note": rule_note(rule_reason(view, kind)) if is_rule else None,
        "controls": [control | details.get(control["control_id"], {"reasons": [], "levers": []}) for control in worst],
        "statuses": _statuses(view, kind, entity_id),
        "failures": _failures(view, kind, entity_id),
        "agents": _agents(view, entity_id) if kind == "process" else [],
        **entity_history(view, kind, entity_id, is_rule=is_rule),
    }


def _before(view: View, kind: str, entity_id: str) -> dict[str, Any]:
    mine = (pl.col("entity_kind") == kind) & (pl.col("entity_id") == entity_id)
    rows = view.reading.previous.filter(mine)["rank"].to_list()
    return {"previous_rank": rows[0] if rows else None}


def _standing(view: View, kind: str, item: dict[str, Any] | None) -> str:
    if item is None:
        return "Not in the ranking of this day: no control could be forecast for it."
    count = view.frame("rankings").filter(pl.col("entity_kind") == kind).height
    place = f"Place {item['rank']} of {counted(count, kind, kind_words(kind))}"
    if not item["has_enough_evidence"]:
        place = f"{TOO_LITTLE_EVIDENCE.capitalize()} for a place in the list"
    moved = item["previous_rank"]
    before = f", {moved} on the day before." if moved and moved != item["rank"] else "."
    past = (
        f" {counted(item['exceptions_28d'], 'failure')} in the last 28 days, {item['exceptions_90d']} in 90;"
        f" {counted(item['open_exceptions'], 'exception')} open now."
    )
    if item["is_rule"]:
        return place + before + past
    horizon = view.manifest["horizon_days"]
    return f"{place}{before} Chance of failing any control in the next {horizon} days: {item['chance']} ({item['number']}).{past}"


def _details(view: View, kind: str, entity_id: str) -> dict[str, dict[str, Any]]:
    """Reasons and levers by control, which stand in the file only."""
    file = view.folder / "scores.parquet"
    mine = (pl.col("entity_kind") == kind) & (pl.col("entity_id") == entity_id)
    headline = pl.col("horizon_days") == view.manifest["horizon_days"]
    try:
        columns = [name for name in ("reasons", "levers") if name in pl.read_parquet_schema(file)]
        rows = pl.scan_parquet(file).filter(mine & headline).select("control_id", *columns).collect()
    except (OSError, pl.exceptions.PolarsError) as error:
        raise PreauditError(
            f"The reasons of the snapshot {view.folder.name} cannot be read any more.",
            where=str(file),
            remedy="Put the folder back from a backup, or run the day again with `preaudit run --date`.",
        ) from error
    return {
        row["control_id"]: {"reasons": _reasons(row["reasons"]), "levers": _levers(row.get("levers"))}
        for row in rows.iter_rows(named=True)
    }


def _reasons(text: str | None) -> list[dict[str, Any]]:
    """The reasons with the entity's value and what is usual among its peers, as the model's explanation gave them."""
    found = json.loads(text) if text else []
    keys = ("sentence", "family_words", "value", "usual", "unit", "direction")
    return [
        {key: reason.get(key) for key in keys} for reason in found if reason.get("value", 0) is not None or reason.get("usual")
    ]


def _levers(found: Any) -> list[dict[str, Any]]:
    """What would lower the chance if it were as usual among peers, the strongest first."""
    levers = json.loads(found) if isinstance(found, str) else list(found or [])
    return [{**lever, "change_words": f"{number(100 * lever['change'], 0)} points", **_after(lever)} for lever in levers]


def _after(lever: dict[str, Any]) -> dict[str, Any]:
    return {"after": chance_words(lever["probability_after"])["chance"]}


def _statuses(view: View, kind: str, entity_id: str) -> list[dict[str, Any]]:
    names = dict(view.frame("controls").select("control_id", "name").iter_rows())
    order = {status: place for place, status in enumerate(STATUSES)}
    keys = ("control_id", "status", "reason", "note", "exceptions", "population", "waived_exceptions")
    rows = view.of_entity("control_status", kind, entity_id).select(keys).to_dicts()
    found = [row | {"name": names.get(row["control_id"]), "words": status_words(row["status"])} for row in rows]
    return sorted(found, key=lambda row: (order.get(row["status"], len(order)), row["control_id"]))


def _failures(view: View, kind: str, entity_id: str) -> dict[str, Any]:
    names = dict(view.frame("controls").select("control_id", "name").iter_rows())
    found = view.of_entity("failures", kind, entity_id).sort(
        "failed_on", "control_id", "item_ref", descending=[True, False, False]
    )
    keys = ("failed_on", "control_id", "item_ref", "reason", "is_waived", "origin")
    rows = [row | {"name": names.get(row["control_id"])} for row in found.head(LATEST_FAILURES).select(keys).to_dicts()]
    return {"total": found.height, "rows": rows}


def _agents(view: View, process_id: str) -> list[dict[str, Any]]:
    """The agents of a process who are highest in the list; none where the group is too small to be named."""
    mine = view.frame("rankings").filter((pl.col("entity_kind") == "agent") & (pl.col("process_id") == process_id))
    return [list_item(view, row) for row in mine.sort("rank").head(AGENTS_OF_PROCESS).iter_rows(named=True)]
