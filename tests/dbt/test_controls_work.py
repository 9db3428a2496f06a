"""Controls of work: who leaves the procedure or misses a date is found, who does not is not, and what is unknown never passes."""

from collections.abc import Iterator

import pytest

from preaudit.selftest import plants_work
from tests.dbt import controls_work_world as company
from tests.dbt.scratch_warehouse import ScratchWarehouse

pytestmark = pytest.mark.slow

MODELS = " ".join(f"+ctl_{control.lower().replace('-', '_')}" for control in plants_work.PLANTS) + " --exclude resource_type:seed"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ScratchWarehouse]:
    folder = tmp_path_factory.mktemp("work")
    procedures = folder / "procedure_steps.csv"
    procedures.write_text("process_kind,step\nRefunds,identity_check\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plants_work, "PROCEDURES", procedures)
        warehouse = ScratchWarehouse(folder)
        company.deliver(warehouse)
        warehouse.dbt("seed", PREAUDIT_RUN_MIN_DATE="2026-03-09", PREAUDIT_RUN_MAX_DATE="2026-03-12")
        company.set_procedures(warehouse, company.PROCEDURES)
        warehouse.build(MODELS, "2026-03-09", "2026-03-12")
        # From the 13th on there is no procedure; on the 21st the tickets of the 13th are too old to be relied on.
        company.set_procedures(warehouse, "")
        warehouse.build(MODELS, "2026-03-13", "2026-03-21")
        yield warehouse


def verdicts(world: ScratchWarehouse, control: str, ticket: str) -> list[tuple[str, bool | None, str | None]]:
    """Day of March, whether it is an exception and why, of one ticket; of processes where the control knows both kinds."""
    rows = world.rows(
        f"select tested_on, is_exception, reason from controls.ctl_{control} where entity_kind = 'process'"
        f" and split_part(item_key, '|', 1) = '{ticket}' and tested_on <= '2026-03-12' order by tested_on"
    )
    return [(day[-2:], is_exception, reason) for day, is_exception, reason in rows]


def days_of_exceptions(world: ScratchWarehouse, control: str, ticket: str) -> list[str]:
    return [day for day, is_exception, _ in verdicts(world, control, ticket) if is_exception]


def last_verdict(world: ScratchWarehouse, control: str, ticket: str) -> bool | None:
    return verdicts(world, control, ticket)[-1][1]


def zero_tolerance(world: ScratchWarehouse, control: str, ticket: str) -> bool:
    ((found,),) = world.rows(
        f"select bool_or(is_zero_tolerance) from controls.ctl_{control} where split_part(item_key, '|', 1) = '{ticket}'"
    )
    return bool(found)


@pytest.mark.parametrize("control", plants_work.PLANTS)
def test_the_planted_violation_is_reported(world: ScratchWarehouse, control: str) -> None:
    planted = plants_work.PLANTS[control](company.PLANTED_ON)
    assert world.rows(
        f"select 1 from controls.ctl_{control.lower().replace('-', '_')} where entity_kind = '{planted.entity_kind}'"
        f" and entity_id = '{planted.entity_id}' and tested_on = '{company.PLANTED_ON}' and is_exception"
    )


@pytest.mark.parametrize("control", plants_work.PLANTS)
def test_without_fresh_tickets_a_control_is_not_evaluable_and_yields_nothing(world: ScratchWarehouse, control: str) -> None:
    ((is_evaluable, reason),) = world.rows(
        "select is_evaluable, status_reason from intermediate.int_controls__days"
        f" where control_id = '{control}' and on_date = '2026-03-21'"
    )
    assert not is_evaluable
    assert "feed tickets is stale: last known 2026-03-13" in reason
    model = f"controls.ctl_{control.lower().replace('-', '_')}"
    assert not world.rows(f"select 1 from {model} where tested_on = '2026-03-21'")


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        ("unchecked", "missing: identity_check"),
        ("unapproved", "missing: approval"),
        ("hasty", "before an earlier step: refund"),
        ("paid-twice", "repeated: refund"),
        ("own-approval", "by a role that may not: approval"),
        ("change-by-kind", "missing: plan"),
    ],
)
def test_a_closed_case_that_leaves_its_procedure_is_an_exception_and_says_how(
    world: ScratchWarehouse, case: str, reason: str
) -> None:
    assert verdicts(world, "ops_02", case) == [("12", True, reason)]


@pytest.mark.parametrize("case", ["good", "at-once", "came-back"])
def test_a_case_that_follows_its_procedure_passes_and_says_how_many_are_open(world: ScratchWarehouse, case: str) -> None:
    # A second pass after re-opening repeats steps, so only the first closing is tested, and only what was done until then.
    assert verdicts(world, "ops_02", case) == [("12", False, "open cases of the process left out: 1")]


def test_a_step_that_is_told_within_three_days_after_the_closing_is_not_missing(world: ScratchWarehouse) -> None:
    assert [is_exception for _, is_exception, _ in verdicts(world, "ops_02", "check-told-late")] == [False]


@pytest.mark.parametrize("case", ["still-open", "without-procedure"])
def test_open_cases_and_work_without_a_procedure_are_not_tested(world: ScratchWarehouse, case: str) -> None:
    assert verdicts(world, "ops_02", case) == []


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        ("approved-by-whom", "the role of somebody who did a step is not known"),
        ("approved-by-nobody", "the role of somebody who did a step is not known"),
        ("old", "opened too long ago: its first steps were not looked for"),
    ],
)
def test_a_case_of_which_not_everything_is_known_is_not_judged(world: ScratchWarehouse, case: str, reason: str) -> None:
    assert verdicts(world, "ops_02", case) == [("12", None, reason)]


def test_only_a_missing_step_that_is_never_to_skip_is_outside_tolerance_at_once(world: ScratchWarehouse) -> None:
    assert zero_tolerance(world, "ops_02", "unchecked")
    assert not zero_tolerance(world, "ops_02", "unapproved")
    assert not zero_tolerance(world, "ops_02", "old")


def test_without_any_procedure_closed_cases_are_not_judged(world: ScratchWarehouse) -> None:
    rows = world.rows(
        "select entity_kind, item_key, is_exception, reason, exposure from controls.ctl_ops_02"
        " where tested_on between '2026-03-13' and '2026-03-20' and item_key like 'clerk|%' order by entity_kind"
    )
    key, reason = "clerk|P-refunds|2026-03-13", "no procedure is kept in procedure_steps"
    # The second closing of came-back, which would be tested on the 14th, is none of its own.
    assert rows == [("agent", key, None, reason, 1.0), ("process", key, None, reason, 1.0)]


def test_a_task_is_an_exception_from_its_due_day_until_the_day_it_is_done(world: ScratchWarehouse) -> None:
    assert verdicts(world, "ops_03", "late") == [
        ("09", False, None),
        ("10", True, "open after its date 2026-03-10"),
        ("11", True, "open after its date 2026-03-10"),
        ("12", True, "done after its date 2026-03-10"),
    ]
    assert verdicts(world, "ops_03", "in-time") == [(day, False, None) for day in ("09", "10", "11")]


def test_a_later_date_repairs_a_task_and_missing_that_one_is_another_failure(world: ScratchWarehouse) -> None:
    assert days_of_exceptions(world, "ops_03", "extended") == ["10", "12"]
    keys = world.rows("select distinct item_key from controls.ctl_ops_03 where item_key like 'extended|%' and is_exception")
    assert len(keys) == 2


def test_a_date_moved_later_more_often_than_allowed_is_an_exception(world: ScratchWarehouse) -> None:
    assert verdicts(world, "ops_03", "moved-thrice")[-1] == ("12", True, "date moved 3 times")
    assert last_verdict(world, "ops_03", "moved-twice") is False
    assert last_verdict(world, "ops_03", "brought-forward") is False


def test_a_task_closed_without_proof_of_a_retest_is_an_exception_and_an_unknown_proof_is_not_judged(
    world: ScratchWarehouse,
) -> None:
    assert verdicts(world, "ops_03", "untested") == [("11", True, "closed without proof of a re-test")]
    assert verdicts(world, "ops_03", "test-unknown") == [("11", None, "whether it was re-tested is not recorded")]
    assert last_verdict(world, "ops_03", "undated") is None


def test_a_cancelled_task_is_not_tested(world: ScratchWarehouse) -> None:
    assert verdicts(world, "ops_03", "dropped") == [("09", False, None)]


def test_a_critical_task_is_outside_tolerance_only_once_it_is_overdue(world: ScratchWarehouse) -> None:
    rows = world.rows(
        "select tested_on, is_zero_tolerance from controls.ctl_ops_03 where item_key like 'critical|%'"
        " and tested_on <= '2026-03-12' order by 1"
    )
    assert [is_zero for _, is_zero in rows] == [False, True, True, True]
    assert not zero_tolerance(world, "ops_03", "late")


@pytest.mark.parametrize(
    ("ticket", "days"),
    [
        ("critical-over-30", ["10", "11", "12"]),
        ("critical-within-30", []),
        ("other-within-90", []),
        ("other-over-90", ["09", "10", "11", "12"]),
        ("dated-over", ["11", "12"]),
        ("dated-within", []),
        ("unranked-young", []),
        ("unranked-old", ["09", "10", "11", "12"]),
        ("patched-late", ["11"]),
    ],
)
def test_a_weakness_has_until_its_own_date_or_the_days_of_its_priority(
    world: ScratchWarehouse, ticket: str, days: list[str]
) -> None:
    assert days_of_exceptions(world, "sec_05", ticket) == days
    assert last_verdict(world, "sec_05", ticket) is not None


def test_a_weakness_without_date_and_priority_between_both_limits_is_not_judged(world: ScratchWarehouse) -> None:
    assert verdicts(world, "sec_05", "unranked-middle")[-1] == ("12", None, "neither a due date nor a priority is known")


def test_critical_weaknesses_and_urgent_incidents_admit_no_exception(world: ScratchWarehouse) -> None:
    assert zero_tolerance(world, "sec_05", "critical-over-30")
    assert not zero_tolerance(world, "sec_05", "other-over-90")
    assert zero_tolerance(world, "inc_01", "SELFTEST-INC-01-1")
