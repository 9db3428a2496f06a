"""Planted violations of the controls of access: rights that nobody should hold, and log-ins that nobody should make.

Belongs here: the rows of one violation of ACC-04, ACC-05, ACC-06, SEC-01, SEC-02 and SEC-03 each. Does not: adding them to the
data and looking for the exception (runner.py), or the violations of other families.
"""

import csv
from collections.abc import Callable
from datetime import date, timedelta

from preaudit.selftest.plant import Planted, Row
from preaudit.settings import REPOSITORY

SOD_PAIRS = REPOSITORY / "dbt_project" / "seeds" / "sod_pairs.csv"
LONG_AGO = 400
SITE = "SELFTEST-SITE"


def _account(control_id: str, day: date, suffix: str = "A", **values: str) -> Row:
    """An enabled personal account on the violation's own system, made long before."""
    return Row(
        "accounts",
        {
            "account_id": f"SELFTEST-{control_id}-{suffix}",
            "worker_id": f"SELFTEST-{control_id}",
            "system_id": f"SELFTEST-S-{control_id}",
            "kind": "personal",
            "is_enabled": "true",
            "created_at": f"{day - timedelta(LONG_AGO)}T08:00:00Z",
            "is_mfa_enrolled": "true",
            **values,
        },
    )


def _agent(control_id: str, day: date) -> tuple[Row, ...]:
    """Somebody at work, hired long before, with a process that is approved for PH, a system and an account of their own."""
    worker, process, client = f"SELFTEST-{control_id}", f"SELFTEST-P-{control_id}", f"SELFTEST-C-{control_id}"
    long_ago = str(day - timedelta(LONG_AGO))
    return (
        Row(
            "workers",
            {
                "worker_id": worker,
                "employment_status": "active",
                "employment_type": "employee",
                "job_role": "agent",
                "site": SITE,
                "country": "PH",
                "hire_date": long_ago,
            },
        ),
        Row(
            "processes",
            {
                "process_id": process,
                "name": f"Self-test {control_id}",
                "client_id": client,
                "site": SITE,
                "criticality": "low",
                "owner_id": worker,
                "approved_countries": "PH",
            },
        ),
        Row("process_assignments", {"worker_id": worker, "process_id": process, "assigned_from": long_ago}),
        Row("systems", {"system_id": f"SELFTEST-S-{control_id}", "name": f"Self-test {control_id}", "client_id": client}),
        _account(control_id, day),
    )


def _right(control_id: str, day: date, entitlement: str, **values: str) -> Row:
    return Row(
        "entitlements",
        {
            "account_id": f"SELFTEST-{control_id}-A",
            "entitlement": entitlement,
            "is_privileged": "false",
            "client_id": f"SELFTEST-C-{control_id}",
            "granted_at": f"{day - timedelta(30)}T08:00:00Z",
            **values,
        },
    )


def _logon(control_id: str, day: date, time: str, **values: str) -> Row:
    """A good log-in of the planted account on the day."""
    account = values.get("account_id", f"SELFTEST-{control_id}-A")
    return Row(
        "auth_events",
        {
            "event_id": f"{account}-{day}-{time}",
            "occurred_at": f"{day}T{time}Z",
            "account_id": account,
            "system_id": f"SELFTEST-S-{control_id}",
            "outcome": "success",
            "is_mfa": "true",
            "country": "PH",
            "site": SITE,
            "device_id": f"SELFTEST-DEV-{control_id}",
            "is_managed_device": "true",
            **values,
        },
    )


def _planted(control_id: str, day: date, *rows: Row, also_needs: tuple[str, ...] = ()) -> Planted:
    return Planted(control_id, "agent", f"SELFTEST-{control_id}", (*_agent(control_id, day), *rows), also_needs)


def plant_acc_04(day: date) -> Planted:
    """A privileged right whose approval ended the day before."""
    ended = str(day - timedelta(1))
    right = _right("ACC-04", day, "selftest.admin", is_privileged="true", approved_until=ended)
    return _planted("ACC-04", day, right, also_needs=("tickets",))


def plant_acc_05(day: date) -> Planted:
    """Both sides of the first pair of the matrix; an empty matrix forbids nothing, so there is nothing to plant then.

    Raises:
        ValueError: the seed sod_pairs has no pair.
    """
    with SOD_PAIRS.open(encoding="utf-8", newline="") as lines:
        pair = next(csv.DictReader(lines), None)
    if pair is None:
        raise ValueError(f"{SOD_PAIRS.name} has no pair of rights; ACC-05 tests nothing until it has one")
    rights = (_right("ACC-05", day, pair[side]) for side in ("entitlement_a", "entitlement_b"))
    return _planted("ACC-05", day, *rights)


def plant_acc_06(day: date) -> Planted:
    """One account that logs in on two devices in two sites within ten minutes."""
    first = _logon("ACC-06", day, "09:00:00")
    second = _logon("ACC-06", day, "09:10:00", device_id="SELFTEST-DEV-OTHER", site="SELFTEST-SITE-OTHER")
    return _planted("ACC-06", day, first, second)


def plant_sec_01(day: date) -> Planted:
    """Rights of two clients in one hand."""
    rights = (
        _right("SEC-01", day, "selftest.read"),
        _right("SEC-01", day, "selftest.write", client_id="SELFTEST-C-OTHER"),
    )
    return _planted("SEC-01", day, *rights)


def plant_sec_02(day: date) -> Planted:
    """A log-in without a second factor."""
    return _planted("SEC-02", day, _logon("SEC-02", day, "09:00:00", is_mfa="false"))


def plant_sec_03(day: date) -> Planted:
    """A log-in from a country that the process is not approved for."""
    return _planted("SEC-03", day, _logon("SEC-03", day, "09:00:00", country="ZZ"))


PLANTS: dict[str, Callable[[date], Planted]] = {
    "ACC-04": plant_acc_04,
    "ACC-05": plant_acc_05,
    "ACC-06": plant_acc_06,
    "SEC-01": plant_sec_01,
    "SEC-02": plant_sec_02,
    "SEC-03": plant_sec_03,
}
