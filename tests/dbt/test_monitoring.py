"""Lists that were served, what came of them beside the rule's, interventions, and the drift of inputs and scores."""

import math
from pathlib import Path

import pytest

from tests.dbt.monitoring_world import AGENTS, SELECTED, VALUES, make_world, rank
from tests.dbt.scratch_warehouse import ScratchWarehouse

pytestmark = pytest.mark.slow

LATER_ORDER = list(reversed(AGENTS))


@pytest.fixture(scope="module")
def open_lists(tmp_path_factory: pytest.TempPathFactory) -> ScratchWarehouse:
    """1 and 2 March have run."""
    warehouse = ScratchWarehouse(tmp_path_factory.mktemp("monitoring"))
    make_world(warehouse)
    warehouse.build(SELECTED, "2026-03-01", "2026-03-01", **VALUES)
    warehouse.build(SELECTED, "2026-03-02", "2026-03-02", **VALUES)
    return warehouse


@pytest.fixture(scope="module")
def run_again(open_lists: ScratchWarehouse, tmp_path_factory: pytest.TempPathFactory) -> ScratchWarehouse:
    """Then 1 March once more, rebuilt from raw, with another ranking."""
    warehouse = copied(open_lists, tmp_path_factory.mktemp("again"))
    rank(warehouse, "2026-03-01", LATER_ORDER)
    warehouse.build(f"{SELECTED} --full-refresh", "2026-03-01", "2026-03-01", **VALUES)
    return warehouse


@pytest.fixture(scope="module")
def matured(open_lists: ScratchWarehouse, tmp_path_factory: pytest.TempPathFactory) -> ScratchWarehouse:
    """Then 8 March."""
    warehouse = copied(open_lists, tmp_path_factory.mktemp("matured"))
    warehouse.build(SELECTED, "2026-03-08", "2026-03-08", **VALUES)
    return warehouse


def copied(warehouse: ScratchWarehouse, folder: Path) -> ScratchWarehouse:
    """The same warehouse in another folder."""
    (folder / warehouse.path.name).write_bytes(warehouse.path.read_bytes())
    return ScratchWarehouse(folder)


def measured(warehouse: ScratchWarehouse, day: str, measure: str) -> list[tuple[object, ...]]:
    """Name, value, limit and whether it is within, of one measure of the agents."""
    return warehouse.rows(
        f"select name, value, limit_value, is_ok from marts.mart_model_monitoring where as_of_on = '{day}'"
        f" and entity_kind = 'agent' and measure = '{measure}' order by name"
    )


def test_a_list_that_was_served_stays_when_its_day_is_run_again_and_through_a_full_refresh(
    open_lists: ScratchWarehouse, run_again: ScratchWarehouse
) -> None:
    kept = "select entity_id, rank, rule_rank, is_listed, is_listed_by_rule, list_size from marts.fct_listed_entities"
    first = [("ann", 1, 2, True, True, 2), ("bob", 2, 3, True, False, 2), ("cem", 3, 1, False, True, 2)]
    for warehouse in (open_lists, run_again):
        assert warehouse.rows(f"{kept} where as_of_on = '2026-03-01' order by rank") == first
        assert warehouse.rows(f"{kept} where as_of_on = '2026-03-02' order by rank") == first


def test_until_its_horizon_has_passed_nobody_says_what_came_of_a_list(open_lists: ScratchWarehouse) -> None:
    outcome = "select as_of_on, expected, matured, failed, rule_failed from marts.mart_list_outcomes where origin = 'served'"
    assert open_lists.rows(f"{outcome} order by 1") == [
        ("2026-03-01", 1.5, False, None, None),
        ("2026-03-02", 1.5, False, None, None),
    ]


def test_a_day_that_is_run_again_does_not_see_later_lists(run_again: ScratchWarehouse) -> None:
    assert run_again.rows("select max(as_of_on) from marts.mart_list_outcomes") == [("2026-03-01",)]


def test_a_matured_list_counts_new_failures_of_forecast_controls_that_no_waiver_covers(matured: ScratchWarehouse) -> None:
    outcome = (
        "select matured, failed, rule_failed from marts.mart_list_outcomes where origin = 'served' and as_of_on = '2026-03-01'"
    )
    # Of the model's ann and bob, and of the rule's cem and ann, only ann failed.
    assert matured.rows(outcome) == [(True, 1, 1)]


def test_an_intervention_counts_only_where_it_could_have_prevented_the_failure(matured: ScratchWarehouse) -> None:
    outcome = (
        "select intervened, intervened_failed from marts.mart_list_outcomes where origin = 'served' and as_of_on = '2026-03-01'"
    )
    # Bob was acted upon. Ann's decisions were of the day she failed, of another control, over, or no intervention.
    assert matured.rows(outcome) == [(1, 0)]


def test_a_back_tested_list_is_shown_once_its_outcome_was_known(open_lists: ScratchWarehouse, matured: ScratchWarehouse) -> None:
    listed = "select as_of_on, failed, rule_failed from marts.mart_list_outcomes where origin = 'backtest' order by 1"
    assert open_lists.rows(listed) == [("2026-02-15", 2, 1)]
    assert matured.rows(listed) == [("2026-02-15", 2, 1), ("2026-02-28", 2, 1)]


def test_expected_and_realised_failures_stand_side_by_side(matured: ScratchWarehouse) -> None:
    assert measured(matured, "2026-03-08", "expected_failures") == [("2026-03-08", 1.5, None, True)]
    assert measured(matured, "2026-03-08", "realised_failures") == [("2026-03-01", 1.0, None, True)]


def test_the_stability_index_is_that_of_the_text_books(open_lists: ScratchWarehouse) -> None:
    found = {name: (value, is_ok) for name, value, _, is_ok in measured(open_lists, "2026-03-01", "input_psi")}
    assert found["tenure_days"] == (pytest.approx(0.0, abs=1e-6), True)
    # All 400 are in the last of ten equal bins; half a row is added to each bin.
    expected = 0.1
    shares = [0.5 / 405] * 9 + [400.5 / 405]
    index = sum((actual - expected) * math.log(actual / expected) for actual in shares)
    assert found["logins_28d"] == (pytest.approx(index), False)


def test_only_days_that_could_be_training_dates_are_compared(open_lists: ScratchWarehouse) -> None:
    # On Monday everybody logged in rarely; Sunday's value still stands.
    assert measured(open_lists, "2026-03-02", "input_psi") == measured(open_lists, "2026-03-01", "input_psi")


def test_the_share_of_drifted_inputs_is_what_asks_for_a_training(open_lists: ScratchWarehouse) -> None:
    assert measured(open_lists, "2026-03-01", "drifted_inputs_ratio") == [("", 0.5, 0.1, False)]


def test_scores_are_compared_with_the_first_day_of_the_champion(open_lists: ScratchWarehouse, matured: ScratchWarehouse) -> None:
    assert measured(open_lists, "2026-03-01", "score_psi") == []
    ((_, value, limit, is_ok),) = measured(matured, "2026-03-08", "score_psi")
    # Five agents are too few to tell: the limit is that of chance.
    assert (value, limit, is_ok) == (pytest.approx(0.0), pytest.approx(29.6 * 2 / 5), True)


def test_a_champion_that_has_not_seen_an_outcome_for_too_long_has_expired(
    open_lists: ScratchWarehouse, matured: ScratchWarehouse
) -> None:
    assert measured(open_lists, "2026-03-02", "champion_age_days") == [("", 1.0, 5.0, True)]
    assert measured(matured, "2026-03-08", "champion_age_days") == [("", 7.0, 5.0, False)]


def test_how_much_of_the_list_stayed_and_how_much_could_not_be_judged(open_lists: ScratchWarehouse) -> None:
    assert measured(open_lists, "2026-03-02", "list_overlap") == [("", 1.0, 0.5, True)]
    assert measured(open_lists, "2026-03-01", "not_evaluable_ratio") == [("", pytest.approx(1 / 3), 0.2, False)]


def test_a_decision_keeps_its_local_day_and_its_control(matured: ScratchWarehouse) -> None:
    rows = matured.rows("select control_id, kind, decided_on, expires_on from marts.fct_decisions where decision_id = 'd2'")
    assert rows == [("SEC-02", "waived", "2026-03-02", "2026-03-31")]
