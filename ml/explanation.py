"""Why a pair scores as it does: the margin split into families a person understands, and up to four reasons in words.

Belongs here: contributions (TreeSHAP of LightGBM) summed into families, peers' usual values, sentences.
Does not: what to do about it. Effects are in log-odds and describe the model, not causes.
A reason in the JSON of `ml.scores.reasons` has: family, family_words, feature, value, usual, unit, direction, effect, sentence.
"""

import json
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from ml.dataset import Floats, matrix
from ml.features import FAMILIES, Feature
from ml.model import Model

MAX_REASONS = 4
# Effects under 0.02 log-odds move a 5 % risk by a tenth of a percentage point: not a reason worth reading.
MIN_EFFECT = 0.02
# The control's own level is the same for everyone judged by it: true, but the last thing to tell about one entity.
COMMON_FAMILY = "control"


def family_effects(contributions: Floats, features: Sequence[Feature]) -> tuple[tuple[str, ...], Floats]:
    """Contributions (rows, features + 1) summed to (rows, families + 1); the last column stays the base value.

    Returns:
        The family keys in order of `FAMILIES`, and the effects. Each row still adds up to its margin.
    """
    keys = tuple(key for key in FAMILIES if any(feature.family == key for feature in features))
    belongs = np.array([[feature.family == key for key in keys] for feature in features], dtype=np.float64)
    effects = np.column_stack([contributions[:, :-1] @ belongs.reshape(len(features), len(keys)), contributions[:, -1]])
    return keys, effects


def usual_values(rows: pl.DataFrame, names: Sequence[str]) -> Floats:
    """What is usual for each row's peers: the median over all rows of the same control and date, shape (rows, names)."""
    keys = ["as_of_on", "control_id"]
    medians = rows.group_by(keys).agg(pl.col(name).cast(pl.Float64).fill_nan(None).median() for name in names)
    return matrix(rows.select(keys).join(medians, on=keys, how="left", maintain_order="left"), names)


def explain(
    model: Model, rows: pl.DataFrame, features: Sequence[Feature], usual: Floats | None = None
) -> list[list[dict[str, Any]]]:
    """Up to `MAX_REASONS` reasons per row, what raises the risk first.

    Args:
        model: the model that scored the rows.
        rows: pairs with the model's features.
        features: the catalogue; only the features the model reads count.
        usual: peers' values from `usual_values` over the whole cohort, when `rows` is a part of it.
    """
    if rows.is_empty():
        return []
    known = {feature.name: feature for feature in features}
    read = [known.get(name) or _uncatalogued(name, model.entity_kind) for name in model.feature_names]
    values = matrix(rows, model.feature_names)
    peers = usual_values(rows, model.feature_names) if usual is None else usual
    contributions = model.contributions(rows)
    keys, effects = family_effects(contributions, read)
    members = {key: np.array([index for index, feature in enumerate(read) if feature.family == key]) for key in keys}
    reasons = []
    for row in range(rows.height):
        chosen = _order(keys, effects[row])[:MAX_REASONS]
        parts = []
        for position in chosen:
            inside = members[keys[position]]
            signed = contributions[row, inside] * np.sign(effects[row, position])
            index = int(inside[np.argmax(signed)])
            parts.append(_reason(read[index], values[row, index], peers[row, index], float(effects[row, position])))
        reasons.append(parts)
    return reasons


def to_json(reasons: list[dict[str, Any]]) -> str:
    """One row's reasons as the text kept in `ml.scores.reasons`."""
    return json.dumps(reasons, ensure_ascii=False, allow_nan=False)


def mean_effects(model: Model, rows: pl.DataFrame, features: Sequence[Feature]) -> pl.DataFrame:
    """Mean absolute effect per feature over the rows, largest first: feature, family, sentence, effect (log-odds)."""
    known = {feature.name: feature for feature in features}
    read = [known.get(name) or _uncatalogued(name, model.entity_kind) for name in model.feature_names]
    contributions = model.contributions(rows)
    effects = np.abs(contributions[:, :-1]).mean(axis=0) if rows.height else np.zeros(len(read))
    frame = pl.DataFrame(
        {
            "feature": [feature.name for feature in read],
            "family": [feature.family for feature in read],
            "sentence": [feature.sentence for feature in read],
            "effect": effects,
        }
    )
    return frame.sort("effect", descending=True)


def _order(keys: Sequence[str], effects: Floats) -> list[int]:
    """Families by what they say about this entity: raising before lowering, larger before smaller, the common one last."""
    worth = [index for index, _ in enumerate(keys) if abs(effects[index]) >= MIN_EFFECT]
    return sorted(worth, key=lambda index: (keys[index] == COMMON_FAMILY, effects[index] < 0, -abs(effects[index])))


def _reason(feature: Feature, value: float, usual: float, effect: float) -> dict[str, Any]:
    direction = "raises" if effect > 0 else "lowers"
    words = FAMILIES.get(feature.family, feature.family)
    subject = feature.sentence[:1].upper() + feature.sentence[1:]
    told, common = shown(value, feature.unit), shown(usual, feature.unit)
    return {
        "family": feature.family,
        "family_words": words,
        "feature": feature.name,
        "value": _number(value),
        "usual": _number(usual),
        "unit": feature.unit,
        "direction": direction,
        "effect": round(effect, 4),
        "sentence": f"{subject}: {told}, usually {common} among peers ({direction} the risk).",
    }


def shown(value: float, unit: str) -> str:
    """A value as a person reads it: yes or no for flags, percent for small ratios, three significant digits else."""
    if math.isnan(value):
        return "not known"
    if unit == "flag":
        return "yes" if value >= 0.5 else "no"
    if unit == "ratio" and abs(value) <= 1:
        return f"{100 * value:.3g} %"
    return f"{value:.0f}" if float(value).is_integer() or abs(value) >= 1000 else f"{value:.3g}"


def _number(value: float) -> float | None:
    return None if math.isnan(value) else round(float(value), 6)


def _uncatalogued(name: str, entity_kind: str) -> Feature:
    """A feature of an older model that the catalogue no longer has: named by its column, never hidden."""
    return Feature(name, entity_kind, "team", name.replace("_", " "), 0, False, "count")  # type: ignore[arg-type]
