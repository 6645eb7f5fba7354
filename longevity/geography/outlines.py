"""The outlines of neighbourhoods that ship as reference facts, each with its source."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd

from longevity.errors import DataError
from longevity.geography import reference_neighbourhoods
from longevity.geography.installed_boundaries import Lines
from longevity.settings import Settings

FOLDER = "outlines"


def read_outlines(settings: Settings, city_id: str) -> Lines | None:
    """Read the outlines of a city from `data/reference/outlines`; None where none ship.

    A file is GeoJSON with a `name` an area and, next to its features, `source`, `licence`,
    `read` (when the lines were read) and `credit`. It is named after the city's id.
    DataError where it is not so.
    """
    file = settings.reference / FOLDER / f"{settings.city(city_id).id}.geojson"
    if not file.exists():
        return None
    try:
        return _read_lines(file, settings, city_id)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(
            f"{file} is damaged.", "Put the file back that came with the program."
        ) from error


def _read_lines(file: Path, settings: Settings, city_id: str) -> Lines:
    content = json.loads(file.read_text(encoding="utf-8"))
    areas = gpd.GeoDataFrame.from_features(content["features"], crs="EPSG:4326")
    areas = areas.to_crs(settings.projected_crs).rename(columns={"name": "neighbourhood"})
    areas = areas.sort_values("neighbourhood", ignore_index=True)
    facts = reference_neighbourhoods.list_neighbourhoods(settings, city_id)
    areas["population"] = reference_neighbourhoods.find_residents(facts, areas["neighbourhood"])
    areas["area_km2"] = areas.area / 1e6
    source = f"{content['source']}, read in {content['read']}, licence {content['licence']}"
    return Lines(areas, source, content["credit"])
