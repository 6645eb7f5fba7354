"""The neighbourhoods of a city as published facts have them: names, places, areas, residents."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from longevity.base import labels
from longevity.base.errors import DataError
from longevity.settings import Settings
from longevity.words.language import join_words

FILE = "neighbourhoods.csv"
FIRST_LINE = 2  # of the file's rows: they are numbered from 0 here, and line 1 has their columns
_NUMBERS = ["longitude", "latitude", "area_km2", "population"]


def read_neighbourhoods(settings: Settings, city_id: str) -> pd.DataFrame:
    """Read the neighbourhoods of a city, by name: none where there are no published facts of it.

    Columns: name, longitude and latitude (where on a map the name is written), area_km2 and
    population (Int64), both missing where they are not known or there are no residents to divide
    by. The index is the name in small letters. They are those that
    `data/reference/neighbourhoods.csv` has under the city's id, or under the name it has in
    published facts (`reference_key` of the configuration). DataError when the file cannot be read
    or a row of it is wrong.
    """
    path, city = settings.reference / FILE, settings.city(city_id)
    if not path.exists():
        return pd.DataFrame(columns=["name", *_NUMBERS])
    try:
        # An area may be called NA.
        empty = {name: [""] for name in _NUMBERS}
        rows = pd.read_csv(path, keep_default_na=False, na_values=empty, encoding="utf-8-sig")
        called = {city.id.casefold(), city.reference_key.casefold()}
        rows = rows[rows["city"].str.casefold().isin(called)]
        facts = rows[_NUMBERS].astype(float)
        facts.insert(0, "name", rows["neighbourhood"].str.strip())
    except (OSError, ValueError, LookupError) as error:
        raise DataError(
            f"{path} cannot be read: {error}.",
            "It is a UTF-8 CSV file with the columns city, neighbourhood and, as numbers, "
            f"{join_words(_NUMBERS)}.",
        ) from error
    names, people = facts["name"], facts["population"]
    is_place = facts["longitude"].abs().le(180) & facts["latitude"].abs().le(90)
    is_named = names.ne("") & names.map(labels.find_label_problem).eq("")
    is_right = is_place & is_named & ~names.str.casefold().duplicated()
    if not is_right.all():
        line = is_right.idxmin() + FIRST_LINE
        raise DataError(
            f"{path}, line {line}: not a neighbourhood with a name of its own, a line of text, "
            "and a longitude and latitude in degrees.",
            "Correct it.",
        )
    facts["population"] = people.where(people > 0).round().astype("Int64")
    facts = facts.sort_values("name")
    return facts.set_index(facts["name"].str.casefold())


def find_facts(facts: pd.DataFrame, names: Iterable[str]) -> pd.DataFrame:
    """Return the facts of each area, by its name whatever its case; missing if unknown."""
    found = facts.reindex([name.casefold() for name in names]).reset_index(drop=True)
    return found.astype({"area_km2": float, "population": "Int64"})
