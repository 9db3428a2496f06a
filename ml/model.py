"""A trained model as a value: boosters, calibrator, feature names; and the folder of text and JSON it is kept in (no pickle).

Belongs here: what a model is and how it is written and read back. Does not: where it is registered (ml/registry.py).
`_load_pyfunc` is the door through which MLflow's own tools load the same folder.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from ml.calibration import Calibrator
from ml.contributions import contributions
from ml.dataset import Floats, matrix
from ml.lightgbm_model import mean_margins, useful_threads
from ml.venn_abers import VennAbers, is_enough
from preaudit.errors import PreauditError

DESCRIPTION = "model.json"
EVIDENCE = {"probability_lower": pl.Float64, "probability_upper": pl.Float64, "has_enough_evidence": pl.Boolean}


@dataclass(frozen=True)
class Model:
    """Scores pairs of one entity kind at one horizon.

    `facts` is what training knew: dates, counts, digest, code version. `known_controls` are those it was trained on; empty in a
    model older than intervals.
    """

    entity_kind: str
    horizon_days: int
    feature_names: tuple[str, ...]
    boosters: tuple[Any, ...]
    calibrator: Calibrator
    threads: int = 2
    facts: Mapping[str, Any] = field(default_factory=dict)
    venn_abers: VennAbers = field(default_factory=lambda: VennAbers.from_dict(None))
    known_controls: tuple[str, ...] = ()

    def margins(self, rows: pl.DataFrame) -> Floats:
        """Raw log-odds, averaged over the boosters, one per row."""
        if rows.is_empty():
            return np.empty(0)
        return mean_margins(self.boosters, matrix(rows, self.feature_names), self.threads)

    def probabilities(self, rows: pl.DataFrame) -> Floats:
        """Calibrated probability of a failure within the horizon, one per row."""
        return self.calibrator.probabilities(self.margins(rows))

    def evidence(self, rows: pl.DataFrame, margins: Floats) -> pl.DataFrame:
        """Interval per row and whether it is enough to rank by: probability_lower, probability_upper, has_enough_evidence.

        A control that the model has never seen an outcome of is never enough, however narrow the interval. All null for a model
        older than intervals.
        """
        names = ("probability_lower", "probability_upper", "has_enough_evidence")
        if not self.known_controls:
            return pl.DataFrame({name: [None] * rows.height for name in names}, schema=EVIDENCE)
        lower, upper = self.venn_abers.intervals(margins, self.calibrator.probabilities(margins))
        is_known = rows["control_id"].is_in(list(self.known_controls)).to_numpy()
        return pl.DataFrame(dict(zip(names, (lower, upper, is_enough(lower, upper) & is_known), strict=True)), schema=EVIDENCE)

    def contributions(self, rows: pl.DataFrame) -> Floats:
        """Shares of the margin, shape (rows, features + 1); the last column is the base value. Each row adds up to its margin."""
        if rows.is_empty():
            return np.empty((0, len(self.feature_names) + 1))
        inputs = matrix(rows, self.feature_names)
        # A contribution costs some ten times a prediction, so threads pay off ten times earlier.
        used = useful_threads(10 * inputs.size, self.threads)
        parts = [contributions(booster, inputs, used) for booster in self.boosters]
        mean: Floats = np.mean(parts, axis=0)
        return mean

    def save(self, folder: Path) -> None:
        """Write `model.json` and one `booster_<n>.txt` per seed into `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        for index, booster in enumerate(self.boosters):
            (folder / f"booster_{index}.txt").write_text(booster.model_to_string(), encoding="utf-8")
        description = {
            "entity_kind": self.entity_kind,
            "horizon_days": self.horizon_days,
            "feature_names": list(self.feature_names),
            "boosters": len(self.boosters),
            "calibrator": asdict(self.calibrator),
            "threads": self.threads,
            "facts": dict(self.facts),
            "venn_abers": self.venn_abers.to_dict(),
            "known_controls": list(self.known_controls),
        }
        (folder / DESCRIPTION).write_text(json.dumps(description, indent=2, default=str) + "\n", encoding="utf-8")


def load(folder: Path) -> Model:
    """Read a model back.

    Raises:
        PreauditError: the folder does not hold a whole model.
    """
    import lightgbm

    try:
        text = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
        boosters = tuple(
            lightgbm.Booster(model_str=(folder / f"booster_{index}.txt").read_text(encoding="utf-8"))
            for index in range(text["boosters"])
        )
        return Model(
            text["entity_kind"],
            text["horizon_days"],
            tuple(text["feature_names"]),
            boosters,
            Calibrator(**text["calibrator"]),
            text["threads"],
            text["facts"],
            VennAbers.from_dict(text.get("venn_abers")),
            tuple(text.get("known_controls", ())),
        )
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise PreauditError(
            f"The model could not be read: {error}.", where=str(folder), remedy="Train again, or roll back to an earlier version."
        ) from error


class _Pyfunc:
    """What MLflow expects of a loaded model: `predict` on a pandas frame of the feature columns, giving probabilities."""

    def __init__(self, model: Model) -> None:
        self._model = model

    def predict(self, model_input: Any, params: Any = None) -> Floats:
        return self._model.probabilities(pl.from_pandas(model_input))


def _load_pyfunc(data_path: str) -> _Pyfunc:
    return _Pyfunc(load(Path(data_path)))
