"""Points on a map of neighbourhoods: blocks with shootings, over the areas."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from longevity.charts.chart import Chart
from longevity.charts.spec import Raw
from longevity.text import wording

LARGEST = 22.0
# The more blocks the smaller each, or a busy year is one blot: (up to so many, pixels).
SIZES = ((60, 7.0), (200, 5.5), (10**9, 4.0))
# The same in both themes: the areas under them are.
KILLED, WOUNDED, AROUND = "#16191D", "#1D5FA8", "#FFFFFF"
# How far from a point, in pixels, a click still means it; farther it means the area.
REACH = 4


def over(drawn: Chart, blocks: pd.DataFrame) -> Chart:
    """The map with a point a block. A click on a point means the area it lies in.

    `blocks`: longitude, latitude, neighbourhood, incidents, fatal, said; a row a block.
    """
    if blocks.empty:
        return drawn
    # The busiest last, so that it lies on top.
    ordered = blocks.sort_values(["incidents", "longitude", "latitude"])
    least = next(size for most, size in SIZES if len(blocks) <= most)
    sizes = [min(LARGEST, least * float(n) ** 0.5) for n in ordered["incidents"]]
    # Markers of a map have no outline: a larger disc under each sets it off from a dark area.
    under = {**_discs(ordered, AROUND, [size + 3 for size in sizes]), "hoverinfo": "skip"}
    colours = [KILLED if dead else WOUNDED for dead in ordered["fatal"]]
    points = {
        **_discs(ordered, colours, sizes),
        "customdata": ordered["neighbourhood"].tolist(),
        "text": ordered["said"].tolist(),
        "hovertemplate": "%{text}<extra></extra>",
    }
    figure = {
        **drawn.figure,
        "data": [*drawn.figure["data"], under, points],
        "layout": {**drawn.figure["layout"], "hoverdistance": REACH},
    }
    many = wording.count_noun(len(blocks), "block")
    return replace(
        drawn, spec=Raw(figure), alt=f"{drawn.alt} Over it points: {many} with shootings."
    )


def _discs(blocks: pd.DataFrame, colour: str | list[str], sizes: list[float]) -> dict[str, Any]:
    return {
        "type": "scattermap",
        "mode": "markers",
        "lon": blocks["longitude"].tolist(),
        "lat": blocks["latitude"].tolist(),
        "marker": {"size": sizes, "color": colour, "opacity": 1},
        "selected": {"marker": {"opacity": 1}},
        "unselected": {"marker": {"opacity": 1}},
        "showlegend": False,
    }
