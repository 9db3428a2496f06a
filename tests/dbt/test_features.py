"""Features and labels of a date are the same whatever came later, and whether they were built in one run or in several."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from preaudit.settings import REPOSITORY
from tests.dbt.features_world import CUT, FIRST, LAST, correct_it, deliver, deliver_a_file_with_a_mistake
from tests.dbt.scratch_warehouse import ScratchWarehouse

pytestmark = pytest.mark.slow

MODELS = "+ftr_agent_pairs +ftr_process_pairs +lbl_pair_outcomes"
NO_TESTS = "--exclude resource_type:test resource_type:unit_test"


def build(warehouse: ScratchWarehouse, first: date, last: date, *feature_dates: str) -> None:
    warehouse.build(f"{MODELS} {NO_TESTS}", str(first), str(last), feature_dates=list(feature_dates), horizon_days=7)


@dataclass(frozen=True)
class Built:
    """Rows of the marts by name: of one run that knew everything, at the cut, and of the run after it."""

    at_once: dict[str, list[tuple[Any, ...]]]
    at_the_cut: dict[str, list[tuple[Any, ...]]]
    continued: dict[str, list[tuple[Any, ...]]]


COUNTDOWNS = "int_features__countdowns"
MARTS = ("ftr_agent", "ftr_process", "ftr_pair", "ftr_agent_pairs", "ftr_process_pairs", "lbl_pair_outcomes")


def read(warehouse: ScratchWarehouse) -> dict[str, list[tuple[Any, ...]]]:
    # Countdowns of one run only, and of every control, whether or not it could be evaluated.
    countdowns = warehouse.rows(f"select * from intermediate.{COUNTDOWNS} order by all")
    return {COUNTDOWNS: countdowns, **{mart: warehouse.rows(f"select * from marts.{mart} order by all") for mart in MARTS}}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    whole = ScratchWarehouse(Path(tmp_path_factory.mktemp("whole")))
    mistaken = deliver_a_file_with_a_mistake(whole)
    deliver(whole, lambda known_on: True)
    correct_it(whole, mistaken)
    build(whole, FIRST, LAST, "2026-03-03", "2026-03-10", "2026-03-17", "2026-03-20")

    cut = ScratchWarehouse(Path(tmp_path_factory.mktemp("cut")))
    mistaken = deliver_a_file_with_a_mistake(cut)
    deliver(cut, lambda known_on: known_on <= str(CUT))
    build(cut, FIRST, CUT, "2026-03-03", "2026-03-10")
    at_the_cut = read(cut)
    deliver(cut, lambda known_on: known_on > str(CUT))
    correct_it(cut, mistaken)
    build(cut, CUT + timedelta(1), LAST, "2026-03-17", "2026-03-20")
    return Built(read(whole), at_the_cut, read(cut))


@pytest.mark.parametrize("mart", [COUNTDOWNS, *(mart for mart in MARTS if mart.startswith("ftr_"))])
def test_features_of_a_date_are_the_same_without_anything_that_came_later(built: Built, mart: str) -> None:
    known = [row for row in built.at_once[mart] if row[0] <= str(CUT)]
    assert {row[0] for row in known} == {"2026-03-03", "2026-03-10"}
    assert built.at_the_cut[mart] == known


@pytest.mark.parametrize("mart", MARTS)
def test_a_run_that_goes_on_where_another_ended_makes_what_one_run_makes(built: Built, mart: str) -> None:
    assert built.continued[mart] == built.at_once[mart]


def test_a_label_is_unknown_until_its_window_has_passed_and_known_from_that_day(built: Built) -> None:
    def is_known(rows: list[tuple[Any, ...]]) -> dict[tuple[str, int], set[bool]]:
        found: dict[tuple[str, int], set[bool]] = {}
        for as_of_on, _kind, _entity, _control, horizon_days, is_failure, _first in rows:
            found.setdefault((as_of_on, horizon_days), set()).add(is_failure is not None)
        return found

    assert is_known(built.at_the_cut["lbl_pair_outcomes"])["2026-03-03", 7] == {True}
    assert is_known(built.at_the_cut["lbl_pair_outcomes"])["2026-03-10", 7] == {False}
    assert is_known(built.continued["lbl_pair_outcomes"])["2026-03-10", 7] == {True}
    assert is_known(built.continued["lbl_pair_outcomes"])["2026-03-17", 7] == {False}
    assert is_known(built.continued["lbl_pair_outcomes"])["2026-03-03", 30] == {False}


def test_the_little_world_has_failures_and_people_without_them(built: Built) -> None:
    outcomes = {row[5] for row in built.at_once["lbl_pair_outcomes"] if row[1] == "agent"}
    assert outcomes == {True, False, None}


def test_the_little_world_has_limits_ahead_of_every_control_that_has_any(built: Built) -> None:
    models = (REPOSITORY / "dbt_project/models/intermediate/features").glob("*_countdowns.sql")
    counted = set(re.findall(r"'([A-Z]+-\d\d)'", "".join(path.read_text(encoding="utf-8") for path in models)))
    assert {control_id for _day, _kind, _entity, control_id, _days, _ahead in built.at_the_cut[COUNTDOWNS]} == counted
