"""Scores of one cohort: the champion's calibrated probabilities with reasons, or the rule's counts where no champion serves.

Belongs here: frames in, rows of `ml.scores` out. Does not: choosing the champion (ml/registry.py), ranking entities (dbt).
"""

from collections.abc import Sequence

import numpy as np
import polars as pl

from ml.explanation import explain, to_json, usual_values
from ml.features import Feature, features
from ml.model import Model
from ml.registry import load_champion
from preaudit.settings import Settings

# 2026-11: reasons cost 0.15 ms per pair, most of it sentences; at 20,000 pairs 3 s of a daily run. Worst pairs come first.
MAX_EXPLAINED_PAIRS = 20_000
SCHEMA = {
    "as_of_on": pl.Date, "entity_kind": pl.String, "entity_id": pl.String, "control_id": pl.String, "horizon_days": pl.Int32,
    "probability": pl.Float64, "margin": pl.Float64, "served_by": pl.String, "rule_exceptions_28d": pl.Float64,
    "rule_exceptions_90d": pl.Float64, "model_version": pl.String, "reasons": pl.String,
}  # fmt: skip


def score(pairs: pl.DataFrame, entity_kind: str, settings: Settings, *, horizon_days: int | None = None) -> pl.DataFrame:
    """One row of `ml.scores` per pair, in the pairs' order.

    Without a champion that passed its gate every row is `served_by = 'rule'`: counts of exceptions, no probability.

    Raises:
        PreauditError: the champion needs a feature that the frame does not have.
    """
    horizon = horizon_days or settings.horizon_days
    champion = None if pairs.is_empty() else load_champion(entity_kind, settings, horizon_days=horizon)
    if champion is None:
        return rule_scores(pairs, entity_kind, horizon)
    return model_scores(pairs, champion.model, champion.version, features(entity_kind))  # type: ignore[arg-type]


def rule_scores(pairs: pl.DataFrame, entity_kind: str, horizon_days: int) -> pl.DataFrame:
    """The rows of the rule in use: no probability and no reasons are made up for it."""
    return _rows(pairs, entity_kind, horizon_days, "rule")


def model_scores(pairs: pl.DataFrame, model: Model, version: str, catalogue: Sequence[Feature]) -> pl.DataFrame:
    """The rows of a model; reasons for at most `MAX_EXPLAINED_PAIRS` pairs, each entity's worst control before the others."""
    margins = model.margins(pairs)
    probabilities = model.calibrator.probabilities(margins)
    weights = pairs["severity_weight"].cast(pl.Float64).fill_null(1.0).to_numpy()
    order = _explained(pairs, probabilities * weights)
    usual = usual_values(pairs, model.feature_names)
    reasons: list[str | None] = [None] * pairs.height
    for position, parts in zip(order, explain(model, pairs[order], catalogue, usual[order]), strict=True):
        reasons[position] = to_json(parts)
    return _rows(pairs, model.entity_kind, model.horizon_days, "model").with_columns(
        pl.Series("probability", probabilities),
        pl.Series("margin", margins),
        pl.lit(version).alias("model_version"),
        pl.Series("reasons", reasons, dtype=pl.String),
    )


def _explained(pairs: pl.DataFrame, risks: np.ndarray) -> list[int]:
    """Positions of the pairs to explain, sorted: the worst pair of every entity, then by risk."""
    ranked = pairs.select("entity_id").with_columns(pl.Series("risk", risks)).with_row_index("position")
    within = pl.col("risk").rank("ordinal", descending=True).over("entity_id")
    ordered = ranked.with_columns((within > 1).alias("is_other")).sort(["is_other", "risk"], descending=[False, True])
    return sorted(ordered["position"].head(MAX_EXPLAINED_PAIRS).to_list())


def _rows(pairs: pl.DataFrame, entity_kind: str, horizon_days: int, served_by: str) -> pl.DataFrame:
    missing = pl.lit(None)
    return pairs.select(
        "as_of_on",
        pl.lit(entity_kind).alias("entity_kind"),
        "entity_id",
        "control_id",
        pl.lit(horizon_days).alias("horizon_days"),
        missing.alias("probability"),
        missing.alias("margin"),
        pl.lit(served_by).alias("served_by"),
        pl.col("exceptions_28d").alias("rule_exceptions_28d"),
        pl.col("exceptions_90d").alias("rule_exceptions_90d"),
        missing.alias("model_version"),
        missing.alias("reasons"),
    ).cast(SCHEMA)  # type: ignore[arg-type]
