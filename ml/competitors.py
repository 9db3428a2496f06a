"""What the model has to beat: small classes with one interface, from the base rate to logistic regression.

Belongs here: any way of scoring a pair that is cheap enough to stand beside the model at every origin.
Does not: LightGBM itself (ml/lightgbm_model.py), the figures (ml/metrics.py).
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
import polars as pl

from ml.dataset import Floats, matrix, outcomes, thinned

RULE = "rule"


class Competitor(ABC):
    """Fits on matured rows and scores pairs; higher is riskier.

    `is_probability` says whether the scores may be held against outcomes (log-loss, reliability) or only order the list.
    """

    name: ClassVar[str]
    words: ClassVar[str]
    is_probability: ClassVar[bool] = True

    @abstractmethod
    def fit(self, train: pl.DataFrame) -> None:
        """Learn from matured rows; the frame has keys, features and `is_failure`."""

    @abstractmethod
    def predict(self, rows: pl.DataFrame) -> Floats:
        """One score per row, in the rows' order."""


class BaseRate(Competitor):
    """Competitor 1: every pair gets its control's share of failures in training; a new control gets the overall share."""

    name = "base_rate"
    words = "base rate of the control"

    def fit(self, train: pl.DataFrame) -> None:
        self.overall = float(outcomes(train).mean()) if train.height else 0.0
        self.rates = train.group_by("control_id", maintain_order=True).agg(
            pl.col("is_failure").cast(pl.Float64).mean().alias("rate")
        )

    def predict(self, rows: pl.DataFrame) -> Floats:
        joined = rows.select("control_id").join(self.rates, on="control_id", how="left", maintain_order="left")
        return joined["rate"].fill_null(self.overall).to_numpy()


class Rule(Competitor):
    """Competitor 2, the rule in use: exceptions of the last 28 days, ties broken by the last 90."""

    name = RULE
    words = "the rule in use (exceptions of the last 28 days)"
    is_probability = False

    def fit(self, train: pl.DataFrame) -> None:
        """Nothing to learn."""

    def predict(self, rows: pl.DataFrame) -> Floats:
        return rule_order(
            rows["exceptions_28d"].cast(pl.Float64).fill_null(0.0).to_numpy(),
            rows["exceptions_90d"].cast(pl.Float64).fill_null(0.0).to_numpy(),
        )


def rule_order(exceptions_28d: Floats, exceptions_90d: Floats) -> Floats:
    """One number that sorts like (exceptions_28d, exceptions_90d): the 90-day count is squeezed below one exception."""
    order: Floats = exceptions_28d + exceptions_90d / (exceptions_90d + 1.0)
    return order


class PairRate(Competitor):
    """Competitor 3: the pair's own share of failures in training, shrunk to its control's share.

    Prior strength m per control by the method of moments for the beta-binomial (empirical Bayes): with between-pair variance v
    and mean mu, m = mu (1 - mu) / v - 1, held within 1 and 1000 rows.
    """

    name = "pair_rate"
    words = "the pair's own past rate, shrunk to its control's"

    def fit(self, train: pl.DataFrame) -> None:
        self.base = BaseRate()
        self.base.fit(train)
        pairs = train.group_by("entity_id", "control_id", maintain_order=True).agg(
            pl.col("is_failure").cast(pl.Float64).sum().alias("failures"), pl.len().cast(pl.Float64).alias("n")
        )
        share = pl.col("failures") / pl.col("n")
        moments = pairs.group_by("control_id", maintain_order=True).agg(
            (pl.col("failures").sum() / pl.col("n").sum()).alias("mean"),
            share.var().fill_null(0.0).alias("spread"),
            (1.0 / pl.col("n")).mean().alias("noise"),
        )
        within = pl.col("mean") * (1 - pl.col("mean"))
        between = (pl.col("spread") - within * pl.col("noise")).clip(lower_bound=1e-9)
        strengths = moments.select("control_id", "mean", (within / between - 1).clip(1.0, 1000.0).alias("strength"))
        rates = pairs.join(strengths, on="control_id", how="left")
        shrunk = (pl.col("failures") + pl.col("mean") * pl.col("strength")) / (pl.col("n") + pl.col("strength"))
        self.rates = rates.select("entity_id", "control_id", shrunk.alias("rate"))

    def predict(self, rows: pl.DataFrame) -> Floats:
        keys = ["entity_id", "control_id"]
        own = rows.select(keys).join(self.rates, on=keys, how="left", maintain_order="left")["rate"]
        return np.where(own.is_null().to_numpy(), self.base.predict(rows), own.fill_null(0.0).to_numpy())


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


def simple_competitors(features: Sequence[str], seed: int = 0) -> tuple[Competitor, ...]:
    """Competitors 1, 2, 3 and 5 of forecasting.md in that order, unfitted."""
    return BaseRate(), Rule(), PairRate(), Logistic(features, seed)
