"""Scores of one cohort: the champions' calibrated probabilities with reasons, or the rule's counts where no champion serves.

Belongs here: frames in, rows of `ml.scores` out. Does not: choosing the champion (ml/registry.py), ranking entities (dbt).
"""

from collections.abc import Sequence

import polars as pl

from ml.dataset import Floats
from ml.explanation import explain, to_json
from ml.features import Feature, features
from ml.levers import LEVERS, levers
from ml.metrics import list_length
from ml.model import EVIDENCE, Model
from ml.peers import peers_of
from ml.plan import FULL
from ml.registry import load_champion
from preaudit.settings import Settings

# 2026-11: reasons cost 0.15 ms per pair, most of it sentences; at 20,000 pairs 3 s of a daily run. Worst pairs come first.
MAX_EXPLAINED_PAIRS = 20_000
SCHEMA = {
    "as_of_on": pl.Date, "entity_kind": pl.String, "entity_id": pl.String, "control_id": pl.String, "horizon_days": pl.Int32,
    "probability": pl.Float64, **EVIDENCE, "margin": pl.Float64, "served_by": pl.String, "rule_exceptions_28d": pl.Float64,
    "rule_exceptions_90d": pl.Float64, "model_version": pl.String, "reasons": pl.String, "levers": LEVERS,
}  # fmt: skip
CHANCES = ("probability", "probability_lower", "probability_upper")


def score(pairs: pl.DataFrame, entity_kind: str, settings: Settings) -> pl.DataFrame:
    """Rows of `ml.scores`: one per pair at the headline horizon, in the pairs' order, then those of each other horizon.

    Without a champion that passed its gate the headline is `served_by = 'rule'`: counts of exceptions, no probability. Another
    horizon has rows only where a champion of its own serves it; reasons and levers stand at the headline only.

    Raises:
        PreauditError: a champion needs a feature that the frame does not have.
    """
    catalogue = features(entity_kind)  # type: ignore[arg-type]
    ratio = settings.capacity_agents_ratio if entity_kind == "agent" else settings.capacity_processes_ratio
    parts = []
    for horizon in FULL.all_horizons(settings.horizon_days):
        champion = None if pairs.is_empty() else load_champion(entity_kind, settings, horizon_days=horizon)
        if champion is not None:
            listed = ratio if horizon == settings.horizon_days else None
            parts.append(model_scores(pairs, champion.model, champion.version, catalogue, listed_ratio=listed))
        elif horizon == settings.horizon_days:
            parts.append(rule_scores(pairs, entity_kind, horizon))
    return never_falling(pl.concat(parts))


def rule_scores(pairs: pl.DataFrame, entity_kind: str, horizon_days: int) -> pl.DataFrame:
    """The rows of the rule in use: no probability and no reasons are made up for it."""
    return _rows(pairs, entity_kind, horizon_days, "rule")


def model_scores(
    pairs: pl.DataFrame, model: Model, version: str, catalogue: Sequence[Feature], *, listed_ratio: float | None
) -> pl.DataFrame:
    """The rows of a model.

    Args:
        pairs: the cohort of one as-of date.
        model: scores them.
        version: of the model.
        catalogue: the features in words.
        listed_ratio: the share of entities on the list. Their pairs are explained first and told what would lower them, then
            each other entity's worst pair is explained, `MAX_EXPLAINED_PAIRS` in all. None explains nothing.
    """
    margins = model.margins(pairs)
    probabilities = model.calibrator.probabilities(margins)
    reasons: list[str | None] = [None] * pairs.height
    moves: list[list[dict[str, object]] | None] = [None] * pairs.height
    if listed_ratio is not None:
        weights = pairs["severity_weight"].cast(pl.Float64).fill_null(1.0).to_numpy()
        explained, listed = _explained(pairs, probabilities * weights, listed_ratio)
        peers = peers_of(model, pairs, margins)
        for position, parts in zip(explained, explain(model, pairs[explained], catalogue, peers), strict=True):
            reasons[position] = to_json(parts)
        for position, found in zip(listed, levers(model, pairs[listed], catalogue, peers).to_list(), strict=True):
            moves[position] = found
    return _rows(pairs, model.entity_kind, model.horizon_days, "model").with_columns(
        pl.Series("probability", probabilities),
        *model.evidence(pairs, margins).get_columns(),
        pl.Series("margin", margins),
        pl.lit(version).alias("model_version"),
        pl.Series("reasons", reasons, dtype=pl.String),
        pl.Series("levers", moves, dtype=LEVERS),
    )


def never_falling(scores: pl.DataFrame) -> pl.DataFrame:
    """The same rows with no probability below that of a shorter horizon: what can happen within a week can within a month.

    Models of different horizons do not know of each other; the longer one is raised to the shorter one, its interval with it.
    """
    pair = ["as_of_on", "entity_kind", "entity_id", "control_id"]
    return scores.with_columns(pl.col(name).cum_max().over(pair, order_by="horizon_days") for name in CHANCES)


def _explained(pairs: pl.DataFrame, risks: Floats, ratio: float) -> tuple[list[int], list[int]]:
    """Positions, sorted, of the pairs to explain, and of those among them whose entity is on the list."""
    entity = 1.0 - pl.col("rest").product().over("entity_id")
    ranked = pairs.select("entity_id").with_columns(pl.Series("risk", risks), pl.Series("rest", 1.0 - risks))
    ranked = ranked.with_row_index("position").with_columns(
        entity.alias("of_entity"), pl.col("risk").rank("ordinal", descending=True).over("entity_id").alias("within")
    )
    entities = (
        ranked.group_by("entity_id").agg(pl.col("of_entity").first()).sort(["of_entity", "entity_id"], descending=[True, False])
    )
    top = entities["entity_id"].head(list_length(ratio, entities.height)).to_list()
    place = pl.when("is_listed").then(0).when(pl.col("within") == 1).then(1).otherwise(2)
    ordered = ranked.with_columns(pl.col("entity_id").is_in(top).alias("is_listed")).with_columns(place.alias("place"))
    chosen = ordered.sort(["place", "risk"], descending=[False, True]).head(MAX_EXPLAINED_PAIRS).sort("position")
    return chosen["position"].to_list(), chosen.filter("is_listed")["position"].to_list()


def _rows(pairs: pl.DataFrame, entity_kind: str, horizon_days: int, served_by: str) -> pl.DataFrame:
    missing = pl.lit(None)
    return pairs.select(
        "as_of_on",
        pl.lit(entity_kind).alias("entity_kind"),
        "entity_id",
        "control_id",
        pl.lit(horizon_days).alias("horizon_days"),
        *(missing.alias(name) for name in ("probability", *EVIDENCE)),
        missing.alias("margin"),
        pl.lit(served_by).alias("served_by"),
        pl.col("exceptions_28d").alias("rule_exceptions_28d"),
        pl.col("exceptions_90d").alias("rule_exceptions_90d"),
        missing.alias("model_version"),
        missing.alias("reasons"),
        missing.alias("levers"),
    ).cast(SCHEMA)  # type: ignore[arg-type]
