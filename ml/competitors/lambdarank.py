"""Challenger: LambdaRank, which learns the order of a list and no probabilities.

Belongs here: that one objective. Does not: LightGBM's other parameters (ml/lightgbm_model.py).
Source: Burges, "From RankNet to LambdaRank to LambdaMART" (2010). One list per as-of date; what fails counts by its severity.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl

from ml.competitors.base import Competitor
from ml.competitors.past import BaseRate
from ml.dataset import Floats, matrix, outcomes, thinned
from ml.features import Feature
from ml.lightgbm_model import fit_table, mean_margins

# LightGBM refuses a list of more than 10,000 rows; a longer one is learned in parts.
MOST_ROWS_PER_LIST = 10_000
# Severity weights of 0.25 to 1 as grades 1 to 4; LightGBM wants whole numbers.
GRADES = 4


class LambdaRank(Competitor):
    """LightGBM with the lambdarank objective; an entity stands where its riskiest pair does."""

    name = "lambdarank"
    words = "LambdaRank (LightGBM on the order)"

    def __init__(self, features: Sequence[Feature], rounds: int, seed: int) -> None:
        self.features, self.rounds, self.seed = tuple(features), rounds, seed

    def fit(self, train: pl.DataFrame) -> None:
        self.base = BaseRate()
        self.base.fit(train)
        self.booster = None
        if len(np.unique(outcomes(train))) < 2:
            return
        rows, _ = thinned(train, self.seed)
        rows = rows.sort("as_of_on", maintain_order=True)
        severity = rows["severity_weight"].cast(pl.Float64).fill_null(1.0).to_numpy()
        grades = outcomes(rows) * np.clip(np.ceil(severity * GRADES), 1, GRADES)
        lists = [
            min(MOST_ROWS_PER_LIST, size - start)
            for size in rows.group_by("as_of_on", maintain_order=True).len()["len"].to_list()
            for start in range(0, size, MOST_ROWS_PER_LIST)
        ]
        directions = [feature.direction for feature in self.features]
        self.booster = fit_table(self._matrix(rows), grades, None, directions, self.rounds, self.seed, lists=lists)

    def predict(self, rows: pl.DataFrame) -> Floats:
        if self.booster is None or rows.is_empty():
            return self.base.predict(rows)
        return mean_margins([self.booster], self._matrix(rows), 1)

    def _matrix(self, rows: pl.DataFrame) -> Floats:
        return matrix(rows, [feature.name for feature in self.features])
