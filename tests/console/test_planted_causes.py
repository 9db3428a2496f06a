"""Planted causes against reasons: the largest counts, what only looks like it does not."""

from datetime import date, timedelta

import polars as pl
import pytest

from console.output import as_csv
from console.planted_causes import compared, largest_causes, page
from preaudit.errors import PreauditError
from tests.console.published_fixture import settings_for

DAY = date(2026, 6, 7)


def reason(family: str, feature: str, direction: str = "raises") -> dict:
    return {"family": family, "feature": feature, "direction": direction}


def caught(*causes: str) -> pl.DataFrame:
    """Failures of ten agents on two dates, so that an interval can be told."""
    rows = [
        {"as_of_on": DAY + timedelta(days=7 * (index % 2)), "entity_id": f"W{index % 10}", "control_id": "OPS-01", "cause": cause}
        for index, cause in enumerate(causes)
    ]
    return pl.DataFrame(rows)


def test_only_a_raising_reason_among_the_first_three_names_the_cause():
    told = [
        [reason("workload", "overtime_minutes_28d")],
        [reason("workload", "overtime_minutes_28d", "lowers")],
        [*(reason("access_held", f"other_{index}") for index in range(3)), reason("workload", "backlog_open")],
        [],
    ]
    found = compared("agent", caught(*["workload"] * 4), told, 2, seed=1)
    assert (found.failures, found.share, found.without_feature) == (4, 0.25, 2)
    assert found.by_cause[0]["most_told"][0].startswith("other_")


def test_how_often_a_control_can_fail_is_no_workload_and_peers_rates_are_no_ones_own_discipline():
    told = [[reason("workload", "exposure_28d"), reason("team", "peer_rate_shrunk")]] * 2
    assert compared("agent", caught("workload", "process_discipline"), told, 0, seed=1).share == 0.5
    assert compared("process", caught("workload", "process_discipline"), told, 0, seed=1).share == 0.0


def test_the_share_has_an_interval_and_the_share_of_exchanged_reasons_beside_it():
    causes = ["workload"] * 20 + ["training_wave"] * 20
    right = {"workload": [reason("workload", "backlog_open")], "training_wave": [reason("training", "trainings_overdue")]}
    told = [right[cause] if index % 4 else [] for index, cause in enumerate(causes)]
    found = compared("agent", caught(*causes), told, 0, seed=1)
    assert found.share == 0.75
    assert found.lower < 0.75 < found.upper
    assert found.by_chance == 0.0
    assert "75.0% of 40" in page([found]).lines[0]
    assert as_csv(page([found]).main_table).splitlines()[1].startswith("agent,training_wave,20,0.75")


def test_of_several_planted_causes_the_largest_is_asked_for(tmp_path):
    settings = settings_for(tmp_path)
    with pytest.raises(PreauditError, match="Only simulated data knows its causes"):
        largest_causes(settings, "agent")
    truth = settings.landing.parent / "truth"
    truth.mkdir()
    rows = [("W1", "mover", 0.3), ("W1", "workload", 0.6), ("W2", "notice", 0.9)]
    frame = pl.DataFrame(rows, schema=["entity_id", "cause", "share"], orient="row")
    keys = {"on_date": DAY, "entity_kind": "agent", "control_id": "OPS-01"}
    frame.with_columns(pl.lit(value).alias(name) for name, value in keys.items()).write_parquet(truth / "causes.parquet")

    found = dict(largest_causes(settings, "agent").select("entity_id", "cause").iter_rows())

    assert found == {"W1": "workload", "W2": "notice"}
    assert largest_causes(settings, "process").is_empty()
