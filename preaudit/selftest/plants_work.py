"""Planted violations of the controls of work: late or unproven tickets, and a case that leaves its procedure.

Belongs here: the rows of one violation of INC-01, OPS-01 to OPS-04 and SEC-05 each. Does not: adding them to the data and looking
for the exception (runner.py), or the violations of other families.
"""

import csv
from collections.abc import Callable
from datetime import date, timedelta

from preaudit.selftest.plant import Planted, Row
from preaudit.settings import REPOSITORY

PROCEDURES = REPOSITORY / "dbt_project" / "seeds" / "procedure_steps.csv"
# More than the days of grace that late steps have (OPS-02).
SETTLED_DAYS = 7
# More than any sensible fewest number of tickets of a week (OPS-04).
WEEK_OF_WORK = 20


def _ticket(control_id: str, day: date, kind: str, number: str = "1", **values: str) -> Row:
    """An open ticket of the violation's own agent and process, as it stands on the day."""
    return Row(
        "tickets",
        {
            "ticket_id": f"SELFTEST-{control_id}-{number}",
            "kind": kind,
            "process_id": f"SELFTEST-P-{control_id}",
            "status": "in_progress",
            "priority": "1",
            "opened_at": f"{day - timedelta(10)}T08:00:00Z",
            "assignee_id": f"SELFTEST-{control_id}",
            "first_response_at": f"{day - timedelta(10)}T08:05:00Z",
            "reopen_count": "0",
            "updated_at": f"{day}T08:00:00Z",
            **values,
        },
    )


def _closed(day: date) -> dict[str, str]:
    at = f"{day}T08:00:00Z"
    return {"status": "closed", "resolved_at": at, "closed_at": at, "close_code": "solved", "has_evidence": "true"}


def _planted(control_id: str, entity_kind: str, *rows: Row) -> Planted:
    entity_id = f"SELFTEST-{control_id}" if entity_kind == "agent" else f"SELFTEST-P-{control_id}"
    return Planted(control_id, entity_kind, entity_id, rows)


def plant_inc_01(day: date) -> Planted:
    """A security incident that is open after its due time."""
    ticket = _ticket("INC-01", day, "security_incident", due_at=f"{day - timedelta(1)}T12:00:00Z")
    return _planted("INC-01", "process", ticket)


def plant_ops_01(day: date) -> Planted:
    """A case closed without its evidence."""
    closed = _closed(day) | {"has_evidence": "false", "sla_met": "true"}
    return _planted("OPS-01", "agent", _ticket("OPS-01", day, "case", **closed))


def plant_ops_02(day: date) -> Planted:
    """A case of which no step of its procedure was done, closed some days ago so that no late step is waited for.

    Raises:
        ValueError: the seed procedure_steps has no procedure.
    """
    with PROCEDURES.open(encoding="utf-8", newline="") as lines:
        step = next(csv.DictReader(lines), None)
    if step is None:
        raise ValueError(f"{PROCEDURES.name} has no procedure; OPS-02 tests nothing until it has one")
    process = Row("processes", {"process_id": "SELFTEST-P-OPS-02", "name": step["process_kind"]})
    closed_on = day - timedelta(SETTLED_DAYS)
    ticket = _ticket("OPS-02", day, "case", **_closed(closed_on))
    event = {"event_id": "SELFTEST-OPS-02", "ticket_id": ticket.values["ticket_id"], "occurred_at": f"{closed_on}T07:00:00Z"}
    other_step = Row("ticket_events", {**event, "actor_id": "SELFTEST-OPS-02", "step": "a step of no procedure"})
    return _planted("OPS-02", "agent", process, ticket, other_step)


def plant_ops_03(day: date) -> Planted:
    """A remediation task that is open after its due date."""
    ticket = _ticket("OPS-03", day, "remediation", due_at=f"{day - timedelta(2)}T12:00:00Z")
    return _planted("OPS-03", "process", ticket)


def plant_ops_04(day: date) -> Planted:
    """A week in which all work was finished late."""
    closed = _closed(day) | {"sla_met": "false"}
    numbers = (str(number) for number in range(WEEK_OF_WORK))
    return _planted("OPS-04", "process", *(_ticket("OPS-04", day, "case", number, **closed) for number in numbers))


def plant_sec_05(day: date) -> Planted:
    """A critical weakness without a due date that has been open for more than a year."""
    ticket = _ticket("SEC-05", day, "vulnerability", opened_at=f"{day - timedelta(400)}T08:00:00Z")
    return _planted("SEC-05", "process", ticket)


PLANTS: dict[str, Callable[[date], Planted]] = {
    "INC-01": plant_inc_01,
    "OPS-01": plant_ops_01,
    "OPS-02": plant_ops_02,
    "OPS-03": plant_ops_03,
    "OPS-04": plant_ops_04,
    "SEC-05": plant_sec_05,
}
