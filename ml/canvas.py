"""The sheet that every picture of a review is drawn on: axes without decoration, colours, percentages.

Belongs here: how pictures look. Does not: what is on them (ml/plots.py, ml/detail_plots.py).
"""

from typing import Any

from ml.competitors import RULE
from ml.evaluation import MODEL

WORDS = {
    "base_rate": "base rate of the control",
    RULE: "rule in use",
    "pair_rate": "own past rate, shrunk",
    "weighted_sum": "weighted sum of severities",
    "logistic": "logistic regression",
    "hazard": "discrete-time hazard",
    "lambdarank": "LambdaRank",
    "per_family": "a model per family",
    MODEL: "model",
}
# Okabe-Ito colours: told apart by colour-blind readers too.
COLOURS = {
    "base_rate": "#999999",
    RULE: "#D55E00",
    "pair_rate": "#E69F00",
    "weighted_sum": "#CC79A7",
    "logistic": "#009E73",
    "hazard": "#56B4E9",
    "lambdarank": "#8C510A",
    "per_family": "#7F7F00",
    MODEL: "#0072B2",
}


def words(name: str) -> str:
    """A competitor as a legend names it."""
    return WORDS.get(name, name.replace("_", " "))


def colour(name: str) -> str:
    """A competitor's colour; black for one that has none."""
    return COLOURS.get(name, "black")


def axes_titled(title: str, size: tuple[float, float] = (7.5, 5.5), left: float = 0.12) -> tuple[Any, Any]:
    """A figure drawn without a display and outside pyplot's global state, so nothing has to be closed.

    Margins are fixed, `left` as a share of the width: a layout engine would draw every picture twice.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=size)
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    # Inches below and above, so that low pictures keep room for their words.
    figure.subplots_adjust(left=left, right=0.97, bottom=0.62 / size[1], top=1 - 0.4 / size[1])
    axes.set_title(title, loc="left", fontsize=11)
    axes.grid(color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return figure, axes


def percent() -> Any:
    """A formatter of shares as percentages."""
    from matplotlib.ticker import FuncFormatter

    return FuncFormatter(lambda value, _: f"{100 * value:g} %")
