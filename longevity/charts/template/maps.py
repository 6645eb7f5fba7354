"""Draws a map as a Plotly figure: areas as filled shapes with their names in them.

North is up, and a metre is as long across as upwards, whatever the picture's shape. The axes count
pixels of the size it is placed for. Nothing is fetched, so there are no streets under it.

A name that does not fit in its area is written outside and joined to it by a line, its *leader*.
The *mark* is the word SYNTHETIC in a picture of made-up data; MARK_ROOM is left for it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import shapely

from longevity.charts import fonts
from longevity.charts.drawing import Figure, Kind
from longevity.charts.template import leaders
from longevity.charts.template.words import draw_key_entry, list_marks, place_key, write_note
from longevity.charts.theme import (
    BORDER,
    HATCHED_PATCHES,
    HATCHES,
    MARK_ROOM,
    Theme,
    build_layout,
    find_colour,
    find_ink,
)

KEY = 190  # pixels for the key (legend) next to a printed map
KEY_AT = 1.02  # where the key begins: just right of the map, whose width is 1
MARK_GAP = 12  # pixels from the map to the mark of made-up data
UNIT, MARGIN = 14, 24  # pixels: the type of the key, and the space left free next to it
ON_PAPER = (560, 300)  # the least a picture on paper is: its names fit in any
EDGE = 4  # pixels around the areas
# How far from a dot, in pixels, a click still means it; farther away it means the area.
REACH = 4
DOT_EDGE = "#FFFFFF"  # the same in both themes: the areas under the dots are
NARROW, SMALL, LARGE = 500, 11, 13  # names of a picture narrower than this are small
LINE = 1.3  # of a name's size, from one of its lines to the next
NARROWEST = 300  # pixels: what fits in a map so wide fits in every other
FREE = 0.09  # of a map's width and height, on each side, for names outside their areas
ARROWS = {"up": "▲ ", "down": "▼ "}  # before the name of an area that changed
DIGITS = 2  # decimals of a pixel that Plotly gets


@dataclass(frozen=True)
class Area:
    """One area: its name, the name of its colour, its state, and what a hover says (`words`).

    `state` is the verdict on a change, or that nobody lives there (`theme.HATCHES`). `label`: what
    is written in it where that is more than its name.
    """

    name: str
    colour: str
    state: str
    words: str
    highlight: bool = False
    label: str = ""


@dataclass(frozen=True)
class AreaMap(Kind):
    """A map of areas.

    `boundaries`: a GeoJSON FeatureCollection whose features have `properties.neighbourhood` and
    `properties.label`, where the middle of a name is. `key`: words and a colour each; `unit`: what
    is counted. `size`: the width and the height in pixels it will be seen at. `dots`: discs over it
    on the screen, the last on top (longitude, latitude, size, colour, neighbourhood, said).
    """

    boundaries: dict[str, Any]
    areas: tuple[Area, ...]
    key: tuple[tuple[str, str], ...]
    unit: str
    size: tuple[int, int]
    dots: pd.DataFrame | None = None

    def draw(self, *, on_paper: bool = False) -> Figure:
        """Draw the map; on paper its key is in the picture, on the screen it is on the page.

        `meta.rooms` lists, for each name in its own area, how wide the area is there: the page
        shows more names as one zooms in.
        """
        look, (wide, tall) = self.drawing.theme, ON_PAPER if on_paper else self.size
        key = place_key(0, 1) | {"orientation": "v", "x": KEY_AT, "y": 0, "yanchor": "bottom"}
        if on_paper:
            room = wide - KEY - EDGE, tall - 2 * EDGE
            # The mark is above the key, where it covers no area.
            marks = list_marks(
                self.drawing, xanchor="left", xshift=MARK_GAP, yanchor="top", yshift=0
            )
            unit = "<br>".join(fonts.wrap_text(self.unit, points=UNIT, room=KEY - MARGIN))
            key |= {"font": {"size": UNIT, "color": look.ink}}
            key |= {"title": {"text": unit, "side": "top"}}
            # Traces that draw nothing on the map but their entry of the key.
            entries = [_draw_patch(words, name, look) for words, name in self.key]
            margin = {"l": EDGE, "r": KEY, "t": EDGE, "b": EDGE}
        else:
            room = min(NARROWEST, wide) - 2 * EDGE, tall - MARK_ROOM - EDGE
            marks = list_marks(self.drawing, x=0, xanchor="left")
            entries = []
            margin = {"l": EDGE, "r": EDGE, "t": MARK_ROOM, "b": EDGE}
        view, names = _name_areas(self, room)
        dots = [] if self.dots is None or on_paper else [_draw_dots(self.dots, view)]
        axis = {"visible": False, "showgrid": False, "zeroline": False, "fixedrange": on_paper}
        return {
            "data": [*_draw_areas(self, view), *dots, *entries],
            "layout": build_layout(
                look,
                tall,
                annotations=[*marks, *_write_names(names, self)],
                showlegend=on_paper,
                legend=key,
                meta={"rooms": [[name.area.name, name.room] for name in names if not name.leader]},
                xaxis=axis | {"range": list(view.x)},
                yaxis=axis | {"range": list(view.y), "scaleanchor": "x", "rangemode": "normal"},
                margin=margin,
                modebar={"bgcolor": "rgba(0,0,0,0)", "color": look.quiet, "activecolor": look.ink},
                clickmode="event+select",
                hoverdistance=REACH if self.dots is not None else 20,
            ),
        }


@dataclass(frozen=True)
class Name:
    """The name of an area as it is written: its lines, and the box they take in the area.

    `room`: how wide the area is there. `leader`: for a name that does not fit, the line from its
    area to where it is written. All in pixels.
    """

    area: Area
    lines: tuple[str, ...]
    box: leaders.NameBox
    room: float
    leader: leaders.Leader | None = None


@dataclass(frozen=True)
class View:
    """How the degrees of longitude and latitude become pixels of the picture.

    `corner`: the degrees of the corner in the south west. `scale`: the pixels of a degree across
    and upwards. `x`, `y`: from where to where the picture goes, in pixels.
    """

    corner: tuple[float, float]
    scale: tuple[float, float]
    x: tuple[float, float]
    y: tuple[float, float]

    def place(self, degrees: np.ndarray) -> np.ndarray:
        """Return where corners lie, in pixels."""
        return (degrees - self.corner) * self.scale


def _read_shapes(spec: AreaMap) -> Mapping[str, shapely.Geometry]:
    """Return the shapes of the areas that have a colour, in degrees."""
    named = {area.name for area in spec.areas}
    return {
        name: shapely.geometry.shape(feature["geometry"])
        for feature in spec.boundaries["features"]
        if (name := feature["properties"]["neighbourhood"]) in named
    }


def _find_view(spec: AreaMap, room: tuple[float, float], free: float) -> View:
    """Return the view in which all areas fit in `room` pixels.

    `free`: the share of the areas' width and height that is free on each side.
    """
    west, south, east, north = shapely.total_bounds([*_read_shapes(spec).values()]).tolist()
    across, up = (east - west) * (1 + 2 * free), (north - south) * (1 + 2 * free)
    # A degree of longitude is as short as it is at the city's latitude.
    ratio = 1 / math.cos(math.radians((south + north) / 2))
    scale = min(room[0] / max(1e-9, across), room[1] / max(1e-9, up) / ratio)
    corner = ((west + east - across) / 2, (south + north - up) / 2)
    return View(corner, (scale, scale * ratio), x=(0, across * scale), y=(0, up * scale * ratio))


def _name_areas(spec: AreaMap, room: tuple[float, float]) -> tuple[View, list[Name]]:
    """Return the view, and where each area's name goes: in its area, or outside with a leader.

    Where a name does not fit in its area the view is wider than the areas, to have room for it.
    """
    for free in (0, FREE):
        view = _find_view(spec, room, free)
        names = [*_place_names(spec, view)]
        inside = choose_names(names)
        if len(inside) == len(names):
            return view, names
    outside = sorted((name for name in names if name not in inside), key=lambda name: name.room)
    found = leaders.find_leaders(
        tuple(name.box for name in outside),
        tuple(name.box for name in inside),
        (*_widen(view.x, room[0]), *_widen(view.y, room[1])),
    )
    moved = [replace(name, leader=leader) for name, leader in zip(outside, found, strict=True)]
    # A wider picture is scaled by its height: the names over and under the areas are in it too.
    ends = [
        place[1] + half
        for name, (_, place) in zip(outside, found, strict=True)
        for half in (-name.box.tall / 2, name.box.tall / 2)
    ]
    low, high = view.y
    return replace(view, y=(min([low, *ends]), max([high, *ends]))), [*moved, *inside]


def _widen(span: tuple[float, float], least: float) -> tuple[float, float]:
    """Return a span of pixels with the same middle, at least `least` long."""
    middle, half = sum(span) / 2, max(span[1] - span[0], least) / 2
    return middle - half, middle + half


def choose_names(names: Sequence[Name]) -> list[Name]:
    """Return the names that fit in their areas and cover no other, those of wide areas first."""
    placed: list[Name] = []
    for name in sorted(names, key=lambda name: (-name.room, name.area.name)):
        fits = name.box.wide <= name.room
        if fits and not any(_is_over(name.box, other.box) for other in placed):
            placed.append(name)
    return placed


def _is_over(box: leaders.NameBox, other: leaders.NameBox) -> bool:
    across, up = abs(box.x - other.x), abs(box.y - other.y)
    return across < (box.wide + other.wide) / 2 and up < (box.tall + other.tall) / 2


def _draw_patch(words: str, name: str, look: Theme) -> Figure:
    edge = {"color": BORDER, "width": 1}
    symbol = HATCHED_PATCHES.get(words.replace(" ", "_"), "square")
    return draw_key_entry(words, find_colour(look, name), symbol, size=16, line=edge)


def _draw_dots(dots: pd.DataFrame, view: View) -> Figure:
    """Return the trace of the points over the map; `dots` as `AreaMap` has them."""
    x, y = view.place(dots[["longitude", "latitude"]].to_numpy("float64")).round(DIGITS).T
    return {
        "type": "scatter",
        "mode": "markers",
        "x": x.tolist(),
        "y": y.tolist(),
        # A line around each sets it off from a dark area.
        "marker": {
            "size": dots["size"].tolist(),
            "color": dots["colour"].tolist(),
            "opacity": 1,
            "line": {"color": DOT_EDGE, "width": 1.5},
        },
        # A selection never dims the others: the page changes, the map does not.
        "selected": {"marker": {"opacity": 1}},
        "unselected": {"marker": {"opacity": 1}},
        "customdata": dots["neighbourhood"].tolist(),
        "text": dots["said"].tolist(),
        "hovertemplate": "%{text}<extra></extra>",
        "showlegend": False,
    }


def _draw_areas(spec: AreaMap, view: View) -> Iterator[Figure]:
    """Yield a trace for each area; the chosen area's last, so that its outline is not covered."""
    shapes = _read_shapes(spec)
    for area in sorted(spec.areas, key=lambda area: area.highlight):
        if area.name in shapes:
            yield _draw_area(area, shapely.transform(shapes[area.name], view.place), spec)


def _draw_area(area: Area, shape: shapely.Geometry, spec: AreaMap) -> Figure:
    """Return the trace of one area: its outline, filled, and hatched where its state is."""
    look = spec.drawing.theme
    corners: list[list[float | None]] = []
    # Holes turn the other way, and so stay empty.
    for ring in shapely.get_rings(shapely.get_parts(shapely.orient_polygons(shape))):
        corners += [[None, None]] if corners else []
        corners += shapely.get_coordinates(ring).round(DIGITS).tolist()
    hatch, fill = HATCHES.get(area.state), find_colour(look, area.colour)
    lines: Figure = {"shape": hatch, "fgcolor": BORDER, "bgcolor": fill, "size": 6}
    colour, width = (look.ink, 3) if area.highlight else (BORDER, 0.8)
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [x for x, _ in corners],
        "y": [y for _, y in corners],
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


def _place_names(spec: AreaMap, view: View) -> Iterator[Name]:
    """Yield each area's name in its area, in lines no wider than the area is there."""
    areas, points = {area.name: area for area in spec.areas}, _size_names(spec)
    for feature in spec.boundaries["features"]:
        area = areas.get(feature["properties"]["neighbourhood"])
        if area is None:
            continue
        shape = shapely.transform(shapely.geometry.shape(feature["geometry"]), view.place)
        x, y = view.place(np.array(feature["properties"]["label"])).tolist()
        room = _measure_room(shape, x, y)
        words = f"{ARROWS.get(area.state, '')}{area.label or area.name}"
        longest = max(fonts.measure_width(word, points) for word in words.split() or [""])
        lines = fonts.wrap_text(words, points=points, room=max(longest, room))
        wide = max(fonts.measure_width(line, points) for line in lines)
        box = leaders.NameBox(x, y, wide, tall=len(lines) * points * LINE, area=shape)
        yield Name(area, tuple(lines), box, room)


def _measure_room(shape: shapely.Geometry, x: float, y: float) -> float:
    """Return how wide an area is at the middle of its name, in pixels."""
    west, _, east, _ = shape.bounds
    line = shapely.LineString([(west, y), (east, y)])
    across = shapely.get_parts(shapely.make_valid(shape).intersection(line))
    parts = [part for part in across if part.length]
    return float(min(parts, key=shapely.Point(x, y).distance).length) if parts else 0.0


def _write_names(names: Sequence[Name], spec: AreaMap) -> Iterator[Figure]:
    """Yield each name as words on the picture, with a line to its area where it is outside."""
    look = spec.drawing.theme
    for name in names:
        # A name may come from a file we were handed.
        words = "<br>".join(line.replace("&", "&amp;").replace("<", "&lt;") for line in name.lines)
        x, y = name.leader[0] if name.leader else (name.box.x, name.box.y)
        place: Figure = {"xref": "x", "yref": "y", "x": x, "y": y, "align": "center"}
        place |= {"xanchor": "center", "yanchor": "middle", "size": _size_names(spec)}
        if name.leader is None:
            place["colour"] = find_ink(look, name.area.colour)
        else:
            _, (ax, ay) = name.leader
            place |= {"showarrow": True, "axref": "x", "ayref": "y", "ax": ax, "ay": ay}
            place |= {"arrowhead": 6, "arrowsize": 0.5, "arrowwidth": 1, "arrowcolor": look.ink}
        yield write_note(words, look, **place)
