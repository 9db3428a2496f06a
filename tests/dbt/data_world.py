"""The little company of tests/dbt/test_controls_data.py: client data in use, cases of customers, and logs with gaps.

Belongs here: raw rows, named after what is the matter with them. Does not: what the controls make of them.

The as-of dates are 12 and 13 March 2026, a Thursday and a Friday; tickets are known up to the 12th. SEC-04 judges the days
before. Everybody works from 08:00 to 16:00 in process P-1 of client C1 unless the name says otherwise; all times are UTC.
"""

from datetime import date, timedelta
from typing import Any

from preaudit.selftest.plants_data import PLANTS
from tests.dbt.scratch_warehouse import ScratchWarehouse

Row = dict[str, Any]
DAY = date(2026, 3, 12)
LISTS = ("2026-02-10", "2026-03-06", "2026-03-10", "2026-03-11", "2026-03-12", "2026-03-13")
SNAPSHOTS = ("workers", "processes", "process_assignments", "systems", "accounts", "entitlements")
WEDNESDAY = "2026-03-11"
VIEWERS = (
    "clerk",
    "helper",
    "worker",
    "in-grace",
    "late",
    "stranger",
    "stray",
    "strays-again",
    "unnamed",
    "unregulated",
    "hasty",
    "busy",
)
REVEALERS = ("permitted", "no-ticket", "made-up", "expired", "other-client", "granted-later")
AT_WORK = ("logged-in", "not-logged-in", "night-shift", "auto-closer", "joiner", "no-log-file")
STAFF = ("steady-staff", "partial-staff", "small-staff", "quiet-staff", "never-staff", "idle-staff", "export-staff")
STAFF += ("on-leave", "after-hours")
SYSTEMS = {"steady-staff": "S-steady", "partial-staff": "S-partial", "quiet-staff": "S-quiet", "never-staff": "S-never"}
SYSTEMS |= {"small-staff": "S-small", "idle-staff": "S-idle", "export-staff": "S-export", "unregulated": "S-open"}
PROCESSES = {name: f"P-{name}" for name in (*AT_WORK, *STAFF)}


def deliver(warehouse: ScratchWarehouse) -> None:
    """Everything known until the 13th of March 2026, the planted violations of the 12th among it."""
    feeds: dict[str, list[Row]] = {}
    for rows in (_people(), {"shifts": _shifts(), "auth_events": _logons()}, _tickets(), _uses()):
        for feed, more in rows.items():
            feeds.setdefault(feed, []).extend(more)
    for plant in PLANTS.values():
        for row in plant(DAY).rows:
            # The lists of the 12th and the 13th have the planted people, the older ones do not.
            days = LISTS[-2:] if row.feed in SNAPSHOTS else (min(str(row.values.get("occurred_at", DAY))[:10], DAY.isoformat()),)
            feeds.setdefault(row.feed, []).extend({**row.values, "known_on": day} for day in days)
    for feed, rows_of_feed in feeds.items():
        stamp = [{"snapshot_on": row["known_on"]} if feed in SNAPSHOTS else {} for row in rows_of_feed]
        warehouse.deliver(feed, None, [row | more for row, more in zip(rows_of_feed, stamp, strict=True)])


def _people() -> dict[str, list[Row]]:
    names = (*VIEWERS, *REVEALERS, *AT_WORK, *STAFF)
    job = {"employment_status": "active", "job_role": "unheard of", "hire_date": "2025-01-01"}
    lists: dict[str, list[Row]] = {
        "workers": [{"worker_id": name, **job} for name in names],
        "processes": [{"process_id": process, "name": process, "client_id": "C1"} for process in ("P-1", *PROCESSES.values())],
        "process_assignments": [
            {"worker_id": name, "process_id": PROCESSES.get(name, "P-1"), "assigned_from": "2025-01-01"} for name in names
        ],
        "systems": [
            {"system_id": system, "client_id": "C1", "regulated": None if system == "S-open" else "pii"}
            for system in ("crm", *SYSTEMS.values())
        ],
        "accounts": [
            {
                "account_id": f"acc-{name}",
                "worker_id": name,
                "system_id": SYSTEMS.get(name, "crm"),
                "kind": "personal",
                "is_enabled": "true",
                "created_at": "2025-01-01T00:00:00Z",
            }
            for name in names
        ],
        "entitlements": [
            {
                "account_id": f"acc-{name}",
                "entitlement": "crm.unmask",
                "client_id": "C2" if name == "other-client" else "C1",
                "granted_at": "2026-03-12T12:00:00Z" if name == "granted-later" else "2025-01-01T00:00:00Z",
                "approved_until": "2026-03-01" if name == "expired" else None,
            }
            for name in REVEALERS
        ],
    }
    return {
        feed: [
            row | {"known_on": day}
            for day in LISTS
            for row in rows
            if row.get("account_id") != "acc-joiner" or day >= "2026-03-12"
        ]
        for feed, rows in lists.items()
    }


def _shift(name: str, starts: str, ends: str, kind: str = "scheduled") -> Row:
    stamp = {"updated_at": "2026-03-01T00:00:00Z", "known_on": "2026-03-10", "is_approved": "true"}
    return {"worker_id": name, "starts_at": f"{starts}:00Z", "ends_at": f"{ends}:00Z", "kind": kind, **stamp}


def _shifts() -> list[Row]:
    here = [name for name in (*VIEWERS, *REVEALERS, *AT_WORK, *STAFF) if name not in ("night-shift", "auto-closer", "idle-staff")]
    return [
        *(_shift(name, f"{WEDNESDAY}T08:00", f"{WEDNESDAY}T16:00") for name in here if name != "on-leave"),
        _shift("no-log-file", "2026-03-09T08:00", "2026-03-09T16:00"),
        _shift("night-shift", "2026-03-10T22:00", f"{WEDNESDAY}T06:00"),
        _shift("on-leave", "2026-03-12T08:00", "2026-03-12T16:00", "leave"),
        _shift("after-hours", "2026-03-12T08:00", "2026-03-12T16:00"),
        _shift("clerk", "2026-03-12T08:00", "2026-03-12T16:00")
        | {"updated_at": "2026-03-12T00:00:00Z", "known_on": "2026-03-12"},
    ]


def _logons() -> list[Row]:
    rows = [("logged-in", f"{WEDNESDAY}T08:01"), ("night-shift", "2026-03-10T22:01"), ("on-leave", "2026-03-12T10:00")]
    rows += [
        ("joiner", f"{WEDNESDAY}T08:01"),
        ("after-hours", "2026-03-12T20:00"),
        ("clerk", "2026-03-13T09:00"),
        ("not-logged-in", "2026-03-12T08:01"),
    ]
    day = date.fromisoformat(WEDNESDAY)
    for week in (1, 2, 3):
        on = (day - timedelta(weeks=week)).isoformat()
        rows += [
            (name, f"{on}T09:{minute:02}") for name in ("steady-staff", "partial-staff", "idle-staff") for minute in range(40)
        ]
        rows += [("small-staff", f"{on}T09:{minute:02}") for minute in range(24)]
        rows += [("quiet-staff", f"{on}T09:{minute:02}") for minute in range(4)]
    today = {"steady-staff": 13, "partial-staff": 10, "small-staff": 6}
    rows += [(name, f"{WEDNESDAY}T09:{minute:02}") for name, count in today.items() for minute in range(count)]
    return [
        {
            "event_id": f"l{number}",
            "occurred_at": f"{at}:00Z",
            "account_id": f"acc-{name}",
            # The accounts say which system it was where the event does not.
            "system_id": None if name == "steady-staff" else SYSTEMS.get(name, "crm"),
            "outcome": "success",
            "is_mfa": "true",
            "known_on": at[:10],
        }
        for number, (name, at) in enumerate(rows)
    ]


def _case(name: str, **values: Any) -> Row:
    at = "2026-03-12T07:00:00Z"
    return {
        "ticket_id": f"t-{name}",
        "kind": "case",
        "process_id": "P-1",
        "status": "in_progress",
        "opened_at": at,
        "updated_at": at,
        "customer_ref": f"of-{name}",
        "known_on": "2026-03-12",
        **values,
    }


def _tickets() -> dict[str, list[Row]]:
    resolved = {"status": "resolved", "resolved_at": "2026-03-12T11:00:00Z", "updated_at": "2026-03-12T11:00:00Z"}
    elsewhere = {"process_id": "P-elsewhere", "assignee_id": "somebody"}
    steps = [("t-worker", "worker", "2026-03-12T10:50"), ("t-old", "auto-closer", f"{WEDNESDAY}T10:00")]
    steps += [(f"t-{name}", name, f"{WEDNESDAY}T10:00") for name in ("logged-in", "not-logged-in", "joiner")]
    steps += [("t-no-log-file", "no-log-file", "2026-03-09T10:00")]
    steps += [("t-night", "night-shift", f"{WEDNESDAY}T03:00"), ("t-late-clerk", "clerk", "2026-03-13T10:00")]
    return {
        "tickets": [
            _case("clerk", assignee_id="clerk"),
            _case("helper", assignee_id="somebody"),
            _case("worker", **elsewhere),
            _case("stranger", **elsewhere),
            _case("in-grace", assignee_id="in-grace", **resolved),
            _case("late", assignee_id="late", **resolved),
            _case("stray", assignee_id="stray"),
            _case("strays-again", assignee_id="strays-again", opened_at="2026-03-01T07:00:00Z"),
            _case("busy", assignee_id="busy"),
            _case("reveal", assignee_id="permitted"),
        ],
        "ticket_events": [
            {
                "event_id": f"s{n}",
                "ticket_id": ticket,
                "actor_id": actor,
                "step": "work",
                "occurred_at": f"{at}:00Z",
                "known_on": at[:10],
            }
            for n, (ticket, actor, at) in enumerate(steps)
        ],
        "approvals": [
            {
                "ticket_id": "t-x",
                "approver_id": "boss",
                "decision": "approved",
                "decided_at": "2026-03-12T09:00:00Z",
                "known_on": day,
            }
            for day in ("2026-03-12", "2026-03-13")
        ],
    }


def _uses() -> dict[str, list[Row]]:
    views = [(name, "2026-03-12T10:00", f"of-{name}", 2) for name in ("clerk", "helper", "worker", "stranger", "unregulated")]
    views += [("in-grace", "2026-03-12T11:55", "of-in-grace", 2), ("late", "2026-03-12T12:05", "of-late", 2)]
    views += [("stray", "2026-03-12T10:00", "of-stray", 39), ("stray", "2026-03-12T11:00", "of-nobody", 1)]
    views += [("strays-again", "2026-03-12T10:00", "of-strays-again", 39), ("strays-again", "2026-03-12T11:00", "of-nobody", 1)]
    views += [("strays-again", "2026-03-05T11:00", "of-nobody", 1), ("unnamed", "2026-03-12T10:00", None, 5)]
    views += [("hasty", "2026-03-13T10:00", "of-nobody", 3), ("unregulated", "2026-03-12T10:00", "of-nobody", 5)]
    views += [("busy", "2026-03-12T10:00", "of-busy", 400), ("busy", "2026-03-12T11:00", "of-nobody", 2)]
    rows = [(name, at, "view", customer, None) for name, at, customer, count in views for _ in range(count)]
    rows += [
        (name, "2026-03-12T10:00", "unmask", "of-reveal", "t-reveal")
        for name in REVEALERS
        if name not in ("no-ticket", "made-up")
    ]
    rows += [("no-ticket", "2026-03-12T10:00", "unmask", "of-reveal", None), ("made-up", "2026-03-12T10:00", "unmask", None, "x")]
    # No file of data use came on the 11th: one event of the day came a day late, among those of the 12th.
    rows += [("export-staff", f"2026-03-{day}T09:00", "view", None, None) for day in ("04", "10") for _ in range(40)]
    rows += [("export-staff", f"2026-02-{day}T09:00", "view", None, None) for day in ("18", "25") for _ in range(40)]
    rows += [("export-staff", f"{WEDNESDAY}T09:00", "view", None, None)]
    return {
        "data_access_events": [
            {
                "event_id": f"u{number}",
                "occurred_at": f"{at}:00Z",
                "account_id": f"acc-{name}",
                "system_id": SYSTEMS.get(name, "crm"),
                "action": action,
                "records": "1",
                "customer_ref": customer,
                "ticket_id": ticket,
                "known_on": "2026-03-12" if at.startswith(WEDNESDAY) else at[:10],
            }
            for number, (name, at, action, customer, ticket) in enumerate(rows)
        ]
    }
