"""The figures of forecasting.md: what the list of length k catches, and whether the probabilities are true.

Belongs here: pure functions from scored rows and resample weights to arrays, one element per resample, the sample itself first.
Does not: models, the choice of which figures decide (ml/gate.py).

The list: at each as-of date the k = max(1, ceil(capacity ratio x entities in the cohort)) entities of highest risk. An entity
fails when any of its cohort pairs fails. Counts are added over dates before dividing. Entities of equal score share the last
places evenly (the expected value of a random order); best and worst order are reported beside it.
"""

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ml.competitors import Combine, rule_order
from ml.dataset import Floats, outcomes
from ml.intervals import Resamples

ENTITY_VALUES = ("failed", "failing_pairs", "severity_failing", "expected_pairs", "lead_days")
EPSILON = 1e-7


def list_length(ratio: float, entities: int) -> int:
    """k: how many entities fit on the list of one as-of date."""
    return min(entities, max(1, math.ceil(ratio * entities - 1e-9)))


def entity_rows(rows: pl.DataFrame, scores: Floats, *, is_probability: bool, order: Combine = "counts") -> pl.DataFrame:
    """Grain as_of_on, entity_id: `score` that orders the list, what failed, and how many failing pairs were expected.

    Probabilities combine to the severity-weighted risk 1 - prod(1 - severity_weight * p); other scores as `order` says: the
    rule's is the order of the summed exceptions. `lead_days` is the days to the entity's first failure, 0 where it does not fail.
    """
    failing = pl.col("is_failure").cast(pl.Float64)
    lead = (pl.col("first_failed_on") - pl.col("as_of_on")).dt.total_days().filter(pl.col("is_failure")).min()
    frame = rows.with_columns(pl.Series("pair_score", scores))
    # Rounded, so that equal pairs stay equal whatever the order in which their product was taken.
    risk = (1.0 - (1.0 - pl.col("severity_weight") * pl.col("pair_score")).product()).round(12)
    if not is_probability:
        risk = (pl.col("pair_score").max() if order == "max" else pl.col("pair_score").sum()).round(12)
    grouped = frame.group_by("as_of_on", "entity_id", maintain_order=True).agg(
        failing.max().alias("failed"),
        failing.sum().alias("failing_pairs"),
        (failing * pl.col("severity_weight")).sum().alias("severity_failing"),
        (pl.col("pair_score").sum() if is_probability else pl.lit(float("nan"))).alias("expected_pairs"),
        lead.cast(pl.Float64).fill_null(0.0).alias("lead_days"),
        risk.alias("score"),
        pl.col("exceptions_28d").fill_null(0.0).sum().alias("exceptions_28d"),
        pl.col("exceptions_90d").fill_null(0.0).sum().alias("exceptions_90d"),
    )
    grouped = grouped.sort("as_of_on", "entity_id")
    if is_probability or order != "counts":
        return grouped
    counts = rule_order(grouped["exceptions_28d"].to_numpy(), grouped["exceptions_90d"].to_numpy())
    return grouped.with_columns(pl.Series("score", counts))


def at_k(entities: pl.DataFrame, resamples: Resamples, ratio: float, ties: str = "random") -> dict[str, Floats]:
    """The figures of the entity list, each of shape (resamples,). `ties` is random (expected value), best or worst."""
    listed, everything, length = _listed(entities, resamples, ratio, ENTITY_VALUES, ties)
    caught, pairs, severe, expected, days = (listed[:, index] for index in range(len(ENTITY_VALUES)))
    with np.errstate(divide="ignore", invalid="ignore"):
        return {
            "recall_at_k": caught / everything[:, 0],
            "precision_at_k": caught / length,
            "failing_pairs_recall_at_k": pairs / everything[:, 1],
            "severity_recall_at_k": severe / everything[:, 2],
            "observed_at_k": pairs,
            "expected_at_k": expected,
            "observed_to_expected_at_k": pairs / expected,
            "lead_days_at_k": days / caught,
        }


def pairs_at_k(rows: pl.DataFrame, scores: Floats, resamples: Resamples, ratio: float) -> dict[str, Floats]:
    """Precision and recall of a list of pairs (not entities) as long as the same ratio of the date's pairs."""
    items = rows.select("as_of_on", "entity_id", pl.col("is_failure").cast(pl.Float64).alias("failed")).with_columns(
        pl.Series("score", scores)
    )
    listed, everything, length = _listed(items, resamples, ratio, ("failed",), "random")
    with np.errstate(divide="ignore", invalid="ignore"):
        return {"pair_recall_at_k": listed[:, 0] / everything[:, 0], "pair_precision_at_k": listed[:, 0] / length}


def ranking(rows: pl.DataFrame, scores: Floats, resamples: Resamples) -> dict[str, Floats]:
    """Average precision and ROC AUC over all pairs of all dates; tied scores count as one step."""
    order = np.argsort(-scores, kind="stable")
    starts = _group_starts(scores[order])
    failing = np.flatnonzero(outcomes(rows)[order] == 1.0)
    if not failing.size:
        nothing = np.full(resamples.entity_weights.shape[0], np.nan)
        return {"average_precision": nothing, "roc_auc": nothing}
    # Both figures only change at a group of equals that holds a failure, and those are few.
    groups = np.searchsorted(starts, failing, side="right") - 1
    firsts = np.unique(groups, return_index=True)[1]
    before, ends = starts[groups[firsts]], np.append(starts, len(scores))[groups[firsts] + 1]
    precision, auc = [], []
    with np.errstate(divide="ignore", invalid="ignore"):
        # Sums over the rows between two such groups are enough; counts are whole numbers, exact in either float type.
        cuts = np.unique(np.concatenate([[0], before, ends[ends < len(scores)]]))
        at_before, at_end = np.searchsorted(cuts, before), np.searchsorted(cuts, ends)
        for weights in resamples.passes(rows[order]):
            positive = np.add.reduceat(weights.T[failing], firsts, axis=0).astype(np.float64)
            between = np.add.reduceat(weights.T, cuts, axis=0).astype(np.float64)
            seen = np.pad(between.cumsum(axis=0), ((1, 0), (0, 0)))
            until, hits = seen[at_end], positive.cumsum(axis=0)
            all_positive = hits[-1]
            all_negative = seen[-1] - all_positive
            share = np.divide(hits, until, out=np.zeros_like(hits), where=until > 0)
            precision.append((share * positive).sum(axis=0) / all_positive)
            negative = until - seen[at_before] - positive
            below = all_negative - (until - hits)
            auc.append((positive * (below + negative / 2)).sum(axis=0) / (all_positive * all_negative))
    return {"average_precision": np.concatenate(precision), "roc_auc": np.concatenate(auc)}


def truth_of_probabilities(rows: pl.DataFrame, scores: Floats, base: Floats, resamples: Resamples) -> dict[str, Floats]:
    """Log-loss and Brier score (lower is better), and the share of the base rate's they save (skill; above zero is better)."""
    labels = outcomes(rows)
    losses = np.stack([log_losses(labels, scores), (labels - scores) ** 2, log_losses(labels, base), (labels - base) ** 2])
    with np.errstate(divide="ignore", invalid="ignore"):
        sums = resamples.means(rows, losses.T)
        return {
            "log_loss": sums[:, 0],
            "brier": sums[:, 1],
            "log_loss_skill": 1 - sums[:, 0] / sums[:, 2],
            "brier_skill": 1 - sums[:, 1] / sums[:, 3],
        }


def log_losses(labels: Floats, probabilities: Floats) -> Floats:
    """Per-row log-loss in nats; probabilities are held 1e-7 away from 0 and 1."""
    clipped = np.clip(probabilities, EPSILON, 1 - EPSILON)
    losses: Floats = -(labels * np.log(clipped) + (1 - labels) * np.log(1 - clipped))
    return losses


def list_overlap(entities: pl.DataFrame, ratio: float) -> float:
    """Mean share of a date's list that was on the list of the date before; NaN with fewer than two dates."""
    lists = []
    for _, day in entities.sort("as_of_on").group_by("as_of_on", maintain_order=True):
        top = day.sort(["score", "entity_id"], descending=[True, False]).head(list_length(ratio, day.height))
        lists.append(set(top["entity_id"].to_list()))
    shares = [len(now & before) / len(now) for before, now in pairwise(lists)]
    return float(np.mean(shares)) if shares else float("nan")


def _listed(
    items: pl.DataFrame, resamples: Resamples, ratio: float, values: Sequence[str], ties: str
) -> tuple[Floats, Floats, Floats]:
    """Sums of `values` on the list and over everything, each (resamples, values), and the list's length (resamples,)."""
    draws = resamples.entity_weights.shape[0]
    on_list, overall, length = np.zeros((draws, len(values))), np.zeros((draws, len(values))), np.zeros(draws)
    day_codes, entity_codes = resamples.codes(items)
    scores, table = items["score"].to_numpy(), items.select(values).to_numpy()
    for day in np.unique(day_codes):
        rows = np.flatnonzero(day_codes == day)
        groups = _order(scores[rows], table[rows, 0], ties)
        rows, starts = rows[groups[0]], groups[1]
        weights = resamples.entity_weights[:, entity_codes[rows]]
        drawn = np.add.reduceat(weights, starts, axis=1)
        taken = np.clip(list_length(ratio, len(rows)) - (drawn.cumsum(axis=1) - drawn), 0.0, drawn)
        share = np.divide(taken, drawn, out=np.zeros_like(taken), where=drawn > 0)
        times = resamples.date_weights[:, day]
        length += times * taken.sum(axis=1)
        for index in range(len(values)):
            summed = np.add.reduceat(weights * table[rows, index], starts, axis=1)
            on_list[:, index] += times * (summed * share).sum(axis=1)
            overall[:, index] += times * summed.sum(axis=1)
    return on_list, overall, length


def _order(scores: Floats, failed: Floats, ties: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Row order by falling score and where each group of equals begins; best and worst break ties by the outcome."""
    if ties == "random":
        order = np.argsort(-scores, kind="stable")
        return order, _group_starts(scores[order])
    order = np.lexsort((-failed if ties == "best" else failed, -scores))
    return order, np.arange(len(scores))


def _group_starts(ordered: Floats) -> NDArray[np.int64]:
    return np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
