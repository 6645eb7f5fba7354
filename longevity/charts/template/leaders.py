"""Names that do not fit in their areas: each at the nearest free place, joined by a line.

The line is called a leader, as on printed maps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely

STEP = 5  # pixels from one place that is tried to the next
GAP = 3  # pixels free around a name
INSIDE = 5  # pixels from the area's border to the end of the line in it
TRIED = 1500  # of the nearest free places, those whose line is looked at
FEW = 100  # of those, the nearest, among which the best mostly is
ROUNDS = 4  # how often each name is placed anew
CROSSED = 80  # pixels that a name may be further away if one line less is crossed

Point = tuple[float, float]
Leader = tuple[Point, Point]  # a point of an area, and where its name goes; pixels


@dataclass(frozen=True)
class NameBox:
    """The words of a name: their middle, how wide and tall they are, and their area; pixels."""

    x: float
    y: float
    wide: float
    tall: float
    area: shapely.Geometry


@lru_cache(maxsize=64)  # the names of a city move only with its outlines and the map's size
def find_leaders(
    outside: tuple[NameBox, ...],
    inside: tuple[NameBox, ...],
    frame: tuple[float, float, float, float],
) -> list[Leader]:
    """Find where each name of `outside` goes: a point in its area, and the place of its words.

    `inside`: names that fit in their areas, which nothing may cover. A place is in the frame (west,
    east, south, north), over no other name and, where there is such a place, over no area; its line
    is short and crosses few names and lines. All in pixels.
    """
    ground = shapely.union_all([words.area for words in (*outside, *inside)])
    shapely.prepare(ground)
    places = [_list_places(words, ground, frame) for words in outside]
    names = [_draw_box(words, words.x, words.y) for words in inside]
    lines: dict[int, shapely.Geometry] = {}
    # The first name placed does not see the later ones: each is placed again among all others.
    for at in [*range(len(outside))] * ROUNDS:
        others = {other: line for other, line in lines.items() if other != at}
        boxes = [
            _draw_box(outside[other], *shapely.get_coordinates(line)[1])
            for other, line in others.items()
        ]
        lines[at] = _choose_line(places[at], [*names, *boxes], [*others.values()])
    return [shapely.get_coordinates(lines[at]).tolist() for at in range(len(outside))]


def _draw_box(words: NameBox, x: float, y: float) -> shapely.Geometry:
    across, up = words.wide / 2 + GAP, words.tall / 2 + GAP
    return shapely.box(x - across, y - up, x + across, y + up)


@dataclass(frozen=True)
class Places:
    """Where a name can go: the middles of its words, and their boxes.

    `inner`: the part of the name's area in which its line ends. `away`: how far each box is from
    it. `is_over`: which boxes are over an area.
    """

    words: NameBox
    inner: shapely.Geometry
    middles: np.ndarray
    boxes: np.ndarray
    away: np.ndarray
    is_over: np.ndarray


def _list_places(
    words: NameBox, ground: shapely.Geometry, frame: tuple[float, float, float, float]
) -> Places:
    """List the places of a name in the frame; `ground`: all areas."""
    west, east, south, north = frame
    across, up = words.wide / 2, words.tall / 2
    grid = np.meshgrid(
        np.arange(west + across, max(east - across, west + across + 1), STEP),
        np.arange(south + up, max(north - up, south + up + 1), STEP),
    )
    x, y = (numbers.ravel() for numbers in grid)
    boxes = shapely.box(x - across - GAP, y - up - GAP, x + across + GAP, y + up + GAP)
    inner = shapely.buffer(words.area, -INSIDE)
    inner = shapely.Point(words.x, words.y) if inner.is_empty else inner
    return Places(
        words,
        inner,
        middles=shapely.points(x, y),
        boxes=boxes,
        away=shapely.distance(boxes, inner),
        is_over=shapely.intersects(ground, boxes),
    )


def _choose_line(
    places: Places, names: Sequence[shapely.Geometry], lines: Sequence[shapely.Geometry]
) -> shapely.Geometry:
    """Return the line from a name's area to the best free place for its middle.

    `names`: boxes that are taken; `lines`: leaders of the other names.
    """
    # Apart: of a mixture of boxes and lines each would be looked at for every place.
    taken = [shapely.union_all(names), shapely.union_all(lines)]
    shapely.prepare(taken)
    for allowed in (np.flatnonzero(~places.is_over), np.arange(len(places.boxes))):
        boxes = places.boxes[allowed]
        is_free = ~np.logical_or(*(shapely.intersects(part, boxes) for part in taken))
        if is_free.any():
            break
    nearest = allowed[is_free]
    nearest = nearest[np.argsort(places.away[nearest], kind="stable")][:TRIED]
    if not len(nearest):
        return shapely.LineString([(places.words.x, places.words.y)] * 2)
    # A name that is crossed counts as two lines; one is worth going round.
    others = [(2, name) for name in names] + [(1, line) for line in lines]
    _, weights = _weigh_lines(places, nearest[:FEW], others)
    # What is further away than the best of these weighs more, whatever it crosses.
    near = nearest[places.away[nearest] <= weights.min()]
    joined, weights = _weigh_lines(places, near, others)
    return joined[int(np.argmin(weights))]


def _weigh_lines(
    places: Places, chosen: np.ndarray, others: Sequence[tuple[int, shapely.Geometry]]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the lines to the chosen places, and what each weighs: its length, and what it crosses.

    `chosen`: their numbers; `others`: what may be crossed, each with its weight.
    """
    joined = shapely.shortest_line(places.inner, places.middles[chosen])
    crossed = sum((weight * shapely.intersects(joined, other) for weight, other in others), 0)
    return joined, places.away[chosen] + CROSSED * crossed
