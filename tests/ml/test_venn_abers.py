"""Venn-Abers intervals: held against isotonic regression with one more row, and against the truth."""

import numpy as np
import pytest
from sklearn.isotonic import IsotonicRegression

from ml.calibration import sigmoid
from ml.venn_abers import MOST_GROUPS, VennAbers, is_enough, learn


def drawn(rows: int, seed: int = 1):
    """Margins around a 10 % risk, and outcomes that follow them."""
    rng = np.random.default_rng(seed)
    margins = rng.normal(-2, 1, rows)
    return margins, (rng.random(rows) < sigmoid(margins)).astype(float)


@pytest.mark.parametrize("position", [0, 10, 30, 59])
def test_the_ends_are_isotonic_regression_with_the_score_as_a_pass_and_as_a_failure(position):
    margins, labels = drawn(60)
    score = margins[position]
    intervals = learn(margins, np.full(60, 0.1), labels)
    for end, outcome in enumerate((0.0, 1.0)):
        fitted = IsotonicRegression().fit(np.append(margins, score), np.append(labels, outcome))
        assert (intervals.lower, intervals.upper)[end][np.searchsorted(intervals.edges, score, side="right")] == pytest.approx(
            fitted.predict([score])[0]
        )


def test_more_evidence_makes_the_interval_narrower_and_overlapping_rows_count_for_less():
    widths = []
    for rows, share in ((200, 1.0), (20_000, 7 / 30), (20_000, 1.0)):
        margins, labels = drawn(rows)
        lower, upper = learn(margins, sigmoid(margins), labels, share).intervals(np.array([-1.0]), np.array([sigmoid(-1.0)]))
        widths.append(float(upper[0] - lower[0]))
    assert widths[0] > widths[1] > widths[2]


def test_the_interval_holds_the_calibrated_probability_and_rises_with_the_score():
    margins, labels = drawn(5000)
    intervals = learn(margins, sigmoid(margins), labels)
    asked = np.linspace(-6, 3, 200)
    lower, upper = intervals.intervals(asked, sigmoid(asked))
    assert ((lower <= sigmoid(asked)) & (sigmoid(asked) <= upper)).all()
    assert (np.diff(intervals.lower) >= -1e-12).all()
    assert (np.diff(intervals.upper) >= -1e-12).all()
    assert intervals.lower.size <= MOST_GROUPS


def test_without_calibration_rows_nothing_is_known():
    lower, upper = learn(np.empty(0), np.empty(0), np.empty(0)).intervals(np.array([0.0]), np.array([0.5]))
    assert (lower[0], upper[0]) == (0.0, 1.0)
    assert not is_enough(lower, upper)[0]


def test_wide_is_what_spans_a_quarter_and_a_factor_of_two():
    lower, upper = np.array([0.10, 0.10, 0.60]), np.array([0.40, 0.34, 0.90])
    assert is_enough(lower, upper).tolist() == [False, True, True]


def test_intervals_survive_being_kept():
    margins, labels = drawn(500)
    intervals = learn(margins, sigmoid(margins), labels)
    back = VennAbers.from_dict(intervals.to_dict())
    asked = np.linspace(-5, 2, 50)
    for one, other in zip(intervals.intervals(asked, sigmoid(asked)), back.intervals(asked, sigmoid(asked)), strict=True):
        assert (one == other).all()
