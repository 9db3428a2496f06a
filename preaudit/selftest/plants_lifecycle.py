"""Planted violations of the controls of joining, moving and leaving, and of the upkeep of accounts.

Belongs here: the rows of one violation of JML-01, JML-02, JML-03, ACC-01, ACC-02 and ACC-03 each. Does not: adding them to the
data and looking for the exception (runner.py), or the violations of other families.
"""

from collections.abc import Callable
from datetime import date, timedelta

from preaudit.selftest.plant import Planted, Row

LONG_AGO = 400


def _at(day: date, days_before: int, hour: int = 9) -> str:
    return f"{day - timedelta(days_before)}T{hour:02}:00:00Z"


def _on(day: date, days_before: int) -> str:
    return str(day - timedelta(days_before))


def _process(control_id: str, suffix: str = "") -> Row:
    """A process of a client of its own."""
    return Row(
        "processes",
        {
            "process_id": f"SELFTEST-P-{control_id}{suffix}",
            "name": f"Self-test {control_id}{suffix}",
            "client_id": f"SELFTEST-C-{control_id}{suffix}",
            "criticality": "low",
        },
    )


def _person(control_id: str, day: date, **worker: str) -> tuple[Row, ...]:
    """Somebody hired long before, on one process, with one enabled personal account on the client's system and one right."""
    name, client, account = f"SELFTEST-{control_id}", f"SELFTEST-C-{control_id}", f"SELFTEST-A-{control_id}"
    return (
        Row(
            "workers",
            {
                "worker_id": name,
                "employment_status": "active",
                "job_role": "agent",
                "hire_date": _on(day, LONG_AGO),
                **worker,
            },
        ),
        _process(control_id),
        Row("systems", {"system_id": f"SELFTEST-S-{control_id}", "name": f"Self-test {control_id}", "client_id": client}),
        Row(
            "accounts",
            {
                "account_id": account,
                "worker_id": name,
                "system_id": f"SELFTEST-S-{control_id}",
                "kind": "personal",
                "is_enabled": "true",
                "created_at": _at(day, LONG_AGO - 1),
            },
        ),
    )


def _assignment(control_id: str, day: date, suffix: str = "", begun: int = LONG_AGO, **values: str) -> Row:
    """The person's assignment to a process since `begun` days before `day`."""
    return Row(
        "process_assignments",
        {
            "worker_id": f"SELFTEST-{control_id}",
            "process_id": f"SELFTEST-P-{control_id}{suffix}",
            "assigned_from": _on(day, begun),
            **values,
        },
    )


def _right(control_id: str, granted_at: str, **values: str) -> Row:
    return Row(
        "entitlements",
        {
            "account_id": f"SELFTEST-A-{control_id}",
            "entitlement": "selftest.right",
            "is_privileged": "false",
            "client_id": f"SELFTEST-C-{control_id}",
            "granted_at": granted_at,
            **values,
        },
    )


def _planted(control_id: str, entity_kind: str, *rows: Row, also_needs: tuple[str, ...] = ()) -> Planted:
    entity_id = f"SELFTEST-{control_id}" if entity_kind == "agent" else f"SELFTEST-P-{control_id}"
    return Planted(control_id, entity_kind, entity_id, rows, also_needs)


def plant_jml_01(day: date) -> Planted:
    """Somebody left five days ago, and the account is still open."""
    person = _person("JML-01", day, employment_status="terminated", termination_date=_on(day, 5))
    return _planted("JML-01", "agent", *person, _assignment("JML-01", day))


def plant_jml_02(day: date) -> Planted:
    """Somebody moved to another client's process six days ago and still holds a right of the old client."""
    return _planted(
        "JML-02",
        "agent",
        *_person("JML-02", day),
        _process("JML-02", "-NEW"),
        _assignment("JML-02", day, assigned_to=_on(day, 6)),
        _assignment("JML-02", day, "-NEW", begun=6),
        _right("JML-02", _at(day, LONG_AGO - 1)),
    )


def plant_jml_03(day: date) -> Planted:
    """A privileged right was given today, an hour before the request for it was approved."""
    ticket = {
        "ticket_id": "SELFTEST-T-JML-03",
        "kind": "access_request",
        "status": "resolved",
        "opened_at": _at(day, 1),
        "opened_by": "SELFTEST-JML-03",
        "beneficiary_id": "SELFTEST-JML-03",
        "resolved_at": _at(day, 0, 8),
        "updated_at": _at(day, 0, 9),
    }
    approval = {
        "ticket_id": "SELFTEST-T-JML-03",
        "approver_id": "SELFTEST-JML-03-BOSS",
        "decision": "approved",
        "decided_at": _at(day, 0, 9),
    }
    return _planted(
        "JML-03",
        "agent",
        *_person("JML-03", day),
        _assignment("JML-03", day),
        _right("JML-03", _at(day, 0, 8), is_privileged="true", request_ticket_id="SELFTEST-T-JML-03"),
        Row("tickets", ticket),
        Row("approvals", approval),
    )


def plant_acc_01(day: date) -> Planted:
    """Somebody left forty days ago and nobody took over the account."""
    person = _person("ACC-01", day, employment_status="terminated", termination_date=_on(day, 40))
    return _planted("ACC-01", "process", *person, _assignment("ACC-01", day))


def plant_acc_02(day: date) -> Planted:
    """The last log-on to an enabled account was two hundred days ago."""
    log_on = {
        "event_id": "SELFTEST-E-ACC-02",
        "occurred_at": _at(day, 200),
        "account_id": "SELFTEST-A-ACC-02",
        "system_id": "SELFTEST-S-ACC-02",
        "outcome": "success",
        "is_mfa": "true",
    }
    return _planted("ACC-02", "agent", *_person("ACC-02", day), _assignment("ACC-02", day), Row("auth_events", log_on))


def plant_acc_03(day: date) -> Planted:
    """A review item fell due yesterday, and nobody has decided it."""
    item = {
        "campaign_id": "SELFTEST-C-ACC-03",
        "item_id": "SELFTEST-I-ACC-03",
        "account_id": "SELFTEST-A-ACC-03",
        "entitlement": "selftest.right",
        "due_at": _at(day, 1),
        "updated_at": _at(day, 20),
    }
    return _planted(
        "ACC-03",
        "process",
        *_person("ACC-03", day),
        _assignment("ACC-03", day),
        _right("ACC-03", _at(day, LONG_AGO - 1)),
        Row("access_review_items", item),
    )


PLANTS: dict[str, Callable[[date], Planted]] = {
    "JML-01": plant_jml_01,
    "JML-02": plant_jml_02,
    "JML-03": plant_jml_03,
    "ACC-01": plant_acc_01,
    "ACC-02": plant_acc_02,
    "ACC-03": plant_acc_03,
}
