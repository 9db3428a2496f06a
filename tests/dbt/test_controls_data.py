"""Controls over data use and logging: for each an exception fires, a clean case does not, and the unknown is never a pass."""

import pytest

from preaudit.selftest.plants_data import PLANTS
from tests.dbt import data_world
from tests.dbt.scratch_warehouse import ScratchWarehouse

pytestmark = pytest.mark.slow

CONTROLS = ("data_01", "data_02", "data_03", "data_04", "sec_04")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> ScratchWarehouse:
    warehouse = ScratchWarehouse(tmp_path_factory.mktemp("data"))
    data_world.deliver(warehouse)
    # The last day by itself, so that the counts of the days before come from an earlier run.
    for first, last in (("2026-03-10", "2026-03-12"), ("2026-03-13", "2026-03-13")):
        warehouse.build(" ".join(f"+ctl_{name}" for name in CONTROLS), first, last)
    return warehouse


def items(world: ScratchWarehouse, control: str, entity: str, day: str = "12") -> list[tuple[bool | None, bool, str | None]]:
    """Exception, zero tolerance and reason of the entity's items on that day of March."""
    return world.rows(
        f"select is_exception, is_zero_tolerance, reason from controls.ctl_{control}"
        f" where entity_id = '{entity}' and tested_on = '2026-03-{day}' order by item_key"
    )


@pytest.mark.parametrize("control_id", PLANTS)
def test_a_planted_violation_is_an_exception_of_its_entity(world: ScratchWarehouse, control_id: str) -> None:
    planted = PLANTS[control_id](data_world.DAY)
    found = items(world, control_id.lower().replace("-", "_"), planted.entity_id)
    assert [is_exception for is_exception, _, _ in found] == [True]


@pytest.mark.parametrize("name", ["clerk", "helper", "worker", "in-grace"])
def test_a_case_of_ones_own_in_the_queue_or_worked_on_explains_a_view(world: ScratchWarehouse, name: str) -> None:
    assert items(world, "data_01", name) == [(False, False, None)]


def test_a_case_that_ended_more_than_an_hour_ago_explains_nothing(world: ScratchWarehouse) -> None:
    assert items(world, "data_01", "late") == [(True, False, "2 of 2 views without a case of the customer")]
    assert (True, False) in [found[:2] for found in items(world, "data_01", "P-1")]


def test_a_case_in_another_queue_explains_nothing(world: ScratchWarehouse) -> None:
    assert items(world, "data_01", "stranger") == [(True, False, "2 of 2 views without a case of the customer")]


def test_one_stray_view_is_left_aside_until_the_next_within_four_weeks(world: ScratchWarehouse) -> None:
    assert items(world, "data_01", "stray") == [(False, False, "1 views without a case, within the limit")]
    reason = "2 of 41 views in 28 days without a case of the customer"
    assert items(world, "data_01", "strays-again") == [(True, False, reason)]


def test_among_many_views_half_a_percent_may_lack_a_case(world: ScratchWarehouse) -> None:
    assert items(world, "data_01", "busy") == [(False, False, "2 views without a case, within the limit")]


def test_views_of_nobody_or_on_an_unregulated_system_are_not_tested(world: ScratchWarehouse) -> None:
    assert items(world, "data_01", "unnamed") == items(world, "data_01", "unregulated") == []


def test_views_are_not_judged_before_the_tickets_of_their_day_are_known(world: ScratchWarehouse) -> None:
    assert items(world, "data_01", "hasty", "13") == [(None, False, "the tickets of the day are not known yet")]


def test_a_reveal_with_right_and_ticket_passes_and_says_that_no_profile_was_there(world: ScratchWarehouse) -> None:
    assert items(world, "data_03", "permitted") == [(False, False, "no role profile for job role unheard of")]


@pytest.mark.parametrize("name", ["no-ticket", "made-up"])
def test_a_permitted_reveal_without_a_ticket_that_exists_fails_within_tolerance(world: ScratchWarehouse, name: str) -> None:
    assert items(world, "data_03", name) == [(True, False, "1 of 1 reveals without a ticket")]


@pytest.mark.parametrize("name", ["expired", "other-client", "granted-later"])
def test_a_right_that_does_not_hold_for_the_reveal_is_none(world: ScratchWarehouse, name: str) -> None:
    assert items(world, "data_03", name) == [(True, True, "1 reveals without the right to unmask")]


def test_nothing_is_tolerated_on_a_day_of_leave(world: ScratchWarehouse) -> None:
    assert items(world, "data_04", "on-leave") == [(True, True, "1 accesses outside the shift")]
    assert items(world, "data_04", "after-hours") == [(True, False, "1 accesses outside the shift")]


def test_a_log_with_a_third_of_its_usual_events_passes_and_with_a_quarter_is_a_gap(world: ScratchWarehouse) -> None:
    assert items(world, "sec_04", "P-steady-staff") == [(False, True, None)]
    assert items(world, "sec_04", "P-partial-staff") == [(True, True, "auth_events of S-partial: 10 events, 40 are usual")]


def test_a_system_with_few_events_a_day_has_no_part_of_a_gap(world: ScratchWarehouse) -> None:
    reason = "auth_events of S-small: too few events before to tell a part of a gap"
    assert items(world, "sec_04", "P-small-staff") == [(False, True, reason)]


def test_where_no_file_of_a_feed_came_no_system_has_a_gap(world: ScratchWarehouse) -> None:
    reason = "data_access_events of S-export: nothing of data_access_events was delivered for the day"
    assert items(world, "sec_04", "P-export-staff") == [(None, True, reason)]


def test_a_rarely_used_system_without_events_is_not_judged_for_two_weeks(world: ScratchWarehouse) -> None:
    assert items(world, "sec_04", "P-quiet-staff") == [(None, True, "auth_events of S-quiet: no event since 2026-03-04")]


def test_a_listed_system_that_never_logged_is_a_gap(world: ScratchWarehouse) -> None:
    assert items(world, "sec_04", "P-never-staff") == [(True, True, "any log of S-never: no event was ever seen")]


def test_a_silent_system_nobody_on_shift_uses_is_no_gap(world: ScratchWarehouse) -> None:
    assert items(world, "sec_04", "P-idle-staff") == []


def work_items(world: ScratchWarehouse, process: str, day: str = data_world.WEDNESDAY) -> list[tuple[bool | None, str | None]]:
    return world.rows(
        f"select is_exception, reason from controls.ctl_sec_04 where entity_id = '{process}' and item_key = 'ticket work|{day}'"
    )


def test_ticket_work_without_a_log_in_of_that_day_fails(world: ScratchWarehouse) -> None:
    assert work_items(world, "P-not-logged-in") == [(True, "1 of 1 agents worked on tickets without any log-in")]
    assert work_items(world, "P-logged-in") == [(False, None)]


def test_a_joiner_whose_account_no_list_showed_yet_is_not_held_to_have_worked_unlogged(world: ScratchWarehouse) -> None:
    assert work_items(world, "P-joiner") == []


def test_work_on_a_day_without_any_file_of_log_ins_is_not_judged(world: ScratchWarehouse) -> None:
    assert work_items(world, "P-no-log-file", "2026-03-09") == [(None, "nothing of auth_events was delivered for the day")]


def test_a_night_shift_may_have_logged_in_before_midnight(world: ScratchWarehouse) -> None:
    assert work_items(world, "P-night-shift") == [(False, None)]


def test_a_ticket_that_closes_while_its_owner_is_off_shift_is_not_work(world: ScratchWarehouse) -> None:
    assert work_items(world, "P-auto-closer") == []


def test_without_their_feeds_the_controls_test_nothing(warehouse: ScratchWarehouse) -> None:
    data_world.deliver(warehouse)
    warehouse.build("+ctl_data_01 +ctl_data_03 +ctl_sec_04", "2026-03-15", "2026-03-15")
    days = dict(warehouse.rows("select control_id, is_evaluable from intermediate.int_controls__days"))
    assert [days[control] for control in ("DATA-01", "DATA-03", "SEC-04")] == [False] * 3
    for control in ("data_01", "data_03", "sec_04"):
        assert not warehouse.rows(f"select * from controls.ctl_{control}")
