"""A map for paper: filled shapes in true vectors, from the frame and key of the screen's map.

The screen's map is drawn by WebGL, which no file can hold as vectors; this one is drawn as
lines and fills, with the same colours, its key in the picture and north up.
"""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from longevity.charts.chart import Drawing, Figure
from longevity.charts.figures.maps import Key, legend
from longevity.charts.theme import BORDER, HATCHES, layout

KEY = 190  # pixels beside the map
Ring = list[tuple[float, float]]


def areas(
    frame: pd.DataFrame,
    boundaries: dict[str, Any],
    drawing: Drawing,
    shades: Key,
    size: tuple[int, int],
) -> Figure:
    """One city's neighbourhoods as filled shapes. Parameters as those of `maps.areas`."""
    rows = {row.neighbourhood: row for row in frame.itertuples()}
    shrink = math.cos(math.radians(_middle(boundaries)))
    traces = [
        _area(feature, rows[name], shades, shrink)
        for feature in boundaries["features"]
        if (name := feature["properties"]["neighbourhood"]) in rows
    ]
    key = legend(shades, drawing, set(frame["state"]))
    hidden = {"visible": False, "showgrid": False, "zeroline": False}
    places = [
        (lon * shrink, lat)
        for each in boundaries["features"]
        for ring in _rings(each["geometry"])
        for lon, lat in ring
    ] or [(0.0, 0.0), (1.0, 1.0)]
    across, up = ([min(ends), max(ends)] for ends in zip(*places, strict=True))
    # Over the key, where it covers no area.
    marks = [note | {"xanchor": "left", "xshift": 12} for note in drawing.marks(inside=True)]
    return {
        "data": [*traces, *key["data"]],
        "layout": layout(
            drawing.theme,
            size[1],
            annotations=marks,
            showlegend=True,
            legend=key["layout"]["legend"]
            | {"orientation": "v", "x": 1.02, "y": 0, "yanchor": "bottom"},
            xaxis=hidden | {"range": across},
            # One degree is as far up as across, so that a city keeps its shape.
            yaxis=hidden
            | {"range": up, "scaleanchor": "x", "scaleratio": 1, "rangemode": "normal"},
            margin={"l": 4, "r": KEY, "t": 4, "b": 4},
        ),
    }


def _area(feature: dict[str, Any], row: Any, shades: Key, shrink: float) -> dict[str, Any]:
    x: list[float | None] = []
    y: list[float | None] = []
    for ring in _rings(feature["geometry"]):
        if x:
            x.append(None)
            y.append(None)
        x += [lon * shrink for lon, _ in ring]
        y += [lat for _, lat in ring]
    value = None if pd.isna(row.value) else float(row.value)
    colour = shades.colour(value, row.state)
    hatch = HATCHES.get(row.state)
    lines = {"shape": hatch, "fgcolor": BORDER, "bgcolor": colour, "size": 6}
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "fill": "toself",
        "fillcolor": colour,
        **({"fillpattern": lines} if hatch else {}),
        "line": {"color": BORDER, "width": 0.8, "shape": "linear"},
        "name": row.neighbourhood,
        "showlegend": False,
        "hoveron": "fills",
        "text": row.said,
        "hoverinfo": "text",
    }


def _rings(geometry: dict[str, Any]) -> list[Ring]:
    """Every ring, outer ones turning one way and holes the other, so that holes stay empty."""
    polygons = geometry["coordinates"]
    if geometry["type"] == "Polygon":
        polygons = [polygons]
    return [
        _turned([(float(x), float(y)) for x, y, *_ in ring], at == 0)
        for polygon in polygons
        for at, ring in enumerate(polygon)
    ]


def _turned(ring: Ring, left: bool) -> Ring:
    following = [*ring[1:], ring[0]]
    twice = sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, following, strict=True))
    return ring if (twice > 0) == left else ring[::-1]


def _middle(boundaries: dict[str, Any]) -> float:
    heights = [
        y for each in boundaries["features"] for ring in _rings(each["geometry"]) for _, y in ring
    ]
    return (min(heights) + max(heights)) / 2 if heights else 0.0
