"""Scores have the columns of ml.scores, whoever serves them."""

import json

import numpy as np
import polars as pl
import pytest

from ml import scoring
from ml.features import features
from ml.scoring import CHANCES, SCHEMA, model_scores, never_falling, score
from preaudit.errors import PreauditError


@pytest.fixture(scope="module")
def cohort(make_world):
    frame = make_world()
    return frame.filter(pl.col("as_of_on") == frame["as_of_on"].max()).drop("is_failure", "first_failed_on", "true_p")


def test_without_a_champion_the_rule_serves_and_no_probability_is_made_up(cohort, settings):
    found = score(cohort, "agent", settings)
    assert dict(found.schema) == SCHEMA
    assert found["served_by"].unique().to_list() == ["rule"]
    assert found["probability"].is_null().all()
    assert (found["rule_exceptions_28d"] == cohort["exceptions_28d"]).all()


def test_an_empty_cohort_gives_an_empty_frame_with_the_columns(cohort, settings):
    assert dict(score(cohort.head(0), "agent", settings).schema) == SCHEMA


def test_a_model_gives_each_pair_a_probability_its_margin_and_reasons(trained, cohort):
    found = model_scores(cohort, trained.model, "3", features("agent"), listed_ratio=0.05)
    assert dict(found.schema) == SCHEMA
    assert found.select("entity_id", "control_id").equals(cohort.select("entity_id", "control_id"))
    assert (found["probability"].to_numpy() == trained.model.probabilities(cohort)).all()
    assert np.allclose(trained.model.calibrator.probabilities(found["margin"].to_numpy()), found["probability"].to_numpy())
    assert found["model_version"].unique().to_list() == ["3"]
    assert all(isinstance(json.loads(reasons), list) for reasons in found["reasons"])


def test_the_list_is_explained_first_then_every_other_entitys_worst_control(trained, cohort, monkeypatch):
    monkeypatch.setattr(scoring, "MAX_EXPLAINED_PAIRS", 174)
    found = model_scores(cohort, trained.model, "3", features("agent"), listed_ratio=0.05)
    explained = found.filter(pl.col("reasons").is_not_null())
    risk = 1 - (1 - pl.col("probability") * pl.col("severity_weight")).product()
    weighted = found.with_columns(cohort["severity_weight"])
    top = weighted.group_by("entity_id").agg(risk.alias("risk")).sort("risk", descending=True)["entity_id"].head(8)
    assert explained.filter(pl.col("entity_id").is_in(top.to_list())).height == 8 * 4
    assert explained.height == 174
    assert explained["entity_id"].n_unique() == 150


def test_levers_are_told_for_the_list_only(trained, cohort):
    found = model_scores(cohort, trained.model, "3", features("agent"), listed_ratio=0.05)
    assert found.filter(pl.col("levers").is_not_null())["entity_id"].n_unique() == 8


def test_another_horizon_has_chances_without_reasons(trained, cohort):
    found = model_scores(cohort, trained.model, "3", features("agent"), listed_ratio=None)
    assert found["probability"].is_not_null().all()
    assert found["reasons"].is_null().all()


def served(rows):
    """Scores of pairs A and B given as (entity, horizon, lower, probability, upper)."""
    names = ("entity_id", "horizon_days", "probability_lower", "probability", "probability_upper")
    frame = pl.DataFrame(rows, schema=names, orient="row")
    return frame.with_columns(as_of_on=pl.date(2026, 3, 1), entity_kind=pl.lit("agent"), control_id=pl.lit("HR-02"))


def test_a_longer_horizon_never_has_the_smaller_chance_and_its_interval_moves_along():
    found = never_falling(
        served([("A", 30, 0.1, 0.2, 0.3), ("B", 30, 0.1, 0.1, 0.2), ("A", 7, 0.2, 0.4, 0.5), ("B", 7, 0.0, 0.0, 0.1)])
    )
    assert found.select("entity_id", *CHANCES).rows() == [
        ("A", 0.4, 0.2, 0.5),
        ("B", 0.1, 0.1, 0.2),
        ("A", 0.4, 0.2, 0.5),
        ("B", 0.0, 0.0, 0.1),
    ]


@pytest.mark.parametrize("seed", range(20))
def test_whatever_the_models_say_chances_rise_with_the_horizon_and_stay_within_their_interval(seed):
    rng = np.random.default_rng(seed)
    rows = []
    for entity in range(30):
        for horizon in (30, 7, 90):
            lower, told, upper = sorted(rng.random(3))
            rows.append((f"E{entity}", horizon, lower, told, upper))
    found = never_falling(served(rows)).sort("entity_id", "horizon_days")
    for _, pair in found.group_by("entity_id"):
        assert all(pair[name].is_sorted() for name in CHANCES)
    assert found.filter(~pl.col("probability").is_between("probability_lower", "probability_upper")).is_empty()


def test_the_reasons_of_a_pair_do_not_depend_on_who_else_is_explained(trained, cohort, monkeypatch):
    everyone = model_scores(cohort, trained.model, "3", features("agent"), listed_ratio=0.05)
    monkeypatch.setattr(scoring, "MAX_EXPLAINED_PAIRS", 150)
    some = model_scores(cohort, trained.model, "3", features("agent"), listed_ratio=0.05)
    explained = some["reasons"].is_not_null()
    assert (some.filter(explained)["reasons"] == everyone.filter(explained)["reasons"]).all()


def test_a_missing_feature_is_an_error_with_a_remedy_and_not_a_guess(trained, cohort):
    with pytest.raises(PreauditError, match="lacks 1 columns the model needs: overtime_minutes_28d"):
        model_scores(cohort.drop("overtime_minutes_28d"), trained.model, "3", features("agent"), listed_ratio=0.05)
