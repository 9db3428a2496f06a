"""Planted violations of the controls about changes: approval, independence, records and emergencies (CHG-01 to CHG-04).

Belongs here: one violation per control, complete in its own rows and named SELFTEST-<control>. Does not: planting them
(runner.py), or the rules that they break.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from preaudit.selftest.plant import Planted, Row

EMERGENCY_DAYS_AGO = 10


def _at(day: date, hour: int) -> str:
    return f"{day.isoformat()}T{hour:02d}:00:00Z"


def _change(control_id: str, day: date, begun: date, values: Mapping[str, str]) -> tuple[Row, ...]:
    """A process, its implementer and a change with a complete record that was closed on `day`."""
    process, worker = f"SELFTEST-P-{control_id}", f"SELFTEST-{control_id}"
    ticket = {
        "ticket_id": f"SELFTEST-T-{control_id}",
        "kind": "change",
        "process_id": process,
        "status": "closed",
        "opened_at": _at(begun, 8),
        "opened_by": "SELFTEST-REQUESTER",
        "assignee_id": worker,
        "change_type": "normal",
        "planned_start_at": _at(begun, 10),
        "actual_start_at": _at(begun, 10),
        "resolved_at": _at(day, 15),
        "closed_at": _at(day, 15),
        "close_code": "successful",
        "has_risk_assessment": "true",
        "has_test_plan": "true",
        "has_backout_plan": "true",
        "updated_at": _at(day, 15),
        **values,
    }
    hired = (day - timedelta(days=400)).isoformat()
    person = {"worker_id": worker, "employment_status": "active", "job_role": "agent", "hire_date": hired}
    return (
        Row("processes", {"process_id": process, "name": f"Self-test {control_id}"}),
        Row("workers", person),
        Row("process_assignments", {"worker_id": worker, "process_id": process, "assigned_from": hired}),
        Row("tickets", ticket),
    )


def _approval(control_id: str, approver: str, at: str) -> Row:
    decision = {"ticket_id": f"SELFTEST-T-{control_id}", "approver_id": approver, "decision": "approved", "decided_at": at}
    return Row("approvals", decision)


def plant_chg_01(day: date) -> Planted:
    """A normal change that was approved an hour after it had begun."""
    rows = (*_change("CHG-01", day, day, {}), _approval("CHG-01", "SELFTEST-APPROVER", _at(day, 11)))
    return Planted("CHG-01", "process", "SELFTEST-P-CHG-01", rows)


def plant_chg_02(day: date) -> Planted:
    """A change approved by who carried it out."""
    rows = (*_change("CHG-02", day, day, {}), _approval("CHG-02", "SELFTEST-CHG-02", _at(day, 9)))
    return Planted("CHG-02", "agent", "SELFTEST-CHG-02", rows)


def plant_chg_03(day: date) -> Planted:
    """A normal change that was closed without a test plan."""
    return Planted("CHG-03", "process", "SELFTEST-P-CHG-03", _change("CHG-03", day, day, {"has_test_plan": "false"}))


def plant_chg_04(day: date) -> Planted:
    """An emergency that nobody has approved since."""
    rows = _change("CHG-04", day, day - timedelta(days=EMERGENCY_DAYS_AGO), {"change_type": "emergency"})
    return Planted("CHG-04", "process", "SELFTEST-P-CHG-04", rows, also_needs=("approvals",))


PLANTS: dict[str, Callable[[date], Planted]] = {
    "CHG-01": plant_chg_01,
    "CHG-02": plant_chg_02,
    "CHG-03": plant_chg_03,
    "CHG-04": plant_chg_04,
}
