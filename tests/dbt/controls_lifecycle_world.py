"""The little company of tests/dbt/test_controls_lifecycle.py: movers, grants, accounts and review items, named after the case.

Belongs here: raw rows. Does not: what the controls make of them.

The as-of dates are 1 to 12 March 2026. Tickets are known from the 1st on; lists on the 2nd, from the 4th to the 9th, on the 11th
and the 12th. Moves are on the 6th, those named "gap" on the 7th: their time limit ends on a day without a list. Times are UTC.
"""

from datetime import date
from typing import Any

import duckdb

from preaudit.selftest.plants_lifecycle import PLANTS
from tests.dbt.scratch_warehouse import ScratchWarehouse

Row = dict[str, Any]
PLANTED_ON = date(2026, 3, 12)
LISTS = [f"2026-03-{day:02}" for day in (2, 4, 5, 6, 7, 8, 9, 11, 12)]
PROFILE = [("agent", "crm.read", False), ("agent", "crm.admin", False), ("agent", "desk.use", False)]
STAYERS = ("away", "revoker", "lead", "boss")
LEAVERS = {"left": "2026-03-08", "left-cards": "2026-03-08", "deleted": None}
# Moved on the 2nd and left on the 5th, the last day for the old right. No list of workers came on the 5th.
LEFT_MEANWHILE = {"left-meanwhile": "2026-03-05"}
# Rights held before the move: name, entitlement, client, privileged, time of revocation.
MOVED = {
    "kept": ("crm.read", "A", "false", None),
    "removed": ("crm.read", "A", "false", "2026-03-09T10:00:00Z"),
    "fits": ("desk.use", None, "false", None),
    "outside": ("crm.export", None, "false", None),
    "privileged": ("crm.admin", None, "true", None),
    "privilege-unknown": ("crm.admin", None, None, None),
    "disabled": ("crm.read", "A", "false", None),
    "two-processes": ("crm.read", "A", "false", None),
    "archivist": ("desk.use", None, "false", None),
    "left-meanwhile": ("crm.read", "A", "false", None),
    "gap-late": ("crm.read", "A", "false", "2026-03-11T09:00:00Z"),
    "gap-in-time": ("crm.read", "A", "false", "2026-03-10T09:00:00Z"),
    "gap-vanished": ("crm.read", "A", "false", None),
}
# Grants of the 8th, 10:00: privileged, who asked for whom, decisions of others before or after.
GRANTS: dict[str, tuple[str | None, dict[str, str | None] | None, list[tuple[str, str, str]]]] = {
    "asked": ("false", {}, [("boss", "approved", "09:30")]),
    "not-asked": ("true", None, []),
    "approved-later": ("false", {}, [("boss", "approved", "10:30")]),
    "approved-by-requester": ("false", {}, [("lead", "approved", "09:30")]),
    "approved-by-holder": ("false", {}, [("approved-by-holder", "approved", "09:30")]),
    "asked-for-another": ("false", {"beneficiary_id": "asked"}, [("boss", "approved", "09:30")]),
    "rejected": ("false", {}, [("boss", "approved", "09:10"), ("away", "rejected", "09:40")]),
    "undecided": ("false", {}, []),
    "incident": ("false", {"kind": "incident"}, [("boss", "approved", "09:30")]),
    "requester-unknown": ("false", {"opened_by": None}, [("boss", "approved", "09:30")]),
    "not-hired-yet": ("false", {}, [("boss", "approved", "09:30")]),
    "birthright": ("false", None, []),
    "birthright-unknown": (None, None, []),
}
# Review items of the account of "revoker", due on the 6th at noon: (known on, values), one version each.
DUE = {"due_at": "2026-03-06T12:00:00Z", "entitlement": "right", "reviewer_id": "lead"}
KEEP = {"decision": "keep", "decided_at": "2026-03-05T09:00:00Z"}
REVOKE = {"decision": "revoke", "decided_at": "2026-03-04T09:00:00Z"}
DONE = {**REVOKE, "executed_at": "2026-03-07T09:00:00Z"}
REVIEWS: dict[str, list[tuple[str, Row]]] = {
    "on-time": [("2026-03-02", {}), ("2026-03-05", KEEP)],
    "open": [("2026-03-02", {})],
    "by-holder": [("2026-03-05", {**KEEP, "reviewer_id": "revoker"})],
    "by-nobody": [("2026-03-05", {**KEEP, "reviewer_id": None})],
    "late": [("2026-03-02", {}), ("2026-03-08", {**KEEP, "decided_at": "2026-03-08T09:00:00Z"})],
    "revoked": [("2026-03-04", REVOKE), ("2026-03-07", {**DONE, "entitlement": "revoked-right"})],
    "still-held": [("2026-03-04", REVOKE), ("2026-03-07", DONE)],
    "given-again": [("2026-03-04", REVOKE), ("2026-03-07", {**DONE, "entitlement": "right-given-again"})],
    "not-carried-out": [("2026-03-04", REVOKE)],
    "unlisted": [("2026-03-02", {"account_id": "a-unlisted"})],
    "unlisted-kept": [("2026-03-05", {**KEEP, "account_id": "a-unlisted"})],
    "unlisted-for-nobody": [("2026-03-02", {"account_id": "a-unlisted", "reviewer_id": None})],
    "nothing-delivered": [("2026-03-02", {"due_at": "2026-03-09T12:00:00Z"}), ("2026-03-11", {"due_at": "2026-03-09T12:00:00Z"})],
}


def deliver(warehouse: ScratchWarehouse) -> None:
    """Everything known until the 12th of March 2026, the planted violations of the 12th among it."""
    with duckdb.connect(str(warehouse.path)) as connection:
        connection.execute("create schema if not exists seeds")
        connection.execute(
            "create table seeds.role_profiles (job_role varchar, entitlement varchar, is_privileged_allowed boolean)"
        )
        connection.executemany("insert into seeds.role_profiles values (?, ?, ?)", PROFILE)
    plants: dict[str, list[Row]] = {}
    for plant in PLANTS.values():
        for row in plant(PLANTED_ON).rows:
            plants.setdefault(row.feed, []).append(dict(row.values))
    for day in LISTS:
        for feed, rows in _lists(day).items():
            if (feed, day) == ("workers", "2026-03-05"):
                continue
            warehouse.deliver(feed, day, rows + (plants.pop(feed, []) if day == LISTS[-1] else []))
    _deliver_requests(warehouse)
    for day in sorted({day for versions in REVIEWS.values() for day, _ in versions}):
        items = [
            {**DUE, "campaign_id": "Q1", "item_id": name, "account_id": "a-revoker", "updated_at": f"{day}T20:00:00Z", **values}
            for name, versions in REVIEWS.items()
            for known_on, values in versions
            if known_on == day
        ]
        warehouse.deliver("access_review_items", day, items)
    for feed, rows in plants.items():
        warehouse.deliver(feed, "2026-03-12", rows)


def _lists(day: str) -> dict[str, list[Row]]:
    """The lists of one day."""
    workers, assignments, accounts = [], [], []
    people = [*STAYERS, *LEAVERS, *MOVED, "told-late", *GRANTS, "asked-long-ago"]
    for name in people:
        moved_on = "2026-03-07" if name.startswith("gap") else "2026-03-02" if name in LEFT_MEANWHILE else "2026-03-06"
        has_moved = name in MOVED and name != "archivist" and day >= moved_on
        left_on = (LEAVERS | LEFT_MEANWHILE).get(name)
        has_left = left_on is not None and left_on <= day
        is_deleted = name == "deleted" and day > "2026-03-06"
        workers += [
            {
                "worker_id": name,
                "employment_status": "terminated" if has_left else "leave" if name == "away" else "active",
                "job_role": "archivist" if name == "archivist" and day >= moved_on else "agent",
                "site": "south" if has_moved else "north",
                "hire_date": "2026-03-10" if name == "not-hired-yet" else "2025-01-01",
                "termination_date": left_on if has_left else None,
            }
        ] * (not is_deleted)
        stays = not has_moved or name == "two-processes"
        starts = [("PA", "2025-01-01", None if stays else moved_on)]
        starts += [("PB", moved_on, None)] if has_moved else []
        starts += [("PB", "2026-01-20", None)] if name == "told-late" and day >= "2026-03-09" else []
        assignments += [
            {"worker_id": name, "process_id": process, "assigned_from": begun, "assigned_to": ended}
            for process, begun, ended in starts
        ]
        is_disabled = name == "disabled" and day >= "2026-03-08"
        system = "cards" if name == "left-cards" else "crm"
        accounts.append(_account(f"a-{name}", name, system, disabled_at="2026-03-08T15:00:00Z" if is_disabled else None))
    accounts += [
        _account("a-nobody", None, "crm"),
        _account("a-stranger", "stranger", "crm"),
        _account("a-service", None, "crm", kind="service"),
        _account("a-shared", None, "wiki", kind="shared"),
        _account("a-given-up", "away" if day < "2026-03-07" else None, "crm"),
    ]
    return {
        "workers": workers,
        "processes": [
            {"process_id": name, "name": name, "client_id": client} for name, client in (("PA", "A"), ("PA2", "A"), ("PB", "B"))
        ],
        "process_assignments": assignments,
        "systems": [
            {"system_id": "crm", "client_id": "A"},
            {"system_id": "cards", "client_id": "A", "regulated": "phi, pci"},
            {"system_id": "wiki"},
        ],
        "accounts": accounts,
        "entitlements": _rights(day),
    }


def _account(account: str, owner: str | None, system: str, kind: str = "personal", disabled_at: str | None = None) -> Row:
    return {
        "account_id": account,
        "worker_id": owner,
        "system_id": system,
        "kind": kind,
        "is_enabled": "false" if disabled_at else "true",
        "created_at": "2025-01-01T00:00:00Z",
        "disabled_at": disabled_at,
    }


def _right(account: str, entitlement: str, granted_at: str = "2025-06-01T10:00:00Z", **values: str | None) -> Row:
    return {
        "account_id": f"a-{account}",
        "entitlement": entitlement,
        "is_privileged": "false",
        "granted_at": granted_at,
        **values,
    }


def _rights(day: str) -> list[Row]:
    rights = []
    for name, (entitlement, client, privileged, revoked_at) in MOVED.items():
        if name == "gap-vanished" and day >= "2026-03-11":
            continue
        shown = revoked_at if revoked_at and revoked_at[:10] <= day else None
        rights.append(_right(name, entitlement, client_id=client, is_privileged=privileged, revoked_at=shown))
    rights.append(_right("told-late", "crm.export"))
    rights.append(_right("nobody", "crm.admin", is_privileged="true"))
    rights.append(_right("revoker", "right"))
    rights.append(_right("revoker", "revoked-right", revoked_at="2026-03-07T08:00:00Z" if day >= "2026-03-07" else None))
    again = day >= "2026-03-09"
    if day < "2026-03-07" or again:
        rights.append(_right("revoker", "right-given-again", **{"granted_at": "2026-03-09T08:00:00Z"} if again else {}))
    if day >= "2026-03-08":
        for name, (privileged, request, _) in GRANTS.items():
            entitlement = "crm.read" if name.startswith("birthright") else "crm.export"
            ticket = None if request is None else f"T-{name}"
            rights.append(_right(name, entitlement, "2026-03-08T10:00:00Z", is_privileged=privileged, request_ticket_id=ticket))
        rights.append(_right("asked-long-ago", "crm.export", "2026-02-20T10:00:00Z", request_ticket_id="T-long-ago"))
        rights.append(_right("away", "crm.export", "2026-03-08T10:00:00Z", request_ticket_id="T-invented"))
    return rights


def _deliver_requests(warehouse: ScratchWarehouse) -> None:
    """The first ticket and approval known, then the requests of the 8th."""
    old = {"ticket_id": "T-first", "kind": "case", "status": "closed", "opened_at": "2026-03-01T08:00:00Z"}
    warehouse.deliver("tickets", "2026-03-01", [{**old, "updated_at": "2026-03-01T09:00:00Z"}])
    warehouse.deliver("approvals", "2026-03-01", [_decision("first", "boss", "approved", "09:00", day="2026-03-01")])
    requests, decisions = [], []
    for name, (_, request, decided) in GRANTS.items():
        if request is None:
            continue
        requests.append(
            {
                "ticket_id": f"T-{name}",
                "kind": "access_request",
                "status": "resolved",
                "opened_at": "2026-03-08T09:00:00Z",
                "opened_by": "lead",
                "beneficiary_id": name,
                "updated_at": "2026-03-08T11:00:00Z",
                **request,
            }
        )
        decisions += [_decision(name, *each) for each in decided]
    warehouse.deliver("tickets", "2026-03-08", requests)
    warehouse.deliver("approvals", "2026-03-08", decisions)


def _decision(name: str, approver: str, decision: str, at: str, day: str = "2026-03-08") -> Row:
    return {"ticket_id": f"T-{name}", "approver_id": approver, "decision": decision, "decided_at": f"{day}T{at}:00Z"}
