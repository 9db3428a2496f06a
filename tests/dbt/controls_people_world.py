"""The people of tests/dbt/test_controls_people.py, named after what is the matter with them.

Belongs here: raw rows about people, their papers, access and first work. Does not: what the controls make of them.

The as-of dates are 10 to 14 March 2026. Lists come daily from the 9th, and all times are UTC.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from tests.dbt.scratch_warehouse import ScratchWarehouse

Row = dict[str, Any]
LISTS = ("2026-03-09", "2026-03-10", "2026-03-11", "2026-03-12", "2026-03-13", "2026-03-14")
SNAPSHOTS = ("workers", "processes", "process_assignments", "systems", "accounts", "entitlements")

# Who got their first right on the 12th, at 09:00, and their checks: kind, status, completed, expires.
CHECKS: dict[str, list[tuple[str, str, str | None, str | None]]] = {
    "screened": [("criminal", "clear", "2026-03-01", "2029-03-01"), ("employment", "clear", "2026-03-02", None)],
    "half-screened": [("criminal", "clear", "2026-03-01", None), ("employment", "pending", None, None)],
    "screened-later": [("criminal", "clear", "2026-03-12T10:00:00", None)],
    "check-expired": [("criminal", "expired", "2023-03-01", "2026-03-01")],
    "check-undated": [("criminal", "clear", None, None)],
    "unscreened": [],
}
# Process, and the start of the assignment.
PLACES: dict[str, tuple[str, str]] = {
    **dict.fromkeys(CHECKS, ("P-screened", "2025-01-01")),
    "veteran": ("P-screened", "2025-01-01"),
    "trained": ("P-course", "2026-03-11"),
    "untrained": ("P-course", "2026-03-11"),
    "trained-long-ago": ("P-course", "2026-03-11"),
    "early-access": ("P-course", "2026-03-11"),
    "not-begun": ("P-course", "2026-03-11"),
    "seen-late": ("P-course", "2026-03-10"),
    "half-trained": ("P-two-courses", "2026-03-11"),
    "no-course": ("P-no-course", "2026-03-11"),
    "old-hand": ("P-course", "2025-01-01"),
    "lapsed": ("P-course", "2025-01-01"),
    "renewed": ("P-course", "2025-01-01"),
    "moved-away": ("P-no-course", "2025-01-01"),
    **dict.fromkeys(("signer", "signed-old", "signed-ahead", "signed-a-year-ago", "never-signed"), ("P-papers", "2025-01-01")),
    **dict.fromkeys(("on-leave", "no-account"), ("P-papers", "2025-01-01")),
    "client-signer": ("P-client", "2025-01-01"),
    "client-newcomer": ("P-client", "2025-01-01"),
    "with-card-data": ("P-no-course", "2025-01-01"),
    "with-health-data": ("P-health", "2025-01-01"),
    "with-names-only": ("P-names", "2025-01-01"),
}
PROCESSES = {"P-course": "acme", "P-two-courses": "other", "P-health": None, "P-names": None}
# Worker, course, scope, completed, expires.
COURSES = [
    ("trained", "basics", "P-course", "2026-03-11T12:00:00", "2027-03-11"),
    ("untrained", "basics", "P-course", None, None),
    ("trained-long-ago", "basics", "P-course", "2025-03-01T12:00:00", "2026-03-01"),
    ("early-access", "basics", "P-course", None, None),
    ("half-trained", "tools", "P-two-courses", "2026-03-11T12:00:00", None),
    ("colleague", "law", "P-two-courses", "2026-01-01T12:00:00", None),
    ("lapsed", "basics", "P-course", "2025-03-12T12:00:00", "2026-03-12"),
    ("renewed", "basics", "P-course", "2025-03-12T12:00:00", "2026-03-12"),
    ("renewed", "basics", "P-course", "2026-03-05T12:00:00", "2027-03-05"),
    ("moved-away", "basics", "P-course", "2025-03-12T12:00:00", "2026-03-12"),
    *[(name, "awareness", "awareness", "2025-03-10T12:00:00", None) for name in PLACES if name.startswith("with-")],
]
# Worker, document, version, day of signing.
SIGNATURES = [
    ("signer", "code", "9", "2025-12-01"),
    ("signer", "code", "10", "2026-02-10"),
    ("signed-old", "code", "9", "2025-12-01"),
    ("signed-ahead", "code", "10", "2026-02-11"),
    ("signed-a-year-ago", "code", "10", "2026-02-12"),
    ("signed-a-year-ago", "secrecy", "1", "2025-03-11"),
    ("on-leave", "code", "8", "2024-01-01"),
    ("no-account", "code", "8", "2024-01-01"),
    ("client-signer", "client-secrecy", "1", "2026-01-01"),
]
STATUSES = {"on-leave": "leave"}
GRANTS = [
    *[(name, "crm.read", None, "2026-03-12T09:00:00Z") for name in (*CHECKS, "stranger")],
    ("screened", "crm.export", None, "2026-03-13T09:00:00Z"),
    ("veteran", "crm.read", None, "2025-02-01T09:00:00Z"),
    ("early-access", "acme.read", "acme", "2026-03-12T09:00:00Z"),
    ("not-begun", "other.read", "other", "2026-03-12T09:00:00Z"),
]


def deliver(warehouse: ScratchWarehouse, more: Mapping[str, Iterable[Row]]) -> None:
    """Everything known until the 14th of March, with `more` rows of any feed, as history deliveries."""
    feeds: dict[str, list[Row]] = {feed: list(rows) for feed, rows in more.items()}
    for feed, rows in (*((name, _lists(name)) for name in SNAPSHOTS), *_papers().items(), ("tickets", _tickets())):
        feeds.setdefault(feed, []).extend(rows)
    for feed, rows in feeds.items():
        warehouse.deliver(feed, None, rows)


def _lists(feed: str) -> list[Row]:
    return [{**row, "known_on": day, "snapshot_on": day} for day in LISTS for row in _list(feed, day)]


def _list(feed: str, day: str) -> list[Row]:
    if feed == "workers":
        fixed = {"job_role": "agent", "hire_date": "2025-01-01"}
        return [{"worker_id": name, "employment_status": STATUSES.get(name, "active"), **fixed} for name in PLACES]
    if feed == "processes":
        regulated = {"P-health": "pii, phi", "P-names": "pii"}
        names = sorted({process for process, _ in PLACES.values()})
        return [
            {"process_id": name, "name": name, "client_id": PROCESSES.get(name), "regulated": regulated.get(name)}
            for name in names
        ]
    if feed == "process_assignments":
        return [
            {"worker_id": name, "process_id": process, "assigned_from": start}
            for name, (process, start) in PLACES.items()
            if start <= day and (name != "seen-late" or day >= "2026-03-12")
        ]
    if feed == "systems":
        return [{"system_id": "cards", "name": "Cards", "regulated": "pci"}, {"system_id": "crm", "name": "CRM"}]
    if feed == "accounts":
        return [
            {
                "account_id": f"acc-{name}",
                "worker_id": name,
                "system_id": "cards" if name == "with-card-data" else "crm",
                "kind": "personal",
                "is_enabled": "true",
                "created_at": "2025-01-01T08:00:00Z",
            }
            for name in (*PLACES, "stranger")
            if name != "no-account"
        ]
    return [
        {"account_id": f"acc-{name}", "entitlement": right, "client_id": client, "granted_at": at}
        for name, right, client, at in GRANTS
        if at[:10] <= day
    ]


def _papers() -> dict[str, list[Row]]:
    screenings = [
        {"worker_id": name, "kind": kind, "status": status, "completed_at": done, "expires_at": end}
        | {"updated_at": "2026-03-12T11:00:00Z" if (done or "") > "2026-03-10" else "2026-03-10T08:00:00Z"}
        for name, checks in CHECKS.items()
        for kind, status, done, end in checks
    ]
    trainings = [
        {"worker_id": name, "course_id": course, "scope": scope, "completed_at": done, "expires_at": end}
        | {
            "assigned_at": (done or "2026-03-10")[:10],
            "due_at": "2026-12-31",
            "updated_at": (done or "2026-03-10T08:00:00") + "Z",
        }
        for name, course, scope, done, end in COURSES
    ]
    trainings.append({**trainings[1], "completed_at": "2026-03-13T09:00:00Z", "updated_at": "2026-03-13T09:00:00Z"})
    acknowledgements = [
        {"worker_id": name, "document_id": document, "version": version, "signed_at": f"{day}T09:00:00Z", "known_on": day}
        for name, document, version, day in SIGNATURES
    ]
    for row in (*screenings, *trainings):
        row["known_on"] = row["updated_at"][:10]
    return {"screenings": screenings, "trainings": trainings, "acknowledgements": acknowledgements}


def _tickets() -> list[Row]:
    first = [(name, PLACES[name][0], "2026-03-12") for name in ("trained", "untrained", "trained-long-ago", "half-trained")]
    more = [
        ("trained", "P-course", "2026-03-13"),
        ("no-course", "P-no-course", "2026-03-12"),
        ("old-hand", "P-course", "2026-03-12"),
    ]
    return [
        {
            "ticket_id": f"{name}-{day}",
            "kind": "case",
            "process_id": process,
            "assignee_id": name,
            "status": "new" if name == "not-begun" else "in_progress",
            "opened_at": f"{day}T08:00:00Z",
            "updated_at": f"{day}T10:00:00Z",
            "known_on": day,
        }
        for name, process, day in (
            *first,
            *more,
            ("seen-late", "P-course", "2026-03-11"),
            ("not-begun", "P-course", "2026-03-12"),
        )
    ]
