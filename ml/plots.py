"""The pictures of a review that decide: do probabilities come true, precision and recall, what the list catches, what is read.

Belongs here: drawing frames that training made. Does not: computing figures, except the curve over list lengths; the pictures
that only explain (ml/detail_plots.py).
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from ml import detail_plots, metrics
from ml.canvas import axes_titled, colour, percent, words
from ml.competitors import ORDER_ONLY, combine
from ml.dataset import Floats, outcomes
from ml.evaluation import MODEL, column
from ml.features import FAMILIES
from ml.plan import QUICK
from ml.review import COMPETITORS
from ml.slices import stability_table

if TYPE_CHECKING:
    from ml.training import TrainingOutcome

SHOWN_FEATURES = 15


def draw_all(outcome: "TrainingOutcome", folder: Path) -> list[Path]:
    """Write the PNGs for which there is data into `folder`; none where nothing was judged."""
    judged = outcome.validation_rows
    if judged.is_empty():
        return []
    head = f"{outcome.entity_kind.capitalize()} model, {outcome.horizon_days} days"
    ratio = float(outcome.facts["capacity_ratio"])
    drawn = {
        "reliability": reliability(outcome.reliability, head),
        "precision_recall": precision_recall(judged, head),
        "gain_over_rule": gain_over_rule(judged, head, ratio),
        "contributions": contributions(outcome.effects, head),
        "reliability_by_control": detail_plots.reliability_by_control(outcome.reliability, head),
    }
    if outcome.facts.get("plan") != QUICK.name:
        # What explains rather than decides costs a quarter of a second that the first load does without.
        drawn["score_histogram"] = detail_plots.score_histogram(judged, head)
        drawn["list_stability"] = detail_plots.list_stability(stability_table(judged, ratio), head)
    if outcome.ablation.height:
        drawn["ablation"] = detail_plots.ablation(outcome.ablation, head)
    paths = []
    for name, figure in drawn.items():
        paths.append(folder / f"{name}.png")
        figure.savefig(paths[-1], dpi=100)
    return paths


def reliability(table: pl.DataFrame, head: str) -> Any:
    """Expected against observed share of failures in tenths of the score, with 95 % intervals; log axes, as failures are rare."""
    figure, axes = axes_titled(f"{head}: do the probabilities come true?")
    scores = table.filter(pl.col("grouping") == "score")
    floor = max(5e-4, float(scores["expected"].min() or 0.0) / 2)  # type: ignore[arg-type]
    axes.plot([floor, 1], [floor, 1], color="black", linewidth=0.8, linestyle="--", label="perfectly true")
    for name in ("logistic", MODEL):
        rows = scores.filter(pl.col("competitor") == name).sort("expected")
        expected, observed, low, high = (
            np.maximum(rows[key].to_numpy(), floor) for key in ("expected", "observed", "lower", "upper")
        )
        spread = np.maximum(np.stack([observed - low, high - observed]), 0.0)
        axes.errorbar(expected, observed, yerr=spread, marker="o", markersize=4, capsize=2, color=colour(name), label=words(name))
    axes.set(xscale="log", yscale="log", xlim=(floor, 1), ylim=(floor, 1))
    axes.set(xlabel="expected share of pairs that fail", ylabel="observed share of pairs that fail")
    axes.xaxis.set_major_formatter(percent())
    axes.yaxis.set_major_formatter(percent())
    axes.legend(loc="upper left")
    return figure


def precision_recall(judged: pl.DataFrame, head: str) -> Any:
    """Precision over recall of pairs, all dates together; the dashed line is what a random list reaches."""
    figure, axes = axes_titled(f"{head}: how clean is a list that catches this much?")
    labels = outcomes(judged)
    for name in (one for one in COMPETITORS if column(one) in judged.columns):
        recall, precision = _curve(labels, judged[column(name)].to_numpy())
        axes.plot(recall, precision, color=colour(name), label=words(name), linewidth=2.2 if name == MODEL else 1.4)
    axes.axhline(labels.mean(), color="black", linestyle="--", linewidth=0.8, label="random list")
    axes.set(
        xlabel="share of failing pairs caught (recall)",
        ylabel="share of listed pairs that fail (precision)",
        xlim=(0, 1),
        ylim=(0, None),
    )
    axes.xaxis.set_major_formatter(percent())
    axes.yaxis.set_major_formatter(percent())
    axes.legend(loc="upper right")
    return figure


def gain_over_rule(judged: pl.DataFrame, head: str, ratio: float) -> Any:
    """Share of failing entities caught over the list's length; the vertical line is the capacity."""
    figure, axes = axes_titled(f"{head}: failures caught by list length")
    lengths = np.unique(np.concatenate([np.linspace(0.01, 1.0, 60), [ratio]]))
    for name in (one for one in COMPETITORS if column(one) in judged.columns):
        scores, is_probability = judged[column(name)].to_numpy(), name not in ORDER_ONLY
        entities = metrics.entity_rows(judged, scores, is_probability=is_probability, order=combine(name))
        caught = recall_by_length(entities, lengths)
        axes.plot(lengths, caught, color=colour(name), label=words(name), linewidth=2.2 if name == MODEL else 1.4)
    axes.plot([0, 1], [0, 1], color="black", linestyle="--", linewidth=0.8, label="random list")
    axes.axvline(ratio, color="black", linewidth=0.8)
    axes.annotate(f"capacity: {ratio:.0%}", (ratio, 0.02), xytext=(4, 0), textcoords="offset points")
    axes.set(
        xlabel="length of the list, share of entities", ylabel="share of failing entities on the list", xlim=(0, 1), ylim=(0, 1)
    )
    axes.xaxis.set_major_formatter(percent())
    axes.yaxis.set_major_formatter(percent())
    axes.legend(loc="lower right")
    return figure


def contributions(effects: pl.DataFrame, head: str) -> Any:
    """The features the model reads most, mean absolute effect in log-odds, coloured by family."""
    from matplotlib import colormaps

    shown = effects.head(SHOWN_FEATURES).filter(pl.col("effect") > 0).reverse()
    figure, axes = axes_titled(f"{head}: what it reads", size=(9.5, 6.0), left=0.42)
    families = [family for family in FAMILIES if family in effects["family"].to_list()]
    colours = {family: colormaps["tab20"](index) for index, family in enumerate(families)}
    for family in families:
        rows = shown.with_row_index("place").filter(pl.col("family") == family)
        if rows.height:
            axes.barh(rows["place"].to_numpy(), rows["effect"].to_numpy(), color=colours[family], label=FAMILIES[family])
    axes.set_yticks(range(shown.height), shown["sentence"].to_list(), fontsize=8)
    axes.set(xlabel="mean absolute effect, log-odds")
    axes.grid(axis="y", visible=False)
    if shown.height:
        axes.legend(loc="lower right", fontsize=8)
    return figure


def recall_by_length(entities: pl.DataFrame, lengths: Floats) -> Floats:
    """Share of failing entities caught when each date's list holds this share of its entities (ties shared evenly)."""
    caught, failing = np.zeros(len(lengths)), 0.0
    for _, day in entities.group_by("as_of_on"):
        grouped = day.group_by("score").agg(pl.col("failed").sum(), pl.len().alias("n")).sort("score", descending=True)
        places = np.concatenate([[0.0], grouped["n"].to_numpy().cumsum()])
        hits = np.concatenate([[0.0], grouped["failed"].to_numpy().cumsum()])
        caught += np.interp([metrics.list_length(ratio, day.height) for ratio in lengths], places, hits)
        failing += hits[-1]
    return caught / failing if failing else caught


def _curve(labels: Floats, scores: Floats) -> tuple[Floats, Floats]:
    order = np.argsort(-scores, kind="stable")
    ends = np.flatnonzero(np.append(np.diff(scores[order]) != 0, True))
    hits = labels[order].cumsum()[ends]
    return hits / max(1.0, labels.sum()), hits / (ends + 1)
