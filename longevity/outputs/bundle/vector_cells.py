"""A figure without what Plotly draws in pixels: the cells of a heat map as rectangles."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

from longevity.charts.chart import Figure

DARK_BELOW = 140  # of 255: on a darker cell the text is white


def in_vectors(figure: Figure) -> Figure:
    """The figure with each heat map of categories as rectangles with its text; others as is."""
    traces: list[Figure] = []
    layout = dict(figure["layout"])
    shapes = list(layout.get("shapes", []))
    for trace in figure["data"]:
        if trace.get("type") != "heatmap":
            traces.append(trace)
            continue
        traces.append(_text(trace))
        shapes += _rectangles(trace)
        for axis, names in (("xaxis", trace["x"]), ("yaxis", trace["y"])):
            layout[axis] = _of_categories(layout.get(axis, {}), list(names))
    return {**figure, "data": traces, "layout": {**layout, "shapes": shapes}}


def _of_categories(axis: Figure, names: list[Any]) -> Figure:
    ends = [-0.5, len(names) - 0.5]
    downwards = axis.get("autorange") == "reversed"
    kept = {key: value for key, value in axis.items() if key not in ("autorange", "rangemode")}
    order = {"type": "category", "categoryorder": "array", "categoryarray": names}
    return {**kept, **order, "range": ends[::-1] if downwards else ends}


def _text(trace: Figure) -> Figure:
    """The text of every cell, readable on its colour."""
    cells = [(x, y, i, j) for j, y in enumerate(trace["y"]) for i, x in enumerate(trace["x"])]
    text = trace.get("text")
    colours = [_readable(_colour(trace, trace["z"][j][i])) for *_, i, j in cells]
    return {
        "type": "scatter",
        "mode": "text",
        "x": [x for x, *_ in cells],
        "y": [y for _, y, *_ in cells],
        "text": ["" if text is None else text[j][i] for *_, i, j in cells],
        "textfont": {"color": colours, "size": 13},
    }


def _rectangles(trace: Figure) -> list[Figure]:
    gap = float(trace.get("xgap", 0))
    ground = "#FFFFFF"
    return [
        {
            "type": "rect",
            "layer": "below",
            "x0": i - 0.5,
            "x1": i + 0.5,
            "y0": j - 0.5,
            "y1": j + 0.5,
            "fillcolor": colour,
            "line": {"color": ground, "width": gap},
        }
        for j, row in enumerate(trace["z"])
        for i, value in enumerate(row)
        if (colour := _colour(trace, value))
    ]


def _colour(trace: Figure, value: Any) -> str:
    """The colour of a value on the trace's scale; "" where there is none."""
    if value is None or math.isnan(value):
        return ""
    least, most = trace["zmin"], trace["zmax"]
    share = min(1.0, max(0.0, (value - least) / ((most - least) or 1)))
    steps = trace["colorscale"]
    for (low, first), (high, second) in pairwise(steps):
        if share <= high:
            part = (share - low) / ((high - low) or 1)
            mixed = (
                round(a + (b - a) * part)
                for a, b in zip(_parts(first), _parts(second), strict=True)
            )
            return "#" + "".join(f"{one:02X}" for one in mixed)
    return str(steps[-1][1])


def _parts(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


def _readable(colour: str) -> str:
    if not colour:
        return "#1F2A33"
    red, green, blue = _parts(colour)
    light = 0.299 * red + 0.587 * green + 0.114 * blue
    return "#FFFFFF" if light < DARK_BELOW else "#1F2A33"
