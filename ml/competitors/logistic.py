"""Competitor 5: logistic regression on the model's features.

Belongs here: the one linear model. Does not: the person-period form of it (ml/competitors/hazard.py).
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from ml.competitors.base import Competitor
from ml.competitors.past import BaseRate
from ml.dataset import Floats, matrix, outcomes, thinned


class Logistic(Competitor):
    """Competitor 5: logistic regression on the model's features; imputing and scaling are learned from the training rows only."""

    name = "logistic"
    words = "logistic regression on the same features"

    def __init__(self, features: Sequence[str], seed: int = 0) -> None:
        self.features, self.seed = tuple(features), seed
        self.pipeline: Any = None

    def fit(self, train: pl.DataFrame) -> None:
        from sklearn.impute import SimpleImputer
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        self.base = BaseRate()
        self.base.fit(train)
        self.pipeline = None
        if len(np.unique(outcomes(train))) < 2:
            return
        rows, weights = thinned(train, self.seed)
        self.pipeline = make_pipeline(
            SimpleImputer(strategy="mean", keep_empty_features=True),
            StandardScaler(),
            LogisticRegression(C=0.1, max_iter=1000, tol=1e-3, random_state=self.seed),
        )
        self.pipeline.fit(matrix(rows, self.features), outcomes(rows), logisticregression__sample_weight=weights)

    def predict(self, rows: pl.DataFrame) -> Floats:
        if self.pipeline is None or rows.is_empty():
            return self.base.predict(rows)
        probability: Floats = self.pipeline.predict_proba(matrix(rows, self.features))[:, 1]
        return probability
