"""`extracts.toml`: what is known about a folder of extracts, in a file next to them.

kind = "synthetic"            # or "real", the default

[data_through]
incidents = 2026-11-22        # one date, or one a city:
victims = { east = 2026-11-22, west = 2026-11-20 }

[data_from]                   # optional: the first day a source is complete for
incidents = 2014-01-01
enforcement_actions = { east = 2019-01-01 }

[holds.outcomes]              # optional: what the sources hold of victims, by city
east = ["fatal"]              # nothing said: all of them

[holds.weapons]
east = ["firearm"]

[quarantined]
incidents = 3                 # rows import refused
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationInfo,
)

from longevity.base import toml_file
from longevity.base.toml_file import SettingError, Table, check_keys, known_keys, one_of
from longevity.ingest import victim_coverage
from longevity.ingest.contract import BY_NAME
from longevity.settings import Settings

NAME = "extracts.toml"


def _check_days(days: Any, info: ValidationInfo) -> Any:
    """Refuse a value that is neither a day nor days by city: {"hartford": 2026-11-22}."""
    by_city = days if isinstance(days, dict) else {None: days}
    if isinstance(days, dict):
        check_keys(days, info.context["settings"].cities if info.context else days)
    for city, day in by_city.items():
        if type(day) is not date:  # a moment is a date too
            keys = (city,) if city else ()
            raise SettingError("must be a date such as 2014-04-01, without a time.", "", *keys)
    return days


# One day for all cities, or a day by city.
Days = Annotated[date | dict[str, date], PlainValidator(_check_days)]


def _name_cities(days: Any, info: ValidationInfo) -> Any:
    """Return a day by city; one day alone is that of all. In the order of the configuration."""
    cities = info.context["settings"].cities if info.context else days
    by_city = days if isinstance(days, dict) else dict.fromkeys(cities, days)
    return {city: by_city[city] for city in cities if city in by_city}


def _check_holds(
    holds: dict[str, dict[str, tuple[str, ...]]], info: ValidationInfo
) -> dict[str, dict[str, tuple[str, ...]]]:
    """Return `holds` with known cities and words: {"outcomes": {"east": ("fatal",)}}."""
    result = victim_coverage.cover_everything()
    for key, by_city in holds.items():
        cities = info.context["settings"].cities if info.context else by_city
        check_keys(by_city, cities, (), key)
        for city in [city for city in cities if city in by_city]:
            result[key][city] = victim_coverage.check_words(by_city[city], key, key, city)
    return result


DaysByExtract = Annotated[
    dict[
        str, Annotated[dict[str, date], BeforeValidator(_name_cities), BeforeValidator(_check_days)]
    ],
    known_keys(*BY_NAME),
]
Words = Annotated[tuple[str, ...], Field(strict=False)]


class ExtractsFile(Table):
    """The content of `extracts.toml`.

    `data_through`, `data_from`: the last and first day that data are complete for, by extract and
    city. `holds`: which victims a city's sources list at all, {"outcomes": {"east": ("fatal",)}}: a
    city that is not named has all. `quarantined`: rows that import refused, by extract.
    """

    model_config = ConfigDict(frozen=False)

    kind: Annotated[str, one_of("real", "synthetic")] = "real"
    data_through: DaysByExtract = Field(default_factory=dict)
    data_from: DaysByExtract = Field(default_factory=dict)
    holds: Annotated[
        dict[str, dict[str, Words]],
        known_keys(*victim_coverage.COLUMNS),
        AfterValidator(_check_holds),
    ] = Field(default_factory=victim_coverage.cover_everything)
    quarantined: Annotated[dict[str, int], known_keys(*BY_NAME)] = Field(default_factory=dict)


def read_extracts_file(directory: Path, settings: Settings) -> ExtractsFile:
    """Read the file of a folder, or an empty one if there is none. ConfigError if it is wrong."""
    path = directory / NAME
    if not path.exists():
        return ExtractsFile()
    return toml_file.read_toml(path).check(ExtractsFile, settings=settings)


def write_extracts_file(directory: Path, content: ExtractsFile) -> None:
    """Write the file of a folder, sorted, so that equal content gives equal bytes."""
    tables: dict[str, dict[str, Any]] = {
        "data_through": content.data_through,
        "data_from": content.data_from,
        **{f"holds.{key}": cities for key, cities in content.holds.items()},
        "quarantined": content.quarantined,
    }
    lines = [f'kind = "{content.kind}"']
    for name, table in tables.items():
        if table or name in ("data_through", "quarantined"):
            lines += ["", f"[{name}]"]
            lines += [
                f"{key} = {_format_value(table[key])}" for key in sorted(table) if table[key] != {}
            ]
    (directory / NAME).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _format_value(value: Any) -> str:
    """Write a value as TOML: a date, a table in braces, a number, a list of words."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{key} = {_format_value(value[key])}' for key in sorted(value))} }}"
    # What JSON writes of a number or a list of words is TOML too.
    return json.dumps(value)
