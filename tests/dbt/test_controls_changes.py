"""Controls about changes: for each, an exception fires, a clean case does not, and what is missing or unknown is never a pass."""

from datetime import date

import pytest

from preaudit.selftest.plants_changes import PLANTS
from tests.dbt.controls_changes_world import ANSWERS, TICKETS, Row, answer
from tests.dbt.scratch_warehouse import ScratchWarehouse
from tests.dbt.scratch_warehouse import items_of as items

pytestmark = pytest.mark.slow

PLANT_DAY = "2026-03-12"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> ScratchWarehouse:
    warehouse = ScratchWarehouse(tmp_path_factory.mktemp("changes"))
    feeds: dict[str, list[Row]] = {"tickets": list(TICKETS), "approvals": list(ANSWERS)}
    for plant in PLANTS.values():
        for row in plant(date.fromisoformat(PLANT_DAY)).rows:
            stamp = {"known_on": PLANT_DAY}
            if row.feed in ("workers", "processes", "process_assignments"):
                stamp["snapshot_on"] = PLANT_DAY
            feeds.setdefault(row.feed, []).append({**row.values, **stamp})
    for feed, rows in feeds.items():
        warehouse.deliver(feed, None, rows)
    warehouse.deliver("approvals", "2026-03-14", [answer("approved", "2026-03-14T09:00:00")])
    models = " ".join(f"+ctl_{control.lower().replace('-', '_')}" for control in PLANTS)
    warehouse.build(models, "2026-03-09", "2026-03-14")
    return warehouse


@pytest.mark.parametrize("control", PLANTS)
def test_a_planted_violation_is_an_exception_of_its_day(world: ScratchWarehouse, control: str) -> None:
    planted = PLANTS[control](date.fromisoformat(PLANT_DAY))
    assert ("12", True) in [(day, verdict) for day, verdict, _ in items(world, control, planted.entity_id)]


def test_without_approvals_only_the_record_of_changes_can_be_evaluated(world: ScratchWarehouse) -> None:
    rows = world.rows(
        "select control_id, is_evaluable, status_reason from intermediate.int_controls__days"
        " where control_id like 'CHG-%' and on_date = '2026-03-09' order by all"
    )
    missing = "feed approvals is absent"
    assert rows == [("CHG-01", False, missing), ("CHG-02", False, missing), ("CHG-03", True, None), ("CHG-04", False, missing)]
    for control in ("CHG-01", "CHG-02", "CHG-04"):
        name = control.lower().replace("-", "_")
        assert not world.rows(f"select * from controls.ctl_{name} where tested_on = '2026-03-09'")


def test_a_change_begun_after_its_approval_passes_once(world: ScratchWarehouse) -> None:
    assert items(world, "CHG-01", "approved") == [("12", False, None)]
    assert items(world, "CHG-01", "twice-seen") == [("12", True, "begun without an approval")]


@pytest.mark.parametrize(
    ("process", "reason"),
    [
        ("unapproved", "begun without an approval"),
        ("rejected", "begun although an approver had rejected it"),
        ("half-approved", "begun before the last approval"),
        ("early", "begun before the approved window"),
        ("long-after", "begun after the approved window"),
    ],
)
def test_a_change_begun_without_a_standing_approval_fails(world: ScratchWarehouse, process: str, reason: str) -> None:
    assert items(world, "CHG-01", process) == [("12", True, reason)]


def test_a_rejection_that_was_taken_back_and_a_few_minutes_early_pass(world: ScratchWarehouse) -> None:
    assert items(world, "CHG-01", "answered") == [("12", False, None)]
    assert items(world, "CHG-01", "in-grace") == [("12", False, None)]


def test_standard_emergency_and_cancelled_changes_need_no_approval_before(world: ScratchWarehouse) -> None:
    assert [items(world, "CHG-01", name) for name in ("standard", "sanctioned", "cancelled")] == [[], [], []]


def test_a_change_of_unknown_type_or_start_is_no_failure_and_no_pass(world: ScratchWarehouse) -> None:
    assert items(world, "CHG-01", "untyped") == [("12", None, "begun without an approval, type of change unknown")]
    assert items(world, "CHG-01", "untyped-approved") == [("12", False, None)]
    assert items(world, "CHG-01", "undated") == [("12", None, "finished without a recorded start")]


def test_only_the_approval_of_somebody_else_is_independent(world: ScratchWarehouse) -> None:
    assert items(world, "CHG-02", "approved")[0] == ("12", False, None)
    assert items(world, "CHG-02", "own-request") == [("12", True, "approved by who asked for it")]
    assert items(world, "CHG-02", "SELFTEST-P-CHG-02") == [("12", True, "approved by who carried it out")]


def test_an_approval_after_the_work_is_looked_at_when_it_comes(world: ScratchWarehouse) -> None:
    assert items(world, "CHG-02", "sanctioned") == [("13", True, "approved by who carried it out")]


def test_an_approval_of_a_change_nobody_is_known_to_have_asked_for_is_not_judged(world: ScratchWarehouse) -> None:
    assert items(world, "CHG-02", "no-requester") == [("12", None, "who asked for the change is unknown")]
    assert items(world, "CHG-02", "unapproved") == []


def test_the_record_counts_as_it_stood_at_the_start(world: ScratchWarehouse) -> None:
    assert items(world, "CHG-03", "complete") == [("12", False, None)]
    assert items(world, "CHG-03", "written-later") == [("13", True, "without test plan")]
    assert items(world, "CHG-03", "no-code") == [("12", True, "without close code")]


def test_an_emergency_has_seven_days_to_be_written_up(world: ScratchWarehouse) -> None:
    assert items(world, "CHG-03", "urgent") == [("13", False, None)]
    assert items(world, "CHG-03", "urgent-never") == [("13", True, "without test plan")]


def test_what_the_record_does_not_say_is_not_judged_and_open_or_standard_changes_are_no_items(world: ScratchWarehouse) -> None:
    assert items(world, "CHG-03", "unrecorded") == [("12", None, "risk assessment, test plan or way back not recorded")]
    assert items(world, "CHG-03", "untyped") == [("12", None, "without test plan, type of change unknown")]
    assert items(world, "CHG-03", "undated") == [("12", None, "start unknown: nothing shows that the record was complete before")]
    assert [items(world, "CHG-03", name) for name in ("approved", "standard")] == [[], []]


def test_an_emergency_approved_within_five_days_passes_and_later_is_outside_tolerance(world: ScratchWarehouse) -> None:
    assert items(world, "CHG-04", "sanctioned") == [("13", False, None)]
    assert items(world, "CHG-04", "sanctioned-late") == [("13", True, "emergency approved only at 2026-03-13 11:00 UTC")]
    assert world.rows("select bool_and(is_zero_tolerance) from controls.ctl_chg_04 where item_key not like '%share%'") == [
        (True,)
    ]


def test_an_approved_emergency_of_unknown_start_is_not_judged(world: ScratchWarehouse) -> None:
    assert items(world, "CHG-04", "urgent-undated") == [("14", None, "emergency approved, but its start is unknown")]


def test_too_large_a_share_of_emergencies_is_one_failure_a_week(world: ScratchWarehouse) -> None:
    assert items(world, "CHG-04", "often", "%share%") == [
        ("11", True, "2 of 10 changes in 30 days were emergencies"),
        ("12", True, "2 of 11 changes in 30 days were emergencies"),
    ]
    assert world.rows("select count(distinct item_key) from controls.ctl_chg_04 where item_key like 'often|share%'") == [(1,)]


def test_a_share_up_to_the_limit_passes_and_old_emergencies_no_longer_count(world: ScratchWarehouse) -> None:
    assert items(world, "CHG-04", "seldom", "%share%") == [("11", False, None)]
    assert items(world, "CHG-04", "long-ago", "%share%") == [("11", False, None)]


def test_no_share_is_taken_of_few_changes_nor_guessed_for_unknown_types(world: ScratchWarehouse) -> None:
    assert items(world, "CHG-04", "few", "%share%") == []
    assert items(world, "CHG-04", "kinds-unknown", "%share%") == [("11", None, "10 changes of unknown type")]
