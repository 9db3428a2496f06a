"""Where entities work is published, but not of groups so small that a pseudonym could be guessed."""

from pathlib import Path

import polars as pl
import pytest

from preaudit.settings import Settings
from preaudit.snapshot import publish, read_current
from tests.console.published_fixture import DAY, change, make_warehouse, settings_for


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = settings_for(tmp_path)
    make_warehouse(settings)
    return settings


def places(settings: Settings) -> dict[str, list[tuple[str | None, ...]]]:
    """Per kind the process, client and site of its entities, in the order of the ranking."""
    publish(settings, DAY, {"run_id": "r1"})
    ranking = read_current(settings).frame("rankings").sort("rank")
    shown = ranking.select("process_id", "process_name", "client_id", "site")
    return {kind: shown.filter(ranking["entity_kind"] == kind).rows() for kind in ("process", "agent")}


def test_a_process_has_client_and_site_and_an_agent_the_process_of_a_group_of_five(settings: Settings) -> None:
    found = places(settings)
    assert found["process"] == [(None, None, "C1", "Manila")] * 2
    assert found["agent"] == [("P01", "Claims intake", "C1", "Manila")] * 2 + [(None, None, None, None)]


def test_a_group_of_four_is_not_named(settings: Settings) -> None:
    change(settings, "delete from intermediate.int_entities__agent_day where agent_id in ('W0103', 'W0104')")
    assert places(settings)["agent"] == [(None, None, None, None)] * 3


def test_a_large_process_in_two_places_is_counted_by_place(settings: Settings) -> None:
    change(settings, "update intermediate.int_entities__agent_day set site = 'Cebu' where agent_id in ('W0001', 'W0101')")
    assert places(settings)["agent"] == [(None, None, None, None)] * 3


def test_days_until_a_limit_stand_beside_the_score_of_their_pair(settings: Settings) -> None:
    publish(settings, DAY, {"run_id": "r1"})
    scores = read_current(settings).frame("scores").filter(pl.col("days_until_limit").is_not_null())
    assert scores.select("entity_id", "control_id", "days_until_limit").rows() == [("P01", "HR-02", 5.0)]


def test_reliability_is_published_by_tenths_with_an_interval(settings: Settings) -> None:
    review = settings.home / "review"
    review.mkdir(parents=True)
    rows = pl.DataFrame({"p_lightgbm": [n / 100 for n in range(100)], "is_failure": [n >= 50 for n in range(100)]})
    rows.write_parquet(review / "agent_validation.parquet")
    publish(settings, DAY, {"run_id": "r1"})
    found = read_current(settings).frame("reliability")
    assert found["pairs"].to_list() == [10] * 10
    assert found["expected"].to_list() == pytest.approx([0.045 + n / 10 for n in range(10)])
    assert found["observed"].to_list() == [0.0] * 5 + [1.0] * 5
    assert found.select(pl.col("lower").round(3), pl.col("upper").round(3)).row(9) == (0.722, 1.0)
