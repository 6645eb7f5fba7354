"""The neighbourhoods of a city as published facts have them: names, places, areas, residents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from longevity.base import labels
from longevity.base.errors import DataError
from longevity.settings import City, Settings
from longevity.words.language import join_words

FILE = "neighbourhoods.csv"
FIRST_LINE = 2  # of the file's rows: they are numbered from 0 here, and line 1 has their columns
_NUMBERS = ("longitude", "latitude", "area_km2", "population")


@dataclass(frozen=True)
class Neighbourhood:
    """One area of a city: its name, where on a map that is written (degrees), its size, residents.

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

    Those that `data/reference/neighbourhoods.csv` has under the city's id, or under the name it has
    in published facts (`reference_key` of the configuration). DataError when the file cannot be
    read or a row of it is wrong.
    """
    areas = _read_neighbourhoods(settings.reference / FILE, settings.city(city_id))
    return sorted(areas, key=lambda area: area.name)


def find_residents(facts: Iterable[Neighbourhood], names: Iterable[str]) -> pd.Series:
    """Return the residents of each area, by its name whatever its case; missing if unknown."""
    by_name = {fact.name.casefold(): fact.population for fact in facts}
    return pd.Series([by_name.get(name.casefold()) for name in names], dtype="Int64")


def _read_neighbourhoods(path: Path, city: City) -> list[Neighbourhood]:
    """Read a city's rows of the file; DataError for the first row that is wrong."""
    if not path.exists():
        return []
    try:
        # An area may be called NA.
        empty = {name: [""] for name in _NUMBERS}
        rows = pd.read_csv(path, keep_default_na=False, na_values=empty, encoding="utf-8-sig")
        called = {city.id.casefold(), city.reference_key.casefold()}
        rows = rows[rows["city"].str.casefold().isin(called)]
        names, numbers = rows["neighbourhood"].str.strip(), rows[[*_NUMBERS]].astype(float)
    except (OSError, ValueError, LookupError) as error:
        raise DataError(
            f"{path} cannot be read: {error}.",
            "It is a UTF-8 CSV file with the columns city, neighbourhood and, as numbers, "
            f"{join_words(_NUMBERS)}.",
        ) from error
    is_place = numbers["longitude"].abs().le(180) & numbers["latitude"].abs().le(90)
    is_named = names.ne("") & names.map(labels.find_label_problem).eq("")
    is_right = is_place & is_named & ~names.str.casefold().duplicated()
    if not is_right.all():
        line = is_right.idxmin() + FIRST_LINE
        raise DataError(
            f"{path}, line {line}: not a neighbourhood with a name of its own, a line of text, "
            "and a longitude and latitude in degrees.",
            "Correct it.",
        )
    return [
        Neighbourhood(
            name,
            longitude=east,
            latitude=north,
            area_km2=km2,
            population=round(people) if people > 0 else None,
        )
        for name, east, north, km2, people in zip(names, *numbers.to_numpy().T, strict=True)
    ]
