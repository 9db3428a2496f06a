"""Scores have the columns of ml.scores, whoever serves them."""

import json

import numpy as np
import polars as pl
import pytest

from ml import scoring
from ml.features import features
from ml.scoring import SCHEMA, model_scores, score
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
    found = model_scores(cohort, trained.model, "3", features("agent"))
    assert dict(found.schema) == SCHEMA
    assert found.select("entity_id", "control_id").equals(cohort.select("entity_id", "control_id"))
    assert (found["probability"].to_numpy() == trained.model.probabilities(cohort)).all()
    assert np.allclose(trained.model.calibrator.probabilities(found["margin"].to_numpy()), found["probability"].to_numpy())
    assert found["model_version"].unique().to_list() == ["3"]
    assert all(isinstance(json.loads(reasons), list) for reasons in found["reasons"])


def test_when_not_all_can_be_explained_every_entitys_worst_control_is(trained, cohort, monkeypatch):
    monkeypatch.setattr(scoring, "MAX_EXPLAINED_PAIRS", 150)
    found = model_scores(cohort, trained.model, "3", features("agent"))
    assert found["reasons"].is_not_null().sum() == 150
    assert found.filter(pl.col("reasons").is_not_null())["entity_id"].n_unique() == 150


def test_the_reasons_of_a_pair_do_not_depend_on_who_else_is_explained(trained, cohort, monkeypatch):
    everyone = model_scores(cohort, trained.model, "3", features("agent"))
    monkeypatch.setattr(scoring, "MAX_EXPLAINED_PAIRS", 150)
    some = model_scores(cohort, trained.model, "3", features("agent"))
    explained = some["reasons"].is_not_null()
    assert (some.filter(explained)["reasons"] == everyone.filter(explained)["reasons"]).all()


def test_a_missing_feature_is_an_error_with_a_remedy_and_not_a_guess(trained, cohort):
    with pytest.raises(PreauditError, match="lacks 1 columns the model needs: overtime_minutes_28d"):
        model_scores(cohort.drop("overtime_minutes_28d"), trained.model, "3", features("agent"))
