"""OSCAL 1.1.3 documents of one day: assessment results, and the plan of action and milestones for what fails.

Belongs here: the two documents and what they share. Does not: the parts they are made of (oscal_parts.py), or a catalog or plan,
which OSCAL expects elsewhere: the control library stands in as a back-matter resource. docs/exports.md explains each choice.
"""

from typing import Any

from preaudit.exports import oscal_parts as parts
from preaudit.exports.oscal_parts import Tested, prop
from preaudit.exports.words import day_begins, day_ends, identifier, published_at
from preaudit.snapshot_files import Snapshot

OSCAL_VERSION = "1.1.3"
UUID_SCHEME = "http://ietf.org/rfc/rfc4122"  # the standard's own name for it


def assessment_results(snapshot: Snapshot) -> dict[str, Any]:
    """One result: what every control of the library showed on the day. The same snapshot gives the same document.

    A control has one observation with its figures, and one for every entity that fails it or is waived. A control that judged
    anything, or should have and could not, has one finding: satisfied where nobody fails; not satisfied, for reason 'other',
    where data is missing. A control with nothing to test has none.
    """
    tests = parts.tested(snapshot)
    plan = identifier("resource", "control-library")
    result = {
        "uuid": identifier("result", snapshot.folder.name),
        "title": f"Controls as of {snapshot.as_of_on}",
        "description": "Every control tested on its whole population, as known at the end of the day (UTC).",
        "start": day_begins(snapshot).isoformat(),
        "end": day_ends(snapshot).isoformat(),
        "reviewed-controls": {
            "control-selections": [{"include-controls": [{"control-id": test.control_id} for test in tests]}],
            "control-objective-selections": [
                {"include-objectives": [{"objective-id": parts.objective_id(test.control_id)} for test in tests]}
            ],
        },
        "observations": [observation for test in tests for observation in parts.observations(snapshot, test)],
        "risks": [risk for test in tests for risk in parts.risks(snapshot, test)],
        "findings": [finding for test in tests if (finding := parts.finding(snapshot, test)) is not None],
    }
    document = {
        "uuid": identifier("assessment-results", snapshot.folder.name),
        "metadata": _metadata(snapshot, "Assessment results"),
        "import-ap": {"href": f"#{plan}"},
        "local-definitions": {"objectives-and-methods": [parts.objective(test) for test in tests]},
        "results": [_without_empty(result)],
        "back-matter": {
            "resources": [
                {
                    "uuid": plan,
                    "title": "Control library",
                    "description": "Stands in for an assessment plan: every control, on its whole population, daily.",
                }
            ]
        },
    }
    return {"assessment-results": document}


def plan_of_action(snapshot: Snapshot) -> dict[str, Any] | None:
    """One item per control that somebody fails, and one per control with accepted deviations (waivers), by severity.

    None where there is neither: OSCAL has no plan without an item. Milestones and deadlines are the owners' to add: the library
    knows what to do, and not by when.
    """
    tests = [test for test in parts.tested(snapshot) if test.failing or test.waived]
    tests.sort(key=lambda test: (-test.control["severity_weight"], test.control_id))
    if not tests:
        return None
    document = {
        "uuid": identifier("plan-of-action", snapshot.folder.name),
        "metadata": _metadata(snapshot, "Plan of action and milestones"),
        "system-id": {"identifier-type": UUID_SCHEME, "id": identifier("system")},
        "observations": [observation for test in tests for observation in parts.observations(snapshot, test)],
        "risks": [risk for test in tests for risk in parts.risks(snapshot, test)],
        "poam-items": [item for test in tests for item in _items(snapshot, test)],
    }
    return {"plan-of-action-and-milestones": document}


def _items(snapshot: Snapshot, test: Tested) -> list[dict[str, Any]]:
    return [
        {
            "uuid": identifier("poam-item", risk["uuid"]),
            "title": risk["title"],
            "description": test.control["remedy"],
            "props": [prop("control-id", test.control_id), prop("severity", test.control["severity"])],
            "related-observations": risk["related-observations"],
            "related-risks": [{"risk-uuid": risk["uuid"]}],
        }
        for risk in parts.risks(snapshot, test)
    ]


def _metadata(snapshot: Snapshot, title: str) -> dict[str, Any]:
    return {
        "title": f"{title} as of {snapshot.as_of_on}",
        "last-modified": published_at(snapshot).isoformat(),
        "version": f"{snapshot.as_of_on}.{snapshot.version}",
        "oscal-version": OSCAL_VERSION,
        "props": [prop("snapshot-content-sha256", snapshot.content_sha256)],
    }


def _without_empty(mapping: dict[str, Any]) -> dict[str, Any]:
    """OSCAL has no empty lists."""
    return {name: value for name, value in mapping.items() if value != []}
