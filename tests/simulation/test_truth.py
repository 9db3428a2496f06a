"""The truth lies apart from the deliveries, is complete, and describes what really happens."""

import polars as pl
import pytest

from simulation import simulate
from simulation.parameters import AGENT_CONTROLS, CAUSES, PROCESS_CONTROLS
from tests.simulation.conftest import SIZE, SmallWorld


def test_nothing_of_the_truth_lies_under_the_landing_folder(dirty):
    names = {path.stem for path in dirty.report.landing.rglob("*")}
    assert not names & {"hazards", "causes", "failures", "planted"}
    assert {path.stem for path in dirty.report.truth.iterdir()} == {"hazards", "causes", "failures", "planted"}


def test_every_pair_in_scope_has_a_probability_on_the_last_day(dirty):
    last = dirty.truth("hazards").filter(pl.col("on_date") == pl.date(2026, 10, 31))

    assert last["hazard_30d"].is_between(0, 1).all()
    assert set(last.filter(pl.col("entity_kind") == "agent")["control_id"]) == set(AGENT_CONTROLS)
    processes = last.filter(pl.col("entity_kind") == "process")
    assert set(processes["control_id"]) == set(PROCESS_CONTROLS)
    assert len(processes) == SIZE["processes"] * len(PROCESS_CONTROLS)


def test_causes_are_known_words_and_their_shares_add_up_to_one_at_most(dirty):
    causes = dirty.truth("causes")
    assert set(causes["cause"]) <= set(CAUSES)
    per_pair = causes.group_by("on_date", "entity_kind", "entity_id", "control_id").agg(pl.col("share").sum())
    assert per_pair["share"].max() <= 1.02


def test_somebody_on_notice_is_likelier_to_leave_an_account_behind(dirty):
    day = pl.date(2026, 10, 25)
    notice = dirty.history("workers").filter(pl.col("snapshot_on") == day, pl.col("employment_status") == "notice")["worker_id"]
    hazards = dirty.truth("hazards").filter(pl.col("on_date") == day, pl.col("control_id") == "JML-01")
    hazards = hazards.filter(pl.col("entity_kind") == "agent")
    leaving = pl.col("entity_id").is_in(notice.implode())

    assert len(notice)
    assert hazards.filter(leaving)["hazard_30d"].mean() > 5 * hazards.filter(~leaving)["hazard_30d"].mean()


@pytest.mark.slow
def test_base_rates_and_probabilities_are_as_promised(tmp_path):
    world = SmallWorld(simulate(1_200, 40, 200, 8, tmp_path, events_per_shift=1.0, tickets_per_shift=1.4))
    failed = world.truth("failures").rename({"on_date": "failed_on"})
    hazards = world.truth("hazards").filter(pl.col("on_date").dt.weekday() == 7, pl.col("entity_kind") == "agent")
    keys = ["entity_kind", "entity_id", "control_id"]
    hits = (
        hazards.join(failed, on=keys)
        .filter(pl.col("failed_on") > pl.col("on_date"), pl.col("failed_on") <= pl.col("on_date") + pl.duration(days=30))
        .select("on_date", *keys).unique().with_columns(is_failure=1)
    )  # fmt: skip
    judged = hazards.join(hits, on=["on_date", *keys], how="left").with_columns(pl.col("is_failure").fill_null(0))
    rates = judged.group_by("control_id").agg(real=pl.col("is_failure").mean(), true=pl.col("hazard_30d").mean())

    assert len(rates) == len(AGENT_CONTROLS)
    rates = rates.filter(pl.col("control_id") != "CHG-02")  # only the few who carry out changes can break it
    assert rates["real"].is_between(0.004, 0.08).all(), rates
    assert rates["true"].is_between(0.004, 0.08).all(), rates
    assert judged["hazard_30d"].sum() == pytest.approx(judged["is_failure"].sum(), rel=0.15)
    top = judged.filter(pl.col("hazard_30d") >= judged["hazard_30d"].quantile(0.95))
    assert top["is_failure"].sum() > 0.4 * judged["is_failure"].sum()
