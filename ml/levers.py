"""What would lower a score: the model asked again with one actionable feature at the peers' usual value.

Belongs here: that question and its answers in words. Does not: why the score is what it is (ml/explanation.py).
The answer is the model's sensitivity, never a cause: moving the number need not move the failure.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from ml.dataset import Floats, matrix
from ml.explanation import is_unusual, number, read_by, shown, subject
from ml.features import Feature
from ml.model import Model
from ml.peers import Peers, peers_of

MOST_LEVERS = 3
# One percentage point of probability: less is within the noise of the model and not worth a manager's week (2026-11).
MIN_CHANGE = 0.01
# Of countdowns fewer days are worse; of every other actionable feature more is.
LESS_IS_WORSE = "days_until_"
LEVERS = pl.List(
    pl.Struct(
        {
            "feature": pl.String, "sentence": pl.String, "value": pl.Float64, "peer_value": pl.Float64,
            "probability_after": pl.Float64, "change": pl.Float64,
        }
    )
)  # fmt: skip


def levers(model: Model, rows: pl.DataFrame, features: Sequence[Feature], peers: Peers | None = None) -> pl.Series:
    """Per row up to `MOST_LEVERS` actionable features, the strongest first, whose usual value would lower the probability.

    Only features that are worse than the peers' median are tried, and only a drop of at least `MIN_CHANGE` is told; `change` is
    negative. Of one family only the strongest is told: overtime of 7 and of 28 days is one thing to do. A row that nothing lowers
    has an empty list.

    Args:
        model: the model that scored the rows.
        rows: the pairs to ask about; each costs one prediction per actionable feature.
        features: the catalogue.
        peers: of the whole cohort, when `rows` is a part of it.
    """
    found: list[dict[str, dict[str, Any]]] = [{} for _ in range(rows.height)]
    if rows.height:
        usual, _ = (peers or peers_of(model, rows)).beside(rows)
        before, values = model.probabilities(rows), matrix(rows, model.feature_names)
        for index, feature in enumerate(read_by(model, features)):
            if feature.is_actionable:
                worse = np.flatnonzero(_is_worse(feature, values[:, index], usual[:, index]))
                moved = rows[worse].with_columns(pl.Series(feature.name, usual[worse, index], dtype=pl.Float64))
                for row, after in zip(worse, model.probabilities(moved) if worse.size else (), strict=True):
                    other = found[row].get(feature.family)
                    if before[row] - after >= MIN_CHANGE and (other is None or after < other["probability_after"]):
                        lever = _lever(feature, values[row, index], usual[row, index], before[row], float(after))
                        found[row][feature.family] = lever
    best = [sorted(of_row.values(), key=lambda lever: float(lever["change"]))[:MOST_LEVERS] for of_row in found]
    return pl.Series("levers", best, dtype=LEVERS)


def _is_worse(feature: Feature, values: Floats, usual: Floats) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Where both are known, the value is on the bad side, and a reader would see the difference."""
    bad = values < usual if feature.name.startswith(LESS_IS_WORSE) else values > usual
    seen = [is_unusual(feature, value, peer) for value, peer in zip(values, usual, strict=True)]
    return bad & np.array(seen, dtype=np.bool_)


def _lever(feature: Feature, value: float, usual: float, before: float, after: float) -> dict[str, Any]:
    now, peer = shown(value, feature.unit), shown(usual, feature.unit)
    return {
        "feature": feature.name,
        "sentence": f"{subject(feature)}: with {peer}, as is usual among peers, instead of {now},"
        f" the model would say {after:.2f} instead of {before:.2f}.",
        "value": number(value),
        "peer_value": number(usual),
        "probability_after": round(after, 6),
        "change": round(after - before, 6),
    }
