"""Competitors 1 to 3: what the past alone says of a pair.

Belongs here: the base rate of the control, the rule in use, the pair's own shrunk rate. Does not: anything that reads features.
"""

import numpy as np
import polars as pl

from ml.competitors.base import RULE, Competitor
from ml.dataset import Floats, outcomes, row_weights


class BaseRate(Competitor):
    """Competitor 1: every pair gets its control's share of failures in training; a new control gets the overall share."""

    name = "base_rate"
    words = "base rate of the control"

    def fit(self, train: pl.DataFrame) -> None:
        weights = row_weights(train)
        self.overall = float(np.average(outcomes(train), weights=weights)) if train.height else 0.0
        rows = train.select("control_id", pl.col("is_failure").cast(pl.Float64).alias("y")).with_columns(pl.Series("w", weights))
        rate = ((pl.col("y") * pl.col("w")).sum() / pl.col("w").sum()).alias("rate")
        self.rates = rows.group_by("control_id", maintain_order=True).agg(rate)

    def predict(self, rows: pl.DataFrame) -> Floats:
        joined = rows.select("control_id").join(self.rates, on="control_id", how="left", maintain_order="left")
        return joined["rate"].fill_null(self.overall).to_numpy()


class Rule(Competitor):
    """Competitor 2, the rule in use: exceptions of the last 28 days, ties broken by the last 90."""

    name = RULE
    words = "the rule in use (exceptions of the last 28 days)"

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
        rows = train.select("entity_id", "control_id", pl.col("is_failure").cast(pl.Float64).alias("y"))
        pairs = (
            rows.with_columns(pl.Series("w", row_weights(train)))
            .group_by("entity_id", "control_id", maintain_order=True)
            .agg((pl.col("y") * pl.col("w")).sum().alias("failures"), pl.col("w").sum().alias("n"))
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
