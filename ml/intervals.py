"""How sure a figure is: block bootstrap weights over as-of dates and entities, and the interval they give.

Belongs here: resampling. Does not: the figures that are resampled (ml/metrics.py).
Blocks: all pairs of one entity at one date stay together, and entities and dates are drawn independently (a block's weight is the
product of the two counts: the pigeonhole bootstrap, Owen 2007), because an entity's weekly rows look at overlapping windows.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ml.dataset import Floats

RESAMPLES = 200
# Under this many entities a resample is mostly the same few over and over: no interval is more honest than a narrow one.
MIN_ENTITIES = 8
# Weights of one pass are held within about 80 MB.
CELLS_PER_PASS = 20_000_000


@dataclass(frozen=True)
class Resamples:
    """Draw counts per date and per entity; row 0 is the sample itself (all ones), so one computation gives value and interval.

    Shapes: `date_weights` (1 + resamples, dates), `entity_weights` (1 + resamples, entities).
    """

    dates: dict[date, int]
    entities: dict[str, int]
    date_weights: Floats
    entity_weights: Floats

    @property
    def has_interval(self) -> bool:
        """Whether there are enough entities for an interval to mean something."""
        return len(self.entities) >= MIN_ENTITIES and self.entity_weights.shape[0] > 1

    def sample_only(self) -> "Resamples":
        """Without the draws: values of the sample itself, no intervals."""
        return Resamples(self.dates, self.entities, self.date_weights[:1], self.entity_weights[:1])

    def codes(self, frame: pl.DataFrame) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Positions of each row's date and entity in the weight tables."""
        day = frame["as_of_on"].replace_strict(self.dates, return_dtype=pl.Int64).to_numpy()
        entity = frame["entity_id"].replace_strict(self.entities, return_dtype=pl.Int64).to_numpy()
        return day, entity

    def passes(self, frame: pl.DataFrame) -> Iterator[NDArray[np.float32]]:
        """Row weights of shape (some resamples, rows), a slice of the resamples at a time so that memory stays bounded."""
        day, entity = self.codes(frame)
        step = max(1, CELLS_PER_PASS // max(1, frame.height))
        for start in range(0, self.entity_weights.shape[0], step):
            chunk = slice(start, start + step)
            # Whole numbers below 2^24 are exact as float32; a row's draws stand side by side, which is what memory is fast at.
            of_entity, of_day = (
                np.ascontiguousarray(table[chunk].T, dtype=np.float32) for table in (self.entity_weights, self.date_weights)
            )
            weights = of_entity[entity]
            weights *= of_day[day]
            yield weights.T

    def means(self, frame: pl.DataFrame, values: Floats) -> Floats:
        """Weighted means of row values, shape (rows, columns), per resample: (resamples, columns).

        All rows of one entity at one date have one weight, so they are added up first.
        """
        day, entity = self.codes(frame)
        cells = len(self.dates) * len(self.entities)
        sums = [
            np.bincount(day * len(self.entities) + entity, column, cells).reshape(len(self.dates), -1)
            for column in (np.ones(frame.height), *values.T)
        ]
        drawn = np.stack([np.einsum("rd,rd->r", self.date_weights, self.entity_weights @ table.T) for table in sums], axis=1)
        means: Floats = drawn[:, 1:] / drawn[:, :1]
        return means


def resample(rows: pl.DataFrame, seed: int, resamples: int = RESAMPLES) -> Resamples:
    """Draw dates and entities with replacement, the same draws for every competitor so that differences are paired."""
    generator = np.random.default_rng(seed)
    days = sorted(rows["as_of_on"].unique().to_list())
    entities = sorted(rows["entity_id"].unique().to_list())
    return Resamples(
        {day: index for index, day in enumerate(days)},
        {entity: index for index, entity in enumerate(entities)},
        _draws(generator, len(days), resamples),
        _draws(generator, len(entities), resamples),
    )


def interval(values: Floats, level: float = 0.95) -> tuple[float | None, float | None]:
    """Percentile interval of resampled values (row 0, the sample itself, left out); (None, None) where it cannot be computed."""
    drawn = values[1:]
    drawn = drawn[np.isfinite(drawn)]
    if drawn.size < 0.5 * max(1, values.size - 1) or drawn.size == 0:
        return None, None
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def _draws(generator: np.random.Generator, size: int, resamples: int) -> Floats:
    if size == 0:
        return np.ones((1, 0))
    counts = generator.multinomial(size, np.full(size, 1.0 / size), size=resamples)
    return np.vstack([np.ones((1, size)), counts]).astype(np.float64)
