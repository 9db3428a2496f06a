"""How sure a probability is: the inductive Venn-Abers interval of a score.

Belongs here: making and looking up the interval, and when it is too wide to rank by. Does not: calibration (ml/calibration.py).
Source: Vovk, Petej and Fedorova, "Large-scale probabilistic predictors with and without guarantees of validity" (2015). The score
joins the calibration rows once as a pass and once as a failure; isotonic regression gives p0 and p1, and one of the two is
perfectly calibrated whatever the distribution.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ml.dataset import Bools, Floats

# Scores within one group count as equal, which keeps the guarantee (it is the interval of a coarser score). 300 groups of equal
# shares of rows and of expected failures tell 0.3 % steps apart, and the lookup is made in 0.1 s (2026-11).
MOST_GROUPS = 300
# Wider than both, and a place in the list would pretend to know more: 10 % to 40 % is no answer, 60 % to 87 % is one.
# On the sample 1 pair in 10,000 has an interval wider than a quarter (2026-11).
MOST_WIDTH, MOST_RATIO = 0.25, 2.0


@dataclass(frozen=True)
class VennAbers:
    """Step functions of the margin: `lower[i]` and `upper[i]` hold from `edges[i - 1]` (not below the first) up to `edges[i]`."""

    edges: Floats
    lower: Floats
    upper: Floats

    def intervals(self, margins: Floats, probabilities: Floats) -> tuple[Floats, Floats]:
        """Lower and upper end per margin, wide enough to hold the calibrated probability; (0, 1) where nothing was learned."""
        if not self.lower.size:
            return np.zeros(margins.size), np.ones(margins.size)
        place = np.searchsorted(self.edges, margins, side="right")
        return np.minimum(self.lower[place], probabilities), np.maximum(self.upper[place], probabilities)

    def to_dict(self) -> dict[str, list[float]]:
        """As JSON keeps it."""
        return {"edges": self.edges.tolist(), "lower": self.lower.tolist(), "upper": self.upper.tolist()}

    @staticmethod
    def from_dict(kept: Mapping[str, Any] | None) -> "VennAbers":
        """Back from JSON; of a model older than intervals, one that knows nothing."""
        told = kept or {}
        return VennAbers(*(np.array(told.get(name, ()), dtype=np.float64) for name in ("edges", "lower", "upper")))


def learn(margins: Floats, probabilities: Floats, labels: Floats, row_share: float = 1.0) -> VennAbers:
    """The intervals that calibration rows give.

    Args:
        margins: raw log-odds of models that had not seen these rows.
        probabilities: the same rows, calibrated; only the grouping reads them.
        labels: their outcomes, 0 or 1.
        row_share: what one row counts for. Weekly rows of one pair look at overlapping windows, so a row of a 30-day horizon
            brings about 7/30 of news; counting it in full would make the intervals too narrow.
    """
    if not margins.size:
        return VennAbers.from_dict(None)
    order = np.argsort(margins, kind="stable")
    sorted_margins, told, y = margins[order], probabilities[order], labels[order]
    share = (np.cumsum(told) / max(float(told.sum()), 1e-12) + np.arange(1, told.size + 1) / told.size) / 2
    wanted = np.flatnonzero(np.diff(np.minimum((share * MOST_GROUPS).astype(np.int64), MOST_GROUPS - 1))) + 1
    # A group begins at the first row of its score, so that equals stay together.
    firsts = np.searchsorted(sorted_margins, sorted_margins[wanted], side="left")
    starts = np.unique(np.concatenate([[0], firsts])).astype(np.int64)
    rows = np.concatenate([[0.0], np.cumsum(np.diff(np.append(starts, y.size)) * row_share)])
    failures = np.concatenate([[0.0], np.cumsum(np.add.reduceat(y, starts) * row_share)])
    lower, upper = (_isotonic_with_one_more(rows, failures, outcome) for outcome in (0.0, 1.0))
    return VennAbers(sorted_margins[starts[1:]], lower, upper)


def is_enough(lower: Floats, upper: Floats) -> Bools:
    """Whether an interval is narrow enough for a place in the list: within a quarter, or its ends within a factor of two."""
    found: Bools = (upper - lower <= MOST_WIDTH) | (upper <= MOST_RATIO * lower)
    return found


def _isotonic_with_one_more(rows: Floats, failures: Floats, outcome: float) -> Floats:
    """Isotonic regression at each group when one row of that outcome joins it, by its max-min formula.

    The value at i is the largest over a <= i of the smallest over b >= i of the mean of groups a..b (Barlow et al. 1972).
    """
    count = rows.size - 1
    found = np.empty(count)
    for group in range(count):
        first, last = slice(0, group + 1), slice(group + 1, count + 1)
        failed = failures[last][None, :] - failures[first][:, None] + outcome
        means = failed / (rows[last][None, :] - rows[first][:, None] + 1.0)
        found[group] = means.min(axis=1).max()
    return found
