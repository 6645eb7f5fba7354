"""Small extracts for tests: give the cells that matter, the rest is filled in.

`write(directory, incidents=[{...}], victims=[{...}])` writes one parquet file for
each extract named, with the contract's columns and types.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from longevity.ingest import extracts_file, generator_mark
from longevity.ingest.contract import BY_NAME, Column, Extract, Kind
from longevity.ingest.extracts_file import ExtractsFile

Row = Mapping[str, Any]
Rows = Sequence[Row]

# What a row says where a test does not care. Chosen so that the row passes `check`.
COMMON: dict[str, Any] = {
    "occurred_at": datetime(2020, 6, 1, 21, 30),
    "occurred_precision": "minute",
    "location_precision": "block",
    "circumstance": "criminal",
    "gmi": "none",
    "clearance": "open",
    "outcome": "nonfatal",
    "weapon": "firearm",
    "age_band": "unknown",
    "sex": "unknown",
    "race_ethnicity": "unknown",
    "fiscal_year": 2020,
    "source": "state",
}
USUAL_DAY = date(2020, 6, 1)


def row(extract: str, number: int, city: str, **said: Any) -> dict[str, Any]:
    """A valid row of an extract; `said` wins over what is filled in."""
    declared = BY_NAME[extract]
    filled = {column.name: _usual(declared, column, number, city) for column in declared.columns}
    unknown = set(said) - set(filled)
    assert not unknown, f"{extract} has no column {unknown}"
    return filled | said


def _usual(extract: Extract, column: Column, number: int, city: str) -> Any:
    needed = column.required or column.name in extract.key
    if column.kind is Kind.CITY:
        return city
    if not needed:
        return COMMON.get(column.name)
    if column.kind is Kind.CODE:
        return f"{column.name.removesuffix('_id')}-{number:05d}"
    if column.kind is Kind.DAY:
        return USUAL_DAY
    return COMMON.get(column.name, column.choices[0] if column.choices else None)


def table(extract: str, rows: Sequence[Row]) -> pa.Table:
    return pa.Table.from_pylist([dict(row) for row in rows], schema=BY_NAME[extract].schema)


def write(
    directory: Path,
    kind: str = "real",
    through: date | Mapping[str, Mapping[str, date]] | None = None,
    cities: Sequence[str] = (),
    about: Mapping[str, Any] | None = None,
    **extracts: Sequence[Row],
) -> Path:
    """Write extracts, and `extracts.toml` with one day for all of them when `through` is a date.

    `about`: what else that file says, by key.
    """
    directory.mkdir(parents=True, exist_ok=True)
    for name, rows in extracts.items():
        pq.write_table(table(name, rows), directory / f"{name}.parquet")
    if isinstance(through, date):
        through = {name: dict.fromkeys(cities, through) for name in extracts}
    days = {name: dict(days) for name, days in (through or {}).items()}
    extracts_file.write_extracts_file(directory, ExtractsFile(kind=kind, data_through=days, **(about or {})))
    if kind == "synthetic":
        mark(directory)
    return directory


def mark(directory: Path) -> None:
    """Have extracts pass for the generator's: only those are synthetic."""
    marked = {generator_mark.MARK: generator_mark.hash_extracts(directory)}
    (directory / generator_mark.NAME).write_text(json.dumps(marked), encoding="utf-8")


def incidents_and_victims(
    counts: Mapping[str, Sequence[tuple[date, int, int]]], places: Mapping[str, tuple[float, float]] | None = None
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Incident and victim rows from city to (day, nonfatal, fatal), one incident each."""
    incidents: list[dict[str, Any]] = []
    victims: list[dict[str, Any]] = []
    for city, events in counts.items():
        for day, nonfatal, fatal in events:
            about = {
                "incident_id": f"{city}-{len(incidents) + 1:05d}",
                "occurred_at": datetime.combine(day, time(21, 30)),
            }
            if places and city in places:
                about["longitude"], about["latitude"] = places[city]
            incidents.append(row("incidents", len(incidents) + 1, city, **about))
            for outcome in ["nonfatal"] * nonfatal + ["fatal"] * fatal:
                person = {"outcome": outcome, "died_on": day if outcome == "fatal" else None}
                person["incident_id"] = about["incident_id"]
                victims.append(row("victims", len(victims) + 1, city, **person))
    return incidents, victims
