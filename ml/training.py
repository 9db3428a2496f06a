"""Training from frame to outcome for one entity kind and horizon: evaluate, train, ask the gate; or say why there is no model.

Belongs here: the order of the steps and what they hand back. Does not: the steps themselves, or MLflow (ml/registry.py).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from ml import gate, leaks
from ml.dataset import data_digest, matured, matured_failures, outcomes, thinned
from ml.evaluation import CARRIED, Predictions, predict_origins
from ml.explanation import mean_effects
from ml.features import Feature, features
from ml.gate import Decision
from ml.lightgbm_model import choose_rounds, fit_boosters, parameters
from ml.model import Model
from ml.review import RELIABILITY_SCHEMA, SCHEMA, reliability_table, review_table
from preaudit.settings import Settings

# Averaging three seeds takes most of the run-to-run spread out of the ranking; more changed nothing (2026-11).
SEEDS = 3
EXPLAINED_ROWS = 1000


@dataclass(frozen=True)
class TrainingOutcome:
    """What a training came to. `model` is None where there was too little to learn from: then `decision.verdict` says what.

    Attributes:
        review: figures with intervals (`ml.review.SCHEMA`); empty where nothing could be judged.
        reliability: expected against observed (`ml.review.RELIABILITY_SCHEMA`).
        validation_rows: judged rows of the headline split with one prediction column per competitor (ml/evaluation.py).
        effects: mean absolute effect per feature of the final model.
        facts: counts, dates, parameters, data digest, code version: what MLflow shows as parameters.
    """

    entity_kind: str
    horizon_days: int
    decision: Decision
    model: Model | None
    review: pl.DataFrame
    reliability: pl.DataFrame
    validation_rows: pl.DataFrame
    effects: pl.DataFrame
    facts: Mapping[str, Any]


def train(
    dataset: pl.DataFrame,
    entity_kind: str,
    settings: Settings,
    *,
    context: Mapping[str, Any] | None = None,
    horizon_days: int | None = None,
    catalogue: Sequence[Feature] | None = None,
) -> TrainingOutcome:
    """Evaluate all competitors over rolling origins, train the model on every matured row and ask the gate.

    Args:
        dataset: wide pairs with `is_failure` and `first_failed_on` (`ml.dataset.load_training_frame`).
        entity_kind: "agent" or "process".
        settings: capacity, seed, threads, fewest matured failures.
        context: facts to keep (`code_version`, `data_digest`) and `data_gate_passed` (taken as true when not given).
        horizon_days: of the labels in `dataset`; the headline horizon when not given.
        catalogue: the features to use; the catalogue of ml/features.py when not given.
    """
    known = dict(context or {})
    horizon = horizon_days or settings.horizon_days
    inputs = tuple(catalogue or features(entity_kind))  # type: ignore[arg-type]
    rows = matured(dataset)
    facts = _facts(rows, known, horizon, inputs)
    reason = _too_little(rows, settings.min_matured_failures)
    if reason:
        return _without_model(entity_kind, horizon, reason, facts)
    predictions = predict_origins(rows, inputs, horizon, seed=settings.random_seed, threads=settings.threads)
    if not predictions.by_split:
        days = rows["as_of_on"].n_unique()
        reason = f"{days} matured as-of dates, none with outcomes known {horizon} days before it"
        return _without_model(entity_kind, horizon, reason, facts)
    ratio = settings.capacity_agents_ratio if entity_kind == "agent" else settings.capacity_processes_ratio
    review = review_table(predictions.by_split, entity_kind, horizon, ratio, settings.random_seed, settings.threads)
    # How well one feature tells failing rows from others does not depend on how many others there are.
    some, _ = thinned(rows, settings.random_seed)
    alarms = leaks.alarms(some, [feature.name for feature in inputs])
    decision = gate.decide(review, alarms, data_gate_passed=bool(known.get("data_gate_passed", True)))
    model = _final_model(rows, entity_kind, horizon, inputs, predictions, settings, facts)
    judged = predictions.by_split["seen_later"]
    newest = rows.filter(pl.col("as_of_on") == rows["as_of_on"].max()).head(EXPLAINED_ROWS)
    return TrainingOutcome(
        entity_kind,
        horizon,
        decision,
        model,
        review,
        reliability_table(judged),
        judged,
        mean_effects(model, newest, inputs),
        {**facts, **model.facts, "verdict": decision.verdict, "capacity_ratio": ratio},
    )


def _final_model(
    rows: pl.DataFrame,
    kind: str,
    horizon: int,
    inputs: Sequence[Feature],
    told: Predictions,
    settings: Settings,
    facts: dict[str, Any],
) -> Model:
    """The model of today: every matured row, averaged seeds, the calibrator learned from all origins."""
    rounds = choose_rounds(rows, inputs, horizon, settings.random_seed, settings.threads)
    seeds = [settings.random_seed + offset for offset in range(SEEDS)]
    boosters = fit_boosters(rows, inputs, rounds, seeds, settings.threads)
    hyper = parameters(inputs, settings.random_seed, settings.threads)
    shown = {key: value for key, value in hyper.items() if key not in ("monotone_constraints", "verbosity", "seed")}
    evaluated = [origin.test_on.isoformat() for origin in told.origins if not origin.is_warm_up]
    learned = {
        "rounds": rounds,
        "seeds": SEEDS,
        "origins": len(evaluated),
        "first_origin": evaluated[0],
        "last_origin": evaluated[-1],
    }
    learned |= {"calibrator": told.calibrator.kind, **shown}
    names = tuple(feature.name for feature in inputs)
    return Model(kind, horizon, names, boosters, told.calibrator, settings.threads, {**facts, **learned})


def _facts(rows: pl.DataFrame, context: dict[str, Any], horizon: int, inputs: Sequence[Feature]) -> dict[str, Any]:
    days = rows["as_of_on"] if rows.height else pl.Series([], dtype=pl.Date)
    return {
        "code_version": "not given",
        **context,
        "data_digest": context.get("data_digest") or data_digest(rows),
        "horizon_days": horizon,
        "features": len(inputs),
        "rows": rows.height,
        "failing_rows": int(outcomes(rows).sum()),
        "matured_failures": matured_failures(rows),
        "entities": rows["entity_id"].n_unique(),
        "controls": rows["control_id"].n_unique(),
        "first_as_of_on": str(days.min() or ""),
        "last_as_of_on": str(days.max() or ""),
    }


def _too_little(rows: pl.DataFrame, needed: int) -> str | None:
    """Why there is nothing to train on, as a phrase; None when there is enough."""
    found = matured_failures(rows)
    if found < needed:
        return f"{found} matured failures, need {needed}"
    if outcomes(rows).min() == 1.0:
        return "every matured outcome is a failure, nothing to tell apart"
    return None


def _without_model(entity_kind: str, horizon: int, reason: str, facts: dict[str, Any]) -> TrainingOutcome:
    decision = gate.no_model(reason)
    carried: dict[str, Any] = dict.fromkeys(CARRIED, pl.String)
    carried |= {"as_of_on": pl.Date, "first_failed_on": pl.Date, "is_failure": pl.Boolean}
    effects = {"feature": pl.String, "family": pl.String, "sentence": pl.String, "effect": pl.Float64}
    return TrainingOutcome(
        entity_kind,
        horizon,
        decision,
        None,
        review=pl.DataFrame(schema=SCHEMA),
        reliability=pl.DataFrame(schema=RELIABILITY_SCHEMA),
        validation_rows=pl.DataFrame(schema=carried),
        effects=pl.DataFrame(schema=effects),
        facts={**facts, "verdict": decision.verdict},
    )
