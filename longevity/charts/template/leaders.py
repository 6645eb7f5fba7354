"""Names that do not fit in their areas: each at the nearest free place, joined by a line."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely

STEP = 5  # pixels from one place that is tried to the next
GAP = 3  # pixels free around a name
INSIDE = 5  # pixels from the area's border to the end of the line in it
CROSSED = 1000  # pixels: so much longer is a line that crosses a name or a line

Point = tuple[float, float]


@dataclass(frozen=True)
class NameBox:
    """The words of a name: their middle, how wide and tall they are, and their area; pixels."""

    x: float
    y: float
    wide: float
    tall: float
    area: shapely.Geometry


@dataclass(frozen=True)
class Leader:
    """Where a name goes, and the point of its area that a line joins it to; pixels."""

    place: Point
    end: Point


@lru_cache(maxsize=64)  # the names of a city move only with its outlines and the map's size
def find_leaders(
    outside: tuple[NameBox, ...],
    inside: tuple[NameBox, ...],
    frame: tuple[float, float, float, float],
) -> list[Leader]:
    """Find the place of each name outside its area, in the order given.

    A place is in the frame (west, east, south, north), over no other name and, where there is
    such a place, over no area; the one with the shortest line.
    """
    ground = shapely.union_all([words.area for words in (*outside, *inside)])
    shapely.prepare(ground)
    taken = [_draw_box(words, words.x, words.y) for words in inside]
    leaders = []
    for words in outside:
        line = _choose_line(words, ground, shapely.union_all(taken), frame)
        end, place = shapely.get_coordinates(line).tolist()
        taken += [_draw_box(words, *place), line]
        leaders.append(Leader((place[0], place[1]), (end[0], end[1])))
    return leaders


def _draw_box(words: NameBox, x: np.ndarray | float, y: np.ndarray | float) -> shapely.Geometry:
    across, up = words.wide / 2 + GAP, words.tall / 2 + GAP
    return shapely.box(x - across, y - up, x + across, y + up)


def _choose_line(
    words: NameBox,
    ground: shapely.Geometry,
    taken: shapely.Geometry,
    frame: tuple[float, float, float, float],
) -> shapely.Geometry:
    """Return the line from the words' area to the middle of their place."""
    west, east, south, north = frame
    across, up = words.wide / 2, words.tall / 2
    x, y = np.meshgrid(
        np.arange(west + across, max(east - across, west + across + 1), STEP),
        np.arange(south + up, max(north - up, south + up + 1), STEP),
    )
    boxes = _draw_box(words, x, y)
    shapely.prepare(taken)
    is_free = ~shapely.intersects(taken, boxes)
    is_off = is_free & ~shapely.intersects(ground, boxes)
    allowed = is_off if is_off.any() else is_free
    inner = shapely.buffer(words.area, -INSIDE)
    inner = shapely.Point(words.x, words.y) if inner.is_empty else inner
    if not allowed.any():
        return shapely.LineString([(words.x, words.y), (words.x, words.y)])
    lines = shapely.shortest_line(inner, shapely.points(x[allowed], y[allowed]))
    lengths = shapely.length(lines) + CROSSED * shapely.intersects(lines, taken)
    return lines[int(np.argmin(lengths))]
