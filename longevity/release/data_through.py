"""How far each source is complete, by extract and city, in the form the manifest has it.

What `extracts.toml` says holds. Where it says nothing it is the day of the newest event, marked
derived; the day before it where nothing of the city is later, as that day may not be over. An
extract without a date of its own takes the day of the extract its rows first refer to (a victim is
as recent as the incident, an invitation as its call-in); one that refers to nothing (money) has a
day only when one is declared. A city without a row has a day only when one is declared: no one said
that there was nothing, so it is not known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from longevity.base.scratch import create_table
from longevity.ingest.contract import BY_NAME, EXTRACTS, Extract
from longevity.ingest.extracts_file import ExtractsFile
from longevity.release import aggregates
from longevity.release.store import Release

COUNTED_FROM = ("incidents", "victims")  # every count of people shot is made from these
# Without a date of their own, or with one that may be empty in every row (`attributed_on`).
DATED_BY_OTHERS = {extract.name for extract in EXTRACTS if not extract.event} | {"incident_groups"}
Days = dict[str, dict[str, Any]]  # by city `day`, as ISO text, and whether it is `derived`


def find_first_days(data_from: Mapping[str, Mapping[str, date]]) -> dict[str, date]:
    """Return by city the day from which counts of people shot are complete, where one is stated.

    The later one of its incidents and its victims. `data_from`: by extract and city.
    """
    stated = [day for name in COUNTED_FROM for day in data_from.get(name, {}).items()]
    return dict(sorted(stated))


def read_as_of(release: Release, day: str, ends: Mapping[str, str]) -> Release:
    """Return a release as if it had been made when each city's counts ended on these days.

    A city that is not in `ends` had none. Public tables that were cut after `day` are left out.
    """
    days = {city: {"day": last, "derived": False} for city, last in ends.items()}
    through = release.manifest["data_through"] | dict.fromkeys(COUNTED_FROM, days)
    return replace(
        release, manifest=release.manifest | {"data_through": through, "as_of": (day, ends)}
    )


def find_data_through(
    connection: duckdb.DuckDBPyConnection, sources: Mapping[str, str], declared: ExtractsFile
) -> dict[str, Days]:
    """Return `{"incidents": {"east": {"day": "2026-11-21", "derived": False}}}`.

    `sources`: the extracts there are, name to the SQL that reads it. Makes the table `through` of
    the same.
    """
    stated = [
        (name, city, day, False)
        for name, days in declared.data_through.items()
        for city, day in days.items()
        if name in sources
    ]
    columns = "extract VARCHAR, city VARCHAR, data_through DATE, derived BOOLEAN"
    create_table(connection, "through", columns, stated)
    # The last day of each city that is over: what is complete through it, or happened after it.
    newest = " UNION ALL ".join(
        f"SELECT city, CAST({extract.event} AS DATE) - 1 AS day FROM {sources[extract.name]}"
        for extract in EXTRACTS
        if extract.event is not None and extract.name in sources
    )
    connection.execute(
        "CREATE TEMP TABLE over AS SELECT city, CAST(MAX(day) AS DATE) AS day FROM "
        f"(SELECT city, data_through AS day FROM through UNION ALL {newest}) GROUP BY city"
    )
    # Those with a date of their own first: the others take theirs.
    own = [(extract, True) for extract in EXTRACTS if extract.event]
    referred = [(extract, False) for extract in EXTRACTS if extract.name in DATED_BY_OTHERS]
    for extract, has_days in own + referred:
        if extract.name in sources:
            connection.execute(
                f"""
                INSERT INTO through SELECT '{extract.name}', city, day, TRUE
                FROM ({_derive_days(extract, sources[extract.name], has_days)}) AS found
                WHERE day IS NOT NULL
                    AND city NOT IN (SELECT city FROM through WHERE extract = '{extract.name}')
                """
            )
    result: dict[str, Days] = {name: {} for name in BY_NAME if name in sources}
    for name, city, day, derived in connection.execute("FROM through ORDER BY city").fetchall():
        result[name][city] = {"day": day.isoformat(), "derived": derived}
    return result


def _derive_days(extract: Extract, source: str, has_days: bool) -> str:
    """Return SQL for a city's day where none is declared: from its newest event, or as the extract
    it refers to has it in `through`.
    """
    if has_days:
        return (
            f"SELECT city, LEAST(MAX(CAST({extract.event} AS DATE)), ANY_VALUE(over.day)) AS day "
            f"FROM {source} INNER JOIN over USING (city) "
            f"WHERE {extract.event} IS NOT NULL GROUP BY city"
        )
    referred = [
        column.references.partition(".")[0] for column in extract.columns if column.references
    ]
    dated = next((name for name in referred if BY_NAME[name].event is not None), "")
    return (
        "SELECT city, data_through AS day FROM through "
        f"WHERE extract = '{dated}' AND city IN (SELECT city FROM {source})"
    )


def write_data_through(connection: duckdb.DuckDBPyConnection, out: Path) -> None:
    """Write the table `through`: extract, city, data_through, derived.

    Makes the table `ends`: the day to which a city's counts of people shot are complete, the
    earlier one of its incidents and its victims. A city without both is left out.
    """
    aggregates.copy_to_parquet(connection, "SELECT * FROM through ORDER BY extract, city", out)
    connection.execute(
        "CREATE TEMP TABLE ends AS SELECT city, min(data_through) AS through, "
        "first(derived ORDER BY data_through, extract) AS derived FROM through "
        f"WHERE extract IN {COUNTED_FROM} GROUP BY city HAVING count(*) = 2"
    )
