"""Competitor 4: a weighted sum in the style of security products.

Belongs here: the arithmetic of one such product, as it is published. Does not: anything learned from outcomes.
Source: Elastic Security, entity risk scoring (2024): an entity's alerts sorted by risk score, each divided by its place to the
power 1.5, summed; then the odds of the normalised score times a multiplier for the asset's criticality.
"""

import numpy as np
import polars as pl

from ml.competitors.base import Competitor
from ml.dataset import Floats

DECAY = 1.5
# The sum of 1 / n^1.5 over all n: what endless alerts of the highest severity come to.
MOST = 2.6123753486854883
# Elastic's multipliers of the odds for low, medium, high and extreme impact; ours are the process's criticality 0 to 3.
ODDS = np.array([0.5, 1.0, 1.5, 2.0])
LEAST_ROOM = 1e-9


class WeightedSum(Competitor):
    """Failures of the last 28 days as alerts, the control's severity weight as their score.

    A pair's score is its share of its entity's: summed over an entity's pairs they give the score of the entity.
    """

    name = "weighted_sum"
    words = "weighted sum of severities (security products)"

    def fit(self, train: pl.DataFrame) -> None:
        """Nothing to learn."""

    def predict(self, rows: pl.DataFrame) -> Floats:
        if rows.is_empty():
            return np.empty(0)
        failures = pl.col("exceptions_28d").cast(pl.Float64).fill_null(0.0)
        severity = pl.col("severity_weight").cast(pl.Float64).fill_null(0.0)
        keys = ["as_of_on", "entity_id"]
        ordered = (
            rows.select(*keys, failures.alias("failures"), severity.alias("severity"), "control_id", _criticality(rows))
            .with_row_index("position")
            .sort([*keys, "severity", "control_id"], descending=[False, False, True, False])
            .with_columns(pl.col("failures").cum_sum().over(keys).alias("last_place"))
        )
        last = ordered["last_place"].to_numpy().astype(np.int64)
        places = _decayed_places(int(last.max()))
        first = last - ordered["failures"].to_numpy().astype(np.int64)
        share = ordered["severity"].to_numpy() * (places[last] - places[first])
        table = ordered.with_columns(pl.Series("share", share / MOST)).with_columns(
            pl.col("share").sum().over(keys).alias("total")
        )
        odds = table["criticality"] * table["total"] / (1 - table["total"]).clip(lower_bound=LEAST_ROOM)
        of_entity = odds / (1 + odds)
        scored = table.select("position", (table["share"] / table["total"] * of_entity).fill_nan(0.0).alias("score"))
        return scored.sort("position")["score"].to_numpy()


def _decayed_places(count: int) -> Floats:
    """Sum of 1 / n^1.5 over the first 0, 1, ... `count` places."""
    return np.concatenate([[0.0], np.cumsum(np.arange(1, count + 1, dtype=np.float64) ** -DECAY)])


def _criticality(rows: pl.DataFrame) -> pl.Expr:
    """The multiplier of the odds; 1 where the rows do not say how critical the process is (agents)."""
    if "criticality_level" not in rows.columns:
        return pl.lit(1.0).alias("criticality")
    level = rows["criticality_level"].fill_null(1.0).fill_nan(1.0).clip(0, 3).to_numpy().astype(np.int64)
    return pl.lit(pl.Series("criticality", ODDS[level]))
