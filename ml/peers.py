"""What is usual for the peers of a pair: all pairs of the same control and date.

Belongs here: their median of every feature, and what the features do to the score of an average peer. Does not: one pair's
reasons (ml/explanation.py) or levers (ml/levers.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from ml.dataset import Floats, matrix
from ml.model import Model

KEYS = ["as_of_on", "control_id"]
# Contributions cost many times a prediction. Forty peers, evenly spread over the scores, tell the level of a control to within
# 0.04 log-odds on the sample; eighty are no better, twenty are off by up to 0.16 (2026-11).
SAMPLED_PEERS = 40


@dataclass(frozen=True)
class Peers:
    """Medians and mean effects (log-odds) per control and date; grain of `groups` is one row of `medians` and `effects`.

    Shapes: `medians` and `effects` (groups, features), the features in the model's order.
    """

    groups: pl.DataFrame
    medians: Floats
    effects: Floats

    def beside(self, rows: pl.DataFrame) -> tuple[Floats, Floats]:
        """The peers' medians and mean effects of each row, both (rows, features); NaN and 0 for a control without peers."""
        position = rows.select(KEYS).join(self.groups, on=KEYS, how="left", maintain_order="left")["position"].to_numpy()
        known = np.isfinite(position.astype(np.float64))
        places = np.where(known, position, 0).astype(np.int64)
        return np.where(known[:, None], self.medians[places], np.nan), np.where(known[:, None], self.effects[places], 0.0)


def usual_values(rows: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """One row per control and date with the median of each named feature, the unknown left out."""
    medians = (pl.col(name).cast(pl.Float64).fill_nan(None).median() for name in names)
    return rows.group_by(KEYS).agg(medians).sort(KEYS)


def peers_of(model: Model, cohort: pl.DataFrame, margins: Floats | None = None) -> Peers:
    """What is usual in a cohort.

    Args:
        model: whose effects are meant.
        cohort: all pairs of one or more dates with the model's features.
        margins: of the cohort, where they are known already.
    """
    medians = usual_values(cohort, model.feature_names)
    groups = medians.select(KEYS).with_row_index("position")
    told = model.margins(cohort) if margins is None else margins
    # Every n-th by score: the mean over them is the peers' mean, with less noise than a random draw and without a seed.
    place = (pl.Series("margin", told).rank("ordinal") - 1).cast(pl.Int64)
    within = cohort.select(KEYS).with_columns(place.alias("margin"))
    step = pl.max_horizontal(pl.len().over(KEYS) // SAMPLED_PEERS, pl.lit(1))
    is_sampled = (pl.col("margin").rank("ordinal").over(KEYS) - 1) % step == step // 2
    sampled = cohort.filter(within.select(is_sampled.alias("is_sampled"))["is_sampled"])
    position = sampled.select(KEYS).join(groups, on=KEYS, maintain_order="left")["position"].to_numpy()
    contributions = model.contributions(sampled)[:, :-1]
    sums = np.zeros((groups.height, len(model.feature_names)))
    np.add.at(sums, position, contributions)
    counts = np.bincount(position, minlength=groups.height)
    return Peers(groups, matrix(medians, model.feature_names), sums / np.maximum(counts, 1)[:, None])
