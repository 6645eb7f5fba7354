"""The boundaries of a city's areas: those installed, else the outlines that ship, else none.

A city without boundaries has no map. Its areas are those that its rows name.
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

from longevity.base.errors import DataError
from longevity.geography import installed_boundaries, reference_neighbourhoods
from longevity.geography.installed_boundaries import Lines
from longevity.settings import Settings

# "shipped" are the outlines of data/reference, "installed" a file that somebody brought.
Kind = Literal["shipped", "installed", "none"]
# Metres: corners that change an area by less than the square of this go. At the
# scale of a city on a screen a pixel is about as wide.
TOLERANCE = 20.0
# Borders that miss each other by less than half a street are meant to be one.
SLIVER = 10.0
# The folder of `data/reference` with the outlines that ship.
OUTLINES = "outlines"
# Degrees: a tenth of a metre.
DEGREE_STEP = 1e-6
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
    lines = installed or read_outlines(settings, city_id)
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


def read_outlines(settings: Settings, city_id: str) -> Lines | None:
    """Read the outlines of a city from `data/reference/outlines`; None where none ship.

    A file is GeoJSON with a `name` an area and, next to its features, `source`, `licence`,
    `read` (when the lines were read) and `credit`. It is named after the city's id.
    DataError where it is not so.
    """
    file = settings.reference / OUTLINES / f"{settings.city(city_id).id}.geojson"
    if not file.exists():
        return None
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        areas = gpd.GeoDataFrame.from_features(content["features"], crs="EPSG:4326")
        areas = areas.to_crs(settings.projected_crs).rename(columns={"name": "neighbourhood"})
        areas = areas.sort_values("neighbourhood", ignore_index=True)
        source = f"{content['source']}, read in {content['read']}, licence {content['licence']}"
        lines = Lines(areas, source, content["credit"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(
            f"{file} is damaged.", "Put the file back that came with the program."
        ) from error
    facts = reference_neighbourhoods.read_neighbourhoods(settings, city_id)
    found = reference_neighbourhoods.find_facts(facts, areas["neighbourhood"])
    areas["population"] = found["population"]
    areas["area_km2"] = areas.area / 1e6
    return lines


def _build_without_lines(settings: Settings, city_id: str, named: Sequence[str]) -> CityBoundaries:
    """Build the areas that rows name (`named`), with published facts and no shapes."""
    facts = reference_neighbourhoods.read_neighbourhoods(settings, city_id)
    names = sorted(named)
    areas = reference_neighbourhoods.find_facts(facts, names)[["population", "area_km2"]]
    areas.insert(0, "neighbourhood", pd.Series(names, dtype=object))
    nowhere = gpd.GeoDataFrame(
        areas[["neighbourhood"]][:0], geometry=[], crs=settings.projected_crs
    )
    return CityBoundaries(
        city_id,
        kind="none",
        full=nowhere,
        simplified=nowhere.to_crs("EPSG:4326"),
        areas=areas,
        source="no boundaries",
    )


def build_geojson(cities: Iterable[CityBoundaries]) -> dict[str, Any]:
    """Build the drawn areas of all cities as one FeatureCollection, for a map.

    A feature's id is "city/neighbourhood"; its properties are city, neighbourhood
    and label: longitude and latitude of the middle of the area's name. Degrees are
    rounded to six decimals; outer rings run counter-clockwise, holes clockwise.
    """
    features = []
    for city in sorted(cities, key=lambda city: city.city):
        drawn = city.simplified.assign(city=city.city, label=_place_labels(city))
        drawn.index = drawn["city"] + "/" + drawn["neighbourhood"]
        rounded = drawn.set_precision(DEGREE_STEP)
        drawn.geometry = shapely.orient_polygons(rounded.to_numpy())
        features += drawn.to_geo_dict()["features"]
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
    metres = city.simplified.to_crs(city.full.crs).geometry.to_numpy()
    stretched = shapely.transform(metres, lambda corners: corners * [1.0, LABEL_SHAPE])
    circles = shapely.maximum_inscribed_circle(stretched, LABEL_WITHIN)
    middles = shapely.get_coordinates(shapely.get_point(circles, 0)) / [1.0, LABEL_SHAPE]
    points = gpd.GeoSeries.from_xy(*middles.T, crs=city.full.crs).to_crs("EPSG:4326")
    placed: list[list[float]] = points.set_precision(DEGREE_STEP).get_coordinates().values.tolist()
    return placed


def simplify_areas(full: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the areas of a map, with fewer corners, in EPSG:4326. `full`: in metres.

    No area is lost, and a border between two stays one border. Areas that do not fit together are
    fitted first, so that none overlaps another but one that others cover whole.
    """
    areas = full.geometry.to_numpy()
    if len(areas) and not shapely.coverage_is_valid(areas):
        areas = fit_together(areas)
    drawn = shapely.coverage_simplify(areas, TOLERANCE) if len(areas) else areas
    return full[["neighbourhood"]].set_geometry(drawn, crs=full.crs).to_crs("EPSG:4326")


def fit_together(areas: np.ndarray) -> np.ndarray:
    """Make the areas share their borders.

    Ground covered twice goes to the first of its areas, as a point on it would; a
    sliver of a gap goes to the neighbour along which it lies, a wider gap stays.
    An area that others cover whole is kept as given.
    """
    together = shapely.coverage_clean(areas, gap_width=SLIVER, merge_strategy="min_index")
    return np.where(shapely.is_empty(together), areas, together)
