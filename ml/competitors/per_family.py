"""Challenger: one model per family of controls, against the one pooled over all.

Belongs here: the split by family. Does not: LightGBM's parameters (ml/lightgbm_model.py).
"""

from collections.abc import Sequence

import numpy as np
import polars as pl

from ml.calibration import sigmoid
from ml.competitors.base import Competitor
from ml.competitors.past import BaseRate
from ml.dataset import Floats, matrix
from ml.features import Feature
from ml.lightgbm_model import fit_boosters, mean_margins

# A family with fewer failing rows learns with all the others of that kind: alone it would learn chance.
MIN_FAILING_ROWS = 50
OTHERS = "others"


def family_of(rows: pl.DataFrame) -> pl.Series:
    """The family of a control is the part of its id before the number: ACC of ACC-02."""
    return rows["control_id"].str.split("-").list.first().alias("family")


class PerFamily(Competitor):
    """LightGBM per family of controls, each with the model's own parameters and number of trees."""

    name = "per_family"
    words = "one LightGBM per family of controls"

    def __init__(self, features: Sequence[Feature], rounds: int, seed: int) -> None:
        self.features, self.rounds, self.seed = tuple(features), rounds, seed

    def fit(self, train: pl.DataFrame) -> None:
        self.base = BaseRate()
        self.base.fit(train)
        failing = train.with_columns(family_of(train)).filter("is_failure").group_by("family").len()
        self.families = set(failing.filter(pl.col("len") >= MIN_FAILING_ROWS)["family"].to_list())
        groups = self._groups(train)
        self.boosters = {
            group: fit_boosters(train.filter(groups == group), self.features, self.rounds, (self.seed,), 1)
            for group in sorted(groups.unique().to_list())
        }

    def predict(self, rows: pl.DataFrame) -> Floats:
        found, groups = self.base.predict(rows).copy(), self._groups(rows).to_numpy()
        for group, boosters in self.boosters.items():
            mine = np.flatnonzero(groups == group)
            if mine.size and boosters:
                inputs = matrix(rows[mine], [feature.name for feature in self.features])
                found[mine] = sigmoid(mean_margins(boosters, inputs, 1))
        return found

    def _groups(self, rows: pl.DataFrame) -> pl.Series:
        families = family_of(rows)
        return families.zip_with(families.is_in(list(self.families)), pl.Series([OTHERS]))
