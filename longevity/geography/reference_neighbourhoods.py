"""The neighbourhoods of a city as published facts name them.

Where there are no published facts the demonstration still needs places: they
are invented, always the same ones for the same configuration.
"""

from __future__ import annotations

import csv
import hashlib
import math
from dataclasses import dataclass
from pathlib import Path

from pyproj import CRS, Transformer

from longevity import labels
from longevity.errors import DataError
from longevity.settings import Settings

FILE = "neighbourhoods.csv"
_COLUMNS = ("city", "neighbourhood", "longitude", "latitude", "area_km2", "population")
_GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))


@dataclass(frozen=True)
class Neighbourhood:
    """One area of a city: label point in degrees, area in km², residents.

    `area_km2` is NaN when it is not known; `population` is None when there are
    no residents to divide by, or none are known.
    """

    city: str
    name: str
    longitude: float
    latitude: float
    area_km2: float
    population: int | None


def list_neighbourhoods(settings: Settings, city_id: str, synthetic: bool) -> list[Neighbourhood]:
    """List the neighbourhoods of a city, by name.

    Published ones when `data/reference/neighbourhoods.csv` has the city, under
    its id or its reference key. Otherwise invented ones for synthetic data and
    none for real data: nothing about a real place is made up. DataError when
    the file cannot be read or a row of it is wrong.
    """
    city = settings.city(city_id)
    keys = {city.id.casefold(), city.reference_key.casefold()}
    areas = _read_neighbourhoods(settings.reference / FILE, city.id, keys)
    if not areas and synthetic:
        areas = _invent_neighbourhoods(settings, city_id)
    return sorted(areas, key=lambda each: each.name)


def _read_neighbourhoods(path: Path, city_id: str, keys: set[str]) -> list[Neighbourhood]:
    if not path.exists():
        return []
    areas: list[Neighbourhood] = []
    names: set[str] = set()
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            missing = [name for name in _COLUMNS if name not in (rows.fieldnames or [])]
            if missing:
                raise DataError(f"{path} has no column '{missing[0]}'.", "Put it back.")
            for row in rows:
                if (row["city"] or "").strip().casefold() not in keys:
                    continue
                each = _read_row(row, path, rows.line_num, city_id)
                if each.name.casefold() in names:
                    raise DataError(
                        f"{path}, line {rows.line_num}: '{each.name}' is there twice for one city.",
                        "Keep one row an area.",
                    )
                names.add(each.name.casefold())
                areas.append(each)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path} cannot be read as a UTF-8 CSV file.") from error
    return areas


def _read_row(row: dict[str, str], path: Path, line: int, city_id: str) -> Neighbourhood:
    where = f"{path}, line {line}:"
    name = (row["neighbourhood"] or "").strip()
    if not name:
        raise DataError(f"{where} the neighbourhood has no name.")
    wrong = labels.find_label_problem(name)
    if wrong:
        raise DataError(f"{where} the neighbourhood's name {wrong}.", "Correct it.")
    longitude = _read_number(row, "longitude", where)
    latitude = _read_number(row, "latitude", where)
    if not (abs(longitude) <= 180 and abs(latitude) <= 90):
        raise DataError(
            f"{where} longitude and latitude are not a place.",
            "Give both in degrees, longitude between -180 and 180, latitude between -90 and 90.",
        )
    population = _read_number(row, "population", where)
    return Neighbourhood(
        city=city_id,
        name=name,
        longitude=longitude,
        latitude=latitude,
        area_km2=_read_number(row, "area_km2", where),
        population=round(population) if population > 0 else None,
    )


def _read_number(row: dict[str, str], column: str, where: str) -> float:
    text = (row[column] or "").strip()
    if not text:
        return math.nan
    try:
        value = float(text)
    except ValueError as error:
        raise DataError(f"{where} '{column}' is not a number.") from error
    if not math.isfinite(value):
        raise DataError(f"{where} '{column}' is not a finite number.")
    return value


def _invent_neighbourhoods(settings: Settings, city_id: str) -> list[Neighbourhood]:
    """Invent areas round the city's centre like a sunflower's seeds, one without residents."""
    longitude, latitude = _find_centre(settings, city_id)
    crs = CRS.from_user_input(settings.projected_crs)
    to_metres = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    to_degrees = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    x, y = to_metres.transform(longitude, latitude)
    count = 12 + int(6 * _hash_to_share(city_id, "count"))
    areas = []
    for place in range(count):
        area = 1.2 + 2.4 * _hash_to_share(city_id, f"area {place}")
        distance = 950.0 * math.sqrt(place + 0.3)
        angle = _GOLDEN_ANGLE * place + 2 * math.pi * _hash_to_share(city_id, "turn")
        east, north = to_degrees.transform(
            x + distance * math.cos(angle), y + distance * math.sin(angle)
        )
        density = (
            2500 * math.exp(-distance / 6000) * (0.6 + 0.8 * _hash_to_share(city_id, f"of {place}"))
        )
        areas.append(
            Neighbourhood(
                city=city_id,
                name=f"Area {place + 1}",
                longitude=round(east, 5),
                latitude=round(north, 5),
                area_km2=round(area, 2),
                population=None if place == count - 1 else round(area * density),
            )
        )
    return areas


def _find_centre(settings: Settings, city_id: str) -> tuple[float, float]:
    """Return the configured centre, or a spot of the city's own in the system's area of use."""
    centre = settings.city(city_id).demonstration.centre
    if centre is not None:
        return centre
    west, south, east, north = _find_area_of_use(settings.projected_crs)
    side = math.ceil(math.sqrt(len(settings.cities)))
    row, column = divmod(list(settings.cities).index(city_id), side)
    longitude = west + (east - west) * (0.2 + 0.6 * (column + 0.5) / side)
    latitude = south + (north - south) * (0.2 + 0.6 * (row + 0.5) / side)
    return (longitude + 180) % 360 - 180, latitude


def _find_area_of_use(projected_crs: str) -> tuple[float, float, float, float]:
    """Return west, south, east, north in degrees; east is above 180 across that meridian."""
    crs = CRS.from_user_input(projected_crs)
    if crs.area_of_use is not None:
        west, south, east, north = crs.area_of_use.bounds
        return west, south, east + 360 if east < west else east, north
    back = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    operation = crs.coordinate_operation
    origin = {each.name: each.value for each in operation.params} if operation else {}
    x = next((value for name, value in origin.items() if "easting" in name.lower()), 0.0)
    y = next((value for name, value in origin.items() if "northing" in name.lower()), 0.0)
    longitude, latitude = back.transform(x, y)
    return longitude - 1, latitude - 1, longitude + 1, latitude + 1


def _hash_to_share(city_id: str, what: str) -> float:
    """Return a number in [0, 1) that is always the same for the same words."""
    digest = hashlib.sha256(f"{city_id}/{what}".encode()).digest()
    return int.from_bytes(digest[:6]) / 2**48
