"""Coordinates as sources give them, turned into degrees of WGS 84.

A row is never refused for its coordinates: what is missing, unreadable or
impossible is emptied and counted, and the incident is kept.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from longevity.ingest.importing.mapping import ExtractRule, PointRule

NUMBER = r"([+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)"
WKT = rf"(?i)point\s*z?\s*\(\s*{NUMBER}\s+{NUMBER}"
GEOJSON = rf"coordinates[^\d+-]*{NUMBER}\s*,\s*{NUMBER}"
LABELLED = rf"(?i)latitude[^\d+-]*{NUMBER}.*?longitude[^\d+-]*{NUMBER}"
PAIR = rf"\(?\s*{NUMBER}\s*[,;\s]\s*{NUMBER}\s*\)?\s*$"
DECIMAL_COMMA = r"[+-]?\d+,\d+"
MARGIN_DEGREES = 0.5  # how far beyond the cities' area of use is "nowhere near"

MISSING = "No coordinates given, kept without"
UNREADABLE = "Coordinates that cannot be read, emptied"
COMMA = (
    'Of these, coordinates with a comma before the decimals. Set decimal = "," under [source] of '
    "the mapping"
)
IMPOSSIBLE = "Coordinates outside the region of the cities, emptied"
SWAPPED = "Of these, coordinates that would lie in the region the other way round"


@dataclass
class Places:
    """Longitude and latitude (NaN: none) and what was found on the way."""

    longitude: np.ndarray
    latitude: np.ndarray
    missing: np.ndarray
    unreadable: np.ndarray
    comma: np.ndarray  # of the unreadable: a decimal comma where the mapping says a point
    impossible: np.ndarray
    swapped: np.ndarray


@dataclass(frozen=True)
class Region:
    """Where a coordinate of this program can lie, in degrees."""

    west: float
    south: float
    east: float
    north: float

    def find_inside(self, longitude: np.ndarray, latitude: np.ndarray) -> np.ndarray:
        """Return whether each point is inside; False where a number is missing."""
        return np.asarray(
            (longitude >= self.west)
            & (longitude <= self.east)
            & (latitude >= self.south)
            & (latitude <= self.north)
        )


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


def read_pair(
    longitude: pd.Series, latitude: pd.Series, rule: ExtractRule, decimal: str, region: Region
) -> Places:
    """Read two columns of text (NaN: missing), in degrees or in `rule.crs`."""
    x, y = _parse_numbers(longitude, decimal), _parse_numbers(latitude, decimal)
    present = (longitude.notna() | latitude.notna()).to_numpy()
    both = (longitude.notna() & latitude.notna()).to_numpy()
    places = _make_places(x, y, present, both, rule.crs, region)
    for texts in (longitude, latitude):
        places.comma |= texts.str.strip().str.fullmatch(DECIMAL_COMMA).to_numpy(dtype=bool)
    places.comma &= places.unreadable
    return places


def read_point(texts: pd.Series, rule: ExtractRule, point: PointRule, region: Region) -> Places:
    """Read one column that holds both, as `(41.3, -72.9)`, `POINT (-72.9 41.3)` or GeoJSON."""
    stripped = texts.str.strip()
    x = np.full(len(stripped), np.nan)
    y = np.full(len(stripped), np.nan)
    for pattern, x_first in ((WKT, True), (GEOJSON, True), (LABELLED, False)):
        _fill_missing(stripped, pattern, x, y, x_first)
    in_pair = np.isnan(x)
    first, second = np.full(len(stripped), np.nan), np.full(len(stripped), np.nan)
    _fill_missing(stripped.where(in_pair), PAIR, first, second, True)
    if point.order == "latitude_first":
        first, second = second, first
    elif point.order == "detected" and rule.crs is None:
        turn = ~region.find_inside(first, second) & region.find_inside(second, first)
        first, second = np.where(turn, second, first), np.where(turn, first, second)
    x, y = np.where(in_pair, first, x), np.where(in_pair, second, y)
    present = stripped.notna().to_numpy()
    return _make_places(x, y, present, present, rule.crs, region)


def _fill_missing(
    texts: pd.Series, pattern: str, x: np.ndarray, y: np.ndarray, x_first: bool
) -> None:
    """Take the two numbers of `pattern` where nothing is found yet."""
    parts = texts.where(np.isnan(x)).str.extract(pattern)
    pair = [pd.to_numeric(parts[i], errors="coerce") for i in (0, 1)]
    first, second = (f.to_numpy(dtype="float64", na_value=np.nan) for f in pair)
    complete = ~np.isnan(first) & ~np.isnan(second)
    x[complete], y[complete] = (
        (first[complete], second[complete]) if x_first else (second[complete], first[complete])
    )


def _parse_numbers(texts: pd.Series, decimal: str) -> np.ndarray:
    stripped = texts.str.strip()
    if decimal == ",":
        stripped = stripped.str.replace(",", ".")
    number = pd.to_numeric(stripped, errors="coerce").to_numpy(dtype="float64", na_value=np.nan)
    return np.where(np.isfinite(number), number, np.nan)


def _make_places(
    x: np.ndarray,
    y: np.ndarray,
    present: np.ndarray,
    both: np.ndarray,
    crs: str | None,
    region: Region,
) -> Places:
    zero = (x == 0) & (y == 0)
    missing = ~present | ~both | zero
    readable = ~np.isnan(x) & ~np.isnan(y)
    unreadable = ~missing & ~readable
    x, y = np.where(missing, np.nan, x), np.where(missing, np.nan, y)
    lon, lat = _to_degrees(x, y, crs)
    inside = region.find_inside(lon, lat)
    impossible = ~missing & ~unreadable & ~inside
    swapped = impossible & region.find_inside(*_to_degrees(y, x, crs))
    return Places(
        longitude=np.where(inside, lon, np.nan),
        latitude=np.where(inside, lat, np.nan),
        missing=missing,
        unreadable=unreadable,
        comma=np.zeros(len(x), dtype=bool),
        impossible=impossible,
        swapped=swapped,
    )


def _to_degrees(x: np.ndarray, y: np.ndarray, crs: str | None) -> tuple[np.ndarray, np.ndarray]:
    if crs is None:
        return x, y
    from pyproj import Transformer

    complete = ~np.isnan(x) & ~np.isnan(y)
    lon, lat = np.full(len(x), np.nan), np.full(len(y), np.nan)
    to_degrees = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    lon[complete], lat[complete] = to_degrees.transform(x[complete], y[complete])
    finite = np.isfinite(lon) & np.isfinite(lat)
    return np.where(finite, lon, np.nan), np.where(finite, lat, np.nan)


def is_listed(
    longitude: pd.Series, latitude: pd.Series, points: tuple[tuple[float, float], ...]
) -> np.ndarray:
    """Return whether each row lies on a point the mapping lists (to the sixth decimal)."""
    on = np.zeros(len(longitude), dtype=bool)
    for east, north in points:
        on |= ((longitude - east).abs() < 5e-7).to_numpy() & (
            (latitude - north).abs() < 5e-7
        ).to_numpy()
    return on
