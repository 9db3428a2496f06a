"""The ServiceNow log as tickets: only what was known at each update, and a scope of agents and processes from it alone."""

import pytest

from tests.dbt.scratch_warehouse import ScratchWarehouse

pytestmark = pytest.mark.slow

MODELS = "+int_feeds__status +int_entities__process_day +path:models/intermediate/tickets +int_feed__ticket_events"


def update(number: str, state: str, count: int, updated_at: str, known_on: str, **values: str) -> dict[str, str]:
    outcome = {
        "closed_code": "code 5",
        "resolved_by": "Resolved by  149",
        "resolved_at": "1/3/2016 11:29",
        "closed_at": "05/03/2016 12:00",
    }
    fixed = {
        "opened_at": "29/2/2016 01:16",
        "opened_by": "Opened by  8",
        "sys_updated_by": "Updated by 21",
        "priority": "3 - Moderate",
        "assignment_group": "Group 56",
        "made_sla": "true",
        "reopen_count": "0",
        "reassignment_count": "0",
    }
    stamps = {"sys_mod_count": str(count), "sys_updated_at": updated_at, "known_on": known_on, "_occurred_on": known_on}
    return {"number": number, "incident_state": state, **fixed, **outcome, **stamps, **values}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> ScratchWarehouse:
    """One case from New to Closed, in breach, and one case that nobody has resolved yet."""
    warehouse = ScratchWarehouse(tmp_path_factory.mktemp("servicenow"))
    nothing_yet = {"closed_code": "?", "resolved_by": "?", "resolved_at": "?", "closed_at": "?"}
    warehouse.deliver(
        "incident_event_log",
        None,
        [
            update("INC1", "New", 0, "29/2/2016 01:23", "2016-02-29", assignment_group="?"),
            update("INC1", "Awaiting User Info", 1, "29/02/2016 08:53", "2016-02-29"),
            update("INC1", "Active", 2, "29/2/2016 08:53", "2016-02-29"),
            update("INC1", "Resolved", 3, "1/3/2016 11:29", "2016-03-01", made_sla="false"),
            update("INC1", "Closed", 4, "5/3/2016 12:00", "2016-03-05", made_sla="false", reopen_count="1"),
            update("INC2", "Active", 0, "2/3/2016 09:00", "2016-03-02", assignment_group="Group  70", **nothing_yet),
        ],
        source="servicenow",
    )
    warehouse.build(MODELS, "2016-02-29", "2016-03-06")
    return warehouse


def test_outcomes_written_back_on_earlier_rows_are_read_from_their_own_time_on_only(built: ScratchWarehouse) -> None:
    sql = (
        "select status, assignee_id, resolved_at is not null, close_code, closed_at is not null, sla_met "
        "from staging.stg_servicenow__tickets where ticket_id = 'INC1' order by updated_at, update_number"
    )
    assert built.rows(sql) == [
        ("new", None, False, None, False, None),
        ("on_hold", None, False, None, False, None),
        ("in_progress", None, False, None, False, None),
        ("resolved", "Resolved by 149", True, None, False, None),
        ("closed", "Resolved by 149", True, "code 5", True, False),
    ]


def test_codes_dates_and_nulls_are_cleaned(built: ScratchWarehouse) -> None:
    sql = (
        "select process_id, opened_by, opened_at, priority, resolved_at "
        "from staging.stg_servicenow__tickets where ticket_id = 'INC2'"
    )
    assert built.rows(sql) == [("Group 70", "Opened by 8", "2016-02-29T01:16:00", 3, None)]
    events = "select event_id, step, actor_id, occurred_on from intermediate.int_feed__ticket_events where ticket_id = 'INC2'"
    assert built.rows(events) == [("INC2|0|2016-03-02T09:00", "Active", "Updated by 21", "2016-03-02")]


def test_the_last_update_of_a_day_is_the_day_s_version_also_within_one_minute(built: ScratchWarehouse) -> None:
    sql = "select status, valid_from, valid_to from intermediate.int_tickets__ticket_history where ticket_id = 'INC1' order by 2"
    assert built.rows(sql) == [
        ("in_progress", "2016-02-29", "2016-03-01"),
        ("resolved", "2016-03-01", "2016-03-05"),
        ("closed", "2016-03-05", None),
    ]


def test_without_hr_feeds_agents_and_processes_are_those_seen_in_the_tickets(built: ScratchWarehouse) -> None:
    agents = "select on_date, agent_id, process_id, scope_source from intermediate.int_entities__agent_day order by 1 limit 2"
    assert built.rows(agents) == [
        ("2016-03-01", "Resolved by 149", "Group 56", "tickets"),
        ("2016-03-02", "Resolved by 149", "Group 56", "tickets"),
    ]
    processes = (
        "select process_id, name, headcount, scope_source "
        "from intermediate.int_entities__process_day where on_date = '2016-03-02' order by 1"
    )
    assert built.rows(processes) == [("Group 56", "Group 56", 1, "tickets"), ("Group 70", "Group 70", 0, "tickets")]


def test_a_history_delivery_counts_as_delivered_on_every_day_between_its_first_and_last(built: ScratchWarehouse) -> None:
    sql = (
        "select status from intermediate.int_feeds__status where feed in ('tickets', 'ticket_events') and on_date = '2016-03-04'"
    )
    assert built.rows(sql) == [("fresh",), ("fresh",)]
