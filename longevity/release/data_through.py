"""How far each source is complete, by extract and city.

What `extracts.toml` says holds. Where it says nothing the newest event date minus
one day stands in, marked derived. An extract without a date of its own takes the
day of the extract its rows first refer to (a victim is as recent as the incident, an
invitation as its call-in); one that refers to nothing (money) has a day only when
one is declared. A city without a row has a day only when one is declared: nobody said
that there was nothing, so it is not known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import duckdb

from longevity.checks.findings import Finding, make_finding
from longevity.dates import format_long
from longevity.ingest.contract import BY_NAME, EXTRACTS, Extract
from longevity.ingest.extracts_file import ExtractsFile
from longevity.settings import Settings

COUNTED_FROM = ("incidents", "victims")  # every count of people shot is made from these


@dataclass(frozen=True)
class Through:
    """The last day a source is complete for; `derived` when nobody declared it."""

    day: date
    derived: bool


ByCity = dict[str, Through]


def find_data_through(
    connection: duckdb.DuckDBPyConnection, sources: Mapping[str, str], declared: ExtractsFile
) -> dict[str, ByCity]:
    """Map extract to city to Through, for the extracts in `sources` (name to SQL that reads it)."""
    result: dict[str, ByCity] = {}
    for extract in sorted(EXTRACTS, key=lambda extract_of_order: extract_of_order.event is None):
        if extract.name in sources:
            result[extract.name] = _find_by_city(
                connection, extract, sources[extract.name], declared, result
            )
    return {extract.name: result[extract.name] for extract in EXTRACTS if extract.name in result}


def _find_by_city(
    connection: duckdb.DuckDBPyConnection,
    extract: Extract,
    source: str,
    extracts_file: ExtractsFile,
    earlier: Mapping[str, ByCity],
) -> ByCity:
    if extract.event is None:
        referred = _find_referenced_extract(extract)
        days_before = earlier.get(referred, {}) if referred else {}
        with_rows = connection.execute(f"SELECT DISTINCT city FROM {source}").fetchall()
        days = {
            city: Through(days_before[city].day, True)
            for (city,) in with_rows
            if city in days_before
        }
    else:
        newest = connection.execute(
            f"SELECT city, max(CAST({extract.event} AS DATE)) FROM {source} "
            "GROUP BY city HAVING max(city) IS NOT NULL"
        ).fetchall()
        days = {
            city: Through(day - timedelta(days=1), True) for city, day in newest if day is not None
        }
    declared = extracts_file.data_through.get(extract.name, {})
    days |= {city: Through(day, False) for city, day in declared.items()}
    return dict(sorted(days.items()))


def _find_referenced_extract(extract: Extract) -> str | None:
    for column in extract.columns:
        if column.references:
            referred = column.references.split(".")[0]
            if BY_NAME[referred].event is not None:
                return referred
    return None


def find_counted_through(through: Mapping[str, ByCity]) -> dict[str, Through]:
    """Map city to the last day its counts of people shot are complete for, where it has both."""
    incidents, victims = (through.get(extract, {}) for extract in COUNTED_FROM)
    return {
        city: min(day_through, victims[city], key=lambda each: each.day)
        for city, day_through in incidents.items()
        if city in victims
    }


def list_public_days(manifest: Mapping[str, Any]) -> dict[str, dict[str, dict[str, Any]]]:
    """Return what a manifest says of data-through that anybody may know: by extract and city, as
    there.

    Of extracts about people and the program's work only the days somebody stated: one
    derived from the newest row is the day something happened to somebody.
    """
    days: Mapping[str, Mapping[str, dict[str, Any]]] = manifest.get("data_through", {})
    return {
        extract: {
            city: day_through
            for city, day_through in cities.items()
            if extract in COUNTED_FROM or not day_through["derived"]
        }
        for extract, cities in days.items()
    }


def warn_of_late_victims(
    connection: duckdb.DuckDBPyConnection, through: Mapping[str, ByCity], settings: Settings
) -> list[Finding]:
    """Return a warning when one city's end keeps later victims out of comparisons; else nothing.

    Cities are compared through the least day among them. Needs the view `located`.
    """
    by_city = find_counted_through(through)
    days = {city: entry.day for city, entry in by_city.items()}
    least = min(days.values(), default=None)
    if least is None or least == max(days.values()):
        return []
    rows = connection.execute(
        "SELECT city, CAST(sum(hurt) FILTER (WHERE day > $least) AS BIGINT), "
        "count(*) FILTER (WHERE hurt > 0 AND day > $least), "
        "count(*) FILTER (WHERE hurt > 0 AND day <= $least) "
        # Of those shot what the city's sources hold.
        "FROM (SELECT city, day, coalesce(victims, fatal, nonfatal) AS hurt FROM located) "
        "GROUP BY city",
        {"least": least},
    ).fetchall()
    later = {city: counts for city, *counts in rows if counts[1]}
    if not later:
        return []
    names = {city: entry.name for city, entry in settings.cities.items()}
    sentences = [
        _describe_late_victims(names[city], *later[city]) for city in names if city in later
    ]
    last = [city for city in names if days.get(city) == least]
    derived = all(by_city[city].derived for city in last)
    who = " and ".join(names[city] for city in last)
    return [
        make_finding(
            "incidents.parquet",
            "after_the_least_data_through",
            f"comparisons of the cities run through {format_long(least)}, because {who} "
            f"{'goes' if len(last) == 1 else 'go'} no further"
            f"{' (derived: the newest event less one day)' if derived else ''}. Later, and in "
            f"no such comparison: {'; '.join(sentences)}.",
            f"If {who} {'is' if len(last) == 1 else 'are'} complete through a later day, say so "
            "under [data_through] in extracts.toml. A city asked for alone goes to its own day.",
            severity="warning",
            kind_of_value="a date",
            count=sum(incidents for _, incidents, _ in later.values()),
        )
    ]


def _describe_late_victims(city: str, victims: int, incidents: int, earlier: int) -> str:
    people = f"{victims} victim{'' if victims == 1 else 's'}"
    events = f"{incidents} incident{'' if incidents == 1 else 's'}"
    return f"{city}, {people} in {events}{'' if earlier else ', all it has'}"
