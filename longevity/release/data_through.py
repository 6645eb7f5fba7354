"""How far each source is complete, by extract and city, in the form the manifest has it.

What `extracts.toml` says holds. Where it says nothing the newest event date minus
one day stands in, marked derived. An extract without a date of its own takes the
day of the extract its rows first refer to (a victim is as recent as the incident, an
invitation as its call-in); one that refers to nothing (money) has a day only when
one is declared. A city without a row has a day only when one is declared: nobody said
that there was nothing, so it is not known.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from longevity.ingest.contract import BY_NAME, EXTRACTS, Extract
from longevity.ingest.extracts_file import ExtractsFile
from longevity.release import aggregates
from longevity.scratch import create_table

COUNTED_FROM = ("incidents", "victims")  # every count of people shot is made from these
Days = dict[str, dict[str, Any]]  # by city `day`, as ISO text, and whether it is `derived`


def find_data_through(
    connection: duckdb.DuckDBPyConnection, sources: Mapping[str, str], declared: ExtractsFile
) -> dict[str, Days]:
    """Map extract to city to day, for the extracts in `sources` (name to SQL that reads it)."""
    result: dict[str, Days] = {}
    for extract in sorted(EXTRACTS, key=lambda extract: extract.event is None):
        if extract.name in sources:
            days = {
                city: {"day": day, "derived": True}
                for city, day in _derive_days(connection, extract, sources[extract.name], result)
            } | {
                city: {"day": day.isoformat(), "derived": False}
                for city, day in declared.data_through.get(extract.name, {}).items()
            }
            result[extract.name] = dict(sorted(days.items()))
    return {extract.name: result[extract.name] for extract in EXTRACTS if extract.name in result}


def _derive_days(
    connection: duckdb.DuckDBPyConnection, extract: Extract, source: str, found: Mapping[str, Days]
) -> list[tuple[str, str]]:
    if extract.event is not None:
        rows: list[tuple[str, str]] = connection.execute(
            f"SELECT city, CAST(max(CAST({extract.event} AS DATE)) - 1 AS VARCHAR) AS day "
            f"FROM {source} GROUP BY city HAVING day IS NOT NULL"
        ).fetchall()
        return rows
    dated = (
        referred
        for column in extract.columns
        if column.references
        and BY_NAME[referred := column.references.partition(".")[0]].event is not None
    )
    days = found.get(next(dated, ""), {})
    cities = connection.execute(f"SELECT DISTINCT city FROM {source}").fetchall()
    return [(city, days[city]["day"]) for (city,) in cities if city in days]


def write_data_through(
    connection: duckdb.DuckDBPyConnection, through: Mapping[str, Days], out: Path
) -> None:
    """Write extract, city, data_through, derived.

    Makes the table `ends`: of each city the day its counts of people shot are complete for, where
    it has both.
    """
    create_table(
        connection,
        "through",
        "extract VARCHAR, city VARCHAR, data_through DATE, derived BOOLEAN",
        (
            (extract, city, entry["day"], entry["derived"])
            for extract, days in through.items()
            for city, entry in days.items()
        ),
    )
    aggregates.copy_to_parquet(connection, "SELECT * FROM through ORDER BY extract, city", out)
    connection.execute(
        "CREATE TEMP TABLE ends AS SELECT city, min(data_through) AS through, "
        "first(derived ORDER BY data_through, extract) AS derived FROM through "
        f"WHERE extract IN {COUNTED_FROM} GROUP BY city HAVING count(*) = 2"
    )


def list_public_days(manifest: Mapping[str, Any]) -> dict[str, Days]:
    """Return what a manifest says of data-through that anybody may know: by extract and city, as
    there.

    Of extracts about people and the program's work only the days somebody stated: one
    derived from the newest row is the day something happened to somebody.
    """
    return {
        extract: {
            city: entry
            for city, entry in cities.items()
            if extract in COUNTED_FROM or not entry["derived"]
        }
        for extract, cities in manifest["data_through"].items()
    }
