"""A model is text and JSON, comes back the same, and its parts add up."""

import json

import numpy as np
import polars as pl
import pytest

from ml.model import _load_pyfunc, load
from preaudit.errors import PreauditError


@pytest.fixture(scope="module")
def newest(trained, make_world):
    return make_world().filter(pl.col("is_failure").is_null()).head(200)


def test_a_model_read_back_gives_the_same_probabilities(trained, newest, tmp_path):
    trained.model.save(tmp_path)
    back = load(tmp_path)
    assert (back.probabilities(newest) == trained.model.probabilities(newest)).all()
    assert back.feature_names == trained.model.feature_names
    assert back.calibrator == trained.model.calibrator


def test_the_folder_holds_text_and_json_only(trained, tmp_path):
    trained.model.save(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["booster_0.txt", "booster_1.txt", "booster_2.txt", "model.json"]
    assert json.loads((tmp_path / "model.json").read_text())["facts"]["code_version"] == "test"


def test_a_folder_with_a_missing_booster_is_named_and_not_half_loaded(trained, tmp_path):
    trained.model.save(tmp_path)
    (tmp_path / "booster_1.txt").unlink()
    with pytest.raises(PreauditError, match=r"could not be read.*booster_1"):
        load(tmp_path)


def test_contributions_add_up_to_the_margin(trained, newest):
    parts = trained.model.contributions(newest)
    assert np.abs(parts.sum(axis=1) - trained.model.margins(newest)).max() < 1e-6


def test_missing_values_are_scored_and_not_refused(trained, newest):
    unknown = newest.with_columns(pl.lit(None, dtype=pl.Float64).alias(name) for name in trained.model.feature_names)
    assert np.isfinite(trained.model.probabilities(unknown)).all()


def test_an_empty_cohort_gives_no_rows_and_no_error(trained, newest):
    assert trained.model.probabilities(newest.head(0)).shape == (0,)
    assert trained.model.contributions(newest.head(0)).shape == (0, len(trained.model.feature_names) + 1)


def test_more_past_exceptions_never_lower_the_risk(trained, newest):
    steps = [trained.model.margins(newest.with_columns(pl.lit(float(count)).alias("exceptions_28d"))) for count in range(6)]
    assert (np.diff(np.stack(steps), axis=0) >= -1e-12).all()


def test_mlflows_own_loader_reads_the_same_folder(trained, newest, tmp_path):
    trained.model.save(tmp_path)
    frame = newest.select(trained.model.feature_names).to_pandas()
    assert _load_pyfunc(str(tmp_path)).predict(frame) == pytest.approx(trained.model.probabilities(newest))
