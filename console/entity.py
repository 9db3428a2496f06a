"""The page of one process or agent: chance, worst controls with reasons, control statuses, past failures.

Belongs here: finding the entity by its name and collecting what is published about it.
Does not: revealing who an agent is; the snapshot holds pseudonyms only.
"""

from difflib import get_close_matches
from typing import Any

import polars as pl

from console.output import Column, Page, Table, of
from console.pages import facts
from console.ranking import TOO_LITTLE_EVIDENCE, rule_reason
from console.words import STATUSES, chance_and_number, counted, number, reasons, rule_note, status_words
from preaudit.errors import PreauditError
from preaudit.snapshot_files import Snapshot

WORST_CONTROLS = 5
LATEST_FAILURES = 10
MOST_LEVERS = 5
_NO_EXCEPTION = "No exception in the last 90 days of a control that passes now. What fails already stands below."


def entity_page(snapshot: Snapshot, entity_id: str) -> Page:
    """Everything published about one entity.

    Raises:
        PreauditError: nobody of that name; suggests the nearest.
    """
    kind = _kind_of(snapshot, entity_id)
    mine = (pl.col("entity_kind") == kind) & (pl.col("entity_id") == entity_id)
    names = dict(snapshot.frame("controls").select("control_id", "name").iter_rows())
    ranked = snapshot.frame("rankings").filter(mine).to_dicts()
    entity = ranked[0] if ranked else None
    is_rule = entity is not None and entity["ranked_by"] == "rule"
    name = f" {entity['entity_name']}" if entity and entity["entity_name"] else ""
    return Page(
        title=f"{kind.capitalize()} {entity_id}{name}, as of {snapshot.as_of_on}",
        facts={**facts(snapshot), "entity_kind": kind, "entity_id": entity_id, "ranking": _ranking(entity)},
        lines=(_standing(snapshot, kind, entity),),
        notes=(rule_note(rule_reason(snapshot, kind)),) if is_rule else (),
        tables=(
            _worst_controls(snapshot, mine, names, is_rule),
            _levers(snapshot, mine),
            _statuses(snapshot, mine, names),
            _failures(snapshot, mine, names),
        ),
        main="statuses",
    )


def _kind_of(snapshot: Snapshot, entity_id: str) -> str:
    frames = [snapshot.frame(name).select("entity_kind", "entity_id") for name in ("rankings", "control_status", "failures")]
    known: dict[str, str] = {
        name: kind for kind, name in pl.concat(frames).unique().sort("entity_kind", descending=False).iter_rows()
    }
    if entity_id in known:
        return known[entity_id]
    by_lower = {name.lower(): name for name in sorted(known)}
    near = get_close_matches(entity_id.lower(), list(by_lower), n=3, cutoff=0.5)
    suggestion = f"Did you mean {' or '.join(by_lower[name] for name in near)}?" if near else ""
    raise PreauditError(
        f"No process or agent is called '{entity_id}' on {snapshot.as_of_on}. {suggestion}".strip(),
        where=f"snapshot {snapshot.folder.name}",
        remedy="`preaudit rank processes|agents` lists the names. Agents go by pseudonym (A-...), not by worker id.",
    )


def _standing(snapshot: Snapshot, kind: str, entity: dict[str, Any] | None) -> str:
    if entity is None:
        return "Not in the ranking of this day: no control could be forecast for it."
    count = snapshot.frame("rankings").filter(pl.col("entity_kind") == kind).height
    place = f"Rank {entity['rank']} of {count:,}."
    if not entity["has_enough_evidence"]:
        place = f"{TOO_LITTLE_EVIDENCE.capitalize()} for a place in the list."
    past = (
        f" {counted(int(entity['exceptions_28d']), 'exception')} in the last 28 days, {int(entity['exceptions_90d'])} in 90;"
        f" {int(entity['open_exceptions'])} open now."
    )
    if entity["ranked_by"] == "rule":
        return place + past
    horizon = snapshot.manifest["horizon_days"]
    chance = chance_and_number(entity["probability_any"])
    return f"{place} Chance of failing any control in the next {horizon} days: {chance}.{past}"


def _ranking(entity: dict[str, Any] | None) -> dict[str, Any] | None:
    if entity is None:
        return None
    return {key: value for key, value in entity.items() if key != "as_of_on"} | {"reasons": reasons(entity["reasons"])}


def _worst_controls(snapshot: Snapshot, mine: pl.Expr, names: dict[str, str], is_rule: bool) -> Table:
    scores = snapshot.frame("scores").filter(mine & (pl.col("horizon_days") == snapshot.manifest["horizon_days"]))
    order = ["rule_exceptions_28d", "rule_exceptions_90d"] if is_rule else ["probability"]
    ordered = scores.sort([*order, "control_id"], descending=[*(True for _ in order), False], nulls_last=True)
    keys = ("control_id", "probability", "rule_exceptions_28d", "rule_exceptions_90d", "served_by")
    if is_rule:  # The rule knows past exceptions only: a control without one is not bad, let alone worst.
        ordered = ordered.filter(pl.col("rule_exceptions_90d") > 0)
    rows = [
        {"name": names.get(row["control_id"])} | {key: row[key] for key in keys} | {"reasons": reasons(row["reasons"])}
        for row in ordered.head(WORST_CONTROLS).iter_rows(named=True)
    ]
    past = (
        Column("28 days", lambda row: number(row["rule_exceptions_28d"], 0), is_number=True),
        Column("90 days", lambda row: number(row["rule_exceptions_90d"], 0), is_number=True),
    )
    forecast = (
        Column("Chance", lambda row: chance_and_number(row["probability"])),
        Column("Why", lambda row: "\n".join(f"- {sentence}" for sentence in row["reasons"]) or "-"),
    )
    control = Column("Control", lambda row: f"{row['control_id']} {row['name'] or ''}".strip())
    columns = (control, *(past if is_rule else forecast))
    empty = _NO_EXCEPTION if is_rule else "No control could be forecast."
    return Table("worst_controls", "Worst controls", rows, columns, empty, told=_told_once(rows))


def _told_once(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows for people: one agent's controls often have the same reasons, and each is worth reading once."""
    told, seen = [], set[str]()
    for row in rows:
        fresh = [sentence for sentence in row["reasons"] if sentence not in seen]
        seen.update(fresh)
        told.append(row | {"reasons": fresh or ["as above"] if row["reasons"] else []})
    return told


def _levers(snapshot: Snapshot, mine: pl.Expr) -> Table:
    """What would lower the chances, for the entities on the list; each said once, for the control it lowers most."""
    scores = snapshot.frame("scores").filter(mine & (pl.col("horizon_days") == snapshot.manifest["horizon_days"]))
    asked = scores.filter(pl.col("levers").list.len() > 0).select("control_id", "levers").explode("levers")
    found = [{"control_id": row["control_id"], **row["levers"]} for row in asked.iter_rows(named=True)]
    rows, seen = [], set[str]()
    for lever in sorted(found, key=lambda one: (one["change"], one["control_id"])):
        if lever["feature"] not in seen:
            seen.add(lever["feature"])
            rows.append(lever)
    columns = (Column("Control", of("control_id"), is_short=True), Column("If it were as usual", of("sentence")))
    title = "What would lower it (how the model reacts, not a cause)"
    return Table(
        "levers", title, rows[:MOST_LEVERS], columns, "Nothing that one can act on is worse than usual, or it was not asked."
    )


def _statuses(snapshot: Snapshot, mine: pl.Expr, names: dict[str, str]) -> Table:
    order = {status: place for place, status in enumerate(STATUSES)}
    found = snapshot.frame("control_status").filter(mine).sort("control_id").to_dicts()
    rows = [
        {"control_id": row["control_id"], "name": names.get(row["control_id"]), "status": row["status"], "reason": row["reason"]}
        for row in sorted(found, key=lambda row: order[row["status"]])
    ]
    columns = (
        Column("Control", of("control_id"), is_short=True),
        Column("Name", of("name")),
        Column("Status", lambda row: status_words(row["status"])),
        Column("Reason", of("reason", "")),
    )
    return Table("statuses", "Control statuses", rows, columns, "None.")


def _failures(snapshot: Snapshot, mine: pl.Expr, names: dict[str, str]) -> Table:
    order = ("failed_on", "control_id", "item_ref")
    failures = snapshot.frame("failures").filter(mine).sort(order, descending=[True, False, False])
    keys = ("failed_on", "control_id", "item_ref", "reason", "is_waived", "origin")
    rows = [{key: row[key] for key in keys} | {"name": names.get(row["control_id"])} for row in failures.iter_rows(named=True)]
    shown = rows[:LATEST_FAILURES]
    columns = (
        Column("Failed on", of("failed_on"), is_short=True),
        Column("Control", of("control_id"), is_short=True),
        Column("What happened", lambda row: (row["reason"] or row["name"] or "") + (" (waived)" if row["is_waived"] else "")),
    )
    title = f"Past failures ({len(shown)} latest of {len(rows)})" if len(rows) > len(shown) else "Past failures"
    return Table("failures", title, shown, columns, "None.")
