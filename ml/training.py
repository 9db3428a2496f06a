"""Training from frame to outcome for one entity kind and horizon: evaluate, train, ask the gate; or say why there is no model.

Belongs here: the order of the steps. Does not: the steps themselves, what comes out (ml/outcome.py), MLflow (ml/registry.py).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from ml import ablation, gate, leaks, tuning, venn_abers
from ml.dataset import data_digest, matured, matured_failures, outcomes, thinned
from ml.evaluation import Predictions, predict_origins
from ml.explanation import mean_effects
from ml.features import Feature, features
from ml.lightgbm_model import choose_rounds, fit_boosters, parameters
from ml.model import Model
from ml.outcome import TrainingOutcome, without_model
from ml.plan import QUICK, TrainingPlan
from ml.review import reliability_table, review_table
from ml.tuning import Study
from preaudit.settings import Settings

__all__ = ["TrainingOutcome", "train"]

# Averaging three seeds takes most of the run-to-run spread out of the ranking; more changed nothing (2026-11).
SEEDS = 3
EXPLAINED_ROWS = 1000
# Weekly as-of dates.
DAYS_BETWEEN_ROWS = 7


def train(
    dataset: pl.DataFrame,
    entity_kind: str,
    settings: Settings,
    *,
    plan: TrainingPlan = QUICK,
    context: Mapping[str, Any] | None = None,
    horizon_days: int | None = None,
    catalogue: Sequence[Feature] | None = None,
) -> TrainingOutcome:
    """Evaluate all competitors over rolling origins, train the model on every matured row and ask the gate.

    Args:
        dataset: wide pairs with `is_failure` and `first_failed_on` (`ml.dataset.load_training_frame`).
        entity_kind: "agent" or "process".
        settings: capacity, seed, threads, fewest matured failures.
        plan: challengers, search and ablation; what costs most is done at the headline horizon only.
        context: facts to keep (`code_version`, `data_digest`) and `data_gate_passed` (taken as true when not given).
        horizon_days: of the labels in `dataset`; the headline horizon when not given.
        catalogue: the features to use; the catalogue of ml/features.py when not given.
    """
    known = dict(context or {})
    horizon = horizon_days or settings.horizon_days
    plan = plan.at(horizon, settings.horizon_days)
    inputs = tuple(catalogue or features(entity_kind))  # type: ignore[arg-type]
    rows = matured(dataset)
    facts = _facts(rows, known, horizon, inputs, plan)
    reason = _too_little(rows, settings.min_matured_failures)
    if reason:
        return without_model(entity_kind, horizon, reason, facts)
    seed, threads = settings.random_seed, settings.threads
    study = tuning.search(rows, inputs, horizon, trials=plan.trials, seed=seed, threads=threads)

    def evaluated(chosen: Sequence[Feature]) -> Predictions:
        return predict_origins(rows, chosen, horizon, seed=seed, threads=threads, challengers=plan.challengers, tuned=study.kept)

    told = evaluated(inputs)
    if not told.by_split:
        days = rows["as_of_on"].n_unique()
        reason = f"{days} matured as-of dates, none with outcomes known {horizon} days before it"
        return without_model(entity_kind, horizon, reason, facts)
    ratio = settings.capacity_agents_ratio if entity_kind == "agent" else settings.capacity_processes_ratio
    worth = pl.DataFrame(schema=ablation.SCHEMA)
    unearned: tuple[str, ...] = ()
    if plan.with_ablation:
        worth = ablation.ablate(rows, inputs, told, ratio=ratio, seed=seed, threads=threads, tuned=study.kept)
        without = ablation.dropped(worth)
        kept = tuple(feature for feature in inputs if feature.family not in without)
        # What serves has to be what was judged.
        told = evaluated(kept) if without else told
        unearned = tuple(feature.name for feature in inputs if feature not in kept or not told.used[feature.name])
        inputs = tuple(feature for feature in inputs if feature.name not in unearned)
    review = review_table(told.by_split, entity_kind, horizon, ratio, seed, threads)
    # How well one feature tells failing rows from others does not depend on how many others there are.
    some, _ = thinned(rows, seed)
    alarms = leaks.alarms(some, [feature.name for feature in inputs])
    decision = gate.decide(review, alarms, data_gate_passed=bool(known.get("data_gate_passed", True)))
    facts |= {"features": len(inputs), "tuned": study.kept is not None, "unearned": ", ".join(unearned) or "none"}
    model = _final_model(rows, entity_kind, horizon, inputs, told, study, settings, facts)
    judged = told.by_split["seen_later"]
    newest = rows.filter(pl.col("as_of_on") == rows["as_of_on"].max()).head(EXPLAINED_ROWS)
    return TrainingOutcome(
        entity_kind,
        horizon,
        decision,
        model,
        review,
        reliability_table(judged, ratio=ratio),
        judged,
        mean_effects(model, newest, inputs),
        {**facts, **model.facts, "verdict": decision.verdict, "capacity_ratio": ratio},
        study.trials,
        worth,
        unearned,
    )


def _final_model(
    rows: pl.DataFrame,
    kind: str,
    horizon: int,
    inputs: Sequence[Feature],
    told: Predictions,
    study: Study,
    settings: Settings,
    facts: dict[str, Any],
) -> Model:
    """The model of today: every matured row, averaged seeds, the calibrator and intervals learned from all origins."""
    tuned = study.kept.parameters if study.kept else None
    rounds = choose_rounds(rows, inputs, horizon, settings.random_seed, settings.threads, tuned)
    seeds = [settings.random_seed + offset for offset in range(SEEDS)]
    boosters = fit_boosters(rows, inputs, rounds, seeds, settings.threads, tuned)
    hyper = parameters([], settings.random_seed, settings.threads, tuned)
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
    margins = told.past["margin"].to_numpy()
    intervals = venn_abers.learn(
        margins, told.calibrator.probabilities(margins), told.past["is_failure"].to_numpy(), min(1.0, DAYS_BETWEEN_ROWS / horizon)
    )
    return Model(
        kind,
        horizon,
        tuple(feature.name for feature in inputs),
        boosters,
        told.calibrator,
        settings.threads,
        {**facts, **learned},
        intervals,
        tuple(sorted(rows["control_id"].unique().to_list())),
    )


def _facts(
    rows: pl.DataFrame, context: dict[str, Any], horizon: int, inputs: Sequence[Feature], plan: TrainingPlan
) -> dict[str, Any]:
    days = rows["as_of_on"] if rows.height else pl.Series([], dtype=pl.Date)
    return {
        "code_version": "not given",
        **context,
        "data_digest": context.get("data_digest") or data_digest(rows),
        "horizon_days": horizon,
        "plan": plan.name,
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
