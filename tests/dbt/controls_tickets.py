"""The tickets of the little company of controls_world.py: incidents, closed work and weeks of work, named after their fault.

Belongs here: raw ticket rows. Does not: people and access (controls_world.py), what the controls make of them.
"""

from typing import Any

from tests.dbt.scratch_warehouse import ScratchWarehouse

Row = dict[str, Any]


def _ticket(ticket_id: str, day: str, status: str, **values: Any) -> Row:
    at = f"{day}T12:00:00Z"
    times = {"resolved": {"resolved_at": at}, "closed": {"resolved_at": at, "closed_at": at}}.get(status, {})
    return {
        "ticket_id": ticket_id,
        "kind": "case",
        "status": status,
        "opened_at": "2026-03-01T08:00:00Z",
        "updated_at": at,
        "known_on": day,
        **times,
        **values,
    }


def _week(process: str, tickets: int, late: int) -> list[Row]:
    return [
        _ticket(
            f"{process}-{number}",
            "2026-03-11" if number > late else "2026-03-12",
            "resolved",
            process_id=process,
            assignee_id=f"of-{process}",
            sla_met=str(number > late).lower(),
        )
        for number in range(1, tickets + 1)
    ]


def deliver_tickets(warehouse: ScratchWarehouse) -> None:
    # The file of the 1st ends there, so that tickets are stale on the 10th.
    warehouse.deliver("tickets", None, [_ticket("first", "2026-03-01", "new", process_id="P-first")])
    incident = {"kind": "security_incident", "assignee_id": "lead", "first_response_at": "2026-03-01T09:00:00Z"}
    closed = {"process_id": "P-evidence", "sla_met": "true"}
    warehouse.deliver(
        "tickets",
        None,
        [
            _ticket("export-1", "2026-03-11", "in_progress", kind="export_request", beneficiary_id="exporter-approved"),
            _ticket("i-late", "2026-03-11", "in_progress", process_id="P-late", due_at="2026-03-12T12:00:00Z", **incident),
            _ticket("i-good", "2026-03-11", "in_progress", process_id="P-good", due_at="2026-03-20T12:00:00Z", **incident),
            _ticket(
                "i-good",
                "2026-03-13",
                "closed",
                process_id="P-good",
                due_at="2026-03-20T12:00:00Z",
                close_code="phishing",
                **incident,
            ),
            _ticket(
                "i-unowned",
                "2026-03-11",
                "new",
                process_id="P-unowned",
                due_at="2026-03-20T12:00:00Z",
                **{**incident, "assignee_id": None},
            ),
            _ticket("i-no-cause", "2026-03-14", "closed", process_id="P-no-cause", due_at="2026-03-20T12:00:00Z", **incident),
            _ticket("i-no-target", "2026-03-11", "in_progress", process_id="P-no-target", **incident),
            _ticket("t-bare", "2026-03-12", "closed", assignee_id="careless", has_evidence="false", **closed),
            _ticket("t-proof", "2026-03-12", "closed", assignee_id="careful", has_evidence="true", **closed),
            _ticket("t-unknown", "2026-03-12", "closed", assignee_id="unrecorded", **closed),
            _ticket("t-back", "2026-03-11", "resolved", assignee_id="hasty", reopen_count="0", **closed),
            _ticket("t-back", "2026-03-14", "in_progress", assignee_id="another", reopen_count="1", **closed),
            _ticket("t-long", "2026-02-20", "closed", assignee_id="steady", has_evidence="true", reopen_count="0", **closed)
            | {"known_on": "2026-03-11"},
            _ticket("t-long", "2026-03-14", "in_progress", assignee_id="steady", reopen_count="1", **closed),
            *_week("P-slow", 5, 1),
            *_week("P-quick", 10, 1),
            *_week("P-small", 4, 4),
            *(
                _ticket(
                    f"P-open-{number}",
                    "2026-03-11",
                    "in_progress",
                    process_id="P-open",
                    assignee_id="of-P-open",
                    due_at="2026-03-13T12:00:00Z",
                )
                for number in range(5)
            ),
        ],
    )
