"""Training end to end on a world with known hazards; leaks and odd data."""

from datetime import timedelta

import polars as pl
import pytest

from ml.evaluation import predict_origins
from ml.features import features
from ml.plan import CHALLENGERS, TrainingPlan
from ml.review import figure, review_table
from ml.training import train

COMPETITORS = {"base_rate", "rule", "pair_rate", "weighted_sum", "logistic", "lightgbm"}


def test_every_competitor_is_judged_on_the_headline_split_with_intervals(trained):
    headline = trained.review.filter((pl.col("split") == "seen_later") & (pl.col("metric") == "recall_at_k"))
    assert set(headline["competitor"]) == COMPETITORS
    assert headline.filter(pl.col("lower").is_null() | (pl.col("lower") > pl.col("upper"))).is_empty()
    assert headline.filter((pl.col("worst") > pl.col("value") + 1e-9) | (pl.col("best") < pl.col("value") - 1e-9)).is_empty()


def test_the_four_ways_of_splitting_are_reported(trained):
    assert set(trained.review["split"]) == {"seen_later", "unseen_same_time", "unseen_later", "in_sample"}


def test_the_rule_is_never_judged_as_a_probability(trained):
    rule = trained.review.filter(pl.col("competitor") == "rule")["metric"].to_list()
    assert "log_loss" not in rule
    assert "expected_at_k" not in rule
    assert "average_precision" in rule


def test_the_model_finds_the_hazard_that_the_rule_cannot_see(trained):
    assert figure(trained.review, "lightgbm", "average_precision_minus_rule")["lower"] > 0
    assert figure(trained.review, "lightgbm", "log_loss_skill")["lower"] > 0


def test_predictions_follow_the_true_hazard(trained, make_world):
    keys = ["as_of_on", "entity_id", "control_id"]
    known = trained.validation_rows.join(make_world().select(*keys, "true_p"), on=keys)
    assert known.select(pl.corr("p_lightgbm", "true_p", method="spearman")).item() > 0.5
    assert known["p_lightgbm"].mean() == pytest.approx(known["true_p"].mean(), rel=0.25)


def test_the_outcome_says_what_it_was_made_from(trained):
    expected = {"data_digest", "code_version", "matured_failures", "rounds", "calibrator", "origins", "verdict", "capacity_ratio"}
    assert expected <= set(trained.facts)
    assert trained.decision.answers


@pytest.fixture(scope="module")
def small(make_world):
    return make_world(60, 16)


@pytest.fixture(scope="module")
def told(small):
    return judged(small)


def judged(frame):
    return predict_origins(frame, features("agent"), 30, seed=7, threads=1).by_split["seen_later"]


def test_training_twice_gives_the_same_model_and_the_same_figures(small, settings):
    few = settings.model_copy(update={"min_matured_failures": 20})
    one, two = train(small, "agent", few), train(small.sample(fraction=1.0, shuffle=True, seed=1), "agent", few)
    assert one.review.equals(two.review)
    assert (one.model.probabilities(small) == two.model.probabilities(small)).all()


def test_shuffled_labels_leave_no_skill(small):
    shuffled = judged(small.with_columns(pl.col("is_failure", "first_failed_on").shuffle(seed=11).over("as_of_on")))
    review = review_table({"seen_later": shuffled}, "agent", 30, 0.05, 7)
    skill = figure(review, "lightgbm", "log_loss_skill")
    assert skill["lower"] <= 0
    assert skill["value"] < 0.01
    assert figure(review, "lightgbm", "roc_auc")["value"] == pytest.approx(0.5, abs=0.1)


def test_shifting_all_dates_changes_no_score(small, told):
    """A date, or anything that counts from a fixed day, that slipped into the features would show here."""
    later = judged(small.with_columns(pl.col("as_of_on", "first_failed_on") + timedelta(days=7 * 61)))
    for name in ("p_lightgbm", "p_logistic", "p_pair_rate", "score_rule"):
        assert (later[name].to_numpy() == told[name].to_numpy()).all()


def test_renaming_entities_changes_no_score_of_the_headline(small, told):
    """The entity's id is no feature; only the held-out folds depend on it."""
    renamed = judged(small.with_columns(("Z" + pl.col("entity_id")).alias("entity_id")))
    assert (renamed["p_lightgbm"].to_numpy() == told["p_lightgbm"].to_numpy()).all()


def test_a_leaking_feature_is_caught_by_the_gate(small, settings):
    frame = small.with_columns(pl.col("is_failure").cast(pl.Float64).fill_null(0.0).alias("backlog_open"))
    outcome = train(frame, "agent", settings)
    assert not outcome.decision.passed
    assert [answer.is_yes for answer in outcome.decision.answers if answer.question == "no_leak_alarm"] == [False]


def test_another_horizon_has_a_model_of_its_own(trained, small, settings):
    outcome = train(small, "agent", settings.model_copy(update={"min_matured_failures": 20}), horizon_days=14)
    assert (outcome.horizon_days, outcome.model.horizon_days, trained.horizon_days) == (14, 14, 30)


@pytest.mark.slow
def test_the_full_plan_judges_challengers_logs_its_search_and_says_what_each_family_is_worth(make_world, settings):
    plan = TrainingPlan("full", challengers=CHALLENGERS, trials=3, with_ablation=True)
    outcome = train(make_world(80, 20), "agent", settings, plan=plan)
    headline = outcome.review.filter((pl.col("split") == "seen_later") & (pl.col("metric") == "recall_at_k"))
    assert set(headline["competitor"]) == COMPETITORS | set(CHALLENGERS)
    assert sorted(outcome.study["trial"]) == [-1, 0, 1, 2]
    assert outcome.study["is_best"].sum() == 1
    assert set(outcome.ablation["metric"]) == {"log_loss", "recall_at_k"}
    assert not set(outcome.unearned) & set(outcome.model.feature_names)
    # Inputs that are unknown in every row of this world cannot earn a place.
    assert "records_viewed_28d" in outcome.unearned
    assert "overtime_minutes_28d" in outcome.model.feature_names
