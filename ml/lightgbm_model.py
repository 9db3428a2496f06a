"""Competitor 6: gradient boosted trees (LightGBM) on log-loss, with monotone constraints, early stopping and averaged seeds.

Belongs here: the parameters, the number of trees, the fitting. Does not: calibration, serialisation (ml/model.py).
LightGBM aborts the process on a text column, so it only ever gets the Float64 matrix of ml/dataset.py.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from ml.calibration import Calibrator
from ml.competitors import BaseRate, Competitor
from ml.dataset import Floats, matrix, outcomes, row_weights, thinned
from ml.features import Feature
from ml.splits import stopping_split

MAX_ROUNDS = 300
MAX_BIN = 63
STOPPING_ROUNDS = 30
# Where history is too short to validate. 2026-11, synthetic pairs: the log-loss is flat between 80 and 200 trees, but under 80
# the margins have not grown to their size yet (observed / expected in the list 1.4 at 40 trees, 1.2 at 80, 1.1 at 130).
FIXED_ROUNDS = 100
MIN_ROUNDS = 80
# A validation part with fewer failures chooses the number of trees by chance.
MIN_VALIDATION_FAILURES = 15
# 2026-11: at 20,000 rows x 67 features two threads on a busy machine took three times the processor time of one, waiting.
CELLS_PER_THREAD = 5_000_000


Tuned = Mapping[str, float | int | str]


def parameters(directions: Sequence[int], seed: int, threads: int, tuned: Tuned | None = None) -> dict[str, Any]:
    """LightGBM parameters; small trees and strong regularisation, because a few hundred failures carry little detail.

    `tuned` replaces what a search has found better (ml/tuning.py).
    """
    return {
        "objective": "binary",
        "learning_rate": 0.05,
        "num_leaves": 7,
        "min_data_in_leaf": 40,
        "feature_fraction": 0.6,
        "bagging_fraction": 0.8,
        "bagging_freq": 1,
        "lambda_l2": 5.0,
        "max_bin": MAX_BIN,
        "monotone_constraints": list(directions),
        "monotone_constraints_method": "intermediate",
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": threads,
        "seed": seed,
        "verbosity": -1,
        **(tuned or {}),
    }


def useful_threads(cells: int, threads: int) -> int:
    """How many of the allowed threads a table of this many cells keeps busy; the result does not depend on it."""
    return max(1, min(threads, cells // CELLS_PER_THREAD))


def fit_boosters(
    train: pl.DataFrame,
    features: Sequence[Feature],
    rounds: int,
    seeds: Sequence[int],
    threads: int,
    tuned: Tuned | None = None,
) -> tuple[Any, ...]:
    """One Booster per seed, each on its own `thinned` rows; () where all outcomes are the same and there is nothing to learn."""
    if len(np.unique(outcomes(train))) < 2:
        return ()
    return tuple(_fit(train, features, rounds, seed, threads, tuned) for seed in seeds)


def _fit(train: pl.DataFrame, features: Sequence[Feature], rounds: int, seed: int, threads: int, tuned: Tuned | None) -> Any:
    import lightgbm

    rows, weights = thinned(train, seed)
    data = _lightgbm_data(rows, weights, features)
    hyper = parameters(directions(features), seed, useful_threads(rows.height * len(features), threads), tuned)
    return lightgbm.train(hyper, data, num_boost_round=rounds)


def directions(features: Sequence[Feature]) -> list[int]:
    """The monotone constraint of each feature."""
    return [feature.direction for feature in features]


def fit_table(
    inputs: Floats,
    labels: Floats,
    weights: Floats | None,
    constraints: Sequence[int],
    rounds: int,
    seed: int,
    *,
    lists: Sequence[int] | None = None,
) -> Any:
    """A Booster with the model's parameters on any table; `lists` are the sizes of the lists whose order is to be learned."""
    import lightgbm

    data = lightgbm.Dataset(inputs, labels, weight=weights, group=lists, params={"max_bin": MAX_BIN, "verbosity": -1})
    hyper = parameters(constraints, seed, 1, {"objective": "lambdarank"} if lists else None)
    return lightgbm.train(hyper, data, num_boost_round=rounds)


def _lightgbm_data(rows: pl.DataFrame, weights: Floats, features: Sequence[Feature]) -> Any:
    import lightgbm

    names = [feature.name for feature in features]
    return lightgbm.Dataset(
        matrix(rows, names), outcomes(rows), weight=weights, feature_name=names, params={"max_bin": MAX_BIN, "verbosity": -1}
    )


def choose_rounds(
    train: pl.DataFrame, features: Sequence[Feature], horizon_days: int, seed: int, threads: int, tuned: Tuned | None = None
) -> int:
    """The number of trees, at least `MIN_ROUNDS`, at which the log-loss of a later, purged validation part is least.

    `FIXED_ROUNDS` where the history is too short for such a part or it has too few failures.
    """
    found = stopped_early(train, features, horizon_days, seed, threads, tuned)
    return FIXED_ROUNDS if found is None else max(MIN_ROUNDS, found[0])


def stopped_early(
    train: pl.DataFrame, features: Sequence[Feature], horizon_days: int, seed: int, threads: int, tuned: Tuned | None = None
) -> tuple[int, float] | None:
    """The best number of trees and its log-loss on the validation part; None where there is no such part to judge by."""
    import lightgbm

    split = stopping_split(train, horizon_days)
    if split is None:
        return None
    fit, validation = split
    if len(np.unique(outcomes(fit))) < 2 or outcomes(validation).sum() < MIN_VALIDATION_FAILURES:
        return None
    rows, weights = thinned(fit, seed)
    data = _lightgbm_data(rows, weights, features)
    names = [feature.name for feature in features]
    judge = lightgbm.Dataset(matrix(validation, names), outcomes(validation), weight=row_weights(validation), reference=data)
    booster = lightgbm.train(
        parameters(directions(features), seed, useful_threads(rows.height * len(features), threads), tuned),
        data,
        num_boost_round=MAX_ROUNDS,
        valid_sets=[judge],
        callbacks=[lightgbm.early_stopping(STOPPING_ROUNDS, verbose=False)],
    )
    return int(booster.best_iteration), float(booster.best_score["valid_0"]["binary_logloss"])


def mean_margins(boosters: Sequence[Any], inputs: Floats, threads: int) -> Floats:
    """Raw log-odds averaged over the boosters, shape (rows,)."""
    used = useful_threads(inputs.size, threads)
    margins: Floats = np.mean([booster.predict(inputs, raw_score=True, num_threads=used) for booster in boosters], axis=0)
    return margins


class LightGbm(Competitor):
    """The model as a competitor at one origin: `rounds` trees, then the calibrator learned from earlier origins."""

    name = "lightgbm"
    words = "the model (LightGBM)"

    def __init__(
        self,
        features: Sequence[Feature],
        rounds: int,
        *,
        seeds: Sequence[int],
        threads: int,
        calibrator: Calibrator | None = None,
        tuned: Tuned | None = None,
    ) -> None:
        self.tuned = tuned
        self.features, self.rounds, self.seeds, self.threads = tuple(features), rounds, tuple(seeds), threads
        self.calibrator = calibrator or Calibrator()

    def fit(self, train: pl.DataFrame) -> None:
        self.base = BaseRate()
        self.base.fit(train)
        self.boosters = fit_boosters(train, self.features, self.rounds, self.seeds, self.threads, self.tuned)

    def used(self) -> set[str]:
        """The features that at least one tree splits on."""
        counted = sum((booster.feature_importance("split") for booster in self.boosters), np.zeros(len(self.features)))
        return {feature.name for feature, splits in zip(self.features, counted, strict=True) if splits > 0}

    def margins(self, rows: pl.DataFrame) -> Floats:
        """Raw log-odds per row; the base rate's where training had one kind of outcome only."""
        if not self.boosters or rows.is_empty():
            rate = np.clip(self.base.predict(rows), 1e-4, 1 - 1e-4)
            return np.log(rate / (1 - rate))
        return mean_margins(self.boosters, matrix(rows, [feature.name for feature in self.features]), self.threads)

    def predict(self, rows: pl.DataFrame) -> Floats:
        return self.calibrator.probabilities(self.margins(rows))
