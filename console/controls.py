"""The page of all controls: a summary by area, and per control who fails of those it looked at.

Belongs here: counting the published statuses and changes, agents and processes apart. Does not: one control's page
(control_page.py), coverage and frameworks (coverage.py).
"""

from collections.abc import Callable
from typing import Any

import polars as pl

from console.output import Column, Page, Row, Table, of
from console.pages import facts, why_not_evaluable
from console.words import AREA_WORDS, STATUSES, counted
from preaudit.snapshot_files import Snapshot

KINDS = ("process", "agent")
TESTED = ("fail", "waived", "pass")


def controls_page(snapshot: Snapshot) -> Page:
    """The control library with the day's statuses, in the order of areas."""
    rows = control_rows(snapshot)
    evaluated = sum(not row["not_evaluable_reason"] for row in rows)
    failing = sum(row["process_fail"] + row["agent_fail"] > 0 for row in rows)
    return Page(
        title=f"Controls, as of {snapshot.as_of_on}",
        facts=facts(snapshot),
        lines=(
            f"{evaluated} of {counted(len(rows), 'control')} could be evaluated; {failing} of them found somebody who fails."
            " '2 of 40' = 2 fail of 40 that were tested; nothing = nothing to test on this day; - = not tested for these."
            " New and fixed: since the evaluated day before. Who fails, and what to do: `preaudit controls <control>`.",
        ),
        tables=(areas_table(snapshot), Table("controls", "By control", rows, CONTROL_COLUMNS)),
        main="controls",
    )


def control_rows(snapshot: Snapshot) -> list[dict[str, Any]]:
    """One row per control, by area: statuses per kind of entity, what is new and what is fixed, why it was not evaluated."""
    statuses = _counts(snapshot.frame("control_status"), "control_id", "entity_kind", "status")
    changes = _counts(snapshot.frame("control_changes"), "control_id", "change")
    rows = []
    for control in snapshot.frame("controls").sort("area", "control_id").iter_rows(named=True):
        control_id = control["control_id"]
        row = {key: control[key] for key in ("control_id", "name", "area", "severity", "entity_kinds", "is_implemented")}
        row |= {f"{kind}_{name}": statuses.get((control_id, kind, name), 0) for kind in KINDS for name in STATUSES}
        row |= {name: changes.get((control_id, name), 0) for name in ("newly_failing", "still_failing", "fixed")}
        rows.append(row | {"not_evaluable_reason": why_not_evaluable(control)})
    return rows


def areas_table(snapshot: Snapshot) -> Table:
    """One row per area: its controls, how many were evaluated and found somebody, and how many entities fail any of them."""
    controls = control_rows(snapshot)
    area_of = {row["control_id"]: row["area"] for row in controls}
    failing = snapshot.frame("control_status").filter(pl.col("status") == "fail")
    pairs = failing.select("control_id", "entity_kind", "entity_id").unique().iter_rows()
    entities = {(area_of.get(control_id), kind, entity_id) for control_id, kind, entity_id in pairs}
    rows = []
    for area in sorted({row["area"] for row in controls}):
        mine = [row for row in controls if row["area"] == area]
        found = {kind: sum(key[:2] == (area, kind) for key in entities) for kind in KINDS}
        rows.append(
            {
                "area": area,
                "controls": len(mine),
                "evaluated": sum(not row["not_evaluable_reason"] for row in mine),
                "with_failures": sum(row["process_fail"] + row["agent_fail"] > 0 for row in mine),
                "processes_failing": found["process"],
                "agents_failing": found["agent"],
                **{name: sum(row[name] for row in mine) for name in ("newly_failing", "fixed")},
            }
        )
    return Table("areas", "By area", rows, AREA_COLUMNS)


def _counts(frame: pl.DataFrame, *keys: str) -> dict[tuple[str, ...], int]:
    return {tuple(row[:-1]): row[-1] for row in frame.group_by(keys).len().iter_rows()}


def _failing(kind: str) -> Callable[[Row], str]:
    def text(row: Row) -> str:
        if row["entity_kinds"] not in (kind, "both") or row["not_evaluable_reason"]:
            return "-"
        tested = sum(row[f"{kind}_{name}"] for name in TESTED)
        return f"{row[f'{kind}_fail']:,} of {tested:,}" if tested else "nothing"

    return text


def _named(row: Row) -> str:
    reason = row["not_evaluable_reason"]
    return f"{row['control_id']} {row['name']}" + (f"\nnot evaluable: {reason}" if reason else "")


CONTROL_COLUMNS = (
    Column("Control", _named),
    Column("Processes", _failing("process"), is_number=True),
    Column("Agents", _failing("agent"), is_number=True),
    Column("new", of("newly_failing"), is_number=True),
    Column("fixed", of("fixed"), is_number=True),
)
AREA_COLUMNS = (
    Column("Area", lambda row: AREA_WORDS.get(row["area"], str(row["area"]))),
    Column("evaluated", lambda row: f"{row['evaluated']} of {row['controls']}", is_number=True),
    Column("failed", of("with_failures"), is_number=True),
    Column("processes", of("processes_failing"), is_number=True),
    Column("agents", of("agents_failing"), is_number=True),
)
