"""Coordinates as sources give them, turned into degrees of WGS 84.

A row is never refused for its coordinates: what is missing, unreadable or
impossible is emptied and counted, and the incident is kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from longevity.ingest.importing.mapping import ExtractRule
from longevity.ingest.importing.values import read_number

NUMBER = r"([+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)"
X_FIRST = (
    re.compile(rf"(?i)point\s*z?\s*\(\s*{NUMBER}\s+{NUMBER}"),
    re.compile(rf"coordinates[^\d+-]*{NUMBER}\s*,\s*{NUMBER}"),
)
LABELLED = re.compile(rf"(?i)latitude[^\d+-]*{NUMBER}.*?longitude[^\d+-]*{NUMBER}")
PAIR = re.compile(rf"\(?\s*{NUMBER}\s*[,;\s]\s*{NUMBER}\s*\)?\s*$")
DECIMAL_COMMA = re.compile(r"\s*[+-]?\d+,\d+\s*")
MARGIN_DEGREES = 0.5  # how far beyond the cities' area of use is "nowhere near"

MISSING = "No coordinates given, kept without"
UNREADABLE = "Coordinates that cannot be read, emptied"
COMMA = (
    'Of these, coordinates with a comma before the decimals. Set decimal = "," under [source] of '
    "the mapping"
)
IMPOSSIBLE = "Coordinates outside the region of the cities, emptied"
SWAPPED = "Of these, coordinates that would lie in the region the other way round"

Point = tuple[float, float]
Place = tuple[float | None, float | None]
NOWHERE = (None, None)


class Region(NamedTuple):
    """Where a coordinate of this program can lie, in degrees."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, point: Point) -> bool:
        """Return whether a point is inside."""
        return self.west <= point[0] <= self.east and self.south <= point[1] <= self.north


def find_region(projected_crs: str) -> Region:
    """Return the area of use of the cities' projected system, with a margin."""
    from pyproj import CRS

    area = CRS.from_user_input(projected_crs).area_of_use
    west, south, east, north = area.bounds if area else (-180, -90, 180, 90)
    margin = MARGIN_DEGREES
    return Region(west - margin, south - margin, east + margin, north + margin)


def read_point(text: str, order: str, detected: Region | None) -> Point | None:
    """Read `(41.3, -72.9)`, `POINT (-72.9 41.3)` or GeoJSON; of a bare pair in the rule's order.

    `detected`: where a pair lies whose order is not given.
    """
    text = text.strip()
    for pattern in X_FIRST:
        if match := pattern.search(text):
            return float(match[1]), float(match[2])
    if match := LABELLED.search(text):
        return float(match[2]), float(match[1])
    match = PAIR.search(text)
    if match is None:
        return None
    pair, turned = (float(match[1]), float(match[2])), (float(match[2]), float(match[1]))
    if order == "detected":
        is_turned = detected and detected.holds(turned) and not detected.holds(pair)
        return turned if is_turned else pair
    return turned if order == "latitude_first" else pair


def build_place_reader(
    rule: ExtractRule, decimal: str, region: Region
) -> Callable[[Sequence[str]], tuple[Place, tuple[str, ...]]]:
    """Return what reads texts as longitude and latitude, and says what is odd about them.

    The texts, without those missing, are longitude and latitude, in degrees or in `rule.crs`, or
    one that holds both.
    """
    to_degrees = _build_transformation(rule.crs)
    detected = None if rule.crs else region

    def read_place(texts: Sequence[str]) -> tuple[Place, tuple[str, ...]]:
        if len(texts) < (2 if rule.point is None else 1):
            return NOWHERE, (MISSING,)
        if rule.point is not None:
            point = read_point(texts[0], rule.point.order, detected)
        else:
            x, y = (read_number(text, decimal) for text in texts)
            point = None if x is None or y is None else (x, y)
        if point is None:
            comma = any(DECIMAL_COMMA.fullmatch(text) for text in texts)
            return NOWHERE, (UNREADABLE, COMMA) if comma else (UNREADABLE,)
        if not any(point):
            return NOWHERE, (MISSING,)
        place = to_degrees(*point)
        if region.holds(place):
            return place, ()
        swapped = region.holds(to_degrees(*reversed(point)))
        return NOWHERE, (IMPOSSIBLE, SWAPPED) if swapped else (IMPOSSIBLE,)

    return read_place


def _build_transformation(crs: str | None) -> Callable[[float, float], Point]:
    if crs is None:
        return lambda x, y: (x, y)
    from pyproj import Transformer

    transformer = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    transform: Callable[[float, float], Point] = transformer.transform
    return transform
