"""The neighbourhoods of a city as published facts name them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from longevity import labels
from longevity.errors import DataError
from longevity.settings import City, Settings

FILE = "neighbourhoods.csv"
_NUMBERS = ("longitude", "latitude", "area_km2", "population")


@dataclass(frozen=True)
class Neighbourhood:
    """One area of a city: label point in degrees, area in km², residents.

    `area_km2` is NaN when it is not known; `population` is None when there are
    no residents to divide by, or none are known.
    """

    name: str
    longitude: float
    latitude: float
    area_km2: float
    population: int | None


def list_neighbourhoods(settings: Settings, city_id: str) -> list[Neighbourhood]:
    """List the neighbourhoods of a city, by name: none where there are no published facts of it.

    Those that `data/reference/neighbourhoods.csv` has under the city's id or its reference key.
    DataError when the file cannot be read or a row of it is wrong.
    """
    areas = _read_neighbourhoods(settings.reference / FILE, settings.city(city_id))
    return sorted(areas, key=lambda area: area.name)


def find_residents(facts: Iterable[Neighbourhood], names: Iterable[str]) -> pd.Series:
    """Return the residents of each area, by its name whatever its case; missing if unknown."""
    by_name = {fact.name.casefold(): fact.population for fact in facts}
    return pd.Series([by_name.get(name.casefold()) for name in names], dtype="Int64")


def _read_neighbourhoods(path: Path, city: City) -> list[Neighbourhood]:
    if not path.exists():
        return []
    try:
        # An area may be called NA.
        rows = pd.read_csv(
            path, dtype=str, index_col=False, keep_default_na=False, encoding="utf-8-sig"
        ).fillna("")
    except (OSError, ValueError) as error:
        raise DataError(f"{path} cannot be read as a UTF-8 CSV file.") from error
    for column in ("city", "neighbourhood", *_NUMBERS):
        if column not in rows:
            raise DataError(f"{path} has no column '{column}'.", "Put it back.")
    rows = rows.apply(lambda column: column.str.strip())
    rows = rows[
        rows["city"].str.casefold().isin({city.id.casefold(), city.reference_key.casefold()})
    ]
    names, given = rows["neighbourhood"], rows[list(_NUMBERS)]
    numbers = given.apply(pd.to_numeric, errors="coerce").astype(float)
    for column in _NUMBERS:
        is_wrong = given[column].ne("") & ~np.isfinite(numbers[column])
        _refuse(path, is_wrong, f"'{column}' is not a finite number")
    is_place = numbers["longitude"].abs().le(180) & numbers["latitude"].abs().le(90)
    _refuse(path, ~is_place, "longitude and latitude are not a place in degrees")
    _refuse(path, names.eq(""), "the neighbourhood has no name")
    _refuse(path, names.map(labels.find_label_problem).ne(""), "the name is no line of text")
    _refuse(
        path, names.str.casefold().duplicated(), "the neighbourhood is there twice for one city"
    )
    return [
        Neighbourhood(name, east, north, km2, round(people) if people > 0 else None)
        for name, east, north, km2, people in zip(names, *numbers.to_numpy().T, strict=True)
    ]


def _refuse(path: Path, is_wrong: pd.Series, what: str) -> None:
    """Refuse the file for the first row that is wrong."""
    if is_wrong.any():
        raise DataError(f"{path}, line {is_wrong.idxmax() + 2}: {what}.", "Correct it.")
