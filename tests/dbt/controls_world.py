"""The little company of tests/dbt/test_controls.py: per control somebody who breaks it, somebody who does not, and the doubtful.

Belongs here: raw rows, named after what is the matter with them. Does not: what the controls make of them.

The as-of dates are 1 to 14 March 2026. On the 1st only tickets are known; on the 10th everything but fresh tickets; from the
11th on everything is. Shifts are 08:00 to 16:00, and all times are UTC.
"""

from typing import Any

from tests.dbt.controls_tickets import deliver_tickets
from tests.dbt.scratch_warehouse import ScratchWarehouse

Row = dict[str, Any]
LISTS = ("2026-03-10", "2026-03-11", "2026-03-12", "2026-03-13", "2026-03-14")
LEAVERS = ("kept-account", "closed-in-time", "privileged-late", "logged-on-later", "undated-closing")
EMPLOYED = (
    "overdue",
    "trained",
    "joiner",
    "on-leave",
    "single-factor",
    "both-factors",
    "factors-unknown",
    "factors-half-known",
    "late-evening",
    "within-grace",
    "no-roster",
    "exporter",
    "exporter-approved",
    "viewer",
    "dormant",
    "user",
    "never-used",
)
PEERS = tuple(f"peer-{number}" for number in range(1, 7))


def deliver(warehouse: ScratchWarehouse) -> None:
    """Everything known until the 14th of March 2026, as history deliveries."""
    _deliver_people(warehouse)
    _deliver_access(warehouse)
    deliver_tickets(warehouse)


def _deliver_people(warehouse: ScratchWarehouse) -> None:
    workers: list[Row] = []
    assignments: list[Row] = []
    for day in LISTS:
        stamp = {"known_on": day, "snapshot_on": day}
        for name in (*LEAVERS, *EMPLOYED, *PEERS):
            status = "leave" if name == "on-leave" else "notice" if name in LEAVERS else "active"
            workers.append(
                {
                    **stamp,
                    "worker_id": name,
                    "employment_status": status,
                    "job_role": "agent",
                    "hire_date": "2026-02-20" if name == "joiner" else "2025-01-01",
                    "termination_date": None
                    if name not in LEAVERS
                    else "2026-03-12"
                    if name == "undated-closing"
                    else "2026-03-11",
                }
            )
            process = "P-peers" if name in PEERS else "P-access"
            assignments.append({**stamp, "worker_id": name, "process_id": process, "assigned_from": "2025-01-01"})
    warehouse.deliver("workers", None, workers)
    warehouse.deliver("process_assignments", None, assignments)
    completed = {"overdue": "2025-03-11", "trained": "2025-09-01", "on-leave": "2024-01-01"}
    warehouse.deliver(
        "trainings",
        None,
        [
            {
                "worker_id": name,
                "course_id": "awareness",
                "scope": "awareness",
                "assigned_at": "2025-01-02",
                "due_at": "2025-02-01",
                "completed_at": f"{day}T10:00:00Z",
                "updated_at": f"{day}T10:00:00Z",
                "known_on": "2026-03-10",
            }
            for name, day in completed.items()
        ]
        + [
            {
                "worker_id": "dormant",
                "course_id": "P-access",
                "scope": "P-access",
                "assigned_at": "2025-01-02",
                "due_at": "2026-04-01",
                "updated_at": "2026-03-14T08:00:00Z",
                "known_on": "2026-03-14",
            }
        ],
    )
    warehouse.deliver(
        "shifts",
        None,
        [
            {
                "worker_id": name,
                "starts_at": "2026-03-12T08:00:00Z",
                "ends_at": "2026-03-12T16:00:00Z",
                "kind": "scheduled",
                "updated_at": f"{day}T00:00:00Z",
                "known_on": day,
            }
            for day in ("2026-03-10", "2026-03-14")
            for name in (*EMPLOYED, *PEERS)
            if name != "no-roster"
        ],
    )


def _account(name: str, day: str) -> Row:
    closed = {
        "closed-in-time": "2026-03-11T20:00:00Z",
        "logged-on-later": "2026-03-11T20:00:00Z",
        "privileged-late": "2026-03-12T06:00:00Z",
    }.get(name)
    is_closed = (closed is not None and closed[:10] <= day) or (name == "undated-closing" and day >= "2026-03-14")
    return {
        "account_id": f"acc-{name}",
        "worker_id": name,
        "system_id": "crm",
        "kind": "personal",
        "is_enabled": str(not is_closed).lower(),
        "created_at": "2025-01-01T00:00:00Z",
        "disabled_at": closed if is_closed else None,
        "known_on": day,
        "snapshot_on": day,
    }


def _deliver_access(warehouse: ScratchWarehouse) -> None:
    people = (*LEAVERS, *EMPLOYED, *PEERS)
    # No list on the 13th, so that nobody can tell when the account was closed that is closed without a time on the 14th.
    days = [day for day in LISTS if day != "2026-03-13"]
    accounts = [_account(name, day) for day in days for name in people]
    accounts += [{**_account("dormant", day), "account_id": "acc-emergency", "kind": "break_glass"} for day in days]
    warehouse.deliver("accounts", None, accounts)
    warehouse.deliver(
        "entitlements",
        None,
        [
            {
                "account_id": "acc-privileged-late",
                "entitlement": "admin.users",
                "is_privileged": "true",
                "granted_at": "2025-01-01T00:00:00Z",
                "known_on": day,
                "snapshot_on": day,
            }
            for day in ("2026-03-10", "2026-03-14")
        ],
    )
    logons = [
        ("trained", "2025-11-01T09:00:00", "true"),
        ("dormant", "2025-12-12T09:00:00", "true"),
        ("user", "2026-02-02T09:00:00", "true"),
        ("single-factor", "2026-03-12T09:00:00", "false"),
        ("single-factor", "2026-03-12T10:00:00", "true"),
        ("both-factors", "2026-03-12T09:00:00", "true"),
        ("factors-unknown", "2026-03-12T09:00:00", None),
        ("factors-half-known", "2026-03-12T09:00:00", None),
        ("factors-half-known", "2026-03-12T10:00:00", "true"),
        ("late-evening", "2026-03-12T20:00:00", "true"),
        ("within-grace", "2026-03-12T07:15:00", "true"),
        ("no-roster", "2026-03-12T20:00:00", "true"),
        ("logged-on-later", "2026-03-13T09:00:00", "true"),
        ("user", "2026-03-14T09:00:00", "true"),
    ]
    warehouse.deliver(
        "auth_events",
        None,
        [
            {
                "event_id": f"e{number}",
                "occurred_at": f"{at}Z",
                "account_id": f"acc-{name}",
                "outcome": "success",
                "is_mfa": is_mfa,
                "known_on": at[:10],
            }
            for number, (name, at, is_mfa) in enumerate(logons)
        ],
    )
    uses = [("exporter", "export", 600), ("exporter-approved", "export", 600), ("viewer", "view", 100)]
    uses += [(name, "view", 690 + 10 * number) for number, name in enumerate(PEERS, start=1)]
    warehouse.deliver(
        "data_access_events",
        None,
        [
            {
                "event_id": f"d{day}{name}",
                "occurred_at": f"{day}T09:30:00Z",
                "account_id": f"acc-{name}",
                "action": action,
                "records": str(records),
                "known_on": day,
            }
            for day in ("2026-03-06", "2026-03-12", "2026-03-14")
            for name, action, records in uses
            if day == "2026-03-12" or name == "viewer"
        ],
    )
    warehouse.deliver(
        "approvals",
        None,
        [
            {
                "ticket_id": "export-1",
                "approver_id": "boss",
                "decision": "approved",
                "decided_at": f"{day}T09:00:00Z",
                "known_on": day,
            }
            for day in ("2026-03-11", "2026-03-14")
        ],
    )
    warehouse.deliver(
        "findings",
        None,
        [
            {
                "finding_id": "F1",
                "control_id": "CUST-QA",
                "entity_kind": "agent",
                "entity_id": "viewer",
                "source": "qa",
                "occurred_at": "2026-03-02T09:00:00Z",
                "known_on": "2026-03-12",
            }
        ],
    )
