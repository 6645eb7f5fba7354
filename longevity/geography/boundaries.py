"""The boundaries of a city: those installed, else the outlines that ship, else none.

A city without lines has no map. Its areas are those that its rows name.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from longevity.geography import installed_boundaries, outlines, reference_neighbourhoods
from longevity.geography.simplify import simplify_areas
from longevity.settings import Settings

# "shipped" are the outlines of data/reference, "installed" a file that somebody brought.
Kind = Literal["shipped", "installed", "none"]
# Six decimals of a degree are a tenth of a metre.
_DECIMALS = 6
# An ellipse this many times as wide as high fits where a name fits; its middle is
# found to so many metres.
LABEL_SHAPE = 2.0
LABEL_WITHIN = 10.0


@dataclass(frozen=True)
class CityBoundaries:
    """The areas of one city, each frame sorted by neighbourhood.

    `full`: neighbourhood, geometry in the projected system (metres): points are
    located by these. `simplified`: the areas of a map, few corners and no gaps, in
    EPSG:4326. Both are empty where the city has no lines.
    `areas`: neighbourhood, population (Int64, missing where there are no
    residents to divide by), area_km2. `source` says where the lines are from, `credit` whom a
    map names that leaves the building ("" for none).
    """

    city: str
    kind: Kind
    full: gpd.GeoDataFrame
    simplified: gpd.GeoDataFrame
    areas: pd.DataFrame
    source: str
    credit: str = ""


def find_boundaries(settings: Settings, city_id: str, named: Sequence[str] = ()) -> CityBoundaries:
    """Find the boundaries the next publish uses: installed ones win over those that ship.

    `named`: the areas that the rows of the city name, which are its areas where it has no lines.
    Raises UsageError for an unknown city, DataError when a file is damaged.
    """
    installed = installed_boundaries.read_installed(settings, city_id)
    lines = installed or outlines.read_outlines(settings, city_id)
    if lines is None:
        return _build_without_lines(settings, city_id, named)
    return CityBoundaries(
        city=city_id,
        kind="shipped" if installed is None else "installed",
        full=lines.areas[["neighbourhood", "geometry"]],
        simplified=simplify_areas(lines.areas),
        areas=pd.DataFrame(lines.areas[["neighbourhood", "population", "area_km2"]]),
        source=lines.source,
        credit=lines.credit,
    )


def _build_without_lines(settings: Settings, city_id: str, named: Sequence[str]) -> CityBoundaries:
    facts = reference_neighbourhoods.list_neighbourhoods(settings, city_id, synthetic=False)
    by_name = {fact.name.casefold(): fact for fact in facts}
    names = sorted(named)
    known = [by_name.get(name.casefold()) for name in names]
    full = gpd.GeoDataFrame(
        {"neighbourhood": pd.Series([], dtype=object)}, geometry=[], crs=settings.projected_crs
    )
    areas = pd.DataFrame(
        {
            "neighbourhood": pd.Series(names, dtype=object),
            "population": pd.Series(
                [None if fact is None else fact.population for fact in known], dtype="Int64"
            ),
            "area_km2": pd.Series(
                [np.nan if fact is None else fact.area_km2 for fact in known], dtype=float
            ),
        }
    )
    return CityBoundaries(
        city_id, "none", full, full.to_crs("EPSG:4326"), areas, source="no boundaries"
    )


def build_geojson(cities: Iterable[CityBoundaries]) -> dict[str, Any]:
    """Build the drawn areas of all cities as one FeatureCollection, for a map.

    A feature's id is "city/neighbourhood"; its properties are city, neighbourhood
    and label: longitude and latitude of the middle of the area's name. Degrees are
    rounded to six decimals; outer rings run counter-clockwise, holes clockwise.
    """
    features = [
        {
            "type": "Feature",
            "id": f"{each.city}/{name}",
            "properties": {"city": each.city, "neighbourhood": name, "label": label},
            "geometry": {"type": "MultiPolygon", "coordinates": _list_coordinates(geometry)},
        }
        for each in sorted(cities, key=lambda each: each.city)
        for name, geometry, label in zip(
            each.simplified["neighbourhood"],
            each.simplified.geometry,
            _place_labels(each),
            strict=True,
        )
    ]
    return {"type": "FeatureCollection", "features": features}


def encode_geojson(cities: Iterable[CityBoundaries]) -> bytes:
    """Encode `build_geojson` as UTF-8 text; the same boundaries give the same bytes."""
    text = json.dumps(build_geojson(cities), ensure_ascii=False, separators=(",", ":"))
    return text.encode() + b"\n"


def _place_labels(city: CityBoundaries) -> list[list[float]]:
    """Return longitude and latitude of each drawn area's widest place.

    That is the middle of the largest ellipse inside it that is twice as wide as high, as a
    name is wider than high.
    """
    metres = np.array(city.simplified.to_crs(city.full.crs).geometry.values, dtype=object)
    stretched = shapely.transform(metres, lambda corners: corners * [1.0, LABEL_SHAPE])
    circles = shapely.maximum_inscribed_circle(stretched, LABEL_WITHIN)
    middles = shapely.get_coordinates(shapely.get_point(circles, 0)) / [1.0, LABEL_SHAPE]
    points = gpd.GeoSeries(shapely.points(middles), crs=city.full.crs).to_crs("EPSG:4326")
    placed: list[list[float]] = np.round(shapely.get_coordinates(points), _DECIMALS).tolist()
    return placed


def _list_coordinates(geometry: shapely.Geometry) -> list[list[list[list[float]]]]:
    polygons = []
    for part in shapely.get_parts(shapely.orient_polygons(geometry)):
        rings = [_round_ring(ring) for ring in (part.exterior, *part.interiors)]
        if rings[0]:
            polygons.append([ring for ring in rings if ring])
    return polygons


def _round_ring(ring: shapely.LinearRing) -> list[list[float]]:
    """Return the ring's corners; none when rounding leaves fewer than three of them."""
    corners = np.round(shapely.get_coordinates(ring), _DECIMALS) + 0.0
    differs = np.any(np.diff(corners, axis=0) != 0, axis=1)
    corners = corners[np.concatenate([[True], differs])]
    points: list[list[float]] = corners.tolist() if len(corners) >= 4 else []
    return points
