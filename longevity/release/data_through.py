"""How far each source is complete, by extract and city.

What `extracts.toml` says holds. Where it says nothing the newest event date minus
one day stands in, marked derived. An extract without a date of its own takes the
day of the extract its rows first refer to (a victim is as recent as the incident, an
invitation as its call-in); one that refers to nothing (money) has a day only when
one is declared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import duckdb

from longevity.intake.contract import BY_NAME, EXTRACTS, Extract
from longevity.intake.extracts_file import ExtractsFile


@dataclass(frozen=True)
class Through:
    """The last day a source is complete for; `derived` when nobody declared it."""

    day: date
    derived: bool


ByCity = dict[str, Through]


def data_through(
    connection: duckdb.DuckDBPyConnection, sources: Mapping[str, str], said: ExtractsFile
) -> dict[str, ByCity]:
    """Extract to city to Through, for the extracts in `sources` (name to SQL that reads it)."""
    found: dict[str, ByCity] = {}
    for extract in sorted(EXTRACTS, key=lambda one: one.event is None):
        if extract.name in sources:
            found[extract.name] = _of(connection, extract, sources[extract.name], said, found)
    return {extract.name: found[extract.name] for extract in EXTRACTS if extract.name in found}


def _of(
    connection: duckdb.DuckDBPyConnection,
    extract: Extract,
    source: str,
    said: ExtractsFile,
    found: Mapping[str, ByCity],
) -> ByCity:
    if extract.event is None:
        referred = _refers_to(extract)
        taken = found.get(referred, {}) if referred else {}
        days = {city: Through(through.day, True) for city, through in taken.items()}
    else:
        newest = connection.execute(
            f"SELECT city, max(CAST({extract.event} AS DATE)) FROM {source} "
            "GROUP BY city HAVING max(city) IS NOT NULL"
        ).fetchall()
        days = {
            city: Through(day - timedelta(days=1), True) for city, day in newest if day is not None
        }
    declared = said.data_through.get(extract.name, {})
    days |= {city: Through(day, False) for city, day in declared.items()}
    return dict(sorted(days.items()))


def _refers_to(extract: Extract) -> str | None:
    for column in extract.columns:
        if column.references:
            referred = column.references.split(".")[0]
            if BY_NAME[referred].event is not None:
                return referred
    return None
