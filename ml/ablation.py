"""Which families of features earn their place: the model without each of them, at the same rolling origins.

Belongs here: leaving out and comparing. Does not: the origins' predictions with all features (ml/evaluation.py).
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import polars as pl

from ml import metrics
from ml.calibration import sigmoid
from ml.dataset import Floats, outcomes
from ml.evaluation import Predictions, TunedFrom, train_and_test
from ml.features import FAMILIES, Feature
from ml.intervals import Resamples, interval, resample
from ml.lightgbm_model import LightGbm

SCHEMA = {
    "family": pl.String, "family_words": pl.String, "features": pl.Int64, "metric": pl.String, "change": pl.Float64,
    "lower": pl.Float64, "upper": pl.Float64, "is_dropped": pl.Boolean,
}  # fmt: skip


def ablate(
    rows: pl.DataFrame,
    features: Sequence[Feature],
    told: Predictions,
    *,
    ratio: float,
    seed: int,
    threads: int,
    tuned: TunedFrom | None = None,
) -> pl.DataFrame:
    """What leaving out each family changes on the headline rows: log-loss and recall at k, with 95 % intervals (`SCHEMA`).

    A rise of the log-loss, or a fall of recall, is what the family is worth. `is_dropped`: without it the log-loss is lower with
    the whole interval and recall at k is not lower with the whole interval; noise that only looks like knowledge.
    """
    judged = told.by_split["seen_later"]
    resamples = resample(judged, seed)
    labels = outcomes(judged)
    with_all = judged["margin_lightgbm"].to_numpy()
    losses, recall = log_losses_of(with_all, labels), _recall(judged, sigmoid(with_all), resamples, ratio)
    families = [family for family in FAMILIES if any(feature.family == family for feature in features)]
    if len(families) < 2:
        return pl.DataFrame(schema=SCHEMA)

    def without(family: str) -> list[dict[str, object]]:
        margins = _margins(rows, [feature for feature in features if feature.family != family], told, seed, tuned)
        change = log_losses_of(margins, labels) - losses
        by_loss = resamples.means(judged, change[:, None])[:, 0]
        by_recall = _recall(judged, sigmoid(margins), resamples, ratio) - recall
        ends = {name: interval(values) if resamples.has_interval else (None, None) for name, values in
                (("log_loss", by_loss), ("recall_at_k", by_recall))}  # fmt: skip
        helps, hurts = ends["log_loss"][1], ends["recall_at_k"][1]
        is_dropped = helps is not None and helps < 0 and not (hurts is not None and hurts < 0)
        size = sum(feature.family == family for feature in features)
        return [
            {
                "family": family, "family_words": FAMILIES[family], "features": size, "metric": name, "change": float(values[0]),
                "lower": ends[name][0], "upper": ends[name][1], "is_dropped": is_dropped,
            }
            for name, values in (("log_loss", by_loss), ("recall_at_k", by_recall))
        ]  # fmt: skip

    with ThreadPoolExecutor(max_workers=threads) as pool:
        table = [row for part in pool.map(without, families) for row in part]
    return pl.DataFrame(table, schema=SCHEMA)


def dropped(table: pl.DataFrame) -> tuple[str, ...]:
    """The families to do without."""
    return tuple(table.filter("is_dropped")["family"].unique(maintain_order=True).to_list())


def log_losses_of(margins: Floats, labels: Floats) -> Floats:
    """Per-row log-loss of raw log-odds, calibrated by nobody: both sides of a comparison alike."""
    return metrics.log_losses(labels, sigmoid(margins))


def _margins(rows: pl.DataFrame, features: Sequence[Feature], told: Predictions, seed: int, tuned: TunedFrom | None) -> Floats:
    """Out-of-time margins at the evaluated origins, in the order of the headline rows."""
    found = []
    for origin, rounds in zip(told.origins, told.rounds, strict=True):
        if not origin.is_warm_up:
            train, test = train_and_test(rows, origin)
            model = LightGbm(features, rounds, seeds=(seed,), threads=1, tuned=tuned.at(origin) if tuned else None)
            model.fit(train)
            found.append(model.margins(test))
    return np.concatenate(found)


def _recall(judged: pl.DataFrame, scores: Floats, resamples: Resamples, ratio: float) -> Floats:
    entities = metrics.entity_rows(judged, scores, is_probability=True)
    return metrics.at_k(entities, resamples, ratio)["recall_at_k"]
