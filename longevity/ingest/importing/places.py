"""Coordinates as sources give them, turned into degrees of WGS 84.

A row is never refused for its coordinates: what is missing, unreadable or
impossible is emptied and counted, and the incident is kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter

import pandas as pd

from longevity.ingest.importing.mapping import ExtractRule, PointRule
from longevity.ingest.importing.values import DECIMAL_COMMA, Distinct, read_number

NUMBER = r"([+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)"
X_FIRST = (
    re.compile(rf"(?i)point\s*z?\s*\(\s*{NUMBER}\s+{NUMBER}"),
    re.compile(rf"coordinates[^\d+-]*{NUMBER}\s*,\s*{NUMBER}"),
)
LABELLED = re.compile(rf"(?i)latitude[^\d+-]*{NUMBER}.*?longitude[^\d+-]*{NUMBER}")
PAIR = re.compile(rf"\(?\s*{NUMBER}\s*[,;\s]\s*{NUMBER}\s*\)?\s*$")
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


@dataclass(frozen=True)
class Region:
    """Where a coordinate of this program can lie, in degrees."""

    west: float
    south: float
    east: float
    north: float

    def find_inside(self, x: pd.Series, y: pd.Series) -> pd.Series:
        """Return whether each point is inside; False where a number is missing."""
        return x.between(self.west, self.east) & y.between(self.south, self.north)

    def holds(self, point: Point) -> bool:
        """Return whether a point is inside."""
        return self.west <= point[0] <= self.east and self.south <= point[1] <= self.north


def region_of(projected_crs: str) -> Region:
    """Return the area of use of the cities' projected system, with a margin."""
    from pyproj import CRS

    area = CRS.from_user_input(projected_crs).area_of_use
    if area is None:
        return Region(-180.0, -90.0, 180.0, 90.0)
    return Region(
        area.west - MARGIN_DEGREES,
        area.south - MARGIN_DEGREES,
        area.east + MARGIN_DEGREES,
        area.north + MARGIN_DEGREES,
    )


def read_point(text: str, rule: PointRule, detected: Region | None) -> Point | None:
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
    if rule.order == "detected":
        is_turned = detected and detected.holds(turned) and not detected.holds(pair)
        return turned if is_turned else pair
    return turned if rule.order == "latitude_first" else pair


def read_places(
    texts: list[pd.Series], rule: ExtractRule, decimal: str, region: Region
) -> tuple[pd.DataFrame, dict[str, pd.Series]]:
    """Return longitude and latitude (NaN: none), and by sentence the rows it is to be said of.

    `texts` (NaN: missing): longitude and latitude, in degrees or in `rule.crs`, or one column
    that holds both.
    """
    if rule.point is not None:
        point, detected = rule.point, None if rule.crs else region
        points = Distinct(texts[0], lambda text: read_point(text, point, detected))
        x, y = (points.deal_out("float64", itemgetter(at)) for at in (0, 1))
    else:
        numbers = (Distinct(axis, lambda text: read_number(text, decimal)) for axis in texts)
        x, y = (axis.deal_out("float64") for axis in numbers)
    is_comma = [axis.str.strip().str.fullmatch(DECIMAL_COMMA).fillna(False) for axis in texts]
    missing = texts[0].isna() | texts[-1].isna() | ((x == 0) & (y == 0))
    x, y = x.mask(missing), y.mask(missing)
    unreadable = ~missing & (x.isna() | y.isna())
    places = _to_degrees(x, y, rule.crs)
    inside = region.find_inside(*places)
    impossible = ~missing & ~unreadable & ~inside
    longitude, latitude = (axis.where(inside) for axis in places)
    return pd.DataFrame({"longitude": longitude, "latitude": latitude}), {
        MISSING: missing,
        UNREADABLE: unreadable,
        COMMA: unreadable & (is_comma[0] | is_comma[-1]),
        IMPOSSIBLE: impossible,
        SWAPPED: impossible & region.find_inside(*_to_degrees(y, x, rule.crs)),
    }


def _to_degrees(x: pd.Series, y: pd.Series, crs: str | None) -> tuple[pd.Series, pd.Series]:
    if crs is None:
        return x, y
    from pyproj import Transformer

    to_degrees = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    lon, lat = to_degrees.transform(x.to_numpy(), y.to_numpy())
    return pd.Series(lon, x.index), pd.Series(lat, x.index)


def is_listed(frame: pd.DataFrame, points: Sequence[Point]) -> pd.Series:
    """Return whether each row lies on a point the mapping lists (to the sixth decimal)."""
    listed = [(round(east, 6), round(north, 6)) for east, north in points]
    pairs = zip(frame["longitude"].round(6), frame["latitude"].round(6), strict=True)
    return pd.Series([pair in listed for pair in pairs], frame.index, dtype="bool")
