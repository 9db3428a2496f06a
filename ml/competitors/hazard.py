"""Challenger: discrete-time hazard, the chance of failing in each week given none before.

Belongs here: the person-period table and the model on it. Does not: LightGBM's parameters (ml/lightgbm_model.py).
Source: Singer and Willett, "It's about time" (1993); the chance over the horizon is 1 - product of (1 - hazard) over its weeks.
"""

import math
from collections.abc import Sequence

import numpy as np
import polars as pl

from ml.calibration import sigmoid
from ml.competitors.base import Competitor
from ml.competitors.past import BaseRate
from ml.dataset import Floats, matrix, outcomes, thinned
from ml.features import Feature
from ml.lightgbm_model import fit_table, mean_margins

# Weeks, but of long horizons longer periods: 13 of them would make the table three times as long and tell little more.
MOST_PERIODS = 6
DAYS_PER_WEEK = 7


class DiscreteTimeHazard(Competitor):
    """LightGBM on one row per pair and period until it fails; the period is an input of its own."""

    name = "hazard"
    words = "discrete-time hazard (LightGBM by week)"

    def __init__(self, features: Sequence[Feature], rounds: int, horizon_days: int, seed: int) -> None:
        self.features, self.rounds, self.seed = tuple(features), rounds, seed
        self.period_days = max(DAYS_PER_WEEK, math.ceil(horizon_days / MOST_PERIODS))
        self.periods = math.ceil(horizon_days / self.period_days)

    def fit(self, train: pl.DataFrame) -> None:
        self.base = BaseRate()
        self.base.fit(train)
        self.booster = None
        if len(np.unique(outcomes(train))) < 2:
            return
        rows, weights = thinned(train, self.seed)
        days = (rows["first_failed_on"] - rows["as_of_on"]).dt.total_days().fill_null(0).to_numpy()
        failing = outcomes(rows) == 1.0
        last = np.where(failing, np.clip((days - 1) // self.period_days, 0, self.periods - 1), self.periods - 1)
        pair = np.repeat(np.arange(rows.height), last + 1)
        period = np.concatenate([np.arange(count + 1) for count in last])
        fails_now = (failing[pair] & (period == last[pair])).astype(np.float64)
        inputs = np.column_stack([self._matrix(rows)[pair], period])
        directions = [*(feature.direction for feature in self.features), 0]
        self.booster = fit_table(inputs, fails_now, weights[pair], directions, self.rounds, self.seed)

    def predict(self, rows: pl.DataFrame) -> Floats:
        if self.booster is None or rows.is_empty():
            return self.base.predict(rows)
        inputs, survives = self._matrix(rows), np.ones(rows.height)
        for period in range(self.periods):
            table = np.column_stack([inputs, np.full(rows.height, float(period))])
            survives *= 1 - sigmoid(mean_margins([self.booster], table, 1))
        return 1 - survives

    def _matrix(self, rows: pl.DataFrame) -> Floats:
        return matrix(rows, [feature.name for feature in self.features])
