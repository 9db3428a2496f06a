"""The tickets of test_controls_work.py: cases of a procedure, remediation tasks and weaknesses, named after their fault.

Belongs here: raw rows and the company's own procedures. Does not: what the controls make of them. Everything is known by the
13th of March 2026; the as-of dates begin on the 9th.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from preaudit.selftest.plants_work import PLANTS
from tests.dbt.scratch_warehouse import ScratchWarehouse

Row = dict[str, Any]
PLANTED_ON = date(2026, 3, 12)
PROCEDURES = """
    ('Refunds', 'identity_check', 1, true, null), ('Refunds', 'approval', 2, false, 'team_lead;quality_analyst'),
    ('Refunds', 'refund', 3, false, null), ('change', 'plan', 1, false, null), ('change', 'install', 2, false, null)
"""
ROLES = {"clerk": "agent", "lead": "team_lead"}
# Per case: minute of the hour, step and who did it, on the 8th; the cases are closed on the 9th and tested on the 12th.
CASES: dict[str, tuple[tuple[int, str, str | None], ...]] = {
    "good": ((10, "identity_check", "clerk"), (20, "approval", "lead"), (30, "refund", "clerk"), (40, "letter", "clerk")),
    "at-once": ((10, "identity_check", "clerk"), (10, "approval", "lead"), (30, "refund", "clerk")),
    "unchecked": ((20, "approval", "lead"), (30, "refund", "clerk")),
    "unapproved": ((10, "identity_check", "clerk"), (30, "refund", "clerk")),
    "hasty": ((10, "identity_check", "clerk"), (20, "refund", "clerk"), (30, "approval", "lead")),
    "paid-twice": ((10, "identity_check", "clerk"), (20, "approval", "lead"), (30, "refund", "clerk"), (40, "refund", "clerk")),
    "own-approval": ((10, "identity_check", "clerk"), (20, "approval", "clerk"), (30, "refund", "clerk")),
    "approved-by-whom": ((10, "identity_check", "clerk"), (20, "approval", "stranger"), (30, "refund", "clerk")),
    "approved-by-nobody": ((10, "identity_check", "clerk"), (20, "approval", None), (30, "refund", "clerk")),
    "old": ((20, "approval", "lead"), (30, "refund", "clerk")),
    "still-open": ((10, "identity_check", "clerk"),),
    "came-back": ((10, "identity_check", "clerk"), (20, "approval", "lead"), (30, "refund", "clerk")),
    "check-told-late": ((20, "approval", "lead"), (30, "refund", "clerk")),
}


def _ticket(ticket_id: str, day: str, status: str, kind: str, **values: Any) -> Row:
    at = f"{day}T12:00:00Z"
    times = {"resolved": {"resolved_at": at}, "closed": {"resolved_at": at, "closed_at": at}}.get(status, {})
    row = {"ticket_id": ticket_id, "kind": kind, "status": status, "opened_at": "2026-03-01T08:00:00Z", "updated_at": at}
    return {**row, "known_on": day, **times, **values}


def deliver(warehouse: ScratchWarehouse) -> None:
    """Everything, and the planted violations of the 12th."""
    stamp = {"known_on": "2026-03-01", "snapshot_on": "2026-03-01"}
    workers = [
        {**stamp, "worker_id": name, "employment_status": "active", "job_role": role, "hire_date": "2025-01-01"}
        for name, role in ROLES.items()
    ]
    warehouse.deliver("workers", None, workers)
    names = {"P-refunds": "refunds", "P-other": "Other work"}
    processes = [{**stamp, "process_id": process, "name": name} for process, name in names.items()]
    warehouse.deliver("processes", None, processes)
    _deliver_cases(warehouse)
    warehouse.deliver("tickets", None, [*_remediation(), *_vulnerabilities()])
    deliver_plants(warehouse, processes)


def _deliver_cases(warehouse: ScratchWarehouse) -> None:
    refund = {"process_id": "P-refunds", "assignee_id": "clerk"}
    tickets = [
        _ticket(name, "2026-03-09", "in_progress" if name == "still-open" else "closed", "case", **refund) for name in CASES
    ]
    tickets += [
        _ticket("came-back", "2026-03-10", "in_progress", "case", reopen_count="1", **refund),
        _ticket("came-back", "2026-03-11", "closed", "case", reopen_count="1", **refund),
        _ticket("without-procedure", "2026-03-09", "closed", "case", process_id="P-other", assignee_id="clerk"),
        _ticket("change-by-kind", "2026-03-09", "closed", "change", process_id="P-other", assignee_id="clerk"),
        _ticket("closed-later", "2026-03-13", "closed", "case", **refund),
    ]
    for ticket in tickets:
        if ticket["ticket_id"] == "old":
            ticket["opened_at"] = "2025-10-01T08:00:00Z"
    warehouse.deliver("tickets", None, tickets)
    # Day it was done, day it was told.
    steps = [("2026-03-08", "2026-03-08", name, *step) for name, done in CASES.items() for step in done]
    again = ((10, "identity_check"), (30, "refund"))
    steps += [("2026-03-10", "2026-03-10", "came-back", minute, step, "clerk") for minute, step in again]
    steps += [("2026-03-08", "2026-03-08", "change-by-kind", 10, "install", "clerk")]
    # Told within three days after the closing, and a day too late.
    steps += [("2026-03-08", "2026-03-12", "check-told-late", 10, "identity_check", "clerk")]
    steps += [("2026-03-08", "2026-03-13", "unchecked", 10, "identity_check", "clerk")]
    events = [
        {
            "event_id": str(number),
            "ticket_id": ticket_id,
            "occurred_at": f"{day}T09:{minute}:00Z",
            "actor_id": actor,
            "step": step,
            "known_on": told_on,
        }
        for number, (day, told_on, ticket_id, minute, step, actor) in enumerate(steps)
    ]
    # The feed has to be fresh every day.
    other = {"ticket_id": "none", "step": "opened"}
    fresh = ("2026-03-09", "2026-03-11", "2026-03-12", "2026-03-16")
    events += [{**other, "event_id": day, "occurred_at": f"{day}T09:00:00Z", "known_on": day} for day in fresh]
    warehouse.deliver("ticket_events", None, events)


def _moved(ticket_id: str, *due_days: int) -> list[Row]:
    """One version a day from the 1st on, each with another due day in April."""
    return [
        _ticket(
            ticket_id,
            f"2026-03-{day:02}",
            "in_progress",
            "remediation",
            process_id=f"P-{ticket_id}",
            due_at=f"2026-04-{due:02}T12:00:00Z",
        )
        for day, due in enumerate(due_days, start=1)
    ]


def _task(ticket_id: str, day: str = "2026-03-02", status: str = "in_progress", due: str | None = "03-20", **values: Any) -> Row:
    due_at = f"2026-{due}T12:00:00Z" if due else None
    return _ticket(ticket_id, day, status, "remediation", process_id=f"P-{ticket_id}", due_at=due_at, **values)


def _remediation() -> list[Row]:
    return [
        _task("in-time"),
        _task("in-time", "2026-03-11", "closed", has_evidence="true"),
        _task("late", due="03-10", priority="2"),
        _task("late", "2026-03-12", "closed", due="03-10", priority="2", has_evidence="true"),
        _task("critical", due="03-10", priority="1"),
        _task("extended", due="03-10"),
        _task("extended", "2026-03-11", due="03-12"),
        _task("dropped", due="03-10"),
        _task("dropped", "2026-03-10", "cancelled", due="03-10"),
        _task("untested", "2026-03-11", "closed", has_evidence="false"),
        _task("test-unknown", "2026-03-11", "closed"),
        _task("undated", due=None),
        *_moved("moved-twice", 1, 5, 10),
        *_moved("moved-thrice", 1, 5, 10, 15),
        *_moved("brought-forward", 15, 10, 5, 1),
    ]


def _weakness(ticket_id: str, opened: str, status: str = "in_progress", day: str = "2026-03-02", **values: Any) -> Row:
    opened_at = f"{opened}T08:00:00Z"
    return _ticket(ticket_id, day, status, "vulnerability", process_id=f"P-{ticket_id}", opened_at=opened_at, **values)


def _vulnerabilities() -> list[Row]:
    return [
        _weakness("critical-over-30", "2026-02-08", priority="1"),
        _weakness("critical-within-30", "2026-02-15", priority="1"),
        _weakness("other-within-90", "2026-02-08", priority="3"),
        _weakness("other-over-90", "2025-12-01", priority="3"),
        _weakness("dated-over", "2026-03-01", priority="2", due_at="2026-03-11T12:00:00Z"),
        _weakness("dated-within", "2026-01-01", priority="1", due_at="2026-03-30T12:00:00Z"),
        _weakness("unranked-young", "2026-02-20"),
        _weakness("unranked-middle", "2026-02-01"),
        _weakness("unranked-old", "2025-11-01"),
        _weakness("patched-late", "2026-01-01", "closed", "2026-03-11", priority="1"),
    ]


def deliver_plants(warehouse: ScratchWarehouse, lists: Sequence[Row]) -> None:
    """The planted violations; a list is delivered whole, so the processes known already come again with it."""
    day = str(PLANTED_ON)
    rows: dict[str, list[Row]] = {}
    for plant in PLANTS.values():
        for row in plant(PLANTED_ON).rows:
            rows.setdefault(row.feed, []).append({**row.values, "known_on": day})
    for feed, values in rows.items():
        more = [{**row, "known_on": day, "snapshot_on": day} for row in lists] if feed == "processes" else []
        stamped = [{**value, "snapshot_on": day} for value in values] if feed == "processes" else values
        warehouse.deliver(feed, None, [*more, *stamped])


def set_procedures(warehouse: ScratchWarehouse, values: str) -> None:
    """Write the company's own procedures over the seed; empty for a company without any."""
    import duckdb

    with duckdb.connect(str(warehouse.path)) as connection:
        connection.execute("delete from seeds.procedure_steps")
        if values:
            connection.execute(f"insert into seeds.procedure_steps values {values}")
