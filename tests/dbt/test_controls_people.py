"""Controls about people: for each, an exception fires, a clean case does not, and what is missing or unknown is never a pass."""

from datetime import date

import pytest

from preaudit.selftest.plants_people import PLANTS
from tests.dbt import controls_people_world as people
from tests.dbt.scratch_warehouse import ScratchWarehouse
from tests.dbt.scratch_warehouse import items_of as items

pytestmark = pytest.mark.slow

PLANT_DAY = "2026-03-12"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> ScratchWarehouse:
    warehouse = ScratchWarehouse(tmp_path_factory.mktemp("people"))
    planted: dict[str, list[people.Row]] = {}
    for plant in PLANTS.values():
        for row in plant(date.fromisoformat(PLANT_DAY)).rows:
            days = people.LISTS[people.LISTS.index(PLANT_DAY) :] if row.feed in people.SNAPSHOTS else (PLANT_DAY,)
            for day in days:
                stamp = {"known_on": day, **({"snapshot_on": day} if row.feed in people.SNAPSHOTS else {})}
                planted.setdefault(row.feed, []).append({**row.values, **stamp})
    people.deliver(warehouse, planted)
    models = " ".join(f"+ctl_{control.lower().replace('-', '_')}" for control in PLANTS)
    warehouse.build(models, "2026-03-09", "2026-03-14")
    return warehouse


def failing_days(world: ScratchWarehouse, control: str, entity: str, key: str = "%") -> list[str]:
    return [day for day, is_exception, _ in items(world, control, entity, key) if is_exception]


@pytest.mark.parametrize("control", PLANTS)
def test_a_planted_violation_is_an_exception_of_its_day(world: ScratchWarehouse, control: str) -> None:
    planted = PLANTS[control](date.fromisoformat(PLANT_DAY))
    assert PLANT_DAY[-2:] in failing_days(world, control, planted.entity_id)


@pytest.mark.parametrize(("control", "feed"), [("HR-01", "screenings"), ("HR-03", "tickets")])
def test_a_control_without_its_feed_is_not_evaluable_and_says_which(world: ScratchWarehouse, control: str, feed: str) -> None:
    name = control.lower().replace("-", "_")
    assert not world.rows(f"select * from controls.ctl_{name} where tested_on = '2026-03-09'")
    ((is_evaluable, reason),) = world.rows(
        "select is_evaluable, status_reason from intermediate.int_controls__days"
        f" where control_id = '{control}' and on_date = '2026-03-09'"
    )
    assert not is_evaluable
    assert f"feed {feed} is absent" in reason


def test_signatures_are_not_evaluable_where_none_were_ever_delivered(warehouse: ScratchWarehouse) -> None:
    warehouse.deliver("workers", "2026-03-12", people._list("workers", "2026-03-12"))
    warehouse.deliver("accounts", "2026-03-12", people._list("accounts", "2026-03-12"))
    warehouse.build("+ctl_hr_04", "2026-03-12", "2026-03-12")
    assert warehouse.rows(
        "select is_evaluable, status_reason from intermediate.int_controls__days where control_id = 'HR-04'"
    ) == [(False, "feed acknowledgements is absent")]
    assert warehouse.rows("select * from controls.ctl_hr_04") == []


def test_a_first_right_after_all_checks_passes_and_a_second_right_is_no_item(world: ScratchWarehouse) -> None:
    assert items(world, "HR-01", "screened") == [("12", False, None)]


@pytest.mark.parametrize(
    ("worker", "reason"),
    [
        ("half-screened", "employment check pending"),
        ("screened-later", "criminal check completed after the access"),
        ("check-expired", "criminal check expired before the access"),
        ("unscreened", "no screening on record at the first access"),
    ],
)
def test_a_first_right_without_a_clear_check_fails(world: ScratchWarehouse, worker: str, reason: str) -> None:
    assert items(world, "HR-01", worker) == [("12", True, reason)]


def test_a_clear_check_without_a_date_is_not_judged(world: ScratchWarehouse) -> None:
    assert items(world, "HR-01", "check-undated") == [("12", None, "criminal check without a date")]


def test_rights_older_than_the_lists_and_people_unknown_to_hr_are_not_screened_here(world: ScratchWarehouse) -> None:
    assert items(world, "HR-01", "veteran") == []
    assert items(world, "HR-01", "stranger") == []


def test_only_card_and_health_data_admit_no_untrained_person_at_all(world: ScratchWarehouse) -> None:
    rows = world.rows(
        "select entity_id, is_exception, is_zero_tolerance from controls.ctl_hr_02"
        " where entity_id like 'with-%' and tested_on = '2026-03-12' order by entity_id"
    )
    assert rows == [("with-card-data", True, True), ("with-health-data", True, True), ("with-names-only", True, False)]


def test_a_first_ticket_after_the_course_passes_and_the_next_ticket_is_no_item(world: ScratchWarehouse) -> None:
    assert items(world, "HR-03", "trained") == [("12", False, None)]


@pytest.mark.parametrize(
    ("worker", "reason"),
    [
        ("untrained", "first ticket on 2026-03-12 without basics"),
        ("trained-long-ago", "first ticket on 2026-03-12 without basics"),
        ("half-trained", "first ticket on 2026-03-12 without law"),
        ("early-access", "first access to the client on 2026-03-12 without basics"),
        # The list that shows the assignment came a day after the work.
        ("seen-late", "first ticket on 2026-03-11 without basics"),
    ],
)
def test_work_or_access_before_the_course_fails(world: ScratchWarehouse, worker: str, reason: str) -> None:
    assert items(world, "HR-03", worker, "%|2026-03-1_|%") == [("12", True, reason)]


def test_untrained_work_fails_the_process_too(world: ScratchWarehouse) -> None:
    assert failing_days(world, "HR-03", "P-course", "untrained|%") == ["12"]


def test_a_ticket_not_taken_up_and_rights_of_another_client_are_no_start(world: ScratchWarehouse) -> None:
    assert items(world, "HR-03", "not-begun") == []


def test_a_process_without_courses_and_work_begun_before_the_lists_are_not_tested(world: ScratchWarehouse) -> None:
    assert items(world, "HR-03", "no-course") == []
    assert items(world, "HR-03", "old-hand") == []


def test_a_certificate_that_ends_fails_unless_renewed_or_no_longer_needed(world: ScratchWarehouse) -> None:
    assert items(world, "HR-03", "lapsed") == [("12", True, "basics expired on 2026-03-12 and was not renewed")]
    assert items(world, "HR-03", "renewed") == [("12", False, None)]
    assert items(world, "HR-03", "moved-away") == []


def test_a_new_version_is_asked_for_thirty_days_after_its_first_signature(world: ScratchWarehouse) -> None:
    assert failing_days(world, "HR-04", "signed-old") == ["12", "13", "14"]
    assert items(world, "HR-04", "signed-old")[-1][2] == "code version 10 not signed, due 2026-03-12"
    assert failing_days(world, "HR-04", "signer") == []


def test_a_newer_version_signed_ahead_of_time_counts(world: ScratchWarehouse) -> None:
    assert failing_days(world, "HR-04", "signed-ahead") == []
    assert len(items(world, "HR-04", "signed-ahead")) == 6


def test_a_signature_holds_for_a_year(world: ScratchWarehouse) -> None:
    assert failing_days(world, "HR-04", "signed-a-year-ago", "%|secrecy|%") == ["12", "13", "14"]
    assert failing_days(world, "HR-04", "signed-a-year-ago", "%|code|%") == []


def test_who_never_signed_what_the_colleagues_signed_fails_every_day(world: ScratchWarehouse) -> None:
    assert failing_days(world, "HR-04", "never-signed") == ["09", "10", "11", "12", "13", "14"]
    assert failing_days(world, "HR-04", "client-newcomer", "%|client-secrecy|%") == ["09", "10", "11", "12", "13", "14"]


def test_a_document_of_one_client_is_not_asked_of_others(world: ScratchWarehouse) -> None:
    assert items(world, "HR-04", "never-signed", "%|client-secrecy|%") == []
    assert items(world, "HR-04", "trained") == []


def test_who_is_on_leave_or_has_no_account_need_not_sign(world: ScratchWarehouse) -> None:
    assert items(world, "HR-04", "on-leave") == []
    assert items(world, "HR-04", "no-account") == []
