"""A chart as a thumbnail: what its spec shows, without words, as SVG. No browser is needed."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, groupby, pairwise
from typing import Any

from longevity.charts.spec import AreaMap, Grid, Intervals, Plot, Rows, Series, Spec, Value
from longevity.charts.template.maps import find_view, list_rings
from longevity.charts.template.rows import sum_parts
from longevity.charts.theme import BORDER, LIGHT, find_colour, find_dash

WIDE, TALL = 300, 150  # in units of the drawing, which has no size of its own
EDGE = 6
THICK = 5
LARGE, SMALL, MANY = 10, 6, 40  # across a dot; of how many dots each is small
LEAST_RATIO = 0.05  # shown of a ratio
DASHES = {"dash": "14 8", "dot": "4 6"}
Scale = Callable[[float], float]
Mark = tuple[str, str]  # how it looks, and its path


def draw_thumbnail(spec: Spec) -> str:
    """Return the spec as SVG on white; a timeline, which nobody may take along, has none."""
    marks = DRAWN[type(spec)](spec) if type(spec) in DRAWN else []
    paths = "".join(
        f'<path {look} d="{"".join(path for _, path in alike)}"/>'
        for look, alike in groupby(marks, key=lambda mark: mark[0])
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {TALL}">'
        f'<path fill="{LIGHT.ground}" d="M0 0H{WIDE}V{TALL}H0z"/>{paths}</svg>'
    )


def _draw_plot(plot: Plot) -> list[Mark]:
    """Draw the panels on one scale: below each other, beside each other where bars lie."""
    panels = [panel for panel in plot.panels if panel.series]
    every = [series for panel in panels for series in panel.series]
    places = _list_places(plot, every)
    if not places:
        return []
    xs, amounts = list(places.values()), list(_list_amounts(plot, every))
    room, marks = _find_room(plot, every, places), []
    for at, panel in enumerate(panels):
        if plot.lying:
            wide = (WIDE - EDGE) / len(panels)
            along = _scale(min(xs) - 0.5, max(xs) + 0.5, EDGE, TALL - EDGE)
            up = _scale(0, max(amounts), EDGE + at * wide, (at + 1) * wide)
        else:
            tall = TALL / len(panels)
            margin = room / 2
            along = _scale(min(xs) - margin, max(xs) + margin, EDGE, WIDE - EDGE)
            up = _scale(min(amounts), max(amounts), (at + 1) * tall - EDGE, at * tall + EDGE)
        each = abs(along(room) - along(0))
        marks += _Panel(plot, places, along, up, each).draw(panel.series)
    return marks


@dataclass(frozen=True)
class _Panel:
    """Where things lie in one panel; `each`: the room of one bar."""

    plot: Plot
    places: Mapping[Value, float]
    along: Scale
    up: Scale
    each: float

    def draw(self, every: Sequence[Series]) -> list[Mark]:
        marks: list[Mark] = []
        stacks = dict.fromkeys(self.places, 0.0)
        for series in every:
            if series.kind == "line":
                marks += [*self._draw_band(series), *self._draw_line(series)]
            elif series.kind == "range":
                marks += self._draw_ranges(series)
            elif series.kind == "points":
                marks += [*self._draw_whiskers(series), *self._draw_dots(series)]
            elif series.kind in ("bar", "outline"):
                marks += self._draw_bars(series, stacks)
        return marks

    def _draw_bars(self, series: Series, stacks: dict[Value, float]) -> Iterator[Mark]:
        """Draw bars; where they are stacked, each on those that `stacks` holds already."""
        hollow = series.hollow or [series.kind == "outline"] * len(series.x)
        rows = zip(series.x, series.y, _list_colours(series), hollow, strict=True)
        for x, y, colour, is_hollow in rows:
            if x is None or not isinstance(y, int | float):
                continue
            begin = stacks[x] if self.plot.stacked else 0.0
            stacks[x] += y
            middle, foot, head = self.along(self.places[x]), self.up(begin), self.up(begin + y)
            side, thick = middle - self.each * 0.4, self.each * 0.8
            box = (
                (foot, side, head - foot, thick)
                if self.plot.lying
                else (side, min(head, foot), thick, abs(foot - head))
            )
            look = f'fill="{colour}" opacity="{series.strength:g}"'
            if is_hollow:
                look = f'fill="none" stroke="{colour}" stroke-width="2"'
            yield look, _draw_box(*box)

    def _draw_line(self, series: Series) -> Iterator[Mark]:
        """Draw a line with its gaps, and a dot where there is one point between two of them."""
        colour = next(iter(_list_colours(series)), LIGHT.ink)
        role = series.colour if isinstance(series.colour, str) else ""
        dash = DASHES.get(series.dash or find_dash(role), "")
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        runs: list[list[str]] = [[]]
        for x, y in zip(series.x, series.y, strict=True):
            if x is None or not isinstance(y, int | float):
                runs.append([])
            else:
                runs[-1].append(f"{self.along(self.places[x]):.0f} {self.up(y):.0f}")
        for run in runs:
            if len(run) > 1:
                look = f'fill="none" stroke="{colour}" stroke-width="{THICK}"{dashed}'
                yield look, f"M{'L'.join(run)}"
            elif run:
                yield _look_of_dots(colour), f"M{run[0]}h0"

    def _draw_dots(self, series: Series) -> Iterator[Mark]:
        size = LARGE if len(series.x) < MANY else SMALL
        for x, y, colour in zip(series.x, series.y, _list_colours(series), strict=True):
            if x is not None and isinstance(y, int | float):
                place = f"{self.along(self.places[x]):.0f} {self.up(y):.0f}"
                yield _look_of_dots(colour, size), f"M{place}h0"

    def _draw_band(self, series: Series) -> Iterator[Mark]:
        points = [
            (self.along(self.places[x]), self.up(low), self.up(high))
            for x, low, high in zip(series.x, series.low, series.high, strict=False)
            if x is not None and isinstance(low, int | float) and isinstance(high, int | float)
        ]
        edge = [(x, high) for x, _, high in points] + [(x, low) for x, low, _ in reversed(points)]
        colour = next(iter(_list_colours(series)), LIGHT.ink)
        if points:
            path = "L".join(f"{x:.0f} {y:.0f}" for x, y in edge)
            yield f'fill="{colour}" opacity="0.2"', f"M{path}z"

    def _draw_ranges(self, series: Series) -> Iterator[Mark]:
        thick = max(2.0, abs(self.along(series.width) - self.along(0)))
        rows = zip(series.x, series.low, series.high, _list_colours(series), strict=True)
        for x, low, high, colour in rows:
            if x is not None and isinstance(low, int | float) and isinstance(high, int | float):
                begin, head = self.along(self.places[x]) - thick / 2, self.up(high)
                look = f'fill="{colour}" opacity="{series.strength:g}"'
                yield look, _draw_box(begin, head, thick, self.up(low) - head)

    def _draw_whiskers(self, series: Series) -> Iterator[Mark]:
        rows = zip(series.x, series.low, series.high, _list_colours(series), strict=False)
        for x, low, high, colour in rows:
            if x is not None and isinstance(low, int | float) and isinstance(high, int | float):
                path = f"M{self.along(self.places[x]):.0f} {self.up(low):.0f}V{self.up(high):.0f}"
                yield f'stroke="{colour}" stroke-width="2"', path


def _draw_rows(rows: Rows) -> Iterator[Mark]:
    most = max((sum_parts(row) for row in rows.rows), default=0) or 1
    tall = (TALL - EDGE) / max(1, len(rows.rows))
    for at, row in enumerate(rows.rows):
        x = float(EDGE)
        for part in row.parts:
            wide = (part.amount or 0) / most * (WIDE - 2 * EDGE)
            look = f'fill="{find_colour(LIGHT, part.kind)}"'
            yield look, _draw_box(x, EDGE + at * tall, wide, min(tall - EDGE, 24))
            x += wide


def _draw_intervals(spec: Intervals) -> Iterator[Mark]:
    estimates = [each for group in spec.groups for each in group.estimates if each.low is not None]
    ends = [end for each in estimates for end in (each.low, each.high) if end is not None]
    if not ends:
        return
    place: Scale = (lambda value: math.log(max(value, LEAST_RATIO))) if spec.ratio else float
    middle = [] if spec.middle is None else [spec.middle]
    inside = [place(end) for end in (*ends, *middle)]
    along = _scale(min(inside), max(inside), EDGE, WIDE - EDGE)
    for at in middle:
        look = f'stroke="{LIGHT.quiet}" stroke-width="2" stroke-dasharray="6 6"'
        yield look, f"M{along(place(at)):.0f} 0V{TALL}"
    for at, each in enumerate(estimates):
        y, colour = (at + 0.5) * TALL / len(estimates), find_colour(LIGHT, each.colour)
        low = along(place(each.low or 0))
        high = WIDE if each.high is None else along(place(each.high))
        yield f'stroke="{colour}" stroke-width="4"', f"M{low:.0f} {y:.0f}H{high:.0f}"
        if each.value is not None:
            yield _look_of_dots(colour), f"M{along(place(each.value)):.0f} {y:.0f}h0"


def _draw_grid(spec: Grid) -> Iterator[Mark]:
    cells = [(at, cell) for at, block in enumerate(spec.blocks) for cell in block.cells]
    columns = 1 + max((cell.column for _, cell in cells), default=0)
    rows = [1 + max((cell.row for cell in block.cells), default=0) for block in spec.blocks]
    wide, tall = WIDE / columns, TALL / max(1, sum(rows))
    for at, cell in sorted(cells, key=lambda place: place[1].colour):
        x, y = cell.column * wide, (sum(rows[:at]) + cell.row) * tall
        yield f'fill="{find_colour(LIGHT, cell.colour)}"', _draw_box(x, y, wide - 1, tall - 1)


def _draw_map(spec: AreaMap) -> Iterator[Mark]:
    colours = {area.name: find_colour(LIGHT, area.colour) for area in spec.areas}
    place_point = find_view(spec).fit_into(WIDE, TALL, EDGE)
    for feature in spec.boundaries["features"]:
        colour = colours.get(feature["properties"]["neighbourhood"])
        if colour:
            rings = ([place_point(*point) for point in ring] for ring in list_rings(feature))
            look = f'fill="{colour}" fill-rule="evenodd" stroke="{BORDER}"'
            yield look, "".join(map(_draw_ring, rings))


def _draw_ring(points: Iterable[tuple[float, float]]) -> str:
    """Return the outline of a ring, without points that fall on the one before."""
    places = [f"{x:.0f} {y:.0f}" for x, y in points]
    return f"M{'L'.join(place for place, _ in groupby(places))}z"


def _list_places(plot: Plot, every: Sequence[Series]) -> dict[Value, float]:
    """Return where each place of the x axis lies: a number, a day, or its turn among names."""
    places = [x for x in dict.fromkeys(chain.from_iterable(s.x for s in every)) if x is not None]
    if plot.x.kind == "name" or (places and plot.x.kind == "number" and isinstance(places[0], str)):
        names = [*plot.x.names, *(x for x in places if x not in plot.x.names)]
        return {x: float(names.index(str(x))) for x in places}
    if plot.x.kind == "day":
        return {x: float(date.fromisoformat(str(x)[:10]).toordinal()) for x in places}
    return {x: float(x) for x in places}


def _list_amounts(plot: Plot, every: Sequence[Series]) -> Iterator[float]:
    """Give what the scale has to hold: its ends where they are set."""
    ends = [end for end in plot.y.ends or () if isinstance(end, int | float)]
    if ends:
        yield from ends
        return
    for series in every:
        for value in chain(series.y, series.low, series.high):
            if isinstance(value, int | float):
                yield float(value)
    if plot.stacked:
        for panel in plot.panels:
            sums: dict[Value, float] = {}
            for series in panel.series:
                for x, y in zip(series.x, series.y, strict=True):
                    sums[x] = sums.get(x, 0) + (float(y) if isinstance(y, int | float) else 0)
            yield from sums.values()
    yield 0.0


def _find_room(plot: Plot, every: Sequence[Series], places: Mapping[Value, float]) -> float:
    """Return the room of one bar: of a whole number one, else the least way to the next."""
    if plot.x.kind == "number" and any(series.kind == "bar" for series in every):
        return 1.0
    ways = [
        after - before
        for series in every
        for before, after in pairwise(sorted({places[x] for x in series.x if x is not None}))
    ]
    return min(ways, default=1.0)


def _list_colours(series: Series) -> list[str]:
    if isinstance(series.colour, str):
        return [find_colour(LIGHT, series.colour)] * len(series.x)
    return [find_colour(LIGHT, colour) for colour in series.colour]


def _look_of_dots(colour: str, size: int = LARGE) -> str:
    return f'stroke="{colour}" stroke-width="{size}" stroke-linecap="round"'


def _draw_box(x: float, y: float, wide: float, tall: float) -> str:
    return f"M{x:.1f} {y:.1f}h{wide:.1f}v{tall:.1f}h{-wide:.1f}z"


def _scale(low: float, high: float, begin: float, end: float) -> Scale:
    """Return what places a value between two ends."""
    span = (high - low) or 1.0
    return lambda value: begin + (end - begin) * (value - low) / span


DRAWN: Mapping[type, Callable[[Any], Iterable[Mark]]] = {
    Plot: _draw_plot,
    Rows: _draw_rows,
    Intervals: _draw_intervals,
    Grid: _draw_grid,
    AreaMap: _draw_map,
}
