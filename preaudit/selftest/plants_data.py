"""Planted violations of the controls over data use and logging: DATA-01 to DATA-04 and SEC-04.

Belongs here: per control the rows of one made-up person who breaks it. Does not: putting the rows into a copy of the data, or
looking for what the controls made of them (runner.py).
"""

from collections.abc import Callable
from datetime import date, timedelta

from preaudit.selftest.plant import Planted, Row

HIRED = "2020-01-01"
USUAL_EVENTS = 40  # log-ins on each of the weekdays before the gap: above the fewest that SEC-04 compares with


def _at(day: date, time: str) -> str:
    return f"{day.isoformat()}T{time}Z"


def _person(control_id: str) -> tuple[Row, ...]:
    """Worker, process, assignment, regulated system and personal account of one control's plant."""
    worker, process = f"SELFTEST-{control_id}", f"SELFTEST-P-{control_id}"
    client, system = f"SELFTEST-C-{control_id}", f"SELFTEST-S-{control_id}"
    job = {"employment_status": "active", "employment_type": "employee", "job_role": "selftest", "hire_date": HIRED}
    return (
        Row("workers", {"worker_id": worker, **job}),
        Row("processes", {"process_id": process, "name": process, "client_id": client, "regulated": "pii"}),
        Row("process_assignments", {"worker_id": worker, "process_id": process, "assigned_from": HIRED}),
        Row("systems", {"system_id": system, "name": system, "client_id": client, "regulated": "pii"}),
        Row(
            "accounts",
            {
                "account_id": f"SELFTEST-A-{control_id}",
                "worker_id": worker,
                "system_id": system,
                "kind": "personal",
                "is_enabled": "true",
                "created_at": f"{HIRED}T00:00:00Z",
            },
        ),
    )


def _use(control_id: str, number: int, at: str, action: str, records: int, customer: str = "") -> Row:
    """One use of client data that names no ticket."""
    values = {
        "event_id": f"SELFTEST-{control_id}-D{number}",
        "occurred_at": at,
        "account_id": f"SELFTEST-A-{control_id}",
        "system_id": f"SELFTEST-S-{control_id}",
        "action": action,
        "records": str(records),
    }
    return Row("data_access_events", values | ({"customer_ref": customer} if customer else {}))


def _log_in(control_id: str, number: int, at: str) -> Row:
    return Row(
        "auth_events",
        {
            "event_id": f"SELFTEST-{control_id}-L{number}",
            "occurred_at": at,
            "account_id": f"SELFTEST-A-{control_id}",
            "system_id": f"SELFTEST-S-{control_id}",
            "outcome": "success",
            "is_mfa": "true",
        },
    )


def _shift(control_id: str, day: date) -> Row:
    return Row(
        "shifts",
        {
            "worker_id": f"SELFTEST-{control_id}",
            "starts_at": _at(day, "02:00:00"),
            "ends_at": _at(day, "08:00:00"),
            "kind": "scheduled",
            "is_approved": "true",
            "updated_at": _at(day - timedelta(days=7), "00:00:00"),
        },
    )


def plant_data_01(day: date) -> Planted:
    """Three views of customers of whom there is no ticket."""
    views = (_use("DATA-01", n, _at(day, f"11:0{n}:00"), "view", 1, f"selftest-customer-{n}") for n in range(3))
    return Planted("DATA-01", "agent", "SELFTEST-DATA-01", (*_person("DATA-01"), *views), ("tickets",))


def plant_data_02(day: date) -> Planted:
    """Five million records taken out in one export, without a request."""
    export = _use("DATA-02", 1, _at(day, "11:00:00"), "export", 5_000_000)
    return Planted("DATA-02", "agent", "SELFTEST-DATA-02", (*_person("DATA-02"), export), ("tickets", "approvals"))


def plant_data_03(day: date) -> Planted:
    """A masked field revealed by somebody who holds no right at all."""
    reveal = _use("DATA-03", 1, _at(day, "11:00:00"), "unmask", 1, "selftest-customer")
    return Planted("DATA-03", "agent", "SELFTEST-DATA-03", (*_person("DATA-03"), reveal), ("entitlements", "tickets"))


def plant_data_04(day: date) -> Planted:
    """A log-in three hours after the end of the shift."""
    rows = (*_person("DATA-04"), _shift("DATA-04", day), _log_in("DATA-04", 1, _at(day, "11:00:00")))
    return Planted("DATA-04", "agent", "SELFTEST-DATA-04", rows, ("data_access_events",))


def plant_sec_04(day: date) -> Planted:
    """A regulated system that logs every week and was silent the day before `day`, with somebody on shift.

    The day before, because a log has a day to arrive before it is judged. Another system has more log-ins of that day than there
    are of any other: without them the whole feed would count as not delivered.
    """
    silent_on = day - timedelta(days=1)
    times = [(silent_on - timedelta(weeks=week), minute) for week in (1, 2, 3) for minute in range(USUAL_EVENTS)]
    usual = (_log_in("SEC-04", n, _at(on, f"04:{minute:02}:00")) for n, (on, minute) in enumerate(times))
    others = (_log_in("SEC-04", n, _at(silent_on, f"05:{n % 60:02}:00")) for n in range(1000, 1000 + 2 * USUAL_EVENTS))
    elsewhere = (Row(row.feed, {**row.values, "system_id": "SELFTEST-S-SEC-04-other"}) for row in others)
    rows = (*_person("SEC-04"), _shift("SEC-04", silent_on), *usual, *elsewhere)
    return Planted("SEC-04", "process", "SELFTEST-P-SEC-04", rows, ("data_access_events",))


PLANTS: dict[str, Callable[[date], Planted]] = {
    "DATA-01": plant_data_01,
    "DATA-02": plant_data_02,
    "DATA-03": plant_data_03,
    "DATA-04": plant_data_04,
    "SEC-04": plant_sec_04,
}
