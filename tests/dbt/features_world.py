"""Five weeks of six people on two processes: what they do, hold and fail, and what is about to run out.

Belongs here: raw rows with the day each became known, and how they are delivered. Does not: expectations of any model.
"""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

from tests.dbt.scratch_warehouse import ScratchWarehouse

FIRST, CUT, LAST = date(2026, 3, 1), date(2026, 3, 10), date(2026, 3, 20)
AGENTS = [f"agent-{number}" for number in range(1, 7)]
Row = dict[str, Any]


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(number) for number in range((last - first).days + 1)]


def process_of(agent: str, day: date) -> str:
    """Everybody stays, but agent-1, who moves on the 8th of March and keeps the old client's access."""
    return "billing" if AGENTS.index(agent) < 3 and (agent != "agent-1" or day < date(2026, 3, 8)) else "claims"


def people(day: date) -> dict[str, list[Row]]:
    stamp = {"snapshot_on": str(day), "known_on": str(day)}
    gone = {"agent-6"} if day >= date(2026, 3, 6) else set()
    here = [agent for agent in AGENTS if agent not in gone]
    return {
        "workers": [
            {
                **stamp,
                "worker_id": a,
                "employment_status": "active",
                "job_role": "clerk",
                "hire_date": "2025-06-01",
                "termination_date": "2026-03-11" if a == "agent-5" and day >= date(2026, 3, 8) else None,
            }
            for a in here
        ],
        "processes": [
            {**stamp, "process_id": p, "name": p, "client_id": f"client of {p}", "regulated": "pii"}
            for p in ("billing", "claims")
        ],
        "process_assignments": [
            {
                **stamp,
                "worker_id": a,
                "process_id": process_of(a, day),
                "assigned_from": "2025-06-01" if a != "agent-1" else "2026-03-08",
            }
            for a in here
        ],
        "accounts": [
            {
                **stamp,
                "account_id": f"acc-{a}",
                "worker_id": a,
                "system_id": "crm",
                "kind": "personal",
                "is_enabled": "true",
                "created_at": "2025-06-01T00:00:00Z",
                "is_mfa_enrolled": str(a != "agent-2").lower(),
            }
            for a in AGENTS
        ],
        "entitlements": [
            {
                **stamp,
                "account_id": f"acc-{a}",
                "entitlement": "read",
                "client_id": f"client of {process_of(a, FIRST)}",
                "granted_at": "2025-06-01T00:00:00Z",
                "is_privileged": "true" if a == "agent-3" else "false",
                "approved_until": "2026-03-15" if a == "agent-3" else None,
            }
            for a in AGENTS
        ],
    }


def limits(day: date) -> dict[str, list[Row]]:
    """What falls due some days later: open work and changes, a review, a certificate and a signature, anew every day."""
    known_on, morning, soon = str(day), f"{day}T09:00:00Z", f"{day + timedelta(5)}T09:00:00Z"
    stamp = {"known_on": known_on, "updated_at": morning}
    work = {**stamp, "process_id": "claims", "status": "in_progress", "opened_at": morning, "opened_by": "agent-2"}
    change = {**work, "kind": "change", "assignee_id": "agent-4", "planned_start_at": soon}
    emergency = {"change_type": "emergency", "status": "closed", "actual_start_at": morning, "has_test_plan": "false"}
    return {
        "tickets": [
            {**work, "ticket_id": f"incident {day}", "kind": "security_incident", "due_at": soon, "assignee_id": "agent-4"},
            {**work, "ticket_id": f"action {day}", "kind": "remediation", "due_at": soon},
            {**work, "ticket_id": f"patch {day}", "kind": "vulnerability", "due_at": soon},
            {**change, "ticket_id": f"own change {day}", "change_type": "normal"},
            {**change, **emergency, "ticket_id": f"emergency {day}", "has_risk_assessment": "true", "has_backout_plan": "true"},
        ],
        "approvals": [
            {
                "ticket_id": f"own change {day}",
                "approver_id": "agent-4",
                "decision": "approved",
                "decided_at": morning,
                "known_on": known_on,
            }
        ],
        "access_review_items": [
            {**stamp, "campaign_id": "c", "item_id": f"{day}", "account_id": "acc-agent-4", "entitlement": "read", "due_at": soon}
        ],
        "trainings": [
            {
                **stamp,
                "worker_id": "agent-2",
                "course_id": "role",
                "scope": "billing",
                "assigned_at": morning,
                "due_at": morning,
                "completed_at": morning,
                "expires_at": soon,
            }
        ],
        "acknowledgements": [
            {
                "worker_id": AGENTS[day.day % 6],
                "document_id": "nda",
                "version": f"{1 + (day > CUT)}",
                "signed_at": morning,
                "known_on": known_on,
            }
        ],
    }


def activity(day: date, draw: Random) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {"auth_events": [], "data_access_events": [], "tickets": [], "shifts": [], "trainings": []}
    for agent in AGENTS:
        known_on = str(day + timedelta(draw.choice([0, 0, 0, 3])))  # some rows come three days late
        found["auth_events"] += [
            {
                "event_id": f"{agent}|{day}|{number}",
                "occurred_at": f"{day}T{draw.choice([9, 10, 23])}:00:00Z",
                "account_id": f"acc-{agent}",
                "outcome": draw.choice(["success", "success", "failure"]),
                "is_mfa": draw.choice(["true", "true", "false"]),
                "known_on": known_on,
            }
            for number in range(2)
        ]
        found["data_access_events"].append(
            {
                "event_id": f"{agent}|{day}",
                "occurred_at": f"{day}T10:00:00Z",
                "account_id": f"acc-{agent}",
                "action": "view",
                "records": draw.choice([1, 5, 900]),
                "ticket_id": draw.choice(["t", None]),
                "known_on": known_on,
            }
        )
        found["shifts"].append(
            {
                "worker_id": agent,
                "starts_at": f"{day}T08:00:00Z",
                "ends_at": f"{day}T16:00:00Z",
                "kind": draw.choice(["scheduled", "overtime"]),
                "is_approved": "true",
                "updated_at": f"{day}T00:00:00Z",
                "known_on": str(day),
            }
        )
        ticket = {
            "ticket_id": f"{agent}|{day}",
            "kind": "case",
            "process_id": process_of(agent, day),
            "opened_at": f"{day}T08:00:00Z",
            "assignee_id": agent,
            "due_at": f"{day + timedelta(2)}T08:00:00Z",
        }
        done = day + timedelta(draw.choice([0, 1, 4]))
        found["tickets"] += [
            {**ticket, "status": "new", "updated_at": f"{day}T08:00:00Z", "known_on": str(day)},
            {
                **ticket,
                "status": "closed",
                "resolved_at": f"{done}T12:00:00Z",
                "closed_at": f"{done}T12:00:00Z",
                "has_evidence": draw.choice(["true", "true", "false"]),
                "updated_at": f"{done}T12:00:00Z",
                "known_on": str(done),
            },
        ]
    found["trainings"].append(
        {
            "worker_id": draw.choice(AGENTS),
            "course_id": "basics",
            "scope": "awareness",
            "assigned_at": "2026-01-01T00:00:00Z",
            "due_at": "2026-03-12T00:00:00Z",
            "completed_at": f"{day}T09:00:00Z",
            "updated_at": f"{day}T09:00:00Z",
            "known_on": str(day),
        }
    )
    return found


def world() -> dict[str, list[Row]]:
    """Five weeks of six people on two processes, each row with the day it became known."""
    draw = Random(7)
    rows: dict[str, list[Row]] = {}
    for day in days(date(2026, 2, 15), LAST):
        for part in (people(day), activity(day, draw), limits(day)):
            for feed, found in part.items():
                rows.setdefault(feed, []).extend(found)
    return rows


def deliver(warehouse: ScratchWarehouse, is_wanted: Callable[[str], bool]) -> None:
    for feed, rows in world().items():
        warehouse.deliver(feed, None, [row for row in rows if is_wanted(row["known_on"])])


def deliver_a_file_with_a_mistake(warehouse: ScratchWarehouse) -> int:
    wrong = [
        {"event_id": f"wrong|{n}", "occurred_at": "2026-03-04T03:00:00Z", "account_id": "acc-agent-3", "outcome": "failure"}
        for n in range(9)
    ]
    return warehouse.deliver("auth_events", "2026-03-04", wrong)


def correct_it(warehouse: ScratchWarehouse, mistaken: int) -> None:
    right = [{"event_id": "right", "occurred_at": "2026-03-04T09:00:00Z", "account_id": "acc-agent-3", "outcome": "success"}]
    warehouse.deliver("auth_events", "2026-03-14", right, folder="2026-03-04", replaces=mistaken)
