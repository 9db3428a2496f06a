"""Controls of joining, moving and leaving: for each, what fires, what does not, and what the data cannot tell."""

import pytest

from preaudit.selftest.plants_lifecycle import PLANTS
from tests.dbt import controls_lifecycle_world
from tests.dbt.scratch_warehouse import ScratchWarehouse

pytestmark = pytest.mark.slow

MODELS = "+ctl_jml_01 +ctl_jml_02 +ctl_jml_03 +ctl_acc_01 +ctl_acc_02 +ctl_acc_03 --exclude role_profiles"
Items = list[tuple[str, bool | None, bool]]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> ScratchWarehouse:
    warehouse = ScratchWarehouse(tmp_path_factory.mktemp("lifecycle"))
    controls_lifecycle_world.deliver(warehouse)
    warehouse.build(MODELS, "2026-03-01", "2026-03-12")
    return warehouse


def items(world: ScratchWarehouse, control: str, key: str, kind: str = "process") -> Items:
    """Day of March, is_exception and zero tolerance of the items whose key begins so."""
    return [
        (day[-2:], is_exception, is_strict)
        for day, is_exception, is_strict in world.rows(
            f"select tested_on, is_exception, is_zero_tolerance from controls.ctl_{control}"
            f" where entity_kind = '{kind}' and item_key like '{key}%' order by tested_on"
        )
    ]


def verdicts(world: ScratchWarehouse, control: str, key: str) -> list[tuple[str, bool | None]]:
    return [(day, is_exception) for day, is_exception, _ in items(world, control, key)]


def reason(world: ScratchWarehouse, control: str, key: str, day: str) -> str | None:
    found = world.rows(
        f"select distinct reason from controls.ctl_{control} where item_key like '{key}%' and tested_on = '2026-03-{day}'"
    )
    ((only,),) = found
    return only


@pytest.mark.parametrize("control", PLANTS)
def test_a_planted_violation_is_reported_for_its_entity_on_its_day(world: ScratchWarehouse, control: str) -> None:
    plant = PLANTS[control](controls_lifecycle_world.PLANTED_ON)
    assert plant.control_id == control
    assert world.rows(
        f"select count(*) > 0 from controls.ctl_{control.lower().replace('-', '_')} where tested_on = '2026-03-12'"
        f" and entity_kind = '{plant.entity_kind}' and entity_id = '{plant.entity_id}' and is_exception"
    ) == [(True,)]


@pytest.mark.parametrize("control", PLANTS)
def test_a_day_without_the_lists_is_not_evaluable_and_has_no_item(world: ScratchWarehouse, control: str) -> None:
    ((is_evaluable, why),) = world.rows(
        "select is_evaluable, status_reason from intermediate.int_controls__days"
        f" where control_id = '{control}' and on_date = '2026-03-01'"
    )
    assert not is_evaluable
    assert "feed accounts is absent" in why
    assert not world.rows(f"select * from controls.ctl_{control.lower().replace('-', '_')} where tested_on = '2026-03-01'")


def test_leavers_accounts_on_card_systems_are_zero_tolerance_and_others_are_not(world: ScratchWarehouse) -> None:
    assert items(world, "jml_01", "a-left|")[-1] == ("12", True, False)
    assert items(world, "jml_01", "a-left-cards|")[-1] == ("12", True, True)


@pytest.mark.parametrize(
    ("mover", "found"),
    [
        ("kept", ("09", True, True)),
        ("removed", ("09", False, True)),
        ("disabled", ("09", False, True)),
        ("fits", ("09", False, False)),
        ("outside", ("09", True, False)),
        ("privileged", ("09", True, True)),
        ("two-processes", ("09", False, False)),
        ("gap-late", ("11", True, True)),
        ("gap-in-time", ("11", False, True)),
    ],
)
def test_a_movers_right_is_tested_once_in_the_first_list_after_its_time_limit(
    world: ScratchWarehouse, mover: str, found: tuple[str, bool, bool]
) -> None:
    assert items(world, "jml_02", f"a-{mover}|") == [found]
    assert items(world, "jml_02", f"a-{mover}|", "agent") == [found]


@pytest.mark.parametrize(
    ("mover", "day", "why"),
    [
        ("archivist", "09", "no role profile for job role archivist"),
        ("gap-vanished", "11", "no list shows whether crm.read was taken away in time"),
        ("privilege-unknown", "09", "not known whether crm.admin is privileged, or of which client the new process is"),
    ],
)
def test_a_movers_right_that_the_data_cannot_judge_is_not_a_pass(world: ScratchWarehouse, mover: str, day: str, why: str) -> None:
    assert verdicts(world, "jml_02", f"a-{mover}|") == [(day, None)]
    assert reason(world, "jml_02", f"a-{mover}|", day) == why


def test_a_movers_exception_counts_for_the_new_process_and_names_the_right(world: ScratchWarehouse) -> None:
    assert world.rows(
        "select entity_id, reason from controls.ctl_jml_02 where item_key like 'a-kept|%' and entity_kind = 'process'"
    ) == [("PB", "crm.read kept after the move of 2026-03-06, though it is of another client")]


def test_a_move_told_more_than_thirty_days_late_and_who_stays_are_not_tested(world: ScratchWarehouse) -> None:
    assert items(world, "jml_02", "a-told-late|") == []
    assert items(world, "jml_02", "a-revoker|") == []


def test_a_mover_who_left_before_the_time_limit_ended_is_left_to_the_control_of_leavers(world: ScratchWarehouse) -> None:
    assert items(world, "jml_02", "a-left-meanwhile|") == []
    assert items(world, "jml_01", "a-left-meanwhile|", "agent")[-1][1] is True


@pytest.mark.parametrize(
    ("holder", "verdict", "why"),
    [
        ("asked", False, None),
        ("not-asked", True, "crm.export: granted without a request"),
        ("approved-later", True, "crm.export: approved only after it was granted"),
        ("approved-by-requester", True, "crm.export: approved by the person who asked for it or holds it"),
        ("approved-by-holder", True, "crm.export: approved by the person who asked for it or holds it"),
        ("asked-for-another", True, "crm.export: granted on the request for somebody else"),
        ("rejected", True, "crm.export: granted although the request was rejected"),
        ("undecided", True, "crm.export: granted without an approval"),
        ("incident", True, "crm.export: granted on a ticket that is no access request"),
        ("not-hired-yet", True, "crm.export: granted before the hire date"),
        ("away", True, "crm.export: granted on a request that no ticket shows"),
        ("requester-unknown", None, "crm.export: not known who asked, so the approver may be the same person"),
        ("asked-long-ago", None, "crm.export: the request is older than the tickets and approvals known"),
        ("birthright-unknown", None, "crm.read: not known whether it is privileged and needs a request"),
    ],
)
def test_a_grant_needs_a_request_and_the_approval_of_another_before_it(
    world: ScratchWarehouse, holder: str, verdict: bool | None, why: str | None
) -> None:
    assert items(world, "jml_03", f"a-{holder}|", "agent") == [("08", verdict, holder == "not-asked")]
    assert reason(world, "jml_03", f"a-{holder}|", "08") == why


def test_rights_of_the_job_and_of_the_first_list_need_no_request(world: ScratchWarehouse) -> None:
    assert items(world, "jml_03", "a-birthright|", "agent") == []
    assert items(world, "jml_03", "a-outside|", "agent") == []


def test_a_right_given_again_is_another_grant(world: ScratchWarehouse) -> None:
    assert items(world, "jml_03", "a-revoker|", "agent") == [("09", True, False)]


def test_a_leavers_account_is_an_orphan_once_the_time_for_closing_is_over(world: ScratchWarehouse) -> None:
    assert verdicts(world, "acc_01", "a-left|")[-5:] == [("08", False), ("09", True), ("10", True), ("11", True), ("12", True)]
    assert world.rows("select distinct entity_id from controls.ctl_acc_01 where item_key like 'a-left|%'") == [("PA",)]


def test_the_account_of_somebody_deleted_from_the_list_or_never_on_it_is_an_orphan(world: ScratchWarehouse) -> None:
    assert verdicts(world, "acc_01", "a-deleted|")[4:6] == [("06", False), ("07", True)]
    assert (
        reason(world, "acc_01", "a-deleted|", "12") == "enabled account of somebody who is no longer employed, since 2026-03-07"
    )
    assert (reason(world, "acc_01", "a-stranger|", "12") or "").startswith(
        "enabled account of somebody who is on no list of workers"
    )


def test_an_account_without_an_owner_counts_for_the_processes_it_may_belong_to(world: ScratchWarehouse) -> None:
    def processes(account: str) -> list[str]:
        sql = (
            f"select entity_id from controls.ctl_acc_01 where item_key like '{account}|%' and tested_on = '2026-03-11'"
            " and is_exception order by 1"
        )
        return [process for (process,) in world.rows(sql)]

    assert processes("a-nobody") == ["PA", "PA2"]
    assert processes("a-shared") == ["PA", "PA2", "PB"]
    assert processes("a-given-up") == ["PA"]


def test_an_account_that_lost_its_owner_is_another_item_than_before(world: ScratchWarehouse) -> None:
    assert items(world, "acc_01", "a-given-up|2026-03-02")[-1] == ("06", False, False)
    assert items(world, "acc_01", "a-given-up|2026-03-07")[0] == ("07", True, False)


def test_a_privileged_orphan_is_zero_tolerance(world: ScratchWarehouse) -> None:
    assert {strict for _, _, strict in items(world, "acc_01", "a-nobody|")} == {True}


def test_service_accounts_and_people_on_leave_are_no_orphans(world: ScratchWarehouse) -> None:
    for account in ("a-service|", "a-away|"):
        assert {verdict for _, verdict in verdicts(world, "acc_01", account)} == {False}
    assert items(world, "acc_01", "a-disabled|")[-1][0] == "07"


def test_a_review_fails_from_its_due_date_until_it_is_decided(world: ScratchWarehouse) -> None:
    assert verdicts(world, "acc_03", "Q1|on-time|review")[0] == ("05", False)
    assert {verdict for _, verdict in verdicts(world, "acc_03", "Q1|on-time|review")} == {False}
    # Nothing was delivered on the 6th, so its end is the first that a delivery of the 7th could show.
    assert verdicts(world, "acc_03", "Q1|open|review")[:2] == [("06", None), ("07", True)]
    assert [day for day, verdict in verdicts(world, "acc_03", "Q1|late|review") if verdict] == ["07", "08"]
    assert verdicts(world, "acc_03", "Q1|late|review")[-1] == ("12", False)


def test_a_review_by_the_holder_fails_and_one_by_nobody_known_is_not_judged(world: ScratchWarehouse) -> None:
    assert {(verdict, strict) for _, verdict, strict in items(world, "acc_03", "Q1|by-holder|review")} == {(True, True)}
    assert {verdict for _, verdict in verdicts(world, "acc_03", "Q1|by-nobody|review")} == {None}


def test_a_review_is_not_overdue_before_a_delivery_could_show_it(world: ScratchWarehouse) -> None:
    assert verdicts(world, "acc_03", "Q1|nothing-delivered|review") == [("09", None), ("10", None), ("11", True), ("12", True)]


def test_a_revocation_fails_where_it_is_late_or_on_paper_only(world: ScratchWarehouse) -> None:
    assert {verdict for _, verdict in verdicts(world, "acc_03", "Q1|revoked|revocation")} == {False}
    assert {verdict for _, verdict in verdicts(world, "acc_03", "Q1|given-again|revocation")} == {False}
    still_held = items(world, "acc_03", "Q1|still-held|revocation")
    assert still_held[2:4] == [("06", False, False), ("07", True, False)]
    assert reason(world, "acc_03", "Q1|still-held|revocation", "12") == "recorded as revoked, but the access is still there"
    assert verdicts(world, "acc_03", "Q1|not-carried-out|revocation")[-3:] == [("10", False), ("11", True), ("12", True)]


def test_an_item_on_an_account_no_list_shows_counts_for_the_reviewers_process_or_else_for_every_one(
    world: ScratchWarehouse,
) -> None:
    def found(item: str) -> list[tuple[str, bool | None]]:
        sql = (
            "select entity_id, is_exception from controls.ctl_acc_03 where tested_on = '2026-03-11' and item_key = 'Q1|{}|review'"
        )
        return sorted(world.rows(sql.format(item)))

    assert found("unlisted") == [("PA", True)]
    assert found("unlisted-for-nobody") == [("PA", True), ("PA2", True), ("PB", True)]
    assert found("unlisted-kept") == [("PA", None)]


def test_running_the_last_days_again_one_by_one_changes_nothing(world: ScratchWarehouse) -> None:
    def everything() -> list[list[tuple]]:
        return [
            world.rows(f"select * from controls.ctl_{name} order by all") for name in ("jml_02", "jml_03", "acc_01", "acc_03")
        ]

    before = everything()
    for day in ("2026-03-11", "2026-03-12"):
        world.build(MODELS, day, day)
    assert everything() == before
