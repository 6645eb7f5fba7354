"""Tiles under a map: pictures of the streets from the host that is configured, on the screen only.

They are cut by Web Mercator, and the map by degrees: within a city the two differ by less than a
pixel, as each tile lies where its corners do.
"""

from __future__ import annotations

import math
from itertools import product

from longevity.charts.drawing import Figure
from longevity.charts.template.words import write_note
from longevity.charts.theme import Theme
from longevity.settings import Basemap

TILE = 256  # pixels
DEEPEST = 18
STRENGTH = 0.72  # of an area's colour over the streets
OF_TILES = {"light": 1.0, "dark": 0.3}  # most tiles are bright
AROUND = 1.25  # times the map's size that is covered: a screen may give it more room
Span = tuple[float, float]


def lay_tiles(basemap: Basemap, x: Span, y: Span, scale: float, look: Theme) -> list[Figure]:
    """Return the tiles that cover a span of degrees, and some more, as images under everything.

    `scale`: pixels a degree takes across.
    """
    (west, east), (south, north) = _widen_span(x), _widen_span(y)
    zoom = min(DEEPEST, max(0, round(math.log2(max(scale, 1e-9) * 360 / TILE))))
    count = 2**zoom
    columns = [math.floor((lon + 180) / 360 * count) for lon in (west, east)]
    rows = [_find_row(lat, count) for lat in (north, south)]
    tiles = product(*(range(first, last + 1) for first, last in (rows, columns)))
    return [
        {
            "source": basemap.tiles.format(z=zoom, x=column, y=row),
            "xref": "x",
            "yref": "y",
            "x": column / count * 360 - 180,
            "y": _find_lat(row, count),
            "sizex": 360 / count,
            "sizey": _find_lat(row, count) - _find_lat(row + 1, count),
            "sizing": "stretch",
            "layer": "below",
            "opacity": OF_TILES[look.name],
        }
        for row, column in tiles
    ]


def write_attribution(basemap: Basemap, look: Theme) -> Figure:
    """Return whose the tiles are, in the lower right corner."""
    words = basemap.attribution.replace("&", "&amp;").replace("<", "&lt;")
    place = {"x": 1, "y": 0, "xanchor": "right", "yanchor": "bottom"}
    return write_note(words, look, size=11, **place, bgcolor=look.ground, opacity=0.85)


def _widen_span(span: Span) -> Span:
    middle, half = sum(span) / 2, AROUND * (span[1] - span[0]) / 2
    return middle - half, middle + half


def _find_row(lat: float, count: int) -> int:
    projected = math.asinh(math.tan(math.radians(lat)))
    return math.floor((1 - projected / math.pi) / 2 * count)


def _find_lat(row: int, count: int) -> float:
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / count))))
