"""The pictures of a review that explain: truth by control, ablation, how scores spread, how lists change.

Belongs here: drawing frames that training or ml/slices.py made. Does not: computing figures.
"""

from typing import Any

import numpy as np
import polars as pl

from ml.canvas import axes_titled, colour, percent
from ml.evaluation import MODEL, column


def reliability_by_control(table: pl.DataFrame, head: str) -> Any:
    """Expected against observed share of failing pairs of each control, the observed with its 95 % interval."""
    rows = table.filter((pl.col("grouping") == "control") & (pl.col("competitor") == MODEL)).sort("observed", "group")
    figure, axes = axes_titled(
        f"{head}: do they come true for each control?", size=(7.5, max(3.0, 0.26 * rows.height + 1.2)), left=0.2
    )
    places = np.arange(rows.height)
    expected, observed, low, high = (rows[key].to_numpy() for key in ("expected", "observed", "lower", "upper"))
    spread = np.maximum(np.stack([observed - low, high - observed]), 0.0)
    axes.errorbar(
        observed, places, xerr=spread, fmt="o", markersize=4, capsize=2, color="#444444", label="observed, 95 % interval"
    )
    axes.scatter(expected, places, marker="D", s=26, color=colour(MODEL), label="expected", zorder=3)
    axes.set_yticks(places, [f"{row['group']} (n={row['n']:,})" for row in rows.iter_rows(named=True)], fontsize=8)
    axes.set(xlabel="share of pairs that fail within the horizon", xlim=(0, None))
    axes.xaxis.set_major_formatter(percent())
    axes.legend(loc="lower right")
    return figure


def ablation(table: pl.DataFrame, head: str) -> Any:
    """What leaving out a family does to the log-loss, with 95 % intervals: right of zero it is worth having."""
    rows = table.filter(pl.col("metric") == "log_loss").sort("change", "family")
    figure, axes = axes_titled(f"{head}: what each family is worth", size=(7.5, max(3.0, 0.3 * rows.height + 1.2)), left=0.34)
    places, change = np.arange(rows.height), rows["change"].to_numpy()
    low, high = (rows[key].fill_null(rows["change"]).to_numpy() for key in ("lower", "upper"))
    axes.errorbar(
        change, places, xerr=np.maximum(np.stack([change - low, high - change]), 0.0), fmt="o", markersize=4, capsize=2,
        color=colour(MODEL),
    )  # fmt: skip
    axes.axvline(0.0, color="black", linewidth=0.8)
    axes.set_yticks(places, rows["family_words"].to_list(), fontsize=8)
    axes.set(xlabel="rise of the log-loss without it")
    return figure


def score_histogram(judged: pl.DataFrame, head: str) -> Any:
    """Pairs by probability, those that failed beside those that did not; both axes logarithmic, as failures are rare."""
    figure, axes = axes_titled(f"{head}: how the probabilities spread")
    scores = np.clip(judged[column(MODEL)].to_numpy(), 1e-4, 1.0)
    failed = judged["is_failure"].cast(pl.Boolean).to_numpy()
    bins = np.geomspace(1e-4, 1.0, 33)
    axes.hist(scores[~failed], bins=bins, color="#BBBBBB", label=f"did not fail ({int((~failed).sum()):,} pairs)")
    axes.hist(
        scores[failed], bins=bins, histtype="step", linewidth=2, color="#D55E00", label=f"failed ({int(failed.sum()):,} pairs)"
    )
    axes.set(xscale="log", yscale="log", xlabel="probability of a failure within the horizon", ylabel="pairs")
    axes.xaxis.set_major_formatter(percent())
    axes.legend(loc="upper right")
    return figure


def list_stability(table: pl.DataFrame, head: str) -> Any:
    """Share of each date's list that was on the list of the date before."""
    from matplotlib.ticker import MaxNLocator

    figure, axes = axes_titled(f"{head}: how much of the list stays", size=(7.5, 3.6))
    if table.height:
        axes.plot(table["as_of_on"].to_list(), table["overlap"].to_numpy(), marker="o", markersize=4, color=colour(MODEL))
        mean = float(table["overlap"].mean())  # type: ignore[arg-type]
        axes.axhline(mean, color="black", linestyle="--", linewidth=0.8, label=f"mean {mean:.0%}")
        axes.legend(loc="lower right")
    axes.set(ylabel="of the list before", ylim=(0, 1.03))
    axes.yaxis.set_major_formatter(percent())
    axes.xaxis.set_major_locator(MaxNLocator(6))
    axes.tick_params(axis="x", labelsize=8)
    return figure
