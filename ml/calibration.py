"""From margins to probabilities that come true: identity, temperature, Platt on logits and beta, as one formula.

Belongs here: fitting a calibrator and choosing among the four on a later window. Does not: where margins come from
(ml/evaluation.py).
Isotonic is left out on purpose: at a few hundred failures it makes the log-loss worse about a third of the time (forecasting.md).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ml.dataset import Floats
from ml.metrics import log_losses

# 2026-11, synthetic pairs: chosen from two dates or 20 failures per half, the calibrator followed noise and halved the list's
# expected failures at later origins.
MIN_FAILURES_PER_HALF = 50
MIN_DATES = 4
# A more complex calibrator has to save this share of the log-loss to be preferred over a simpler one.
MIN_GAIN_RATIO = 0.001


@dataclass(frozen=True)
class Calibrator:
    """p = sigmoid(a log s - b log(1 - s) + c) with s = sigmoid(margin) (beta calibration, Kull et al. 2017).

    a = b = 1 and c = 0 is the identity, a = b alone temperature, a = b with c Platt. As a and b are positive, it rises with
    the margin.
    """

    kind: str = "identity"
    a: float = 1.0
    b: float = 1.0
    c: float = 0.0

    def probabilities(self, margins: Floats) -> Floats:
        """Calibrated probabilities of raw log-odds."""
        return sigmoid(self.a * log_sigmoid(margins) - self.b * log_sigmoid(-margins) + self.c)


def sigmoid(values: Floats) -> Floats:
    """1 / (1 + exp(-x)), without overflow."""
    return np.exp(log_sigmoid(values))


def log_sigmoid(values: Floats) -> Floats:
    """log(1 / (1 + exp(-x))), without overflow."""
    result: Floats = -np.logaddexp(0.0, -values)
    return result


def fit(kind: str, margins: Floats, labels: Floats) -> Calibrator:
    """The calibrator of one kind with the least log-loss; a and b are held within 0.05 and 10."""
    from scipy.optimize import minimize

    if kind == "identity":
        return Calibrator()
    scales, shifts = {"temperature": (1, 0), "platt": (1, 1), "beta": (2, 1)}[kind]
    high, low = log_sigmoid(margins), log_sigmoid(-margins)

    def loss(x: Any) -> tuple[float, Floats]:
        """The log-loss and its slope by each free parameter."""
        a, b, c = _expanded(kind, x)
        told = sigmoid(a * high - b * low + c)
        off = told - labels
        slopes = {"a": (off * high).mean(), "b": -(off * low).mean(), "c": off.mean()}
        free = [slopes["a"], slopes["b"]] if kind == "beta" else [slopes["a"] + slopes["b"]]
        return float(log_losses(labels, told).mean()), np.array(free + [slopes["c"]] * shifts)

    start = [1.0] * scales + [0.0] * shifts
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(0.05, 10.0)] * scales + [(-8.0, 8.0)] * shifts)
    return Calibrator(kind, *_expanded(kind, found.x))


def _expanded(kind: str, x: Any) -> tuple[float, float, float]:
    """The three parameters of the common formula from the free ones of a kind."""
    free = [float(value) for value in x]
    if kind == "beta":
        return free[0], free[1], free[2]
    return free[0], free[0], free[1] if kind == "platt" else 0.0


def choose(margins: Floats, labels: Floats, order: Floats) -> Calibrator:
    """Fit each kind on the earlier half of the dates, keep the one with the least log-loss on the later half, refit it on all.

    Args:
        margins: raw log-odds of models that had not seen these rows.
        labels: their outcomes, 0 or 1.
        order: the rows' as-of dates as numbers.

    Returns:
        The identity where there are under `MIN_DATES` dates or either half has under `MIN_FAILURES_PER_HALF` failures.
    """
    days = np.unique(order)
    if days.size < MIN_DATES:
        return Calibrator()
    early = order < days[days.size // 2]
    if min(labels[early].sum(), labels[~early].sum()) < MIN_FAILURES_PER_HALF:
        return Calibrator()
    best, best_loss = "identity", float("inf")
    for kind in ("identity", "temperature", "platt", "beta"):
        candidate = fit(kind, margins[early], labels[early])
        loss = float(log_losses(labels[~early], candidate.probabilities(margins[~early])).mean())
        if loss < best_loss * (1 - MIN_GAIN_RATIO):
            best, best_loss = kind, loss
    return fit(best, margins, labels)
