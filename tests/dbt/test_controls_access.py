"""Controls of access: who breaks a rule is found, who keeps it is not, and who cannot be judged never passes."""

from collections.abc import Iterator

import pytest

from preaudit.selftest import plants_access
from tests.dbt import controls_access_world as company
from tests.dbt.scratch_warehouse import ScratchWarehouse

pytestmark = pytest.mark.slow

CONTROLS = ("acc_04", "acc_05", "acc_06", "sec_01", "sec_02", "sec_03")
Items = list[tuple[str, bool | None, str | None]]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ScratchWarehouse]:
    folder = tmp_path_factory.mktemp("access")
    matrix = folder / "sod_pairs.csv"
    matrix.write_text("pair_id,entitlement_a,entitlement_b,reason\n" + ",".join(company.PAIR) + "\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plants_access, "SOD_PAIRS", matrix)
        warehouse = ScratchWarehouse(folder)
        company.deliver(warehouse)
        warehouse.dbt("seed", PREAUDIT_RUN_MIN_DATE="2026-03-09", PREAUDIT_RUN_MAX_DATE="2026-03-12")
        company.set_seeds(warehouse)
        models = " ".join(f"+ctl_{name}" for name in CONTROLS) + " --exclude resource_type:seed"
        warehouse.build(models, "2026-03-09", "2026-03-12")
        # Nothing comes after the 13th: on the 21st every list is too old to be relied on.
        warehouse.build(models, "2026-03-13", "2026-03-21")
        yield warehouse


def items(world: ScratchWarehouse, control: str, entity: str, day: str = "2026-03-12") -> Items:
    """Item, whether it is an exception and why, of one entity and day."""
    model = f"controls.ctl_{control.lower().replace('-', '_')}"
    sql = f"select item_key, is_exception, reason from {model} where entity_id = '{entity}' and tested_on = '{day}' order by 1"
    return [(key, is_exception, reason) for key, is_exception, reason in world.rows(sql)]


def verdicts(world: ScratchWarehouse, control: str, entity: str, day: str = "2026-03-12") -> list[bool | None]:
    return [is_exception for _, is_exception, _ in items(world, control, entity, day)]


def is_zero_tolerance(world: ScratchWarehouse, control: str, entity: str) -> bool:
    model = f"controls.ctl_{control.lower().replace('-', '_')}"
    ((found,),) = world.rows(f"select bool_or(is_zero_tolerance) from {model} where entity_id = '{entity}' and is_exception")
    return bool(found)


@pytest.mark.parametrize("control", plants_access.PLANTS)
def test_the_planted_violation_is_reported(world: ScratchWarehouse, control: str) -> None:
    assert True in verdicts(world, control, f"SELFTEST-{control}")


@pytest.mark.parametrize("control", plants_access.PLANTS)
def test_without_fresh_feeds_a_control_is_not_evaluable_and_yields_nothing(world: ScratchWarehouse, control: str) -> None:
    ((is_evaluable, reason),) = world.rows(
        "select is_evaluable, status_reason from intermediate.int_controls__days"
        f" where control_id = '{control}' and on_date = '2026-03-21'"
    )
    assert is_evaluable is False
    assert "feed accounts is stale: last known 2026-03-13" in reason
    model = f"controls.ctl_{control.lower().replace('-', '_')}"
    assert world.rows(f"select max(tested_on) < '2026-03-21' and min(tested_on) > '2026-03-09' from {model}") == [(True,)]


def test_a_privileged_right_passes_until_its_end_and_fails_the_day_after(world: ScratchWarehouse) -> None:
    assert verdicts(world, "ACC-04", "with-end") == [False]
    ((_, is_exception, reason),) = items(world, "ACC-04", "with-end", "2026-03-13")
    assert (is_exception, reason) == (True, "admin.users was approved until 2026-03-12")


@pytest.mark.parametrize(
    ("holder", "reason"),
    [
        ("wrong-role", "job role agent may not hold admin.users"),
        ("without-ticket", "admin.users held without a request ticket"),
        ("rejected", "admin.users held on request R-rejected that is not approved"),
        ("cancelled", "admin.users held on request R-cancelled that is not approved"),
        ("without-end", "admin.users held without an end date"),
    ],
)
def test_a_privileged_right_fails_without_role_request_approval_or_end(world: ScratchWarehouse, holder: str, reason: str) -> None:
    ((_, is_exception, found),) = items(world, "ACC-04", holder)
    assert (is_exception, found) == (True, reason)


@pytest.mark.parametrize(
    ("holder", "reason"),
    [
        ("unknown-role", "no role profile for job role auditor"),
        ("old-request", "no list shows whether admin.users was requested and approved"),
        ("unmarked", "not known whether crm.read is privileged"),
    ],
)
def test_a_right_is_not_judged_without_profile_approvals_or_mark(world: ScratchWarehouse, holder: str, reason: str) -> None:
    ((_, is_exception, found),) = items(world, "ACC-04", holder)
    assert (is_exception, found) == (None, reason)


def test_a_right_that_is_not_privileged_is_not_tested(world: ScratchWarehouse) -> None:
    assert items(world, "ACC-04", "toxic") == []


def test_both_sides_of_a_pair_fail_over_two_accounts_and_one_side_passes(world: ScratchWarehouse) -> None:
    assert items(world, "ACC-05", "toxic") == [
        ("toxic|SOD-1|2025-01-01", True, "holds payments.refund and payments.approve: pays itself")
    ]
    # The other side was taken away on the 1st, and the list still shows it.
    assert items(world, "ACC-05", "one-side") == [("one-side|none", False, None)]
    assert items(world, "ACC-05", "one-right") == []


def test_rights_of_two_clients_fail_agent_and_process_and_of_one_pass(world: ScratchWarehouse) -> None:
    assert items(world, "SEC-01", "two-clients") == [("two-clients|C1, C2|2025-01-01", True, "rights for clients C1, C2")]
    assert verdicts(world, "SEC-01", "client-of-system") == [True]
    assert verdicts(world, "SEC-01", "one-client") == [False]
    assert {True, False} == set(verdicts(world, "SEC-01", "P1"))


def test_a_right_taken_away_repairs_the_segregation(world: ScratchWarehouse) -> None:
    assert verdicts(world, "SEC-01", "mover") == [True]
    assert verdicts(world, "SEC-01", "mover", "2026-03-13") == [False]


def test_another_device_at_another_desk_of_the_site_passes(world: ScratchWarehouse) -> None:
    assert items(world, "ACC-06", "desk-change") == [("desk-change|2026-03-12", False, None)]
    assert verdicts(world, "ACC-06", "slowly-back") == [False]
    assert verdicts(world, "ACC-06", "one-device") == [False]


def test_devices_that_alternate_within_the_limit_fail(world: ScratchWarehouse) -> None:
    assert items(world, "ACC-06", "to-and-fro") == [("to-and-fro|2026-03-12", True, "overlapping log-ins from devices D2 and D1")]


def test_log_ins_are_compared_over_midnight_and_over_runs(world: ScratchWarehouse) -> None:
    assert verdicts(world, "ACC-06", "midnight") == [False]
    assert verdicts(world, "ACC-06", "midnight", "2026-03-13") == [True]


def test_a_log_in_while_the_holder_is_on_approved_leave_fails(world: ScratchWarehouse) -> None:
    ((_, is_exception, reason),) = items(world, "ACC-06", "away")
    assert (is_exception, reason) == (True, "1 log-ins while the holder was on leave or absent")
    assert verdicts(world, "ACC-06", "leave-refused") == [False]
    assert verdicts(world, "ACC-06", "after-leave") == [False]


def test_log_ins_without_a_device_are_not_judged(world: ScratchWarehouse) -> None:
    assert items(world, "ACC-06", "no-device") == [("no-device|2026-03-12", None, "log-ins from unknown devices left out")]


def test_a_shared_account_counts_for_the_processes_of_its_client(world: ScratchWarehouse) -> None:
    reason = "1 log-ins with shared account acc-everybody"
    assert ("acc-everybody|2026-03-12", True, reason) in items(world, "ACC-06", "P1")
    assert not [key for key, _, _ in items(world, "ACC-06", "P2") if key.startswith("acc-everybody")]


def test_a_country_that_is_not_approved_and_impossible_travel_are_outside_tolerance(world: ScratchWarehouse) -> None:
    assert items(world, "SEC-03", "one-device")[0][2] == "1 log-ins from SG, which is not approved"
    assert is_zero_tolerance(world, "SEC-03", "one-device")
    assert items(world, "SEC-03", "traveller")[0][1:] == (True, "log-ins from PH and SG too soon after each other")
    assert is_zero_tolerance(world, "SEC-03", "traveller")


def test_another_site_fails_and_the_agents_own_passes(world: ScratchWarehouse) -> None:
    assert items(world, "SEC-03", "other-site")[0][1:] == (True, "1 log-ins from site Davao")
    assert not is_zero_tolerance(world, "SEC-03", "other-site")
    assert verdicts(world, "SEC-03", "own-site") == [False]


def test_without_approved_countries_or_a_country_nothing_is_judged(world: ScratchWarehouse) -> None:
    assert items(world, "SEC-03", "no-list")[0][1:] == (None, "no approved countries known for process P2")
    assert items(world, "SEC-03", "no-country")[0][1:] == (None, "log-ins from unknown countries left out")


def test_failed_log_ins_are_not_tested(world: ScratchWarehouse) -> None:
    assert [items(world, control, "failing") for control in ("ACC-06", "SEC-02", "SEC-03")] == [[], [], []]


def test_a_single_factor_is_outside_tolerance_only_with_privileged_access(world: ScratchWarehouse) -> None:
    assert is_zero_tolerance(world, "SEC-02", "with-end")
    assert verdicts(world, "SEC-02", "one-side") == [True]
    assert not is_zero_tolerance(world, "SEC-02", "one-side")
