"""Planted violations of the controls about people: screening, training and signed documents (HR-01 to HR-04).

Belongs here: one violation per control, complete in its own rows and named SELFTEST-<control>. Does not: planting them
(runner.py), or the rules that they break.
"""

from collections.abc import Callable
from datetime import date, timedelta

from preaudit.selftest.plant import Planted, Row

LONG_AGO = 400


def _at(day: date, hour: int) -> str:
    return f"{day.isoformat()}T{hour:02d}:00:00Z"


def _person(control_id: str, day: date) -> tuple[Row, ...]:
    """An agent hired long before, with one enabled account that is as old, on a system of its own."""
    hired = day - timedelta(days=LONG_AGO)
    worker = {
        "worker_id": f"SELFTEST-{control_id}",
        "employment_status": "active",
        "employment_type": "employee",
        "job_role": "agent",
        "hire_date": hired.isoformat(),
    }
    account = {
        "account_id": f"SELFTEST-A-{control_id}",
        "worker_id": f"SELFTEST-{control_id}",
        "system_id": f"SELFTEST-S-{control_id}",
        "kind": "personal",
        "is_enabled": "true",
        "created_at": _at(hired, 8),
    }
    system = {"system_id": f"SELFTEST-S-{control_id}", "name": f"Self-test {control_id}"}
    return Row("workers", worker), Row("systems", system), Row("accounts", account)


def plant_hr_01(day: date) -> Planted:
    """A first right while the background check is still pending."""
    grant = {"account_id": "SELFTEST-A-HR-01", "entitlement": "crm.read", "granted_at": _at(day, 9)}
    check = {"worker_id": "SELFTEST-HR-01", "kind": "criminal", "status": "pending", "updated_at": _at(day, 8)}
    rows = (*_person("HR-01", day), Row("entitlements", grant), Row("screenings", check))
    return Planted("HR-01", "agent", "SELFTEST-HR-01", rows)


def plant_hr_02(day: date) -> Planted:
    """Awareness training that was done more than a year ago."""
    done = day - timedelta(days=LONG_AGO)
    training = {
        "worker_id": "SELFTEST-HR-02",
        "course_id": "SELFTEST-AWARENESS",
        "scope": "awareness",
        "assigned_at": _at(done, 8),
        "due_at": _at(done + timedelta(days=30), 8),
        "completed_at": _at(done, 12),
        "updated_at": _at(done, 12),
    }
    return Planted("HR-02", "agent", "SELFTEST-HR-02", (*_person("HR-02", day), Row("trainings", training)))


def plant_hr_03(day: date) -> Planted:
    """A ticket in hand on the first day in a process whose course is not done."""
    worker, process = "SELFTEST-HR-03", "SELFTEST-P-HR-03"
    assignment = {"worker_id": worker, "process_id": process, "assigned_from": day.isoformat()}
    training = {
        "worker_id": worker,
        "course_id": "SELFTEST-BASICS",
        "scope": process,
        "assigned_at": _at(day, 7),
        "due_at": _at(day + timedelta(days=7), 7),
        "updated_at": _at(day, 7),
    }
    ticket = {
        "ticket_id": "SELFTEST-T-HR-03",
        "kind": "case",
        "process_id": process,
        "status": "in_progress",
        "opened_at": _at(day, 9),
        "assignee_id": worker,
        "updated_at": _at(day, 10),
    }
    rows = (
        *_person("HR-03", day),
        Row("processes", {"process_id": process, "name": "Self-test HR-03"}),
        Row("process_assignments", assignment),
        Row("trainings", training),
        Row("tickets", ticket),
    )
    return Planted("HR-03", "agent", worker, rows)


def plant_hr_04(day: date) -> Planted:
    """A document that was signed more than a year ago."""
    signature = {
        "worker_id": "SELFTEST-HR-04",
        "document_id": "SELFTEST-D-HR-04",
        "version": "1",
        "signed_at": _at(day - timedelta(days=LONG_AGO), 9),
    }
    return Planted("HR-04", "agent", "SELFTEST-HR-04", (*_person("HR-04", day), Row("acknowledgements", signature)))


PLANTS: dict[str, Callable[[date], Planted]] = {
    "HR-01": plant_hr_01,
    "HR-02": plant_hr_02,
    "HR-03": plant_hr_03,
    "HR-04": plant_hr_04,
}
