"""The changes of tests/dbt/test_controls_changes.py: each process is named after what is the matter with its changes.

Belongs here: raw rows of tickets and approvals. Does not: what the controls make of them.

The as-of dates are 9 to 14 March 2026. Tickets are known from the 8th, approvals from the 10th, and all times are UTC.
"""

from typing import Any

Row = dict[str, Any]


def change(process: str, known_on: str, number: int = 1, **values: Any) -> Row:
    """A change that Ron asked for and Ida carries out, begun on the 12th at 10:00, with a complete record."""
    closing = {"closed_at": f"{known_on}T16:00:00Z", "close_code": "successful"} if values.get("status") == "closed" else {}
    return {
        "ticket_id": f"{process}-{number}",
        "kind": "change",
        "process_id": process,
        "status": "in_progress",
        "opened_at": "2026-01-02T08:00:00Z",
        "opened_by": "ron",
        "assignee_id": "ida",
        "change_type": "normal",
        "actual_start_at": "2026-03-12T10:00:00Z",
        "has_risk_assessment": "true",
        "has_test_plan": "true",
        "has_backout_plan": "true",
        "updated_at": f"{known_on}T17:00:00Z",
        "known_on": known_on,
        **closing,
        **values,
    }


def answer(process: str, at: str, approver: str = "ann", decision: str = "approved", number: int = 1) -> Row:
    return {
        "ticket_id": f"{process}-{number}",
        "approver_id": approver,
        "decision": decision,
        "decided_at": f"{at}Z",
        "known_on": at[:10],
    }


def month(process: str, closed: int, emergencies: int, day: str = "2026-03-11", first: int = 1) -> list[Row]:
    """That many changes closed on `day`, the first of them emergencies."""
    return [
        change(process, day, number, status="closed", change_type="emergency" if number < first + emergencies else "normal")
        for number in range(first, first + closed)
    ]


BEFORE = "2026-03-11T09:00:00"
TICKETS = [
    change("P-first", "2026-03-08", actual_start_at=None, status="new"),
    *[change(name, "2026-03-12") for name in ("approved", "unapproved", "rejected", "answered", "half-approved")],
    change("early", "2026-03-12", planned_start_at="2026-03-12T10:30:00Z"),
    change("in-grace", "2026-03-12", planned_start_at="2026-03-12T10:10:00Z"),
    change("long-after", "2026-03-12", planned_start_at="2026-03-11T09:30:00Z"),
    change("standard", "2026-03-12", change_type="standard", status="closed", has_test_plan="false"),
    change("untyped", "2026-03-12", change_type=None, status="closed", has_test_plan="false"),
    change("untyped-approved", "2026-03-12", change_type=None),
    change("undated", "2026-03-12", status="closed", actual_start_at=None),
    change("cancelled", "2026-03-12", status="cancelled"),
    change("twice-seen", "2026-03-12"),
    change("twice-seen", "2026-03-14", status="closed"),
    change("own-request", "2026-03-12", opened_by="ann"),
    change("no-requester", "2026-03-12", opened_by=None),
    change("complete", "2026-03-12", status="closed"),
    change("written-later", "2026-03-12", has_test_plan="false"),
    change("written-later", "2026-03-13", status="closed"),
    change("no-code", "2026-03-12", status="closed", close_code=None),
    change("unrecorded", "2026-03-12", status="closed", has_backout_plan=None),
    *[
        change(name, "2026-03-10", status="closed", change_type="emergency", actual_start_at="2026-03-06T10:00:00Z", **plan)
        for name, plan in (("urgent", {"has_test_plan": "false"}), ("urgent-never", {"has_test_plan": "false"}))
    ],
    change("urgent", "2026-03-12", status="closed", change_type="emergency", actual_start_at="2026-03-06T10:00:00Z"),
    *[
        change(name, "2026-03-09", change_type="emergency", actual_start_at="2026-03-08T10:00:00Z")
        for name in ("sanctioned", "sanctioned-late")
    ],
    change("urgent-undated", "2026-03-09", status="closed", change_type="emergency", actual_start_at=None),
    *month("often", 10, 2),
    *month("often", 1, 0, day="2026-03-12", first=11),
    *month("seldom", 10, 1),
    *month("few", 9, 9),
    *month("long-ago", 5, 5, day="2026-02-01"),
    *month("long-ago", 10, 0, first=6),
    *[{**row, "change_type": None} for row in month("kinds-unknown", 10, 0)],
]
ANSWERS = [
    *[
        answer(name, BEFORE)
        for name in ("approved", "rejected", "early", "in-grace", "long-after", "untyped-approved", "own-request")
    ],
    *[answer(name, BEFORE) for name in ("no-requester", "answered", "half-approved", "undated")],
    answer("rejected", "2026-03-11T10:00:00", "bob", "rejected"),
    answer("answered", "2026-03-10T10:00:00", "bob", "rejected"),
    answer("answered", "2026-03-11T10:00:00", "bob"),
    answer("half-approved", "2026-03-12T11:00:00", "bob"),
    answer("sanctioned", "2026-03-13T09:00:00", "ida"),
    answer("sanctioned-late", "2026-03-13T11:00:00"),
    answer("urgent-undated", "2026-03-10T11:00:00"),
]
