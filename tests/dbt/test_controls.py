"""Controls: for each, an exception fires, a clean case does not, and what is missing or unknown is never a pass."""

import pytest

from tests.dbt import controls_world
from tests.dbt.scratch_warehouse import ScratchWarehouse

pytestmark = pytest.mark.slow

# The controls that this company is about; the others have a company of their own (test_controls_<family>.py).
OF_THIS_WORLD = ("ACC-02", "DATA-02", "DATA-04", "HR-02", "INC-01", "JML-01", "OPS-01", "OPS-04", "SEC-02")
OF_TICKETS = ("INC-01", "OPS-01", "OPS-04")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> ScratchWarehouse:
    warehouse = ScratchWarehouse(tmp_path_factory.mktemp("controls"))
    controls_world.deliver(warehouse)
    warehouse.build("+mart_control_status +fct_failures", "2026-03-01", "2026-03-14")
    return warehouse


def failures(world: ScratchWarehouse, control: str, entity: str) -> list[str]:
    """Days of the entity's failures."""
    sql = f"select failed_on from marts.fct_failures where control_id = '{control}' and entity_id = '{entity}' order by failed_on"
    return [day for (day,) in world.rows(sql)]


def statuses(world: ScratchWarehouse, control: str, entity: str) -> list[tuple[str, str]]:
    """Day of March and status, for the days with a result."""
    return [
        (day[-2:], status)
        for day, status in world.rows(
            "select on_date, status from marts.fct_control_results"
            f" where control_id = '{control}' and entity_id = '{entity}' order by on_date"
        )
    ]


def status(world: ScratchWarehouse, control: str, entity: str) -> tuple[str, str | None]:
    sql = f"select status, reason from marts.mart_control_status where control_id = '{control}' and entity_id = '{entity}'"
    ((found, reason),) = world.rows(sql)
    return found, reason


def test_a_control_without_its_feeds_is_not_evaluable_and_says_which(world: ScratchWarehouse) -> None:
    rows = world.rows(
        "select control_id, on_date, is_evaluable, status_reason from marts.fct_control_days"
        " where on_date in ('2026-03-01', '2026-03-10', '2026-03-12')"
    )
    days = {(control, day[-2:]): (is_evaluable, reason or "") for control, day, is_evaluable, reason in rows}
    for control in OF_THIS_WORLD:
        assert days[control, "12"][0], control
        is_of_tickets = control in OF_TICKETS
        assert days[control, "01"][0] is is_of_tickets, control
        assert is_of_tickets or "feed accounts is absent" in days[control, "01"][1]
        # DATA-02 looks for approved export tickets.
        needs_tickets = is_of_tickets or control == "DATA-02"
        assert days[control, "10"][0] is not needs_tickets, control
        assert not needs_tickets or "feed tickets is stale: last known 2026-03-01" in days[control, "10"][1]
    assert days["HR-01", "12"] == (False, "feed screenings is absent")


def test_a_control_that_is_not_evaluable_yields_no_item_and_no_result(world: ScratchWarehouse) -> None:
    for relation, day in (("fct_tested_items", "tested_on"), ("fct_control_results", "on_date")):
        assert not world.rows(
            f"select * from marts.{relation} as found join marts.fct_control_days as days"
            f" on found.control_id = days.control_id and found.{day} = days.on_date where not days.is_evaluable"
        )


def test_the_status_list_tells_not_evaluable_from_nothing_to_test(world: ScratchWarehouse) -> None:
    assert status(world, "HR-01", "both-factors") == ("not_evaluable", "feed screenings is absent")
    assert status(world, "SEC-02", "both-factors") == ("not_applicable", "nothing to test on this day")
    ((entities, rows),) = world.rows(
        "select (select count(*) from intermediate.int_entities__agent_day where on_date = '2026-03-14'),"
        " count(*) filter (control_id = 'ACC-04' and entity_kind = 'agent') from marts.mart_control_status"
    )
    assert rows >= entities > 0


def test_a_leavers_account_left_open_fails_the_agent_and_the_last_process(world: ScratchWarehouse) -> None:
    assert failures(world, "JML-01", "kept-account") == ["2026-03-12"]
    assert "2026-03-12" in failures(world, "JML-01", "P-access")
    assert status(world, "JML-01", "kept-account") == ("fail", "account still enabled after leaving on 2026-03-11")


def test_a_leavers_account_closed_within_a_day_passes(world: ScratchWarehouse) -> None:
    assert failures(world, "JML-01", "closed-in-time") == []
    assert set(statuses(world, "JML-01", "closed-in-time")) == {("11", "pass"), ("12", "pass"), ("13", "pass"), ("14", "pass")}


def test_a_privileged_account_has_four_hours_and_is_repaired_once_closed(world: ScratchWarehouse) -> None:
    assert statuses(world, "JML-01", "privileged-late") == [("11", "pass"), ("12", "fail"), ("13", "pass"), ("14", "pass")]


def test_a_log_on_after_leaving_fails_even_where_the_account_was_closed_in_time(world: ScratchWarehouse) -> None:
    assert failures(world, "JML-01", "logged-on-later") == ["2026-03-13"]


def test_an_account_closed_without_a_time_is_not_known_to_be_closed_in_time(world: ScratchWarehouse) -> None:
    assert statuses(world, "JML-01", "undated-closing") == [("12", "pass")]
    assert status(world, "JML-01", "undated-closing") == ("not_evaluable", "no list shows whether the account was closed in time")


def test_training_fails_the_day_after_a_year_and_not_before(world: ScratchWarehouse) -> None:
    assert failures(world, "HR-02", "overdue") == ["2026-03-12"]
    assert statuses(world, "HR-02", "trained")[-1] == ("14", "pass")


def test_a_joiner_has_thirty_days_and_who_is_on_leave_is_not_tested(world: ScratchWarehouse) -> None:
    assert statuses(world, "HR-02", "joiner")[-1] == ("14", "pass")
    assert statuses(world, "HR-02", "on-leave") == []


def test_a_log_in_without_a_second_factor_fails_agent_and_process(world: ScratchWarehouse) -> None:
    assert failures(world, "SEC-02", "single-factor") == ["2026-03-12"]
    assert failures(world, "SEC-02", "P-access") == ["2026-03-12"]
    assert statuses(world, "SEC-02", "both-factors") == [("12", "pass")]


def test_unknown_factors_are_never_a_pass(world: ScratchWarehouse) -> None:
    assert statuses(world, "SEC-02", "factors-unknown") == []
    ((exposure, note),) = world.rows(
        "select exposure, note from marts.fct_control_results where control_id = 'SEC-02' and entity_id = 'factors-half-known'"
    )
    assert (exposure, note) == (1, "1 of 1: log-ins with unknown factors left out")


def test_access_outside_the_shift_fails_and_within_the_grace_does_not(world: ScratchWarehouse) -> None:
    assert failures(world, "DATA-04", "late-evening") == ["2026-03-12"]
    assert statuses(world, "DATA-04", "within-grace") == [("12", "pass")]


def test_an_agent_without_a_roster_is_not_judged(world: ScratchWarehouse) -> None:
    assert statuses(world, "DATA-04", "no-roster") == []


def test_a_bulk_export_fails_unless_its_ticket_was_approved(world: ScratchWarehouse) -> None:
    assert failures(world, "DATA-02", "exporter") == ["2026-03-12"]
    assert statuses(world, "DATA-02", "exporter-approved") == [("12", "pass")]
    assert ("12", "pass") in statuses(world, "DATA-02", "viewer")


def test_a_volume_that_is_usual_among_peers_passes_above_the_hard_limit(world: ScratchWarehouse) -> None:
    assert [failures(world, "DATA-02", name) for name in controls_world.PEERS] == [[]] * 6


def test_an_account_unused_for_more_than_ninety_days_fails_and_a_used_one_does_not(world: ScratchWarehouse) -> None:
    assert failures(world, "ACC-02", "dormant") == ["2026-03-13"]
    assert "2026-03-13" in failures(world, "ACC-02", "P-access")
    assert failures(world, "ACC-02", "user") == []
    assert failures(world, "ACC-02", "never-used") == ["2026-03-10"]
    assert statuses(world, "ACC-02", "on-leave") == []


def test_an_emergency_account_is_not_dormant(world: ScratchWarehouse) -> None:
    assert not world.rows("select * from controls.ctl_acc_02 where item_key like 'acc-emergency%'")


def test_incidents_fail_when_late_unowned_or_closed_without_a_cause(world: ScratchWarehouse) -> None:
    assert statuses(world, "INC-01", "P-late") == [("11", "pass"), ("12", "fail"), ("13", "fail"), ("14", "fail")]
    assert failures(world, "INC-01", "P-late") == ["2026-03-12"]
    assert failures(world, "INC-01", "P-unowned") == ["2026-03-11"]
    assert failures(world, "INC-01", "P-no-cause") == ["2026-03-14"]
    assert statuses(world, "INC-01", "P-good") == [("11", "pass"), ("12", "pass"), ("13", "pass")]


def test_an_incident_without_any_target_is_not_judged(world: ScratchWarehouse) -> None:
    assert statuses(world, "INC-01", "P-no-target") == []
    assert status(world, "INC-01", "P-no-target") == ("not_evaluable", "neither a target nor a service level flag is known")


def test_closed_work_without_evidence_fails_and_with_it_passes(world: ScratchWarehouse) -> None:
    assert failures(world, "OPS-01", "careless") == ["2026-03-12"]
    assert statuses(world, "OPS-01", "careful") == [("12", "pass")]
    assert failures(world, "OPS-01", "P-evidence") == ["2026-03-12", "2026-03-14"]


def test_unknown_evidence_is_tested_for_reopening_only_and_says_so(world: ScratchWarehouse) -> None:
    assert world.rows(
        "select status, note from marts.fct_control_results where entity_id = 'unrecorded' and control_id = 'OPS-01'"
    ) == [("pass", "1 of 1: re-opening tested only: evidence is not recorded")]


def test_reopening_counts_for_who_had_finished_the_ticket_and_only_within_the_limit(world: ScratchWarehouse) -> None:
    assert failures(world, "OPS-01", "hasty") == ["2026-03-14"]
    assert failures(world, "OPS-01", "another") == []
    assert failures(world, "OPS-01", "steady") == []


def test_a_week_with_too_large_a_late_share_fails_on_the_day_it_became_so(world: ScratchWarehouse) -> None:
    assert failures(world, "OPS-04", "P-slow") == ["2026-03-12"]
    assert failures(world, "OPS-04", "of-P-slow") == ["2026-03-12"]
    assert statuses(world, "OPS-04", "P-quick") == [("11", "pass"), ("12", "pass"), ("13", "pass"), ("14", "pass")]


def test_tickets_still_open_after_their_due_date_count_as_late(world: ScratchWarehouse) -> None:
    assert failures(world, "OPS-04", "P-open") == ["2026-03-13"]


def test_a_week_with_fewer_tickets_than_the_minimum_is_not_tested(world: ScratchWarehouse) -> None:
    assert statuses(world, "OPS-04", "P-small") == []


def test_a_finding_of_a_persons_own_control_is_a_failure(world: ScratchWarehouse) -> None:
    assert failures(world, "CUST-QA", "viewer") == ["2026-03-12"]


def test_running_the_days_again_one_by_one_changes_nothing(world: ScratchWarehouse) -> None:
    def everything() -> dict[str, list[tuple]]:
        return {
            name: world.rows(f"select * from marts.{name} order by all")
            for name in ("fct_tested_items", "fct_failures", "fct_control_results", "fct_control_days", "mart_control_status")
        }

    before = everything()
    # The days lie inside a range that an earlier run covered, and another run came before that one.
    world.note_run("2026-02-28", "2026-02-28")
    world.build("+mart_control_status +fct_failures", "2026-03-13", "2026-03-13")
    world.build("+mart_control_status +fct_failures", "2026-03-14", "2026-03-14")
    assert everything() == before


def test_events_of_days_that_no_run_covered_are_tested_by_the_next_run(warehouse: ScratchWarehouse) -> None:
    controls_world.deliver(warehouse)
    warehouse.build("+ctl_sec_02", "2026-03-11", "2026-03-11")
    warehouse.build("+ctl_sec_02", "2026-03-14", "2026-03-14")
    assert warehouse.rows("select tested_on, occurred_at from controls.ctl_sec_02 where entity_id = 'single-factor'") == [
        ("2026-03-14", "2026-03-12T00:00:00")
    ]


def test_a_day_without_the_log_is_a_day_without_the_test(warehouse: ScratchWarehouse) -> None:
    controls_world.deliver(warehouse)
    warehouse.deliver(
        "auth_events", "2026-03-15", [{"event_id": "e", "occurred_at": "2026-03-15T09:00:00Z", "account_id": "acc-user"}]
    )
    warehouse.build("+int_controls__days", "2026-03-15", "2026-03-15")
    days = warehouse.rows("select control_id, is_evaluable, status_reason from intermediate.int_controls__days")
    for control in ("DATA-02", "DATA-04"):
        assert (control, False, "feed data_access_events is stale: last known 2026-03-14") in days
    assert ("SEC-02", True, None) in days


@pytest.mark.parametrize("last_model", ["int_feeds__status", "ctl_sec_02"])
def test_events_of_a_day_whose_run_broke_off_are_tested_once_by_the_next_run(
    warehouse: ScratchWarehouse, last_model: str
) -> None:
    controls_world.deliver(warehouse)
    warehouse.build("+ctl_sec_02", "2026-03-11", "2026-03-11")
    warehouse.build(f"+{last_model}", "2026-03-12", "2026-03-12", breaks_off=True)
    warehouse.build("+ctl_sec_02", "2026-03-13", "2026-03-13")
    assert warehouse.rows("select tested_on, occurred_at from controls.ctl_sec_02 where entity_id = 'single-factor'") == [
        ("2026-03-13", "2026-03-12T00:00:00")
    ]
