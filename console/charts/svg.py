"""From a chart's declaration to SVG, drawn once per content.

Belongs here: the drawing and its memory, the look that all charts share. Does not: any single chart.
"""

import json
from functools import lru_cache
from typing import Any

# Ink is the colour of the page's text, so that a chart is readable on both grounds; marks have a middle tone.
INK = "currentColor"
MODEL, RULE, BAD = "#3f86c6", "#c2762f", "#cf5147"
WIDTH, HEIGHT = 560, 150
FONT = "system-ui, sans-serif"


def look() -> dict[str, Any]:
    """Vega-Lite's config for every chart."""
    axis = {"labelColor": INK, "titleColor": INK, "domainColor": INK, "tickColor": INK, "gridColor": INK, "gridOpacity": 0.15}
    words = {"labelFont": FONT, "titleFont": FONT, "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal"}
    return {
        "background": "transparent",
        # A figure says in words what it shows; a label on each of 365 points would be most of the page.
        "aria": False,
        "view": {"stroke": None},
        "axis": {**axis, **words, "domainOpacity": 0.4, "tickOpacity": 0.4},
        "legend": {"labelColor": INK, "titleColor": INK, "labelFont": FONT, "labelFontSize": 12, "orient": "top", "title": None},
    }


def draw(spec: dict[str, Any], rows: list[dict[str, Any]]) -> str:
    """The SVG of a declaration with these rows; the same content is drawn once."""
    return _drawn(json.dumps({**spec, "data": {"values": rows}, "config": look()}, default=str, sort_keys=True))


@lru_cache(maxsize=256)
def _drawn(spec: str) -> str:
    # Imported here: it starts an engine of its own, and only pages with a chart need it.
    import vl_convert

    return str(vl_convert.vegalite_to_svg(spec))
