"""What each competitor would have said at each rolling origin, beside what then happened.

Belongs here: fitting competitors on what was known and collecting their predictions. Does not: figures about them (ml/review.py).
The calibrator used at an origin is learned from the model's own predictions at earlier origins whose outcomes were known by then,
and the one returned for the model trained now is learned the same way from all of them.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from ml import calibration, splits
from ml.calibration import Calibrator
from ml.competitors import Competitor, Rule, simple_competitors
from ml.competitors import column as column  # of the judged rows: whoever reads them finds it here
from ml.competitors.challengers import make_challengers
from ml.dataset import JUDGED, Floats, matured, outcomes
from ml.features import KEY_COLUMNS, SLICE_COLUMNS, Feature
from ml.lightgbm_model import LightGbm, Tuned, choose_rounds

# The number of trees is chosen anew every this many origins, each time from earlier data only: it moves slowly and costs a fit.
ORIGINS_PER_STOPPING = 4
# Folds of unseen entities looked at, at the last origin: 2 of 5 hold enough failures for a figure at 2/5 of the cost.
UNSEEN_FOLDS_TRIED = 2
EVALUATED_ORIGINS = 6
MODEL = LightGbm.name
CARRIED = (*KEY_COLUMNS, *SLICE_COLUMNS, "is_failure", "first_failed_on", "severity_weight", "exceptions_28d", "exceptions_90d",
           "is_foreseeable")  # fmt: skip


@dataclass(frozen=True)
class Predictions:
    """Rows that judge, one frame per split (grain: as_of_on, entity_id, control_id), and what the origins taught.

    Each frame has the keys, slices, outcome and one column per competitor: `p_<name>` for a probability, `score_<name>` for a
    mere order, `margin_lightgbm` for the model's raw log-odds. `by_split` is empty where no origin was possible. `past` has the
    model's out-of-time margins with their outcomes (as_of_on, margin, is_failure), `rounds` one number of trees per origin,
    `used` how many of the origins' models split on a feature at all.
    """

    by_split: dict[str, pl.DataFrame]
    calibrator: Calibrator
    rounds: tuple[int, ...]
    origins: tuple[splits.Origin, ...]
    past: pl.DataFrame
    used: dict[str, int]


@dataclass(frozen=True)
class TunedFrom:
    """Parameters that a search found by what was known on `known_on`: origins after that day use them, earlier ones cannot."""

    parameters: Tuned
    known_on: date

    def at(self, origin: splits.Origin) -> Tuned | None:
        """The parameters at an origin; None where they were not known yet."""
        return self.parameters if origin.test_on > self.known_on else None


def origins_of(rows: pl.DataFrame, horizon_days: int) -> tuple[splits.Origin, ...]:
    """The rolling origins of matured rows."""
    return splits.rolling_origins(rows["as_of_on"].unique().to_list(), horizon_days, EVALUATED_ORIGINS)


def predict_origins(
    frame: pl.DataFrame,
    features: Sequence[Feature],
    horizon_days: int,
    *,
    seed: int,
    threads: int,
    challengers: Sequence[str] = (),
    tuned: TunedFrom | None = None,
) -> Predictions:
    """Run every competitor over the rolling origins of the matured rows, and the model over unseen entities at the last one."""
    rows = matured(frame)
    origins = origins_of(rows, horizon_days)
    by_split: dict[str, pl.DataFrame] = {}
    judged: list[pl.DataFrame] = []
    past = pl.DataFrame(schema={"as_of_on": pl.Date, "margin": pl.Float64, "is_failure": pl.Float64})
    names = [feature.name for feature in features]

    def stopped(position: int) -> int:
        return choose_rounds(train_and_test(rows, origins[position])[0], features, horizon_days, seed, 1)

    def fitted(position: int) -> tuple[LightGbm, list[Competitor]]:
        """One origin's model and competitors."""
        origin, trees = origins[position], rounds[position // ORIGINS_PER_STOPPING]
        train, _ = train_and_test(rows, origin)
        model = LightGbm(features, trees, seeds=(seed,), threads=1, tuned=tuned.at(origin) if tuned else None)
        competitors: list[Competitor] = []
        if not origin.is_warm_up:
            competitors += simple_competitors(names, seed)
            competitors += make_challengers(challengers, features, trees, horizon_days, seed)
        for one in (model, *competitors):
            one.fit(train)
        return model, competitors

    # Origins do not know of each other, so they are fitted side by side.
    with ThreadPoolExecutor(max_workers=threads) as pool:
        rounds = list(pool.map(stopped, range(0, len(origins), ORIGINS_PER_STOPPING)))
        fits = list(pool.map(fitted, range(len(origins))))
    for origin, (model, competitors) in zip(origins, fits, strict=True):
        train, test = train_and_test(rows, origin)
        if not origin.is_warm_up:
            model.calibrator = _calibrator(past, origin.test_on, horizon_days)
        margins = model.margins(test)
        past = pl.concat([past, _past(test, margins)])
        if origin.is_warm_up:
            continue
        judged.append(_scored(test, (*competitors, model)).with_columns(pl.Series("margin_lightgbm", margins)))
        if origin is origins[-1]:
            by_split["in_sample"] = _scored(judging(train), (Rule(), competitors[0], model))
            by_split |= _unseen(train, test, model, seed=seed, threads=threads)
    if judged:
        by_split = {"seen_later": pl.concat(judged), **by_split}
    trees = tuple(rounds[position // ORIGINS_PER_STOPPING] for position in range(len(origins)))
    used = {name: sum(name in model.used() for model, _ in fits) for name in names}
    return Predictions(by_split, _calibrator(past, date.max, horizon_days), trees, origins, past, used)


def train_and_test(rows: pl.DataFrame, origin: splits.Origin) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows that train an origin's models and those that judge them."""
    train = rows.filter(pl.col("as_of_on").is_in(list(origin.train_dates)))
    return train, judging(rows.filter(pl.col("as_of_on").is_in(list(origin.test_dates))))


def judging(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows that may judge: all, or those of the entities that were read whole (ml/dataset.py)."""
    return rows.filter(JUDGED) if JUDGED in rows.columns else rows


def _unseen(train: pl.DataFrame, test: pl.DataFrame, like: LightGbm, *, seed: int, threads: int) -> dict[str, pl.DataFrame]:
    """Held-out entities, at the time of training and later; a fold without entities on either side is left out."""
    same_time, later = [], []
    for fold in range(UNSEEN_FOLDS_TRIED):
        seen = train.filter(~splits.is_unseen(train["entity_id"], fold))
        held = judging(train.filter(splits.is_unseen(train["entity_id"], fold)))
        held_later = test.filter(splits.is_unseen(test["entity_id"], fold))
        if seen.is_empty() or held.is_empty() or held_later.is_empty():
            continue
        model = LightGbm(like.features, like.rounds, seeds=(seed,), threads=threads, calibrator=like.calibrator, tuned=like.tuned)
        base = simple_competitors((), seed)[0]
        model.fit(seen)
        base.fit(seen)
        same_time.append(_scored(held, (Rule(), base, model)))
        later.append(_scored(held_later, (Rule(), base, model)))
    if not same_time:
        return {}
    return {"unseen_same_time": pl.concat(same_time), "unseen_later": pl.concat(later)}


def _scored(rows: pl.DataFrame, competitors: Sequence[Competitor]) -> pl.DataFrame:
    carried = rows.select([name for name in CARRIED if name in rows.columns])
    return carried.with_columns(pl.Series(column(one.name), one.predict(rows), dtype=pl.Float64) for one in competitors)


def _past(test: pl.DataFrame, margins: Floats) -> pl.DataFrame:
    return pl.DataFrame({"as_of_on": test["as_of_on"], "margin": margins, "is_failure": outcomes(test)})


def _calibrator(past: pl.DataFrame, test_on: date, horizon_days: int) -> Calibrator:
    """Learned from the out-of-time predictions whose label windows ended before `test_on`."""
    before = test_on - timedelta(days=horizon_days)
    known = past.filter(pl.col("as_of_on") < before).sort("as_of_on", maintain_order=True)
    if known.is_empty():
        return Calibrator()
    order = known["as_of_on"].to_physical().to_numpy().astype(np.float64)
    return calibration.choose(known["margin"].to_numpy(), known["is_failure"].to_numpy(), order)
