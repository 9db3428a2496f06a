"""What a training came to, with or without a model.

Belongs here: the value that training hands to the registry, the review pack and the console. Does not: training (ml/training.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from ml import ablation, gate, tuning
from ml.evaluation import CARRIED
from ml.gate import Decision
from ml.model import Model
from ml.review import RELIABILITY_SCHEMA, SCHEMA


@dataclass(frozen=True)
class TrainingOutcome:
    """What a training came to. `model` is None where there was too little to learn from: then `decision.verdict` says what.

    Attributes:
        review: figures with intervals (`ml.review.SCHEMA`); empty where nothing could be judged.
        reliability: expected against observed (`ml.review.RELIABILITY_SCHEMA`).
        validation_rows: judged rows of the headline split with one prediction column per competitor (ml/evaluation.py).
        effects: mean absolute effect per feature of the final model.
        study: trials of the parameter search (`ml.tuning.STUDY_SCHEMA`); empty where none was made.
        ablation: what each family of features is worth (`ml.ablation.SCHEMA`); empty where it was not asked.
        unearned: features that no origin's model used, or whose family was dropped: the final model does without them.
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
    study: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=tuning.STUDY_SCHEMA))
    ablation: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=ablation.SCHEMA))
    unearned: tuple[str, ...] = ()


def without_model(entity_kind: str, horizon: int, reason: str, facts: dict[str, Any]) -> TrainingOutcome:
    """The outcome where nothing could be trained, with the columns that it has otherwise."""
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
