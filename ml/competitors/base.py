"""The one interface of everything that is judged: fit on matured rows, score pairs.

Belongs here: the interface and how an entity's place in the list follows from its pairs' scores. Does not: any way of scoring.
"""

from abc import ABC, abstractmethod
from typing import ClassVar, Literal

import polars as pl

from ml.dataset import Floats

RULE = "rule"
# How the scores of an entity's pairs become its place in the list. `chance`: probabilities, 1 - product of (1 - severity weight
# x p). `counts`: its exceptions of 28 days, then of 90. `sum` and `max`: of scores that only order.
Combine = Literal["chance", "counts", "sum", "max"]
ORDER_ONLY: dict[str, Combine] = {RULE: "counts", "weighted_sum": "sum", "lambdarank": "max"}


def combine(name: str) -> Combine:
    """How a competitor's pair scores are combined; `chance` for all whose scores are probabilities."""
    return ORDER_ONLY.get(name, "chance")


def column(name: str) -> str:
    """The column of validation rows that a competitor's scores stand in: `p_` for a probability, `score_` for a mere order."""
    return f"score_{name}" if name in ORDER_ONLY else f"p_{name}"


class Competitor(ABC):
    """Fits on matured rows and scores pairs; higher is riskier."""

    name: ClassVar[str]
    words: ClassVar[str]

    @property
    def is_probability(self) -> bool:
        """Whether the scores may be held against outcomes (log-loss, reliability) or only order the list."""
        return self.name not in ORDER_ONLY

    @abstractmethod
    def fit(self, train: pl.DataFrame) -> None:
        """Learn from matured rows; the frame has keys, features and `is_failure`."""

    @abstractmethod
    def predict(self, rows: pl.DataFrame) -> Floats:
        """One score per row, in the rows' order."""
