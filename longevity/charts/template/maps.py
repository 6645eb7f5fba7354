"""Maps: for the screen Plotly's own, drawn by WebGL on an empty ground; for paper filled shapes.

What WebGL draws no file can hold as vectors: so the printed map is made of lines and fills of
the same colours, with its key in the picture and north up. Nothing is fetched.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from longevity.charts.spec import Area, AreaMap, Dots
from longevity.charts.template.words import Made, draw_key_entry, place_key
from longevity.charts.theme import (
    BORDER,
    HATCHED_PATCHES,
    HATCHES,
    SYNTHETIC,
    ZERO,
    Theme,
    build_layout,
    draw_mark,
)

KEY = 190  # pixels beside a printed map
# How far from a point, in pixels, a click still means it; farther it means the area.
REACH = 4
# The same in both themes: the areas under them are.
AROUND = "#FFFFFF"
Ring = list[tuple[float, float]]
Boundaries = dict[str, Any]


def draw_map(spec: AreaMap, look: Theme, synthetic: bool) -> Made:
    """Return the map for the screen, with its dots over it; its key is beside it, on the page."""
    palette = sorted({area.colour for area in spec.areas}) or [ZERO]
    lon, lat, zoom = _find_view(spec.boundaries, spec.size)
    trace = {
        "type": "choroplethmap",
        "geojson": spec.boundaries,
        "featureidkey": "properties.neighbourhood",
        "locations": [area.name for area in spec.areas],
        "z": [palette.index(area.colour) for area in spec.areas],
        "zmin": 0,
        "zmax": max(1, len(palette) - 1),
        "colorscale": _step_scale(palette),
        "showscale": False,
        "marker": {
            "line": {
                "color": [look.ink if area.chosen else BORDER for area in spec.areas],
                "width": [4 if area.chosen else 0.8 for area in spec.areas],
            }
        },
        # A selection never dims the others: the page follows, the map stays whole.
        "selected": {"marker": {"opacity": 1}},
        "unselected": {"marker": {"opacity": 1}},
        "text": [area.said for area in spec.areas],
        "hovertemplate": "%{text}<extra></extra>",
    }
    ground = {"style": "white-bg", "layers": _draw_ground(look, lon, lat)}
    view = {"center": {"lon": lon, "lat": lat}, "zoom": zoom}
    dots = [] if spec.dots is None else _draw_dots(spec.dots)
    return {
        "data": [trace, *dots],
        "layout": build_layout(
            look,
            spec.size[1],
            annotations=[draw_mark(look, SYNTHETIC, True)] if synthetic else [],
            margin={"l": 0, "r": 0, "t": 0, "b": 0},
            map=ground | view,
            clickmode="event+select",
            **({"hoverdistance": REACH} if dots else {}),
        ),
    }


def draw_printed_map(spec: AreaMap, look: Theme, synthetic: bool) -> Made:
    """Return the map for paper, its key beside it."""
    rings = {each["properties"]["neighbourhood"]: _list_rings(each) for each in _features(spec)}
    heights = [y for each in rings.values() for ring in each for _, y in ring] or [0.0]
    shrink = math.cos(math.radians((min(heights) + max(heights)) / 2))
    places = [(x * shrink, y) for each in rings.values() for ring in each for x, y in ring]
    across, up = zip(*places, strict=True) if places else ((0.0, 1.0), (0.0, 1.0))
    known = {area.name: area for area in spec.areas}
    traces = [_draw_area(known[name], own, shrink) for name, own in rings.items() if name in known]
    hidden = {"visible": False, "showgrid": False, "zeroline": False}
    # Over the key, where it covers no area.
    marks = [draw_mark(look, SYNTHETIC, True) | {"xanchor": "left", "xshift": 12}] * synthetic
    key = place_key(0, 1) | {"orientation": "v", "x": 1.02, "y": 0, "yanchor": "bottom"}
    key |= {"font": {"size": 14, "color": look.ink}, "title": {"text": spec.unit, "side": "top"}}
    return {
        "data": [*traces, *map(_draw_patch, spec.key)],
        "layout": build_layout(
            look,
            spec.size[1],
            annotations=marks,
            showlegend=True,
            legend=key,
            xaxis=hidden | {"range": [min(across), max(across)]},
            # One degree is as far up as across, so that a city keeps its shape.
            yaxis=hidden
            | {"range": [min(up), max(up)], "scaleanchor": "x", "scaleratio": 1}
            | {"rangemode": "normal"},
            margin={"l": 4, "r": KEY, "t": 4, "b": 4},
        ),
    }


def _draw_patch(entry: tuple[str, str]) -> Made:
    name, colour = entry
    symbol = HATCHED_PATCHES.get(name.replace(" ", "_"), "square")
    return draw_key_entry(name, colour, symbol, size=16, line={"color": BORDER, "width": 1})


def _step_scale(palette: Sequence[str]) -> list[list[Any]]:
    """Return a colour scale that shows exactly these colours at 0, 1, 2, …"""
    if len(palette) == 1:
        return [[0, palette[0]], [1, palette[0]]]
    return [[at / (len(palette) - 1), colour] for at, colour in enumerate(palette)]


def _draw_ground(look: Theme, lon: float, lat: float) -> list[Made]:
    """Return a plain ground in the theme's colour, under the areas.

    Drawn as a layer over `white-bg`: with a style of its own the map draws but
    takes no clicks.
    """
    corners = [(-2, -2), (2, -2), (2, 2), (-2, 2), (-2, -2)]
    ring = [[lon + x, max(-84.0, min(84.0, lat + y))] for x, y in corners]
    return [
        {
            "sourcetype": "geojson",
            "source": {"type": "Polygon", "coordinates": [ring]},
            "type": "fill",
            "color": look.ground,
            "below": "traces",
        }
    ]


def _draw_dots(dots: Dots) -> list[Made]:
    # Markers of a map have no outline: a larger disc under each sets it off from a dark area.
    under = _draw_discs(dots, AROUND, [size + 3 for size in dots.sizes])
    points = _draw_discs(dots, list(dots.colours), list(dots.sizes))
    told = {"customdata": list(dots.areas), "text": list(dots.said)}
    return [
        under | {"hoverinfo": "skip"},
        points | told | {"hovertemplate": "%{text}<extra></extra>"},
    ]


def _draw_discs(dots: Dots, colour: str | list[str], sizes: list[float]) -> Made:
    return {
        "type": "scattermap",
        "mode": "markers",
        "lon": list(dots.longitudes),
        "lat": list(dots.latitudes),
        "marker": {"size": sizes, "color": colour, "opacity": 1},
        "selected": {"marker": {"opacity": 1}},
        "unselected": {"marker": {"opacity": 1}},
        "showlegend": False,
    }


def _find_view(boundaries: Boundaries, size: tuple[int, int]) -> tuple[float, float, float]:
    """Return the centre and the zoom at which the areas fill a picture of this size."""
    points = np.array(list(_list_corners(boundaries)) or [(0.0, 0.0)])
    (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
    low, high = (math.log(math.tan(math.pi / 4 + math.radians(v) / 2)) for v in (south, north))
    wide = max(1e-6, (east - west) / 360)
    tall = max(1e-6, (high - low) / (2 * math.pi))
    fill = 0.92 / 512
    zoom = min(math.log2(size[0] * fill / wide), math.log2(size[1] * fill / tall))
    middle = math.degrees(2 * math.atan(math.exp((low + high) / 2)) - math.pi / 2)
    return float((west + east) / 2), float(middle), float(zoom)


def _features(spec: AreaMap) -> list[Boundaries]:
    features: list[Boundaries] = spec.boundaries["features"]
    return features


def _list_polygons(feature: Boundaries) -> Any:
    shape = feature["geometry"]
    return [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]


def _list_corners(boundaries: Boundaries) -> Iterator[tuple[float, float]]:
    for feature in boundaries["features"]:
        for polygon in _list_polygons(feature):
            for ring in polygon:
                yield from ((x, y) for x, y, *_ in ring)


def _draw_area(area: Area, rings: list[Ring], shrink: float) -> Made:
    x: list[float | None] = []
    y: list[float | None] = []
    for ring in rings:
        x += ([None] if x else []) + [lon * shrink for lon, _ in ring]
        y += ([None] if y else []) + [lat for _, lat in ring]
    hatch = HATCHES.get(area.state)
    lines = {"shape": hatch, "fgcolor": BORDER, "bgcolor": area.colour, "size": 6}
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "fill": "toself",
        "fillcolor": area.colour,
        **({"fillpattern": lines} if hatch else {}),
        "line": {"color": BORDER, "width": 0.8, "shape": "linear"},
        "name": area.name,
        "showlegend": False,
        "hoveron": "fills",
        "text": area.said,
        "hoverinfo": "text",
    }


def _list_rings(feature: Boundaries) -> list[Ring]:
    """Return every ring, outer ones turning one way and holes the other: holes stay empty."""
    return [
        _turn([(float(x), float(y)) for x, y, *_ in ring], at == 0)
        for polygon in _list_polygons(feature)
        for at, ring in enumerate(polygon)
    ]


def _turn(ring: Ring, left: bool) -> Ring:
    following = [*ring[1:], ring[0]]
    twice = sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, following, strict=True))
    return ring if (twice > 0) == left else ring[::-1]
