"""Plots are drawn where there is data and left out where there is none."""

from dataclasses import replace

import numpy as np
import polars as pl

from ml.plots import draw_all, recall_by_length

PNG = b"\x89PNG"


def test_a_review_has_four_pictures(trained, tmp_path):
    drawn = draw_all(trained, tmp_path)
    assert [path.stem for path in drawn] == ["reliability", "precision_recall", "gain_over_rule", "contributions"]
    assert all(path.read_bytes().startswith(PNG) for path in drawn)


def test_nothing_judged_draws_nothing(trained, tmp_path):
    assert draw_all(replace(trained, validation_rows=trained.validation_rows.head(0)), tmp_path) == []


def test_the_curve_ends_at_everything_and_shares_ties_evenly():
    day = pl.DataFrame({"as_of_on": [1] * 4, "score": [1.0, 1.0, 0.5, 0.5], "failed": [1.0, 0.0, 0.0, 1.0]})
    assert recall_by_length(day, np.array([0.25, 0.5, 1.0])).tolist() == [0.25, 0.5, 1.0]
