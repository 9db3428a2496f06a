"""Why a pair scores as it does: its difference from its peers by families a person understands, and up to four reasons in words.

Belongs here: contributions (TreeSHAP of LightGBM) against those of peers, summed into families; sentences. Does not: what is
usual among peers (ml/peers.py), what would lower a score (ml/levers.py). Effects are in log-odds and describe the model, not
causes. A reason in the JSON of `ml.scores.reasons` has: family, family_words, feature, value, usual, unit, direction, effect,
sentence.
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
from ml.peers import Peers, peers_of

MAX_REASONS = 4
# Effects under 0.02 log-odds move a 5 % risk by a tenth of a percentage point: not a reason worth reading.
MIN_EFFECT = 0.02
# The control's own level is nearly the same for everyone judged by it: the last thing to tell about one entity.
COMMON_FAMILY = "control"


def against_peers(contributions: Floats, common: Floats) -> Floats:
    """Contributions (rows, features + 1) as deviations from the peers' (rows, features).

    Each row still adds up to its margin: the last column becomes the base value plus the level of the peers.
    """
    return np.column_stack([contributions[:, :-1] - common, contributions[:, -1] + common.sum(axis=1)])


def family_effects(contributions: Floats, features: Sequence[Feature]) -> tuple[tuple[str, ...], Floats]:
    """Contributions (rows, features + 1) summed to (rows, families + 1); the last column stays as it is.

    Returns:
        The family keys in order of `FAMILIES`, and the effects. Each row still adds up to its margin.
    """
    keys = tuple(key for key in FAMILIES if any(feature.family == key for feature in features))
    belongs = np.array([[feature.family == key for key in keys] for feature in features], dtype=np.float64)
    effects = np.column_stack([contributions[:, :-1] @ belongs.reshape(len(features), len(keys)), contributions[:, -1]])
    return keys, effects


def explain(
    model: Model, rows: pl.DataFrame, features: Sequence[Feature], peers: Peers | None = None
) -> list[list[dict[str, Any]]]:
    """Up to `MAX_REASONS` reasons per row for its difference from its peers, what raises the risk first.

    A family is told by the feature with the largest effect among those whose value is not the usual one; a family of which
    nothing is unusual is no reason, because a reader could not see why.

    Args:
        model: the model that scored the rows.
        rows: pairs with the model's features.
        features: the catalogue; only the features the model reads count.
        peers: of the whole cohort, when `rows` is a part of it.
    """
    if rows.is_empty():
        return []
    read = read_by(model, features)
    values = matrix(rows, model.feature_names)
    usual, common = (peers or peers_of(model, rows)).beside(rows)
    deviations = against_peers(model.contributions(rows), common)
    keys, effects = family_effects(deviations, read)
    members = [np.flatnonzero([feature.family == key for feature in read]) for key in keys]
    reasons = []
    for row in range(rows.height):
        parts: list[dict[str, Any]] = []
        for position in _order(keys, effects[row]):
            effect, inside = float(effects[row, position]), members[position]
            signed = deviations[row, inside] * np.sign(effect)
            for index in inside[np.argsort(-signed)][: int((signed > 0).sum())]:
                if is_unusual(read[index], values[row, index], usual[row, index]):
                    parts.append(_reason(read[index], values[row, index], usual[row, index], effect))
                    break
            if len(parts) == MAX_REASONS:
                break
        reasons.append(parts)
    return reasons


def to_json(reasons: list[dict[str, Any]]) -> str:
    """One row's reasons as the text kept in `ml.scores.reasons`."""
    return json.dumps(reasons, ensure_ascii=False, allow_nan=False)


def mean_effects(model: Model, rows: pl.DataFrame, features: Sequence[Feature]) -> pl.DataFrame:
    """Mean absolute effect per feature over the rows, largest first: feature, family, sentence, effect (log-odds)."""
    read = read_by(model, features)
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


def read_by(model: Model, features: Sequence[Feature]) -> list[Feature]:
    """The catalogue's features in the model's order; one that left the catalogue is named by its column, never hidden."""
    known = {feature.name: feature for feature in features}
    return [known.get(name) or _uncatalogued(name, model.entity_kind) for name in model.feature_names]


def is_unusual(feature: Feature, value: float, usual: float) -> bool:
    """Whether a reader would see two different values."""
    return shown(value, feature.unit) != shown(usual, feature.unit)


def shown(value: float, unit: str) -> str:
    """A value as a person reads it: yes or no, percent for small ratios, "3 times as many" for log ratios, else 3 digits."""
    if math.isnan(value):
        return "not known"
    if unit == "flag":
        return "yes" if value >= 0.5 else "no"
    if unit == "ratio" and abs(value) <= 1:
        return f"{100 * value:.3g} %"
    if unit == "log ratio":
        return "as many" if abs(value) < 0.005 else f"{math.exp(min(value, 20.0)):.2g} times as many"
    return f"{value:.0f}" if float(value).is_integer() or abs(value) >= 1000 else f"{value:.3g}"


def number(value: float) -> float | None:
    """A value as JSON keeps it: the unknown is null."""
    return None if math.isnan(value) else round(float(value), 6)


def subject(feature: Feature) -> str:
    """The feature's sentence as the beginning of one."""
    return feature.sentence[:1].upper() + feature.sentence[1:]


def _order(keys: Sequence[str], effects: Floats) -> list[int]:
    """Families by what they say about this entity: raising before lowering, larger before smaller, the common one last."""
    worth = [index for index, _ in enumerate(keys) if abs(effects[index]) >= MIN_EFFECT]
    return sorted(worth, key=lambda index: (keys[index] == COMMON_FAMILY, effects[index] < 0, -abs(effects[index])))


def _reason(feature: Feature, value: float, usual: float, effect: float) -> dict[str, Any]:
    direction = "raises" if effect > 0 else "lowers"
    told, common = shown(value, feature.unit), shown(usual, feature.unit)
    return {
        "family": feature.family,
        "family_words": FAMILIES.get(feature.family, feature.family),
        "feature": feature.name,
        "value": number(value),
        "usual": number(usual),
        "unit": feature.unit,
        "direction": direction,
        "effect": round(effect, 4),
        "sentence": f"{subject(feature)}: {told}, usually {common} among peers ({direction} the risk).",
    }


def _uncatalogued(name: str, entity_kind: str) -> Feature:
    return Feature(name, entity_kind, "team", name.replace("_", " "), 0, False, "count")  # type: ignore[arg-type]
