"""The alarm for an answer hidden among the features: one feature that alone separates failures from the rest.

Belongs here: checks on the training rows that a leak would trip. Does not: the leak tests on the whole chain (tests/).
"""

from collections.abc import Sequence

import numpy as np
import polars as pl

from ml.dataset import Floats, matrix, outcomes

# forecasting.md, 2026-11: no honest feature of ours comes near; 0.98 leaves room for a strong countdown.
ALARM_AUC = 0.98
MIN_FAILURES = 10


def feature_aucs(rows: pl.DataFrame, names: Sequence[str]) -> dict[str, float]:
    """How well each feature alone separates failures (0.5 not at all, 1 perfectly, whatever the direction).

    Two readings per feature, the larger counts: its value where known, and whether it is known at all (an outcome that is only
    filled in for failures). A reading with under `MIN_FAILURES` failures or non-failures says 0.5.
    """
    labels, inputs = outcomes(rows), matrix(rows, names)
    found = {}
    for index, name in enumerate(names):
        values = inputs[:, index]
        known = ~np.isnan(values)
        found[name] = max(_auc(values[known], labels[known]), _auc(known.astype(np.float64), labels))
    return found


def alarms(rows: pl.DataFrame, names: Sequence[str]) -> dict[str, float]:
    """The features whose AUC is above `ALARM_AUC`."""
    return {name: value for name, value in feature_aucs(rows, names).items() if value > ALARM_AUC}


def _auc(values: Floats, labels: Floats) -> float:
    """Mann-Whitney U over the number of pairs, ties half, folded to be at least 0.5."""
    positives = int(labels.sum())
    negatives = labels.size - positives
    if min(positives, negatives) < MIN_FAILURES:
        return 0.5
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ranks = (counts.cumsum() - (counts - 1) / 2)[inverse]
    auc = float((ranks[labels == 1].sum() - positives * (positives + 1) / 2) / (positives * negatives))
    return max(auc, 1 - auc)
