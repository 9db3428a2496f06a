"""OCSF Compliance Findings (class 2003 of version 1.5.0) for a SIEM: one event per finding that began, goes on or ended.

Belongs here: the fields of an event. Does not: passes that were passes before, which a SIEM has no use for (`export csv` has all
results), or sending. docs/exports.md explains each choice.
"""

import json
from importlib.metadata import version
from typing import Any

from preaudit.exports.words import FRAMEWORKS, day_ends, identifier, line, published_at
from preaudit.snapshot_files import Snapshot

OCSF_VERSION = "1.5.0"
CLASS_UID, CATEGORY_UID = 2003, 2
SEVERITIES = {"critical": (5, "Critical"), "high": (4, "High"), "medium": (3, "Medium"), "low": (2, "Low")}
ACTIVITIES = {1: "Create", 2: "Update", 3: "Close"}
LIFECYCLE = {1: "New", 3: "Suppressed", 4: "Resolved", 5: "Archived"}
# Change since the evaluated day before -> activity, state of the finding. Where nothing was tested or known nothing is said: the
# finding stays as it was. 'passed_again' ends a finding of an event control; what happened was not repaired, so not Resolved.
CHANGES = {
    "newly_failing": (1, 1),
    "still_failing": (2, 1),
    "now_waived": (2, 3),
    "fixed": (3, 4),
    "gone": (3, 4),
    "passed_again": (3, 5),
}
OUTCOMES = {"fail": (3, "Fail"), "pass": (1, "Pass"), "waived": (99, "Waived"), "not_applicable": (99, "Not Applicable")}


def events(snapshot: Snapshot) -> list[dict[str, Any]]:
    """The day's findings, by control and entity. grain: control_id, entity_kind, entity_id."""
    controls = {row["control_id"]: row for row in snapshot.frame("controls").iter_rows(named=True)}
    names = dict(snapshot.frame("rankings").select("entity_id", "entity_name").iter_rows())
    changes = snapshot.frame("control_changes").sort("control_id", "entity_kind", "entity_id")
    return [
        _event(snapshot, controls[row["control_id"]], row, names.get(row["entity_id"]))
        for row in changes.iter_rows(named=True)
        if row["change"] in CHANGES
    ]


def to_lines(found: list[dict[str, Any]]) -> str:
    """JSON lines, one event each."""
    return "".join(json.dumps(event, ensure_ascii=False, separators=(",", ":")) + "\n" for event in found)


def _event(snapshot: Snapshot, control: dict[str, Any], change: dict[str, Any], name: str | None) -> dict[str, Any]:
    control_id, kind, entity_id = change["control_id"], change["entity_kind"], change["entity_id"]
    activity, state = CHANGES[change["change"]]
    severity_id, severity = SEVERITIES.get(control["severity"], (99, str(control["severity"])))
    status_id, status = OUTCOMES.get(change["status"], (0, "Unknown"))
    time = int(day_ends(snapshot).timestamp() * 1000)
    finding = identifier("finding", control_id, kind, entity_id)
    return {
        "class_uid": CLASS_UID,
        "class_name": "Compliance Finding",
        "category_uid": CATEGORY_UID,
        "category_name": "Findings",
        "activity_id": activity,
        "activity_name": ACTIVITIES[activity],
        "type_uid": CLASS_UID * 100 + activity,
        "type_name": f"Compliance Finding: {ACTIVITIES[activity]}",
        "time": time,
        "severity_id": severity_id,
        "severity": severity,
        "status_id": state,
        "status": LIFECYCLE[state],
        "status_detail": change["change"],
        "count": max(1, change["exceptions"] or 0),
        "message": f"{control_id} {control['name']}: {kind} {entity_id}: {line(change['reason'])}",
        "finding_info": {
            "uid": finding,
            "title": f"{control_id} {control['name']}",
            "desc": control["question"],
            "last_seen_time": time,
            "analytic": {"type_id": 1, "type": "Rule", "uid": control_id, "name": control["name"]},
        },
        "compliance": {
            "control": control_id,
            "status_id": status_id,
            "status": status,
            "status_detail": line(change["reason"]),
            "standards": [words for column, words in FRAMEWORKS.items() if control[column]],
            "requirements": [
                f"{words}: {item}" for column, words in FRAMEWORKS.items() for item in (control[column] or "").split()
            ],
        },
        "resources": [{"uid": entity_id, "name": name or entity_id, "type": kind}],
        "remediation": {"desc": control["remedy"]},
        "metadata": {
            "version": OCSF_VERSION,
            "uid": identifier("event", snapshot.folder.name, finding),
            "logged_time": int(published_at(snapshot).timestamp() * 1000),
            "product": {"name": "Preaudit", "vendor_name": "Preaudit", "version": version("preaudit")},
        },
    }
