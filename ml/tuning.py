"""A search for better parameters with a fixed budget, believed only where it holds on later origins.

Belongs here: the search space, the search, the comparison with the parameters in use. Does not: fitting (ml/lightgbm_model.py).
The search sees the validation part of one early origin's training rows and nothing later, so every later origin can judge it.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from ml.calibration import sigmoid
from ml.dataset import outcomes
from ml.evaluation import TunedFrom, judging, origins_of, train_and_test
from ml.features import Feature
from ml.intervals import interval, resample
from ml.lightgbm_model import FIXED_ROUNDS, MIN_ROUNDS, LightGbm, Tuned, stopped_early
from ml.metrics import log_losses
from ml.splits import Origin

STUDY_SCHEMA = {
    "trial": pl.Int64, "known_on": pl.Date, "parameters": pl.String, "rounds": pl.Int64,
    "log_loss": pl.Float64, "is_best": pl.Boolean,
    "later_log_loss_change": pl.Float64, "lower": pl.Float64, "upper": pl.Float64, "is_kept": pl.Boolean,
}  # fmt: skip
DEFAULTS_TRIAL = -1


@dataclass(frozen=True)
class Study:
    """Every trial as a row of `STUDY_SCHEMA` (trial -1: the parameters in use); `kept` only where the best one held later."""

    trials: pl.DataFrame
    kept: TunedFrom | None


def no_study() -> Study:
    """Where nothing was searched."""
    return Study(pl.DataFrame(schema=STUDY_SCHEMA), None)


def search(rows: pl.DataFrame, features: Sequence[Feature], horizon_days: int, *, trials: int, seed: int, threads: int) -> Study:
    """Try `trials` parameter sets by TPE (Bergstra et al. 2011); keep the best only where later origins prefer it.

    Kept means: on the origins after the one that was searched, its log-loss is below that of the parameters in use with the
    whole 95 % interval (block bootstrap). Without that the parameters in use stay.
    """
    evaluated = [origin for origin in origins_of(rows, horizon_days) if not origin.is_warm_up]
    if trials < 1 or len(evaluated) < 2:
        return no_study()
    early = evaluated[(len(evaluated) - 1) // 2]
    later = [origin for origin in evaluated if origin.test_on > early.test_on]
    train, _ = train_and_test(rows, early)
    default = stopped_early(train, features, horizon_days, seed, threads)
    if default is None:
        return no_study()
    found = [(DEFAULTS_TRIAL, {}, *default), *_trials(train, features, horizon_days, trials, seed, threads)]
    best = min(found, key=lambda trial: trial[3])
    change: tuple[float | None, float | None, float | None] = (None, None, None)
    if best[0] != DEFAULTS_TRIAL:
        change = _later_change(rows, features, later, best[1], (default[0], best[2]), seed, threads)
    is_kept = change[2] is not None and change[2] < 0
    table = [
        _row(early.test_on, *trial, change if trial is best else (None, None, None), is_best=trial is best, is_kept=is_kept)
        for trial in found
    ]
    return Study(pl.DataFrame(table, schema=STUDY_SCHEMA), TunedFrom(best[1], early.test_on) if is_kept else None)


def _trials(
    train: pl.DataFrame, features: Sequence[Feature], horizon_days: int, trials: int, seed: int, threads: int
) -> list[tuple[int, Tuned, int, float]]:
    """Trial number, parameters, trees and log-loss of each."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(direction="minimize", sampler=optuna.samplers.TPESampler(seed=seed))
    found: list[tuple[int, Tuned, int, float]] = []
    for _ in range(trials):
        trial = study.ask()
        tuned = {
            "learning_rate": trial.suggest_float("learning_rate", 0.02, 0.15, log=True),
            "num_leaves": trial.suggest_int("num_leaves", 3, 31, log=True),
            "min_data_in_leaf": trial.suggest_int("min_data_in_leaf", 10, 200, log=True),
            "feature_fraction": trial.suggest_float("feature_fraction", 0.3, 1.0),
            "bagging_fraction": trial.suggest_float("bagging_fraction", 0.5, 1.0),
            "lambda_l2": trial.suggest_float("lambda_l2", 0.1, 50.0, log=True),
        }
        told = stopped_early(train, features, horizon_days, seed, threads, tuned) or (FIXED_ROUNDS, float("inf"))
        study.tell(trial, told[1])
        found.append((trial.number, tuned, *told))
    return found


def _later_change(
    rows: pl.DataFrame,
    features: Sequence[Feature],
    later: Sequence[Origin],
    tuned: Tuned,
    rounds: tuple[int, int],
    seed: int,
    threads: int,
) -> tuple[float | None, float | None, float | None]:
    """Log-loss of the tuned model minus that of the one in use, on the later origins, with its interval."""

    def losses(origin: Origin) -> pl.DataFrame:
        train, test = train_and_test(rows, origin)
        told = []
        for parameters, trees in zip((None, tuned), rounds, strict=True):
            model = LightGbm(features, max(MIN_ROUNDS, trees), seeds=(seed,), threads=1, tuned=parameters)
            model.fit(train)
            told.append(log_losses(outcomes(test), sigmoid(model.margins(test))))
        return judging(test).select("as_of_on", "entity_id").with_columns(pl.Series("change", told[1] - told[0]))

    with ThreadPoolExecutor(max_workers=threads) as pool:
        judged = pl.concat(list(pool.map(losses, later)))
    resamples = resample(judged, seed)
    means = resamples.means(judged, judged["change"].to_numpy()[:, None])[:, 0]
    lower, upper = interval(means) if resamples.has_interval else (None, None)
    return float(means[0]), lower, upper


def _row(
    known_on: date,
    trial: int,
    tuned: Tuned,
    rounds: int,
    loss: float,
    change: tuple[float | None, float | None, float | None],
    *,
    is_best: bool,
    is_kept: bool,
) -> dict[str, Any]:
    words = ", ".join(f"{name} {float(value):.4g}" for name, value in tuned.items()) or "in use"
    return {
        "trial": trial, "known_on": known_on, "parameters": words, "rounds": rounds,
        "log_loss": loss if np.isfinite(loss) else None, "is_best": is_best, "later_log_loss_change": change[0],
        "lower": change[1], "upper": change[2], "is_kept": is_best and is_kept,
    }  # fmt: skip
