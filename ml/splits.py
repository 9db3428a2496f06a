"""Which rows train and which rows judge: rolling origins with a purge, and entities the model has never met.

Belongs here: dates and entity sets, as pure functions. Does not: models, metrics.
The purge is the horizon: a training row's label window must have ended before the test date, or the answer is in the question.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

# Four weekly dates are the fewest that show a model more than one month of outcomes (2026-11: fewer made 1-date models).
MIN_TRAIN_DATES = 4
# The first dates train and warm the calibrator up; a model of a month's history says little about one in use (2026-11).
EVALUATED_RATIO = 0.7
UNSEEN_FOLDS = 5


@dataclass(frozen=True)
class Origin:
    """One rolling origin: what was known at `test_on` trains, the outcomes after it judge.

    The model of an origin is judged on `test_dates`: `test_on` and the as-of dates until the next origin, as a model in use
    scores every day until it is trained again. `is_warm_up` origins are predicted for the calibrator of later origins only and
    never enter a figure.
    """

    test_on: date
    train_dates: tuple[date, ...]
    test_dates: tuple[date, ...] = ()
    is_warm_up: bool = False


def purged_dates(dates: Sequence[date], test_on: date, horizon_days: int) -> tuple[date, ...]:
    """The as-of dates whose label window (d, d + horizon] ended before `test_on`."""
    return tuple(day for day in sorted(set(dates)) if day + timedelta(days=horizon_days) < test_on)


def rolling_origins(dates: Sequence[date], horizon_days: int, count: int = 8, warm_ups: int = 3) -> tuple[Origin, ...]:
    """Origins over the matured as-of dates, oldest first: `warm_ups` at most, then at most `count` that are evaluated.

    The evaluated origins share out the later `EVALUATED_RATIO` of the dates that have enough to train on. A history that is too
    short for `MIN_TRAIN_DATES` gives fewer origins, down to one training date; none at all gives an empty tuple.
    """
    days = sorted(set(dates))
    candidates = [Origin(day, train, (day,)) for day in days if (train := purged_dates(days, day, horizon_days))]
    mature = [origin for origin in candidates if len(origin.train_dates) >= MIN_TRAIN_DATES]
    judged = mature or candidates
    if not judged:
        return ()
    step = max(1, round(len(judged) * EVALUATED_RATIO) // count)
    starts = list(range(len(judged) - step, -1, -step))[:count][::-1] or [0]
    evaluated = [
        Origin(judged[start].test_on, judged[start].train_dates, tuple(one.test_on for one in judged[start : start + step]))
        for start in starts
    ]
    # A warm-up helps only where its own outcome was known before the last origin. Models of fewer training dates are left out:
    # they are surer than they should be, and a calibrator learned from them damps the better models that follow.
    useful = purged_dates([origin.test_on for origin in mature], evaluated[-1].test_on, horizon_days)
    early = [origin for origin in mature if origin.test_on < evaluated[0].test_on and origin.test_on in useful]
    warm = early[:: max(1, -(-len(early) // warm_ups))] if warm_ups and early else []
    return (*(Origin(origin.test_on, origin.train_dates, origin.test_dates, is_warm_up=True) for origin in warm), *evaluated)


def stopping_split(train: pl.DataFrame, horizon_days: int) -> tuple[pl.DataFrame, pl.DataFrame] | None:
    """Training rows as (fit, validation) for early stopping: the last fifth of the dates validates, purged as a test is.

    None where the purge leaves fewer than two dates to fit on: then the number of trees is fixed instead of guessed.
    """
    days = sorted(train["as_of_on"].unique().to_list())
    validation = days[-max(1, len(days) // 5) :]
    fit = purged_dates(days, validation[0], horizon_days) if validation else ()
    if len(fit) < 2:
        return None
    return train.filter(pl.col("as_of_on").is_in(fit)), train.filter(pl.col("as_of_on").is_in(validation))


def is_unseen(entity_ids: pl.Series, fold: int, folds: int = UNSEEN_FOLDS) -> pl.Series:
    """True for the entities held out in `fold`: by a checksum of the id, so the same entity is held out at every date."""
    ids = entity_ids.unique()
    held = [entity for entity in ids.to_list() if zlib.crc32(str(entity).encode()) % folds == fold]
    return entity_ids.is_in(held)
