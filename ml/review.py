"""The review table: every figure of every competitor with its interval, and how true each one's probabilities are.

Belongs here: turning judged rows into rows of (split, competitor, metric, value, interval). Does not: predictions or decisions.
Columns and metric names are read by the published snapshot, the command line and MLflow: they change together.
"""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import polars as pl

from ml import metrics
from ml.competitors import ORDER_ONLY, RULE, column, combine
from ml.dataset import Floats, outcomes
from ml.evaluation import MODEL
from ml.intervals import RESAMPLES, Resamples, interval, resample
from ml.plan import CHALLENGERS

COMPETITORS = ("base_rate", RULE, "pair_rate", "weighted_sum", "logistic", MODEL, *CHALLENGERS)
SCHEMA = {
    "entity_kind": pl.String, "horizon_days": pl.Int64, "split": pl.String, "competitor": pl.String, "metric": pl.String,
    "value": pl.Float64, "lower": pl.Float64, "upper": pl.Float64, "worst": pl.Float64, "best": pl.Float64,
    "rows": pl.Int64, "entities": pl.Int64, "failing_pairs": pl.Int64, "dates": pl.Int64, "capacity_ratio": pl.Float64,
}  # fmt: skip
RELIABILITY_SCHEMA = {
    "competitor": pl.String, "grouping": pl.String, "group": pl.String, "n": pl.Int64,
    "expected": pl.Float64, "observed": pl.Float64, "lower": pl.Float64, "upper": pl.Float64,
}  # fmt: skip
HEADLINE = "seen_later"
LINEAR = "logistic"
COMPARED = ("recall_at_k", "failing_pairs_recall_at_k", "severity_recall_at_k", "average_precision")


def review_table(
    by_split: Mapping[str, pl.DataFrame], entity_kind: str, horizon_days: int, ratio: float, seed: int, threads: int = 1
) -> pl.DataFrame:
    """All splits and competitors in one long frame (`SCHEMA`); empty where nothing could be judged.

    `seen_later` is the headline; `seen_later_not_foreseeable` leaves out the pairs that a countdown alone foresees, where
    there are such pairs; `in_sample` must not be quoted. A value that is not defined (no failure to recall, a rule's log-loss)
    has no row.
    """
    parts = dict(by_split)
    if "seen_later" in parts and "is_foreseeable" in parts["seen_later"].columns:
        rest = parts["seen_later"].filter(pl.col("is_foreseeable").fill_null(0.0) != 1.0)
        if rest.height < parts["seen_later"].height:
            parts["seen_later_not_foreseeable"] = rest
    rows: list[dict[str, Any]] = []
    for split, judged in parts.items():
        if judged.is_empty():
            continue
        size = {
            "rows": judged.height,
            "entities": judged["entity_id"].n_unique(),
            "failing_pairs": int(outcomes(judged).sum()),
            "dates": judged["as_of_on"].n_unique(),
        }
        common = {"entity_kind": entity_kind, "horizon_days": horizon_days, "split": split, "capacity_ratio": ratio, **size}
        # What must not be quoted needs no interval either, and is the largest part.
        resamples = resample(judged, seed, 0 if split == "in_sample" else RESAMPLES)
        figures = _split_figures(judged, ratio, resamples, threads, is_headline=split == HEADLINE)
        rows.extend(common | figure for figure in figures)
    return pl.DataFrame(rows, schema=SCHEMA)


def reliability_table(judged: pl.DataFrame, bins: int = 10, ratio: float | None = None) -> pl.DataFrame:
    """Expected against observed share of failures with the 95 % Wilson interval.

    Groupings: `score` (tenths of the score), `control`, `size` (of the process), and `list` (pairs of the `ratio` of entities
    that are riskiest at their date, and the rest).
    """
    parts = []
    for name in COMPETITORS:
        if name in ORDER_ONLY or column(name) not in judged.columns:
            continue
        scored = judged.with_columns(pl.col(column(name)).alias("p"), pl.col("is_failure").cast(pl.Float64).alias("y"))
        tenth = (pl.col("p").rank("ordinal") * bins / (pl.len() + 1)).floor().cast(pl.Int64)
        groupings = {"score": tenth.cast(pl.String), "control": pl.col("control_id")}
        if "slice_size_band" in judged.columns:
            groupings["size"] = pl.col("slice_size_band").fill_null("not known")
        if ratio is not None:
            groupings["list"] = pl.lit(_on_list(judged, name, ratio))
        for grouping, key in groupings.items():
            grouped = (
                scored.with_columns(key.alias("group"))
                .group_by("group")
                .agg(
                    pl.len().cast(pl.Int64).alias("n"), pl.col("p").mean().alias("expected"), pl.col("y").mean().alias("observed")
                )
            )
            parts.append(grouped.with_columns(pl.lit(name).alias("competitor"), pl.lit(grouping).alias("grouping")).sort("group"))
    if not parts:
        return pl.DataFrame(schema=RELIABILITY_SCHEMA)
    n, share, z = pl.col("n"), pl.col("observed"), 1.96
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * (share * (1 - share) / n + z**2 / (4 * n**2)).sqrt() / (1 + z**2 / n)
    table = pl.concat(parts).with_columns((centre - half).alias("lower"), (centre + half).alias("upper"))
    return table.select(list(RELIABILITY_SCHEMA)).cast(RELIABILITY_SCHEMA)  # type: ignore[arg-type]


def _on_list(judged: pl.DataFrame, name: str, ratio: float) -> pl.Series:
    """For each row whether its entity is on the competitor's list of that date, in words."""
    entities = metrics.entity_rows(judged, judged[column(name)].to_numpy(), is_probability=True)
    place = pl.struct(-pl.col("score"), "entity_id").rank("ordinal").over("as_of_on")
    length = (ratio * pl.len().over("as_of_on") - 1e-9).ceil().clip(lower_bound=1)
    listed = entities.select(
        "as_of_on", "entity_id", pl.when(place <= length).then(pl.lit("listed")).otherwise(pl.lit("others")).alias("at")
    )
    return judged.select("as_of_on", "entity_id").join(listed, on=["as_of_on", "entity_id"], how="left", maintain_order="left")[
        "at"
    ]


def figure(review: pl.DataFrame, competitor: str, metric: str, split: str = "seen_later") -> dict[str, Any] | None:
    """One row of the review table, or None where the figure is not defined."""
    chosen = review.filter((pl.col("split") == split) & (pl.col("competitor") == competitor) & (pl.col("metric") == metric))
    return chosen.row(0, named=True) if chosen.height else None


def _split_figures(
    judged: pl.DataFrame, ratio: float, resamples: Resamples, threads: int, *, is_headline: bool
) -> Iterator[dict[str, Any]]:
    names = [name for name in COMPETITORS if column(name) in judged.columns]
    with ThreadPoolExecutor(max_workers=threads) as pool:
        drawn = dict(
            zip(
                names,
                pool.map(lambda name: _figures(judged, name, resamples, ratio, is_headline=is_headline), names),
                strict=True,
            )
        )
    for name in names:
        scores = judged[column(name)].to_numpy()
        entities = metrics.entity_rows(judged, scores, is_probability=name not in ORDER_ONLY, order=combine(name))
        best, worst = (metrics.at_k(entities, resamples.sample_only(), ratio, ties) for ties in ("best", "worst"))
        for metric, values in drawn[name].items():
            ends = {}
            if metric in ("recall_at_k", "precision_at_k"):
                ends = {"best": float(best[metric][0]), "worst": float(worst[metric][0])}
            yield from _row(name, metric, values, resamples, **ends)
        yield from _row(name, "list_overlap", np.array([metrics.list_overlap(entities, ratio)]), resamples)
        if name != RULE and RULE in drawn:
            for metric in COMPARED:
                yield from _row(name, f"{metric}_minus_rule", drawn[name][metric] - drawn[RULE][metric], resamples)
            with np.errstate(divide="ignore", invalid="ignore"):
                yield from _row(name, "lift_over_rule", drawn[name]["recall_at_k"] / drawn[RULE]["recall_at_k"], resamples)
        if name == MODEL and LINEAR in drawn:
            for metric in ("recall_at_k", "average_precision", "log_loss"):
                yield from _row(name, f"{metric}_minus_{LINEAR}", drawn[name][metric] - drawn[LINEAR][metric], resamples)


def _figures(judged: pl.DataFrame, name: str, resamples: Resamples, ratio: float, *, is_headline: bool) -> dict[str, Floats]:
    # The list decides, so it has its interval in every split; figures over all pairs, which cost most, have one in the headline.
    over_pairs = resamples if is_headline else resamples.sample_only()
    scores = judged[column(name)].to_numpy()
    is_probability = name not in ORDER_ONLY
    entities = metrics.entity_rows(judged, scores, is_probability=is_probability, order=combine(name))
    found = metrics.at_k(entities, resamples, ratio)
    found |= metrics.pairs_at_k(judged, scores, over_pairs, ratio)
    found |= metrics.ranking(judged, scores, over_pairs)
    if is_probability and column("base_rate") in judged.columns:
        found |= metrics.truth_of_probabilities(judged, scores, judged[column("base_rate")].to_numpy(), over_pairs)
    return found


def _row(name: str, metric: str, values: Floats, resamples: Resamples, **ends: float) -> Iterator[dict[str, Any]]:
    if not np.isfinite(values[0]):
        return
    lower, upper = interval(values) if resamples.has_interval and values.size > 1 else (None, None)
    row = {"competitor": name, "metric": metric, "value": float(values[0]), "lower": lower, "upper": upper}
    yield row | {"best": None, "worst": None} | ends
