"""Maps: filled shapes with their names in them, the same on the screen and on paper.

North is up and one metre is as long across as upwards, whatever the picture's shape. Nothing is
fetched, but tiles on the screen where they are configured.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd
import shapely

from longevity.charts import fonts
from longevity.charts.drawing import Drawing, Figure
from longevity.charts.template import basemap, leaders
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
    make_pale,
)
from longevity.settings import Basemap

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
NARROWEST = 300  # pixels: what fits in a map so wide fits in every other
FREE = 0.09  # of a map, on each side, for names that do not fit in their areas
ARROWS = {"up": "▲ ", "down": "▼ "}  # before the name of an area of which it could not
DECIMALS = 5  # of a degree: a metre
Shapes = Mapping[str, shapely.Geometry]  # in degrees, by the name of their area
Span = tuple[float, float]


@dataclass(frozen=True)
class Area:
    """One area of a map: its colour, its state (`theme.HATCHES`), and what a hover says."""

    name: str
    colour: str
    state: str
    words: str
    highlight: bool = False


@dataclass(frozen=True)
class Step:
    """The same areas in one of several periods: its key in a link, its name, the areas then."""

    key: str
    name: str
    areas: tuple[Area, ...]


@dataclass(frozen=True)
class AreaMap:
    """A map of areas, with its key: words and a colour each, and what is counted (`unit`).

    `boundaries`: a GeoJSON FeatureCollection whose features have `properties.neighbourhood` and
    `properties.label`, where the middle of a name is. `size`: the width and the height in pixels it
    will be seen at. `steps`: what a reader may step through on the screen, oldest first, of which
    the map shows the one with the key `step`. `basemap`: what lies under it on the screen. `dots`:
    discs over it, the last on top (longitude, latitude, size, colour, neighbourhood, said);
    `rings`: what stands in a ring over an area.
    """

    drawing: Drawing
    boundaries: dict[str, Any]
    areas: tuple[Area, ...]
    key: tuple[tuple[str, str], ...]
    unit: str
    size: tuple[int, int]
    steps: tuple[Step, ...] = ()
    step: str = ""
    basemap: Basemap | None = None
    dots: pd.DataFrame | None = None
    rings: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, *, on_paper: bool = False) -> Figure:
        """Draw it, for the screen or for paper."""
        return _draw_on_paper(self) if on_paper else _draw_on_screen(self)


@dataclass(frozen=True)
class Name:
    """A name: its lines, and in pixels its box in its area, and how wide the area is there.

    `leader`: where the words are when they do not fit there, and the line that joins them to it.
    """

    area: Area
    lines: tuple[str, ...]
    box: leaders.NameBox
    room: float
    leader: leaders.Leader | None = None


@dataclass(frozen=True)
class View:
    """Where the areas lie, in degrees, and the pixels a degree takes across and upwards."""

    x: Span
    y: Span
    scale: tuple[float, float]


def _draw_on_screen(spec: AreaMap) -> Figure:
    """Return the map for the screen, with its dots over it; its key is beside it, on the page.

    All names are in it, and in `meta` how wide the area of each is whose name is in it. There
    are the steps too, which the page paints (`page.js`).
    """
    look, (wide, tall) = spec.drawing.theme, spec.size
    size = min(NARROWEST, wide) - 2 * EDGE, tall - MARK_ROOM - EDGE
    shapes = _read_shapes(spec)
    view, names = _name_areas(spec, shapes, size)
    marks = list_marks(spec.drawing, x=0, xanchor="left")
    notes = [*marks, *_write_names(names, view, spec)]
    tiles, strength = [], 1.0
    if spec.basemap is not None:
        x, y = _find_frame(view, size)
        tiles = basemap.lay_tiles(spec.basemap, x, y, view.scale[0], look)
        notes.append(basemap.write_attribution(spec.basemap, look))
        strength = basemap.STRENGTH
    dots = [] if spec.dots is None else [_draw_dots(spec.dots)]
    return {
        "data": [*_draw_areas(spec, shapes, strength), *dots, *_draw_rings(spec, names, view)],
        "layout": build_layout(
            look,
            tall,
            images=tiles,
            annotations=notes,
            meta=_tell_page(spec, names, view, look),
            **_make_axes(view, fixed=False),
            margin={"l": EDGE, "r": EDGE, "t": MARK_ROOM, "b": EDGE},
            modebar={"bgcolor": "rgba(0,0,0,0)", "color": look.quiet, "activecolor": look.ink},
            clickmode="event+select",
            **({"hoverdistance": REACH} if dots else {}),
        ),
    }


def _draw_on_paper(spec: AreaMap) -> Figure:
    """Return the map for paper, its key beside it."""
    look, (wide, tall) = spec.drawing.theme, ON_PAPER
    shapes = _read_shapes(spec)
    view, names = _name_areas(spec, shapes, (wide - KEY - EDGE, tall - 2 * EDGE))
    # Over the key, where it covers no area.
    marks = list_marks(spec.drawing, xanchor="left", xshift=12, yanchor="top", yshift=0)
    key = place_key(0, 1) | {"orientation": "v", "x": 1.02, "y": 0, "yanchor": "bottom"}
    unit = "<br>".join(fonts.wrap_text(spec.unit, UNIT, KEY - MARGIN))
    key |= {"font": {"size": UNIT, "color": look.ink}, "title": {"text": unit, "side": "top"}}
    return {
        "data": [
            *_draw_areas(spec, shapes),
            *_draw_rings(spec, names, view),
            *(_draw_patch(words, name, look) for words, name in spec.key),
        ],
        "layout": build_layout(
            look,
            tall,
            annotations=[*marks, *_write_names(names, view, spec)],
            showlegend=True,
            legend=key,
            **_make_axes(view, fixed=True),
            margin={"l": EDGE, "r": KEY, "t": EDGE, "b": EDGE},
        ),
    }


def _read_shapes(spec: AreaMap) -> Shapes:
    """Return the shapes of the areas that have a colour."""
    named = {area.name for area in spec.areas}
    return {
        name: shapely.geometry.shape(feature["geometry"])
        for feature in spec.boundaries["features"]
        if (name := feature["properties"]["neighbourhood"]) in named
    }


def _find_view(shapes: Shapes, size: tuple[float, float], free: float) -> View:
    """Return where the areas lie where all of them fit in so many pixels.

    `free`: so much of it is free on each side.
    """
    west, south, east, north = shapely.total_bounds([*shapes.values()]).tolist()
    across, up = (east - west) * free, (north - south) * free
    west, east, south, north = west - across, east + across, south - up, north + up
    ratio = 1 / math.cos(math.radians((south + north) / 2))
    scale = min(size[0] / max(1e-9, east - west), size[1] / max(1e-9, north - south) / ratio)
    return View((west, east), (south, north), (scale, scale * ratio))


def _find_frame(view: View, size: tuple[float, float]) -> tuple[Span, Span]:
    """Return the edges of the picture in degrees: more than the areas take in one direction."""
    return (
        _widen(view.x, size[0] / view.scale[0]),
        _widen(view.y, size[1] / view.scale[1]),
    )


def _widen(span: Span, least: float) -> Span:
    """Return a span of degrees around the same middle, at least so long."""
    middle, half = sum(span) / 2, max(span[1] - span[0], least) / 2
    return middle - half, middle + half


def _tell_page(spec: AreaMap, names: Sequence[Name], view: View, look: Theme) -> Figure:
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
    inside = [name for name in names if name.leader is None]
    rooms = [[name.area.name, name.room / view.scale[0]] for name in inside]
    return {"rooms": rooms, "step": spec.step, "steps": steps}


def _name_areas(
    spec: AreaMap, shapes: Shapes, size: tuple[float, float]
) -> tuple[View, list[Name]]:
    """Return each area's name, those that have a place of their own first, and the view.

    The view is wider than the areas where a name does not fit in its own.
    """
    view = _find_view(shapes, size, 0)
    names = _place_names(spec, shapes, view)
    if len(choose_names(names)) == len(names):
        return view, names
    view = _find_view(shapes, size, FREE)
    names = _place_names(spec, shapes, view)
    inside = choose_names(names)
    outside = sorted((name for name in names if name not in inside), key=lambda name: name.room)
    (west, east), (south, north) = _find_frame(view, size)
    across, up = view.scale
    found = leaders.find_leaders(
        tuple(name.box for name in outside),
        tuple(name.box for name in inside),
        (west * across, south * up, east * across, north * up),
    )
    moved = [replace(name, leader=leader) for name, leader in zip(outside, found, strict=True)]
    # A wider picture is scaled by its height: the names over and under the areas are in it too.
    ends = [
        (leader.place[1] + half) / up
        for name, leader in zip(outside, found, strict=True)
        for half in (-name.box.tall / 2, name.box.tall / 2)
    ]
    low, high = view.y
    return replace(view, y=(min([low, *ends]), max([high, *ends]))), [*moved, *inside]


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


def _make_axes(view: View, fixed: bool) -> Figure:
    hidden = {"visible": False, "showgrid": False, "zeroline": False, "fixedrange": fixed}
    # A metre is as long up as across, so that a city keeps its shape.
    ratio = view.scale[1] / view.scale[0]
    apart = {"scaleanchor": "x", "scaleratio": ratio, "rangemode": "normal"}
    return {
        "xaxis": hidden | {"range": list(view.x)},
        "yaxis": hidden | {"range": list(view.y)} | apart,
    }


def _draw_patch(words: str, name: str, look: Theme) -> Figure:
    edge = {"color": BORDER, "width": 1}
    symbol = HATCHED_PATCHES.get(words.replace(" ", "_"), "square")
    return draw_key_entry(words, find_colour(look, name), symbol, size=16, line=edge)


def _draw_dots(dots: pd.DataFrame) -> Figure:
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


def _draw_rings(spec: AreaMap, names: Sequence[Name], view: View) -> list[Figure]:
    """Return what stands in rings, in the middle of each area; no trace where nothing does."""
    ringed = [name for name in names if name.area.name in spec.rings]
    x, y = zip(*(_find_end(name, view) for name in ringed), strict=True) if ringed else ((), ())
    trace = {
        "type": "scatter",
        "mode": "markers+text",
        "x": [*x],
        "y": [*y],
        "text": [f"<b>{spec.rings[name.area.name]}</b>" for name in ringed],
        "textfont": {"size": LARGE, "color": RING},
        "marker": {"size": RING_WIDE, "color": AROUND, "line": {"color": RING, "width": 2}},
        "hoverinfo": "skip",
        "showlegend": False,
    }
    return [trace] if ringed else []


def _find_end(name: Name, view: View) -> tuple[float, float]:
    """Return where a name's area has its words, or the end of their line; in degrees."""
    x, y = name.leader.end if name.leader else (name.box.x, name.box.y)
    return x / view.scale[0], y / view.scale[1]


def _draw_areas(spec: AreaMap, shapes: Shapes, strength: float = 1.0) -> Iterator[Figure]:
    """Yield a trace an area; the one chosen last, so that its line lies over its neighbours'."""
    for area in sorted(spec.areas, key=lambda area: area.highlight):
        if area.name in shapes:
            yield _draw_area(area, shapes[area.name], spec.drawing.theme, strength)


def _draw_area(area: Area, shape: shapely.Geometry, look: Theme, strength: float) -> Figure:
    corners: list[list[float | None]] = []
    # Holes turn the other way, and so stay empty.
    for ring in shapely.get_rings(shapely.get_parts(shapely.orient_polygons(shape))):
        corners += [[None, None]] if corners else []
        corners += shapely.get_coordinates(ring).round(DECIMALS).tolist()
    hatch = HATCHES.get(area.state)
    fill = find_colour(look, area.colour)
    if strength < 1:
        fill = make_pale(fill, strength)
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


def _place_names(spec: AreaMap, shapes: Shapes, view: View) -> list[Name]:
    """Return each area's name where its label is, in lines no wider than the area is there."""
    areas, points = {area.name: area for area in spec.areas}, _size_names(spec)
    names = []
    for feature in spec.boundaries["features"]:
        about = feature["properties"]
        if about["neighbourhood"] not in shapes:
            continue
        area = areas[about["neighbourhood"]]
        shape = shapely.transform(shapes[area.name], lambda corners: corners * view.scale)
        x, y = (degrees * scale for degrees, scale in zip(about["label"], view.scale, strict=True))
        room = _measure_room(shape, x, y)
        words = f"{ARROWS.get(area.state, '')}{area.name}"
        longest = max(fonts.measure_width(word, points) for word in words.split() or [""])
        lines = fonts.wrap_text(words, points, max(longest, room))
        wide = max(fonts.measure_width(line, points) for line in lines)
        box = leaders.NameBox(x, y, wide, len(lines) * points * LINE, shape)
        names.append(Name(area, tuple(lines), box, room))
    return names


def _measure_room(shape: shapely.Geometry, x: float, y: float) -> float:
    """Return how wide an area is where its name is."""
    west, _, east, _ = shape.bounds
    line = shapely.LineString([(west, y), (east, y)])
    across = shapely.get_parts(shapely.make_valid(shape).intersection(line))
    parts = [part for part in across if part.length]
    return float(min(parts, key=shapely.Point(x, y).distance).length) if parts else 0.0


def _write_names(names: Sequence[Name], view: View, spec: AreaMap) -> Iterator[Figure]:
    look, size = spec.drawing.theme, _size_names(spec)
    for name in names:
        # A name may come from a file we were handed.
        words = "<br>".join(line.replace("&", "&amp;").replace("<", "&lt;") for line in name.lines)
        x, y = _find_end(name, view)
        place: Figure = {"xref": "x", "yref": "y", "x": x, "y": y, "align": "center"}
        place |= {"xanchor": "center", "yanchor": "middle"}
        if name.leader is not None:
            (ax, ay), (across, up) = name.leader.place, view.scale
            place |= {
                "showarrow": True,
                "axref": "x",
                "ayref": "y",
                "ax": ax / across,
                "ay": ay / up,
            }
            place |= {"arrowhead": 6, "arrowsize": 0.5, "arrowwidth": 1, "arrowcolor": look.ink}
        else:
            place["colour"] = find_ink(look, name.area.colour)
            if name.area.name in spec.rings:
                place["yshift"] = -(RING_WIDE + name.box.tall) / 2  # under the ring
        yield write_note(words, look, size=size, **place)
