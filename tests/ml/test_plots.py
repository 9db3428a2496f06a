"""Plots are drawn where there is data and left out where there is none."""

from dataclasses import replace

import numpy as np
import polars as pl

from ml.ablation import SCHEMA
from ml.plots import draw_all, recall_by_length

PNG = b"\x89PNG"
DECIDING = ["reliability", "precision_recall", "gain_over_rule", "contributions", "reliability_by_control"]


def test_a_quick_review_has_the_pictures_that_decide(trained, tmp_path):
    drawn = draw_all(trained, tmp_path)
    assert [path.stem for path in drawn] == DECIDING
    assert all(path.read_bytes().startswith(PNG) for path in drawn)


def test_a_full_review_explains_as_well(trained, tmp_path):
    row = {"family": "workload", "family_words": "workload", "features": 3, "metric": "log_loss", "change": 0.002,
           "lower": None, "upper": None, "is_dropped": False}  # fmt: skip
    full = replace(trained, facts={**trained.facts, "plan": "full"}, ablation=pl.DataFrame([row], schema=SCHEMA))
    drawn = draw_all(full, tmp_path)
    assert [path.stem for path in drawn] == [*DECIDING, "score_histogram", "list_stability", "ablation"]
    assert all(path.read_bytes().startswith(PNG) for path in drawn)


def test_nothing_judged_draws_nothing(trained, tmp_path):
    assert draw_all(replace(trained, validation_rows=trained.validation_rows.head(0)), tmp_path) == []


def test_the_curve_ends_at_everything_and_shares_ties_evenly():
    day = pl.DataFrame({"as_of_on": [1] * 4, "score": [1.0, 1.0, 0.5, 0.5], "failed": [1.0, 0.0, 0.0, 1.0]})
    assert recall_by_length(day, np.array([0.25, 0.5, 1.0])).tolist() == [0.25, 0.5, 1.0]
