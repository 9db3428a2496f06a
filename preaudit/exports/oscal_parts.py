"""The parts of the OSCAL documents: objectives, observations, risks and findings, each from one control's day.

Belongs here: one function per part, in the words of OSCAL. Does not: the documents (oscal.py).
"""

from dataclasses import dataclass
from typing import Any

import polars as pl

from preaudit.exports.words import FRAMEWORKS, day_ends, identifier, line
from preaudit.snapshot_files import Snapshot

# Of our own properties, as OSCAL asks for: a name, under a domain reserved for examples. Older models refuse a urn here.
NAMESPACE = "https://preaudit.example/ns/oscal"
SUBJECTS = {"agent": "user", "process": "component"}


@dataclass(frozen=True)
class Tested:
    """One control and its statuses of the day.

    Attributes:
        control: its published row.
        statuses: entities by status.
        failing: rows of control_status that fail; `waived` those under a waiver.
        figures: sums over entities.
    """

    control: dict[str, Any]
    statuses: dict[str, int]
    failing: list[dict[str, Any]]
    waived: list[dict[str, Any]]
    figures: dict[str, int]

    @property
    def control_id(self) -> str:
        return str(self.control["control_id"])


def tested(snapshot: Snapshot) -> list[Tested]:
    """Every control of the library, by id."""
    status = snapshot.frame("control_status").sort("control_id", "entity_kind", "entity_id")
    by_control = {key[0]: frame for key, frame in status.partition_by("control_id", as_dict=True).items()}
    controls = snapshot.frame("controls").sort("control_id")
    return [_tested(control, by_control.get(control["control_id"], status.clear())) for control in controls.iter_rows(named=True)]


def _tested(control: dict[str, Any], mine: pl.DataFrame) -> Tested:
    counts = mine.group_by("status").len().sort("status")
    sums = ("population", "unjudged_items", "exceptions", "waived_exceptions")
    return Tested(
        control=control,
        statuses=dict(counts.iter_rows()),
        failing=mine.filter(pl.col("status") == "fail").to_dicts(),
        waived=mine.filter(pl.col("status") == "waived").to_dicts(),
        figures={name: int(mine[name].cast(pl.Int64, strict=False).sum()) for name in sums},
    )


def prop(name: str, value: Any) -> dict[str, str]:
    """A property of ours."""
    return {"name": name, "ns": NAMESPACE, "value": line(str(value))}


def objective_id(control_id: str) -> str:
    """What a finding is about."""
    return f"{control_id}_obj"


def objective(test: Tested) -> dict[str, Any]:
    """The control's question, and the references it carries."""
    references = [prop(f"reference-{name}", item) for name in FRAMEWORKS for item in (test.control[name] or "").split()]
    return {
        "control-id": test.control_id,
        "description": line(test.control["name"]),
        "props": [prop("severity", test.control["severity"]), *references],
        "parts": [{"id": objective_id(test.control_id), "name": "assessment-objective", "prose": line(test.control["question"])}],
    }


def observations(snapshot: Snapshot, test: Tested) -> list[dict[str, Any]]:
    """The control's figures, and every entity that fails or is waived."""
    words = ", ".join(f"{count} {status.replace('_', ' ')}" for status, count in test.statuses.items())
    figures = [prop(name.replace("_", "-"), value) for name, value in test.figures.items()]
    whole = {
        "uuid": _whole(snapshot, test),
        "title": f"{test.control_id} {line(test.control['name'])}",
        "description": f"Agents and processes by status: {words or 'none in scope'}.",
        "props": [*figures, prop("is-evaluable", "yes" if test.control["is_evaluable"] else "no")],
        "methods": ["TEST"],
        "types": ["control-objective"],
        "collected": day_ends(snapshot).isoformat(),
    }
    return [whole, *(_of_entity(snapshot, row) for row in (*test.failing, *test.waived))]


def _of_entity(snapshot: Snapshot, row: dict[str, Any]) -> dict[str, Any]:
    kind, entity_id = row["entity_kind"], row["entity_id"]
    subject = {"subject-uuid": identifier(kind, entity_id), "type": SUBJECTS[kind], "title": line(entity_id)}
    return {
        "uuid": _entity(snapshot, row),
        "title": f"{row['control_id']}: {kind} {line(entity_id)}",
        "description": line(row["reason"]),
        "props": [prop("status", row["status"]), prop("exceptions", (row["exceptions"] or row["waived_exceptions"] or 0))],
        "methods": ["TEST"],
        "types": ["finding"],
        "subjects": [subject],
        "collected": day_ends(snapshot).isoformat(),
    }


def risks(snapshot: Snapshot, test: Tested) -> list[dict[str, Any]]:
    """One open risk where somebody fails, one accepted where somebody is waived."""
    found = []
    for status, one, more, rows in (
        ("open", "fails", "fail", test.failing),
        ("deviation-approved", "is waived for", "are waived for", test.waived),
    ):
        if rows:
            who = f"1 agent or process {one}" if len(rows) == 1 else f"{len(rows)} agents or processes {more}"
            found.append(
                {
                    "uuid": identifier("risk", snapshot.folder.name, test.control_id, status),
                    "title": f"{who} {test.control_id} {line(test.control['name'])}",
                    "description": line(test.control["question"]),
                    "statement": f"Severity {test.control['severity']}. Tolerance: {line(test.control['tolerance_text'])}",
                    "status": status,
                    "related-observations": [{"observation-uuid": _entity(snapshot, row)} for row in rows],
                }
            )
    return found


def finding(snapshot: Snapshot, test: Tested) -> dict[str, Any] | None:
    """What the day says of the control; None where there was nothing to test."""
    if test.failing:
        state = {"state": "not-satisfied", "reason": "fail"}
    elif not test.control["is_evaluable"]:
        remark = f"Could not be evaluated: {line(test.control['status_reason'])}"
        state = {"state": "not-satisfied", "reason": "other", "remarks": remark}
    elif test.statuses.get("pass") or test.waived:
        state = {"state": "satisfied", "reason": "pass"}
    elif test.statuses.get("not_evaluable") or test.statuses.get("error"):
        state = {"state": "not-satisfied", "reason": "other", "remarks": "No item could be judged."}
    else:
        return None
    related = [
        {"observation-uuid": _whole(snapshot, test)},
        *({"observation-uuid": _entity(snapshot, row)} for row in test.failing),
    ]
    made = {
        "uuid": identifier("oscal-finding", snapshot.folder.name, test.control_id),
        "title": f"{test.control_id} {line(test.control['name'])}",
        "description": line(test.control["question"]),
        "target": {"type": "objective-id", "target-id": objective_id(test.control_id), "status": state},
        "related-observations": related,
    }
    related_risks = [{"risk-uuid": risk["uuid"]} for risk in risks(snapshot, test)]
    return made | ({"related-risks": related_risks} if related_risks else {})


def _whole(snapshot: Snapshot, test: Tested) -> str:
    return identifier("observation", snapshot.folder.name, test.control_id)


def _entity(snapshot: Snapshot, row: dict[str, Any]) -> str:
    return identifier("observation", snapshot.folder.name, row["control_id"], row["entity_kind"], row["entity_id"])
