"""Maps: filled shapes with their names in them, the same on the screen and on paper.

North is up and one metre is as long across as upwards, whatever the picture's shape. Nothing is
fetched, but tiles on the screen where they are configured.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
import shapely

from longevity.charts import fonts
from longevity.charts.spec import Area, AreaMap
from longevity.charts.template import basemap, leaders
from longevity.charts.template.words import Made, draw_key_entry, place_key, write_note
from longevity.charts.theme import (
    BORDER,
    HATCHED,
    HATCHED_PATCHES,
    HATCHES,
    MARK_ROOM,
    SYNTHETIC,
    Theme,
    build_layout,
    draw_mark,
    find_colour,
    find_ink,
    make_pale,
)

KEY = 190  # pixels beside a printed map
UNIT, MARGIN = 14, 24  # the size of its type, and what is free beside it
ON_PAPER = (560, 300)  # the least a picture on paper is: its names fit in any
EDGE = 4  # pixels around the areas
# How far from a point, in pixels, a click still means it; farther it means the area.
REACH = 4
# The same in both themes: the areas under them are.
AROUND = "#FFFFFF"
RING, RING_WIDE = "#16191D", 22  # the colour of a ring and of what is in it; pixels
NARROW, SMALL, LARGE = 500, 11, 13  # names of a picture narrower than this are small
LINE = 1.3  # of a name's size, from one of its lines to the next
SPILL = 1.0  # of its area's width, what a name may take; the page lets one spill a little
NARROWEST = 300  # pixels: what fits in a map so wide fits in every other
FREE = 0.09  # of a map, on each side, for names that do not fit in their areas
CHANCE, THIN = ("more", "fewer"), 0.2  # hatched: chance could explain it; the share of lines
ARROWS = {"up": "▲", "down": "▼"}  # before the name of an area of which it could not
DECIMALS = 5  # of a degree: a metre
Ring = list[tuple[float, float]]
Boundaries = dict[str, Any]


@dataclass(frozen=True)
class Name:
    """A name in its area: its lines, its middle, how wide the area is there, in degrees.

    `place`: the middle of the words where they do not fit there, joined to it by a line.
    """

    area: Area
    lines: tuple[str, ...]
    x: float
    y: float
    room: float
    place: tuple[float, float] | None = None


@dataclass(frozen=True)
class View:
    """Where the areas lie, in degrees. `ratio`: of a degree upwards to one across."""

    x: tuple[float, float]
    y: tuple[float, float]
    ratio: float

    def widen(self, share: float) -> View:
        """Return the view with so much of it free on each side."""
        (west, east), (south, north) = self.x, self.y
        across, up = (east - west) * share, (north - south) * share
        return View((west - across, east + across), (south - up, north + up), self.ratio)

    def find_scale(self, size: tuple[float, float]) -> tuple[float, float]:
        """Return the pixels a degree takes across and upwards where all of it fits in so many."""
        (west, east), (south, north) = self.x, self.y
        tall = max(1e-9, north - south) * self.ratio
        across = min(size[0] / max(1e-9, east - west), size[1] / tall)
        return across, across * self.ratio


def draw_map(spec: AreaMap, look: Theme, synthetic: bool) -> Made:
    """Return the map for the screen, with its dots over it; its key is beside it, on the page.

    All names are in it, and in `meta` how wide the area of each is whose name is in it. There
    are the steps too, which the page paints (`page.js`).
    """
    size = min(NARROWEST, spec.size[0]) - 2 * EDGE, spec.size[1] - MARK_ROOM - EDGE
    view, names = _name_areas(spec, find_view(spec), size)
    marks = [draw_mark(look, SYNTHETIC, False) | {"x": 0, "xanchor": "left"}] * synthetic
    dots = [] if spec.dots is None else [_draw_dots(spec.dots)]
    tiles, credit, strength = _draw_basemap(spec, view, size, look)
    return {
        "data": [*_draw_areas(spec, look, strength), *dots, *_draw_rings(spec, names)],
        "layout": build_layout(
            look,
            spec.size[1],
            images=tiles,
            annotations=[*marks, *credit, *(_write_name(name, spec, look) for name in names)],
            meta=_tell_page(spec, names, look),
            **_make_axes(view, fixed=False),
            margin={"l": EDGE, "r": EDGE, "t": MARK_ROOM, "b": EDGE},
            modebar={"bgcolor": "rgba(0,0,0,0)", "color": look.quiet, "activecolor": look.ink},
            clickmode="event+select",
            **({"hoverdistance": REACH} if dots else {}),
        ),
    }


def _draw_basemap(
    spec: AreaMap, view: View, size: tuple[float, float], look: Theme
) -> tuple[list[Made], list[Made], float]:
    """Return the tiles under a map, whose they are, and how strong its areas are over them."""
    if spec.basemap is None:
        return [], [], 1.0
    scale, up = view.find_scale(size)
    x, y = _widen(view.x, size[0] / scale), _widen(view.y, size[1] / up)
    tiles = basemap.lay_tiles(spec.basemap, x, y, scale, look)
    return tiles, [basemap.write_attribution(spec.basemap, look)], basemap.STRENGTH


def _widen(span: tuple[float, float], least: float) -> tuple[float, float]:
    """Return a span of degrees around the same middle, at least so long."""
    middle, half = sum(span) / 2, max(span[1] - span[0], least) / 2
    return middle - half, middle + half


def draw_printed_map(spec: AreaMap, look: Theme, synthetic: bool) -> Made:
    """Return the map for paper, its key beside it."""
    wide, tall = ON_PAPER
    size = wide - KEY - EDGE, tall - 2 * EDGE
    view, names = _name_areas(spec, find_view(spec), size)
    # Over the key, where it covers no area.
    marks = [draw_mark(look, SYNTHETIC, True) | {"xanchor": "left", "xshift": 12}] * synthetic
    key = place_key(0, 1) | {"orientation": "v", "x": 1.02, "y": 0, "yanchor": "bottom"}
    unit = "<br>".join(fonts.wrap_text(spec.unit, UNIT, KEY - MARGIN))
    key |= {"font": {"size": UNIT, "color": look.ink}, "title": {"text": unit, "side": "top"}}
    return {
        "data": [
            *_draw_areas(spec, look),
            *_draw_rings(spec, names),
            *(_draw_patch(entry, look) for entry in spec.key),
        ],
        "layout": build_layout(
            look,
            tall,
            annotations=[*marks, *(_write_name(name, spec, look) for name in names)],
            showlegend=True,
            legend=key,
            **_make_axes(view, fixed=True),
            margin={"l": EDGE, "r": KEY, "t": EDGE, "b": EDGE},
        ),
    }


def _tell_page(spec: AreaMap, names: Sequence[Name], look: Theme) -> Made:
    """Return what the page needs beside the picture: the rooms of names, and every step's colours.

    A step has by area its colour, that of its name, and what a hover says.
    """
    named = {area.colour for step in spec.steps for area in step.areas}
    colours = {name: (find_colour(look, name), find_ink(look, name)) for name in named}
    steps = [
        {
            "key": step.key,
            "name": step.name,
            "areas": {area.name: (*colours[area.colour], area.words) for area in step.areas},
        }
        for step in spec.steps
    ]
    rooms = [[name.area.name, name.room] for name in names if name.place is None]
    return {"rooms": rooms, "step": spec.step, "steps": steps}


def _name_areas(spec: AreaMap, view: View, size: tuple[float, float]) -> tuple[View, list[Name]]:
    """Return each area's name, those that have a place of their own first, and the view.

    The view is wider than the areas where a name does not fit in its own.
    """
    names, points = _place_names(spec, view, size), _size_names(spec)
    if len(choose_names(names, view.find_scale(size), points)) == len(names):
        return view, names
    view = view.widen(FREE)
    scale = view.find_scale(size)
    names = _place_names(spec, view, size)
    inside = choose_names(names, scale, points)
    outside = sorted((name for name in names if name not in inside), key=lambda name: name.room)
    areas = {
        feature["properties"]["neighbourhood"]: shapely.transform(
            shapely.geometry.shape(feature["geometry"]), lambda corners: corners * scale
        )
        for feature in _features(spec)
    }
    found = leaders.find_leaders(
        tuple(_measure_words(name, scale, points, areas) for name in outside),
        tuple(_measure_words(name, scale, points, areas) for name in inside),
        tuple(areas.values()),
        _find_frame(view, scale, size),
    )
    moved = [
        replace(
            name,
            x=leader.end[0] / scale[0],
            y=leader.end[1] / scale[1],
            place=(leader.place[0] / scale[0], leader.place[1] / scale[1]),
        )
        for name, leader in zip(outside, found, strict=True)
    ]
    return view, [*moved, *inside]


def _find_frame(
    view: View, scale: tuple[float, float], size: tuple[float, float]
) -> tuple[float, float, float, float]:
    """Return the edges of the picture, in pixels: west, south, east, north."""
    west, east = _widen(view.x, size[0] / scale[0])
    south, north = _widen(view.y, size[1] / scale[1])
    return west * scale[0], south * scale[1], east * scale[0], north * scale[1]


def _measure_words(
    name: Name, scale: tuple[float, float], size: float, areas: dict[str, Any]
) -> leaders.NameBox:
    wide, tall = _measure_name(name, size)
    area = areas[name.area.name]
    return leaders.NameBox(name.x * scale[0], name.y * scale[1], wide, tall, area)


def choose_names(names: Sequence[Name], scale: tuple[float, float], size: float) -> list[Name]:
    """Return the names that fit in their areas and cover no other, those of wide areas first.

    `scale`: pixels a degree, across and upwards; `size`: of the type.
    """
    placed: list[Name] = []
    for name in sorted(names, key=lambda name: (-name.room, name.area.name)):
        wide, _ = _measure_name(name, size)
        fits = wide <= name.room * scale[0] * SPILL
        if fits and not any(_is_over(name, other, scale, size) for other in placed):
            placed.append(name)
    return placed


def _is_over(name: Name, other: Name, scale: tuple[float, float], size: float) -> bool:
    (wide, tall), (wide_too, tall_too) = _measure_name(name, size), _measure_name(other, size)
    across, up = abs(name.x - other.x) * scale[0], abs(name.y - other.y) * scale[1]
    return across < (wide + wide_too) / 2 and up < (tall + tall_too) / 2


def _measure_name(name: Name, size: float) -> tuple[float, float]:
    wide = max(fonts.measure_width(line, math.ceil(size)) for line in name.lines)
    return wide, len(name.lines) * size * LINE


def find_view(spec: AreaMap) -> View:
    """Return where the areas of a map lie."""
    corners = [corner for each in _features(spec) for ring in list_rings(each) for corner in ring]
    across, up = zip(*corners, strict=True) if corners else ((0.0, 1.0), (0.0, 1.0))
    shrink = math.cos(math.radians((min(up) + max(up)) / 2))
    return View((min(across), max(across)), (min(up), max(up)), 1 / shrink)


def _make_axes(view: View, fixed: bool) -> Made:
    hidden = {"visible": False, "showgrid": False, "zeroline": False, "fixedrange": fixed}
    # A metre is as long up as across, so that a city keeps its shape.
    apart = {"scaleanchor": "x", "scaleratio": view.ratio, "rangemode": "normal"}
    return {
        "xaxis": hidden | {"range": list(view.x)},
        "yaxis": hidden | {"range": list(view.y)} | apart,
    }


def _draw_patch(entry: tuple[str, str], look: Theme) -> Made:
    if entry[1] == HATCHED:
        # Only a bar's patch in a key may be hatched.
        lines = {"shape": HATCHES["more"], "fgcolor": look.ink, "size": 6, "solidity": THIN}
        marker = {"color": look.ground, "pattern": lines, "line": {"color": BORDER, "width": 1}}
        bar = {"type": "bar", "x": [None], "y": [None], "marker": marker, "showlegend": True}
        return {**bar, "name": entry[0], "hoverinfo": "skip"}
    name, colour = entry[0], find_colour(look, entry[1])
    symbol = HATCHED_PATCHES.get(name.replace(" ", "_"), "square")
    return draw_key_entry(name, colour, symbol, size=16, line={"color": BORDER, "width": 1})


def _draw_dots(dots: pd.DataFrame) -> Made:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": dots["longitude"].tolist(),
        "y": dots["latitude"].tolist(),
        # A line around each sets it off from a dark area.
        "marker": {
            "size": dots["size"].tolist(),
            "color": dots["colour"].tolist(),
            "opacity": 1,
            "line": {"color": AROUND, "width": 1.5},
        },
        # A selection never dims the others: the page follows, the map stays whole.
        "selected": {"marker": {"opacity": 1}},
        "unselected": {"marker": {"opacity": 1}},
        "customdata": dots["neighbourhood"].tolist(),
        "text": dots["said"].tolist(),
        "hovertemplate": "%{text}<extra></extra>",
        "showlegend": False,
    }


def _draw_rings(spec: AreaMap, names: Sequence[Name]) -> list[Made]:
    """Return what stands in rings, in the middle of each area; no trace where nothing does."""
    ringed = [name for name in names if name.area.name in spec.rings]
    trace = {
        "type": "scatter",
        "mode": "markers+text",
        "x": [name.x for name in ringed],
        "y": [name.y for name in ringed],
        "text": [f"<b>{spec.rings[name.area.name]}</b>" for name in ringed],
        "textfont": {"size": LARGE, "color": RING},
        "marker": {"size": RING_WIDE, "color": AROUND, "line": {"color": RING, "width": 2}},
        "hoverinfo": "skip",
        "showlegend": False,
    }
    return [trace] if ringed else []


def _features(spec: AreaMap) -> list[Boundaries]:
    features: list[Boundaries] = spec.boundaries["features"]
    return features


def _draw_areas(spec: AreaMap, look: Theme, strength: float = 1.0) -> Iterator[Made]:
    """Yield a trace an area; the one chosen last, so that its line lies over its neighbours'."""
    rings = {each["properties"]["neighbourhood"]: list_rings(each) for each in _features(spec)}
    for area in sorted(spec.areas, key=lambda area: area.highlight):
        if area.name in rings:
            yield _draw_area(area, rings[area.name], look, strength)


def _draw_area(area: Area, rings: list[Ring], look: Theme, strength: float) -> Made:
    x: list[float | None] = []
    y: list[float | None] = []
    for ring in rings:
        x += ([None] if x else []) + [round(lon, DECIMALS) for lon, _ in ring]
        y += ([None] if y else []) + [round(lat, DECIMALS) for _, lat in ring]
    hatch = HATCHES.get(area.state)
    fill = find_colour(look, area.colour)
    if strength < 1:
        fill = make_pale(fill, strength)
    lines: Made = {"shape": hatch, "fgcolor": BORDER, "bgcolor": fill, "size": 6}
    if area.state in CHANCE:
        lines |= {"fgcolor": find_ink(look, area.colour), "fgopacity": 0.4, "solidity": THIN}
    colour, width = (look.ink, 3) if area.highlight else (BORDER, 0.8)
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "fill": "toself",
        "fillcolor": fill,
        **({"fillpattern": lines} if hatch else {}),
        "line": {"color": colour, "width": width, "shape": "linear"},
        "name": area.name,
        "showlegend": False,
        "hoveron": "fills",
        "text": area.words,
        "hoverinfo": "text",
    }


def _size_names(spec: AreaMap) -> int:
    return SMALL if spec.size[0] < NARROW else LARGE


def _place_names(spec: AreaMap, view: View, size: tuple[float, float]) -> list[Name]:
    """Return each area's name where its label is, in lines no wider than the area is there."""
    by_name = {area.name: area for area in spec.areas}
    (scale, _), points = view.find_scale(size), _size_names(spec)
    names = []
    for feature in _features(spec):
        area = by_name.get(feature["properties"]["neighbourhood"])
        if area is None:
            continue
        lon, lat, room = find_label(feature)
        words = f"{ARROWS.get(area.state, '')} {area.name}".strip()
        longest = max(fonts.measure_width(word, points) for word in words.split() or [""])
        lines = fonts.wrap_text(words, points, max(longest, room * scale))
        names.append(Name(area, tuple(lines), lon, lat, room))
    return names


def find_label(feature: Boundaries) -> tuple[float, float, float]:
    """Return where the middle of an area's name is, and how wide the area is there.

    Releases made before labels were have a point inside.
    """
    shape = shapely.make_valid(shapely.geometry.shape(feature["geometry"]))
    inside = shape.representative_point()
    lon, lat = feature["properties"].get("label") or (inside.x, inside.y)
    west, _, east, _ = shape.bounds
    across = shape.intersection(shapely.LineString([(west, lat), (east, lat)]))
    parts = [part for part in shapely.get_parts(across) if part.length]
    point = shapely.Point(lon, lat)
    return lon, lat, min(parts, key=point.distance).length if parts else 0.0


def _write_name(name: Name, spec: AreaMap, look: Theme) -> Made:
    # A name may come from a file we were handed.
    words = "<br>".join(line.replace("&", "&amp;").replace("<", "&lt;") for line in name.lines)
    place: Made = {"xref": "x", "yref": "y", "x": name.x, "y": name.y}
    middle = {"xanchor": "center", "yanchor": "middle", "align": "center"}
    size, colour = _size_names(spec), find_ink(look, name.area.colour)
    if name.place is not None:
        return write_note(words, look, size=size, **place, **middle) | {
            **{"showarrow": True, "axref": "x", "ayref": "y"},
            **{"ax": name.place[0], "ay": name.place[1]},
            **{"arrowhead": 6, "arrowsize": 0.5, "arrowwidth": 1, "arrowcolor": look.ink},
        }
    if name.area.name in spec.rings:
        place["yshift"] = -(RING_WIDE + len(name.lines) * size * LINE) / 2  # under the ring
    return write_note(words, look, size=size, colour=colour, **place, **middle)


def _list_polygons(feature: Boundaries) -> Any:
    shape = feature["geometry"]
    return [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]


def list_rings(feature: Boundaries) -> list[Ring]:
    """Return every ring, outer ones turning one way and holes the other: holes stay empty."""
    return [
        _turn([(float(x), float(y)) for x, y, *_ in ring], at == 0)
        for polygon in _list_polygons(feature)
        for at, ring in enumerate(polygon)
    ]


def _turn(ring: Ring, counterclockwise: bool) -> Ring:
    following = [*ring[1:], ring[0]]
    twice = sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, following, strict=True))
    return ring if (twice > 0) == counterclockwise else ring[::-1]
