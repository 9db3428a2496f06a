"""Calibrators: they undo a known distortion, keep the order, and stay out of the way when there is little to learn from."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.calibration import Calibrator, choose, fit, sigmoid


@pytest.fixture(scope="module")
def overconfident():
    """Margins three times too far from their mean; 8 dates."""
    rng = np.random.default_rng(2)
    truth = rng.normal(-2.5, 1.2, 12_000)
    labels = (rng.random(12_000) < sigmoid(truth)).astype(float)
    return 3 * truth, labels, np.repeat(np.arange(8.0), 1500)


def test_an_overconfident_model_is_damped_to_the_truth(overconfident):
    margins, labels, order = overconfident
    chosen = choose(margins, labels, order)
    assert chosen.kind != "identity"
    damped = chosen.probabilities(margins)
    assert damped.mean() == pytest.approx(labels.mean(), rel=0.03)
    top = margins >= np.quantile(margins, 0.95)
    assert damped[top].mean() == pytest.approx(labels[top].mean(), rel=0.1)


def test_a_true_model_is_left_as_it_is(overconfident):
    margins, labels, order = overconfident
    assert choose(margins / 3, labels, order).kind == "identity"


def test_too_few_failures_or_dates_leave_the_identity(overconfident):
    margins, labels, order = overconfident
    assert choose(margins[:300], labels[:300], np.repeat(np.arange(6.0), 50)).kind == "identity"
    assert choose(margins, labels, np.zeros_like(order)).kind == "identity"


@pytest.mark.parametrize("kind", ["temperature", "platt", "beta"])
def test_every_kind_keeps_the_order_of_the_margins(kind, overconfident):
    margins, labels, _ = overconfident
    steps = fit(kind, margins, labels).probabilities(np.linspace(-20, 10, 400))
    assert (np.diff(steps) >= 0).all()


@given(st.floats(-700, 700), st.floats(0.05, 10), st.floats(0.05, 10), st.floats(-8, 8))
def test_a_probability_stays_a_probability_at_any_margin(margin, a, b, c):
    value = Calibrator("beta", a, b, c).probabilities(np.array([margin]))[0]
    assert 0.0 <= value <= 1.0
