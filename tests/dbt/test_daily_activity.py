"""Agents, processes, feeds and daily activity as known on each day, from one small canonical delivery."""

import pytest

from tests.dbt.scratch_warehouse import ScratchWarehouse

pytestmark = pytest.mark.slow

MODELS = (
    "+int_feeds__status +int_entities__process_day +int_access__auth_agent_day +int_access__data_agent_day "
    "+int_hr__shift_agent_day +path:models/intermediate/tickets"
)
DAY, NEXT = "2026-01-05", "2026-01-06"


def worker(worker_id: str, status: str = "active", **values: object) -> dict[str, object]:
    return {"worker_id": worker_id, "employment_status": status, "job_role": "agent", "hire_date": "2025-12-06", **values}


def shift(worker_id: str, starts_at: str, ends_at: str, kind: str, *, approved: str = "true") -> dict[str, object]:
    return {
        "worker_id": worker_id,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "kind": kind,
        "is_approved": approved,
        "updated_at": f"{DAY}T00:00Z",
    }


def login(event_id: str, worker_id: str, occurred_at: str, outcome: str = "success", **values: object) -> dict[str, object]:
    return {
        "event_id": event_id,
        "account_id": f"acc_{worker_id}",
        "occurred_at": occurred_at,
        "outcome": outcome,
        "is_mfa": "true",
        **values,
    }


def use(event_id: str, action: str, records: str | None, customer: str | None, **values: object) -> dict[str, object]:
    fixed = {"account_id": "acc_day", "occurred_at": f"{DAY}T10:00:00Z", "ticket_id": "t1"}
    return {"event_id": event_id, "action": action, "records": records, "customer_ref": customer, **fixed, **values}


def ticket(ticket_id: str, status: str, updated_at: str, **values: object) -> dict[str, object]:
    fixed = {"kind": "case", "opened_at": "2026-01-05T08:00:00Z", "assignee_id": "day", "process_id": "p1"}
    return {"ticket_id": ticket_id, "status": status, "updated_at": updated_at, **fixed, **values}


def deliver_first_day(warehouse: ScratchWarehouse) -> None:
    workers = [worker(name) for name in ("day", "night", "on_leave", "unrostered")]
    others = [
        worker("leaving", "notice"),
        worker("gone", "terminated", termination_date="2026-01-01"),
        worker("last_day", "notice", termination_date=NEXT),
        worker("hired_later", hire_date="2026-01-07"),
    ]
    warehouse.deliver("workers", DAY, [*workers, *others])
    warehouse.deliver(
        "processes",
        DAY,
        [{"process_id": "p1", "name": "Claims", "client_id": "c1", "regulated": "pci"}, {"process_id": "p2", "name": "Cards"}],
    )
    warehouse.deliver(
        "process_assignments",
        DAY,
        [
            {"worker_id": "day", "process_id": "p2", "assigned_from": "2025-12-06"},
            {"worker_id": "day", "process_id": "p1", "assigned_from": "2026-01-02"},
            {"worker_id": "night", "process_id": "p2", "assigned_from": "2025-12-06", "assigned_to": "2026-01-05"},
        ],
    )
    warehouse.deliver(
        "accounts",
        DAY,
        [
            {
                "account_id": f"acc_{name}",
                "worker_id": name,
                "system_id": "s1",
                "kind": kind,
                "is_enabled": "true",
                "created_at": f"{DAY}T00:00:00Z",
            }
            for name, kind in (
                ("day", "personal"),
                ("night", "personal"),
                ("on_leave", "personal"),
                ("unrostered", "personal"),
                ("gone", "service"),
            )
        ],
    )
    warehouse.deliver(
        "shifts",
        DAY,
        [
            shift("day", f"{DAY}T08:00:00Z", f"{DAY}T16:00:00Z", "scheduled"),
            shift("day", f"{DAY}T18:00:00Z", f"{DAY}T20:00:00Z", "overtime"),
            shift("day", f"{DAY}T21:00:00Z", f"{DAY}T22:00:00Z", "overtime", approved="false"),
            shift("night", f"{DAY}T22:00:00Z", f"{NEXT}T06:00:00Z", "scheduled"),
            shift("on_leave", f"{DAY}T08:00:00Z", f"{DAY}T16:00:00Z", "scheduled"),
            shift("on_leave", "2026-01-04T00:00:00Z", "2026-01-12T00:00:00Z", "leave"),
        ],
    )
    warehouse.deliver(
        "auth_events",
        DAY,
        [
            login("in_shift", "day", f"{DAY}T08:30:00Z", is_mfa="false", is_managed_device="false"),
            login("in_grace", "day", f"{DAY}T07:01:00Z", is_mfa=None),
            login("too_early", "day", f"{DAY}T06:59:00Z"),
            login("in_overtime", "day", f"{DAY}T19:30:00Z"),
            login("unapproved_overtime", "day", f"{DAY}T21:30:00Z"),
            login("wrong_password", "day", f"{DAY}T08:29:00Z", "failure"),
            login("during_leave", "on_leave", f"{DAY}T10:00:00Z"),
            login("no_roster", "unrostered", f"{DAY}T03:00:00Z"),
            login("robot", "gone", f"{DAY}T03:00:00Z"),
        ],
    )
    warehouse.deliver(
        "data_access_events",
        DAY,
        [
            use("u1", "view", "3", "c1"),
            use("u2", "view", None, "c1", ticket_id=None),
            use("u3", "export", "500", "c2", occurred_at=f"{DAY}T23:30:00Z"),
            use("u4", "unmask", "1", None),
        ],
    )
    warehouse.deliver(
        "tickets",
        DAY,
        [
            ticket("t1", "in_progress", f"{DAY}T09:00:00Z", reassignment_count="1", due_at=f"{NEXT}T08:00:00Z"),
            ticket("t2", "closed", f"{DAY}T09:00:00Z", has_evidence="false", sla_met="true"),
        ],
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> ScratchWarehouse:
    """Two daily runs; the second has no lists, a late log-in, a refused file, a night's end, and tickets that move on."""
    warehouse = ScratchWarehouse(tmp_path_factory.mktemp("activity"))
    deliver_first_day(warehouse)
    warehouse.build(MODELS, DAY, DAY)
    warehouse.deliver(
        "auth_events", NEXT, [login("end_of_night", "night", f"{NEXT}T05:00:00Z"), login("late", "day", f"{DAY}T09:00:00Z")]
    )
    warehouse.deliver("data_access_events", NEXT, [], status="refused")
    warehouse.deliver(
        "tickets",
        NEXT,
        [
            ticket(
                "t1",
                "resolved",
                f"{NEXT}T09:00:00Z",
                reassignment_count="2",
                due_at=f"{NEXT}T08:00:00Z",
                resolved_at=f"{NEXT}T09:00:00Z",
            ),
            ticket("t2", "in_progress", f"{NEXT}T09:00:00Z", reopen_count="1"),
        ],
    )
    warehouse.build(MODELS, NEXT, NEXT)
    return warehouse


def test_a_rerun_of_a_day_writes_the_same_rows(built: ScratchWarehouse) -> None:
    tables = [
        name for (name,) in built.rows("select table_name from duckdb_tables() where schema_name = 'intermediate' order by 1")
    ]
    before = {name: built.rows(f"from intermediate.{name} order by all") for name in tables}
    built.build(MODELS, NEXT, NEXT)
    assert len(tables) > 10
    assert {name: built.rows(f"from intermediate.{name} order by all") for name in tables} == before


def test_agents_are_those_employed_that_day_by_the_latest_list_known(built: ScratchWarehouse) -> None:
    agents = "select agent_id from intermediate.int_entities__agent_day where on_date = ? order by 1"
    everyone = ["day", "last_day", "leaving", "night", "on_leave", "unrostered"]
    assert [row[0] for row in built.rows(agents.replace("?", f"date '{DAY}'"))] == everyone
    assert [row[0] for row in built.rows(agents.replace("?", f"date '{NEXT}'"))] == [
        name for name in everyone if name != "last_day"
    ]


def test_an_agent_works_on_the_latest_assignment_that_has_not_ended(built: ScratchWarehouse) -> None:
    sql = (
        "select agent_id, process_id, client_id, tenure_days, is_on_notice, has_regulated_process "
        "from intermediate.int_entities__agent_day "
        "where on_date = date '2026-01-06' and agent_id in ('day', 'night', 'leaving') order by 1"
    )
    assert built.rows(sql) == [
        ("day", "p1", "c1", 31, False, True),
        ("leaving", None, None, 31, True, False),
        ("night", None, None, 31, False, False),
    ]
    headcounts = (
        "select process_id, headcount, scope_source "
        "from intermediate.int_entities__process_day where on_date = date '2026-01-05' order by 1"
    )
    assert built.rows(headcounts) == [("p1", 1, "hr"), ("p2", 1, "hr")]


def test_off_shift_is_outside_shift_overtime_and_grace_or_inside_leave(built: ScratchWarehouse) -> None:
    sql = (
        "select agent_id, logins, failed_logins, logins_without_mfa, logins_mfa_unknown, "
        "logins_off_shift, logins_unmanaged_device "
        "from intermediate.int_access__auth_agent_day where known_on = date '2026-01-05' order by 1"
    )
    assert built.rows(sql) == [("day", 5, 1, 1, 1, 2, 1), ("on_leave", 1, 0, 0, 0, 1, 0), ("unrostered", 1, 0, 0, 0, 0, 0)]


def test_a_late_event_is_a_row_of_its_own_on_the_day_it_became_known(built: ScratchWarehouse) -> None:
    sql = (
        "select agent_id, occurred_on, known_on, logins, logins_off_shift from intermediate.int_access__auth_agent_day "
        "where known_on = date '2026-01-06' order by 1"
    )
    assert built.rows(sql) == [("day", DAY, NEXT, 1, 0), ("night", NEXT, NEXT, 1, 0)]


def test_data_use_counts_records_and_missing_tickets(built: ScratchWarehouse) -> None:
    sql = (
        "select events, events_off_shift, records_viewed, records_exported, "
        "events_without_ticket, unmask_events "
        "from intermediate.int_access__data_agent_day"
    )
    assert built.rows(sql) == [(4, 1, 5, 500, 1, 1)]


def test_tickets_count_for_the_day_their_news_became_known(built: ScratchWarehouse) -> None:
    sql = (
        "select on_date, tickets_opened, tickets_finished, tickets_breached, tickets_reopened, tickets_without_evidence, "
        "tickets_reassigned, backlog_open from intermediate.int_tickets__agent_day order by 1"
    )
    expected = [(DAY, 2, 1, 0, 0, 1, 1, 1), (NEXT, 0, 1, 1, 1, 0, 1, 1)]
    assert built.rows(sql) == expected
    assert built.rows(sql.replace("agent_day", "process_day")) == expected


def test_worked_minutes_are_shifts_and_overtime_and_never_leave(built: ScratchWarehouse) -> None:
    sql = (
        "select agent_id, scheduled_minutes, overtime_minutes, shifts, overtime_shifts "
        "from intermediate.int_hr__shift_agent_day order by 1"
    )
    assert built.rows(sql) == [("day", 480, 180, 1, 2), ("night", 480, 0, 1, 0), ("on_leave", 480, 0, 1, 0)]


def test_a_feed_is_fresh_absent_or_refused_and_says_why(built: ScratchWarehouse) -> None:
    sql = (
        "select feed, status, last_known_on, reason from intermediate.int_feeds__status "
        "where on_date = date '2026-01-06' and feed in ('workers', 'data_access_events', 'systems') order by 1"
    )
    assert built.rows(sql) == [
        ("data_access_events", "refused", DAY, "feed data_access_events was refused on 2026-01-06: the columns are wrong"),
        ("systems", "absent", None, "feed systems is absent"),
        ("workers", "fresh", DAY, None),
    ]
