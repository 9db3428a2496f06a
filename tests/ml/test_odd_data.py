"""Small and odd data: an honest answer or a working model, and never a stack trace."""

from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from ml.features import features
from ml.plan import CHALLENGERS, TrainingPlan
from ml.scoring import model_scores, score
from ml.training import train

EVERYTHING = TrainingPlan("full", challengers=CHALLENGERS, trials=2, with_ablation=True)


@pytest.fixture(scope="module")
def small(make_world):
    return make_world(60, 16)


def without(frame, *prefixes):
    """The frame of a company that does not deliver some feeds: their features are unknown."""
    missing = [name for name in frame.columns if name.startswith(prefixes)]
    return frame.with_columns(pl.lit(None, dtype=pl.Float64).alias(name) for name in missing)


def no_model_verdicts(small, make_world):
    calm = small.with_columns(
        pl.when(pl.col("is_failure").is_not_null()).then(False).alias("is_failure"),
        pl.lit(None, dtype=pl.Date).alias("first_failed_on"),
    )
    doomed = small.with_columns(
        pl.when(pl.col("is_failure").is_not_null()).then(True).alias("is_failure"),
        (pl.col("as_of_on") + timedelta(days=3)).alias("first_failed_on"),
    )
    return {
        "no model: 0 matured failures, need 50": [small.head(0), calm, make_world(60, 3)],
        "no model: every matured outcome is a failure, nothing to tell apart": [doomed],
        "no model: 4 matured as-of dates, none with outcomes known 30 days before it": [make_world(300, 9)],
    }


def test_too_little_data_is_an_honest_outcome_and_no_stack_trace(small, make_world, settings):
    for verdict, frames in no_model_verdicts(small, make_world).items():
        for frame in frames:
            outcome = train(frame, "agent", settings)
            assert outcome.decision.verdict == verdict
            assert outcome.model is None
            assert outcome.review.is_empty()
            assert outcome.validation_rows.is_empty()


def test_three_agents_say_how_many_failures_they_have_and_how_many_are_needed(make_world, settings):
    outcome = train(make_world(3, 18, controls={"OPS-01": (0.5, -5.0)}), "agent", settings)
    found = outcome.facts["matured_failures"]
    assert 0 < found < 50
    assert outcome.decision.verdict == f"no model: {found} matured failures, need 50"


def test_one_process_is_judged_without_an_interval_and_so_never_passes(make_world, settings):
    restless = {"OPS-01": (0.5, -4.5), "SEC-02": (1.0, -4.5)}
    frame = make_world(1, 60, kind="process", controls=restless)
    outcome = train(frame, "process", settings.model_copy(update={"min_matured_failures": 5}))
    assert not outcome.decision.passed
    assert outcome.review["lower"].is_null().all()
    assert outcome.decision.verdict == "no better than the rule"


@pytest.mark.parametrize("always", [True, False])
def test_a_control_that_always_or_never_fails_disturbs_nobody(always, small, settings):
    has_outcome = (pl.col("control_id") == "SEC-02") & pl.col("is_failure").is_not_null()
    frame = small.with_columns(
        pl.when(has_outcome).then(pl.lit(always)).otherwise("is_failure").alias("is_failure"),
        pl.when(has_outcome)
        .then(pl.col("as_of_on") + timedelta(days=2) if always else None)
        .otherwise("first_failed_on")
        .alias("first_failed_on"),
    )
    outcome = train(frame, "agent", settings.model_copy(update={"min_matured_failures": 20}))
    told = outcome.validation_rows.filter(pl.col("control_id") == "SEC-02")["p_lightgbm"].to_numpy()
    assert outcome.model is not None
    assert told.min() > 0.8 if always else told.max() < 0.1


def test_a_control_without_history_gets_a_probability(trained, small):
    new = small.tail(20).with_columns(pl.lit("NEW-01").alias("control_id"))
    assert np.isfinite(trained.model.probabilities(new)).all()


@pytest.mark.parametrize("plan", [TrainingPlan("quick"), EVERYTHING], ids=["quick", "full"])
def test_twenty_days_of_history_are_an_honest_no(make_world, settings, plan):
    short = make_world(200, 8).filter(pl.col("as_of_on") < pl.col("as_of_on").min() + timedelta(days=20))
    outcome = train(short, "agent", settings, plan=plan)
    assert outcome.decision.verdict == "no model: 3 matured as-of dates, none with outcomes known 30 days before it"
    assert outcome.study.is_empty()
    assert outcome.ablation.is_empty()


def test_only_findings_leave_past_failures_to_learn_from(small, settings):
    kept = ("exceptions_", "severity_weight", "is_control", "is_foreseeable")
    names = [feature.name for feature in features("agent") if not feature.name.startswith(kept)]
    outcome = train(without(small, *names), "agent", settings.model_copy(update={"min_matured_failures": 20}))
    assert outcome.model is not None
    assert np.isfinite(outcome.model.probabilities(small)).all()


def test_only_tickets_make_a_model_of_the_controls_that_tickets_can_judge(make_world, settings):
    tickets = make_world(60, 16, controls={"OPS-01": (0.25, -5.0)})
    outcome = train(without(tickets, "log", "records_", "access", "training"), "agent", settings)
    assert outcome.model is not None
    assert outcome.model.known_controls == ("OPS-01",)


def test_where_there_is_no_model_the_rules_ranking_is_served_with_its_counts(small, settings):
    newest = small.filter(pl.col("as_of_on") == pl.col("as_of_on").max())
    found = score(newest, "agent", settings)
    assert found["served_by"].unique().to_list() == ["rule"]
    assert (found["rule_exceptions_28d"] == newest["exceptions_28d"]).all()
    assert found["has_enough_evidence"].is_null().all()


def test_a_new_control_has_a_chance_but_too_little_evidence_for_a_place(trained, small):
    new = small.tail(20).with_columns(pl.lit("NEW-01").alias("control_id"))
    found = model_scores(pl.concat([small.head(20), new]), trained.model, "1", features("agent"), listed_ratio=None)
    assert found.filter(pl.col("control_id") == "NEW-01")["probability"].is_between(0, 1).all()
    assert not found.filter(pl.col("control_id") == "NEW-01")["has_enough_evidence"].any()
    assert found.filter(pl.col("control_id") != "NEW-01")["has_enough_evidence"].all()
