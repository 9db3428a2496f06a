"""The little company of test_controls_access.py: per control who breaks it, who does not, and whom nobody can judge.

Belongs here: raw rows, named after what is the matter with them, and the two seeds the user keeps. Does not: what the controls
make of them.

Lists come on 10 to 13 March 2026, nothing is known on the 9th, and the planted violations are of the 12th. Times are UTC.
"""

from datetime import date
from typing import Any

import duckdb

from preaudit.selftest.plants_access import PLANTS
from tests.dbt.scratch_warehouse import ScratchWarehouse

Row = dict[str, Any]
PLANTED_ON = date(2026, 3, 12)
LISTS = ("2026-03-10", "2026-03-11", "2026-03-12", "2026-03-13")
SNAPSHOTS = ("workers", "processes", "process_assignments", "systems", "accounts", "entitlements")
PAIR = ("SOD-1", "payments.refund", "payments.approve", "pays itself")
ROLES = {"with-end": "team_lead", "without-ticket": "team_lead", "rejected": "team_lead", "without-end": "team_lead"}
ROLES |= {"old-request": "team_lead", "cancelled": "team_lead", "wrong-role": "agent", "unknown-role": "auditor"}
# What differs from a privileged right on an approved request that ends on the 12th.
PRIVILEGED: dict[str, Row] = {
    "with-end": {},
    "wrong-role": {},
    "unknown-role": {},
    "without-ticket": {"request_ticket_id": None},
    "rejected": {"request_ticket_id": "R-rejected"},
    "cancelled": {"request_ticket_id": "R-cancelled"},
    "old-request": {"request_ticket_id": "R-old", "granted_at": "2025-01-01T00:00:00Z"},
    "without-end": {"approved_until": None},
}
# Rights as (entitlement, client).
RIGHTS: dict[str, list[tuple[str, str | None]]] = {
    "toxic": [("payments.refund", "C1"), ("payments.approve", "C1")],
    "one-side": [("payments.refund", "C1"), ("crm.read", "C1")],
    "one-right": [("payments.refund", "C1")],
    "two-clients": [("crm.read", "C1"), ("crm.read-2", "C2")],
    "client-of-system": [("crm.read", None), ("crm.read-2", "C2")],
    "one-client": [("crm.read", "C1"), ("desk.use", None)],
    "mover": [("crm.read", "C1")],
    "no-client": [("desk.use", None)],
}
# Log-ins as (worker, time, what differs from device D1, country PH, site Manila and a second factor).
LOGONS: list[tuple[str, str, Row]] = [
    ("desk-change", "2026-03-12T09:00:00", {}),
    ("desk-change", "2026-03-12T09:10:00", {"device_id": "D2"}),
    ("to-and-fro", "2026-03-12T09:00:00", {}),
    ("to-and-fro", "2026-03-12T09:10:00", {"device_id": "D2"}),
    ("to-and-fro", "2026-03-12T09:20:00", {}),
    ("slowly-back", "2026-03-12T09:00:00", {}),
    ("slowly-back", "2026-03-12T09:20:00", {"device_id": "D2"}),
    ("slowly-back", "2026-03-12T09:40:00", {}),
    ("one-device", "2026-03-12T09:00:00", {}),
    ("one-device", "2026-03-12T12:00:00", {"country": "SG", "site": None}),
    ("away", "2026-03-12T09:00:00", {}),
    ("leave-refused", "2026-03-12T09:00:00", {}),
    ("after-leave", "2026-03-12T17:00:00", {}),
    ("no-device", "2026-03-12T09:00:00", {"device_id": None}),
    ("midnight", "2026-03-12T23:50:00", {}),
    ("midnight", "2026-03-13T00:05:00", {"device_id": "D2", "site": "Cebu"}),
    ("other-site", "2026-03-12T09:00:00", {"site": "Davao"}),
    ("own-site", "2026-03-12T09:00:00", {"site": "Cebu"}),
    ("no-list", "2026-03-12T02:00:00", {}),
    ("no-list", "2026-03-12T10:00:00", {"country": "SG"}),
    ("traveller", "2026-03-12T09:00:00", {}),
    ("traveller", "2026-03-12T10:00:00", {"country": "SG"}),
    ("no-country", "2026-03-12T09:00:00", {"country": None}),
    ("with-end", "2026-03-12T09:00:00", {"is_mfa": "false"}),
    ("one-side", "2026-03-12T09:00:00", {"is_mfa": "false"}),
    ("failing", "2026-03-12T09:00:00", {"outcome": "failure", "country": "SG"}),
]
WORKERS = sorted({*PRIVILEGED, *RIGHTS, "unmarked", *(worker for worker, _, _ in LOGONS)})


def deliver(warehouse: ScratchWarehouse) -> None:
    """Everything known until the 13th of March 2026, the planted violations among it, as history deliveries."""
    rows: dict[str, list[Row]] = {
        "workers": [
            {"worker_id": name, "employment_status": "active", "job_role": ROLES.get(name, "agent"), "hire_date": "2025-01-01"}
            | {"site": "Cebu" if name == "own-site" else "Manila"}
            for name in WORKERS
        ],
        "processes": [
            {"process_id": "P1", "name": "One", "client_id": "C1", "site": "Manila", "approved_countries": "PH, CO"},
            {"process_id": "P2", "name": "Two", "client_id": "C2", "site": "Manila"},
        ],
        "process_assignments": [
            {"worker_id": name, "process_id": process, "assigned_from": "2025-01-01"}
            for name in WORKERS
            for process in ["P2" if name in ("no-list", "traveller") else "P1"]
        ],
        "systems": [{"system_id": "crm", "name": "CRM", "client_id": "C1"}, {"system_id": "desk", "name": "Desktop"}],
        "accounts": [_account(f"acc-{name}", name, "personal") for name in WORKERS]
        + [_account("acc-second", "toxic", "personal"), _account("acc-everybody", None, "shared")],
        "entitlements": _rights(),
        "tickets": [
            {"ticket_id": ticket, "kind": "access_request", "status": status, "opened_at": f"{day}T08:00:00Z"}
            | {"updated_at": f"{day}T08:00:00Z", "known_on": day}
            for day in LISTS
            for ticket, status in {"R-good": "closed", "R-rejected": "closed", "R-cancelled": "cancelled"}.items()
        ],
        "approvals": [
            {"ticket_id": ticket, "approver_id": "boss", "decision": decision, "decided_at": f"{day}T09:00:00Z", "known_on": day}
            for day in LISTS
            for ticket, decision in {"R-good": "approved", "R-rejected": "rejected", "R-cancelled": "approved"}.items()
        ],
        "shifts": [
            {"worker_id": name, "starts_at": "2026-03-12T08:00:00Z", "ends_at": "2026-03-12T16:00:00Z", "kind": "leave"}
            | {"is_approved": is_approved, "updated_at": "2026-03-10T00:00:00Z", "known_on": "2026-03-10"}
            for name, is_approved in {"away": "true", "leave-refused": "false", "after-leave": "true"}.items()
        ],
        "auth_events": [
            {"event_id": f"e{number}", "occurred_at": f"{at}Z", "account_id": f"acc-{name}", "outcome": "success"}
            | {"is_mfa": "true", "country": "PH", "site": "Manila", "device_id": "D1", "known_on": at[:10], **differs}
            for number, (name, at, differs) in enumerate([*LOGONS, ("everybody", "2026-03-12T09:00:00", {})])
        ],
    }
    for plant in PLANTS.values():
        for row in plant(PLANTED_ON).rows:
            stamp = {} if row.feed in SNAPSHOTS else {"known_on": str(PLANTED_ON)}
            rows[row.feed].append({**row.values, **stamp})
    for feed, its_rows in rows.items():
        lists = [{**row, "known_on": day, "snapshot_on": day} for day in LISTS for row in its_rows if _is_listed(row, day)]
        warehouse.deliver(feed, None, lists if feed in SNAPSHOTS else its_rows)


def set_seeds(warehouse: ScratchWarehouse) -> None:
    """The matrix and the role profiles of this company in place of the repository's."""
    with duckdb.connect(str(warehouse.path)) as connection:
        connection.execute("delete from seeds.sod_pairs; delete from seeds.role_profiles")
        connection.execute("insert into seeds.sod_pairs values (?, ?, ?, ?)", PAIR)
        connection.execute(
            "insert into seeds.role_profiles values ('team_lead', 'admin.users', true), ('agent', 'admin.users', false)"
        )


def _account(account_id: str, worker_id: str | None, kind: str) -> Row:
    opened = {"account_id": account_id, "worker_id": worker_id, "system_id": "crm", "kind": kind, "is_enabled": "true"}
    return {**opened, "created_at": "2025-01-01T00:00:00Z"}


def _rights() -> list[Row]:
    plain = {"is_privileged": "false", "granted_at": "2025-01-01T00:00:00Z"}
    privileged = {"entitlement": "admin.users", "is_privileged": "true", "client_id": "C1", "granted_at": "2026-03-10T08:00:00Z"}
    privileged |= {"request_ticket_id": "R-good", "approved_until": "2026-03-12"}
    rights = [
        {**plain, "account_id": f"acc-{name}", "entitlement": entitlement, "client_id": client}
        for name, held in RIGHTS.items()
        for entitlement, client in held
    ]
    rights[1]["account_id"] = "acc-second"
    taken = {"entitlement": "payments.approve", "client_id": "C1", "revoked_at": "2026-03-01T00:00:00Z"}
    return [
        *rights,
        *({**privileged, "account_id": f"acc-{name}", **differs} for name, differs in PRIVILEGED.items()),
        {**plain, "account_id": "acc-one-side", **taken},
        {**plain, "account_id": "acc-mover", "entitlement": "crm.read-2", "client_id": "C2"},
        {**plain, "account_id": "acc-unmarked", "entitlement": "crm.read", "client_id": "C1", "is_privileged": None},
    ]


def _is_listed(row: Row, day: str) -> bool:
    """The mover's old right is gone from the list of the 13th."""
    return not (row.get("account_id") == "acc-mover" and row.get("entitlement") == "crm.read-2" and day == "2026-03-13")
