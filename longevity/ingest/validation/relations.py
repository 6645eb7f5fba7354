"""What rows owe each other: keys, references, cities and dates across extracts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import duckdb

from longevity import age_bands
from longevity.ingest.contract import BY_NAME, MANY_VICTIMS, Column, Extract
from longevity.ingest.validation.findings import ROWS_NAMED, Finding, Severity, make_finding
from longevity.ingest.validation.rules import HAS_POINT, in_area_of_use
from longevity.ingest.validation.scratch import quote_identifier, quote_text
from longevity.settings import Settings

# A row that is a part of what it refers to is in the same city; a person or a group
# of one city may well appear in another.
PART_OF = {
    ("victims", "incident_id"),
    ("incident_groups", "incident_id"),
    ("invitations", "call_in_id"),
}


def find_relation_problems(
    connection: duckdb.DuckDBPyConnection,
    files: Mapping[str, str],
    settings: Settings,
) -> Iterator[Finding]:
    """Yield findings over the views named after the extracts in `files` (extract to file name)."""
    for name, file in files.items():
        extract = BY_NAME[name]
        yield from _find_duplicates(connection, extract, file)
        for column in extract.columns:
            if column.references and column.references.split(".")[0] in files:
                yield from _find_broken_references(connection, extract, column, file)
    if "victims" in files:
        yield from _find_many_victims(connection, files["victims"])
        yield from _find_overlapping_bands(connection, files["victims"], settings)
    if "incidents" in files:
        yield from _find_exchanged_coordinates(connection, files["incidents"], settings)
        yield from _find_piles(connection, files["incidents"], settings)
        yield from _find_shared_events(connection, files["incidents"])
        if "victims" in files:
            yield from _find_deaths_before(connection, files["victims"])


def _find_where(
    connection: duckdb.DuckDBPyConnection,
    rows: str,
    file: str,
    rule: str,
    what: str,
    do: str,
    *,
    column: str,
    kind_of_value: str,
    severity: Severity = "error",
) -> Iterator[Finding]:
    """Yield one finding for the rows a query gives in its column `at_row`; none when it gives
    none.
    """
    answer = connection.execute(
        f"SELECT count(*), min(at_row, {ROWS_NAMED}) FROM ({rows}) AS broken"
    ).fetchone()
    count, first = answer or (0, None)
    if count:
        yield make_finding(
            file,
            rule,
            what,
            do,
            column=column,
            kind_of_value=kind_of_value,
            severity=severity,
            rows=first or (),
            count=count,
        )


def _find_overlapping_bands(
    connection: duckdb.DuckDBPyConnection, file: str, settings: Settings
) -> Iterator[Finding]:
    """Find cities whose age bands share a year, as those of two sources may; which ones is not
    said.
    """
    found_bands = connection.execute(
        "SELECT DISTINCT city, age_band FROM victims "
        f"WHERE regexp_full_match(age_band, {quote_text(age_bands.PATTERN)})"
    ).fetchall()
    by_city: dict[str, set[str]] = {}
    for city, band in found_bands:
        by_city.setdefault(city, set()).add(band)
    names = [
        city.name
        for city in settings.cities.values()
        if age_bands.find_overlaps(by_city.get(city.id, ()))
    ]
    if names:
        yield make_finding(
            file,
            "overlapping_bands",
            f"some age bands of {', '.join(names)} share years, so that one age may stand in two.",
            "They are shown as they are. Where two sources give different bands, ask each for "
            "the other's.",
            severity="warning",
            column="age_band",
            kind_of_value="an age band",
            count=len(names),
        )


def _find_duplicates(
    connection: duckdb.DuckDBPyConnection, extract: Extract, file: str
) -> Iterator[Finding]:
    key = ", ".join(quote_identifier(name) for name in extract.key)
    filled = " AND ".join(
        f"{quote_identifier(name)} IS NOT NULL"
        for name in extract.key
        if extract.column(name).required
    )
    # Hashes first: eight bytes a row fit where ten million keys do not.
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE suspects AS
        SELECT hash({key}) AS hashed FROM {extract.name} WHERE {filled}
        GROUP BY hashed HAVING count(*) > 1
        """
    )
    if not connection.execute("SELECT count(*) FROM suspects").fetchall()[0][0]:
        return
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE repeats AS
        SELECT at_row, {key}, row_number() OVER same AS turn, count(DISTINCT city) OVER (
            PARTITION BY {key}) AS cities
        FROM {extract.name}
        WHERE {filled} AND hash({key}) IN (SELECT hashed FROM suspects)
        WINDOW same AS (PARTITION BY {key} ORDER BY at_row)
        """
    )
    yield from _find_where(
        connection,
        "SELECT at_row FROM repeats WHERE turn > 1 AND cities < 2",
        file,
        "duplicate_key",
        f"the key ({', '.join(extract.key)}) was there in an earlier row.",
        "Keep one row for each.",
        column=extract.key[0],
        kind_of_value="a key",
    )
    yield from _find_where(
        connection,
        "SELECT at_row FROM repeats WHERE turn > 1 AND cities > 1",
        file,
        "duplicate_across_cities",
        f"the key ({', '.join(extract.key)}) was there in an earlier row, of another city.",
        "Decide which city it belongs to, or give codes that differ between cities.",
        column=extract.key[0],
        kind_of_value="a key",
    )


def _find_broken_references(
    connection: duckdb.DuckDBPyConnection, extract: Extract, column: Column, file: str
) -> Iterator[Finding]:
    parent, other = str(column.references).split(".")
    name, key = quote_identifier(column.name), quote_identifier(other)
    yield from _find_where(
        connection,
        # Both sides are aliased: a group may refer to another row of its own extract.
        f"SELECT child.at_row FROM {extract.name} AS child WHERE child.{name} IS NOT NULL "
        f"AND NOT EXISTS (SELECT 1 FROM {parent} AS held WHERE held.{key} = child.{name})",
        file,
        "dangling_reference",
        f"the code is in no row of {parent}.",
        f"Hand over the rows of {parent} it refers to, or correct it.",
        column=column.name,
        kind_of_value="a code",
    )
    part = (extract.name, column.name) in PART_OF
    yield from _find_where(
        connection,
        f"SELECT child.at_row FROM {extract.name} AS child "
        f"SEMI JOIN {parent} AS other ON other.{key} = child.{name} AND other.city <> child.city "
        f"ANTI JOIN {parent} AS same ON same.{key} = child.{name} AND same.city = child.city",
        file,
        "another_city",
        f"the row is of another city than what it refers to in {parent}.",
        "Correct one of the two." if part else "Nothing, if that is right.",
        column=column.name,
        kind_of_value="a city",
        severity="error" if part else "warning",
    )


def _find_deaths_before(connection: duckdb.DuckDBPyConnection, file: str) -> Iterator[Finding]:
    yield from _find_where(
        connection,
        "SELECT victims.at_row FROM victims SEMI JOIN incidents "
        "ON incidents.incident_id = victims.incident_id "
        "AND victims.died_on < CAST(incidents.occurred_at AS DATE)",
        file,
        "out_of_order",
        "a day of death before the event.",
        "Correct one of the two.",
        column="died_on",
        kind_of_value="a date",
    )


def _find_many_victims(connection: duckdb.DuckDBPyConnection, file: str) -> Iterator[Finding]:
    yield from _find_where(
        connection,
        # By hashes: eight bytes a victim fit where ten million codes do not.
        "SELECT min(at_row) AS at_row FROM victims WHERE incident_id IS NOT NULL "
        f"GROUP BY hash(incident_id) HAVING count(*) > {MANY_VICTIMS}",
        file,
        "many_victims",
        f"the incident has more than {MANY_VICTIMS} victims; its first is named.",
        "Compare with its origin: a count may be mistyped, or a code used twice. Nothing, if it "
        "is right.",
        column="incident_id",
        kind_of_value="a code",
        severity="warning",
    )


def piles_sql(source: str, settings: Settings) -> str:
    """Return common table expressions that end in `piles` (city, longitude, latitude) over
    `source`.

    A coordinate is a pile when it holds at least `piled_rows` rows and at least
    `piled_share` of its city's rows that have coordinates.
    """
    limits = settings.thresholds
    return f"""
        with_points AS (
            SELECT city, count(*) AS in_city FROM {source} WHERE {HAS_POINT} GROUP BY city
        ),
        piles AS (
            SELECT corners.city, longitude, latitude
            FROM (
                SELECT city, longitude, latitude, count(*) AS here
                FROM {source} WHERE {HAS_POINT} GROUP BY city, longitude, latitude
                HAVING count(*) >= {limits.piled_rows}
            ) AS corners
            JOIN with_points ON with_points.city = corners.city
            WHERE here >= {limits.piled_share} * in_city
        )"""


def _find_piles(
    connection: duckdb.DuckDBPyConnection, file: str, settings: Settings
) -> Iterator[Finding]:
    yield from _find_where(
        connection,
        f"WITH {piles_sql('incidents', settings)} SELECT at_row FROM incidents SEMI JOIN piles "
        "USING (city, longitude, latitude) "
        "WHERE location_precision NOT IN ('city', 'neighbourhood')",
        file,
        "piled_points",
        "many rows lie on this one point, so it stands for the city; they are not placed in a "
        "neighbourhood.",
        "Say location_precision = city, or give their own coordinates.",
        column="longitude",
        kind_of_value="a coordinate",
        severity="warning",
    )


def _find_exchanged_coordinates(
    connection: duckdb.DuckDBPyConnection, file: str, settings: Settings
) -> Iterator[Finding]:
    """Find cities most of whose points lie in no city, and would the other way round."""
    inside = in_area_of_use(settings, "longitude", "latitude")
    turned = in_area_of_use(settings, "latitude", "longitude")
    if not (inside and turned):
        return
    exchanged = f"{HAS_POINT} AND NOT {inside} AND {turned}"
    cities = connection.execute(
        f"SELECT city, count(*) FILTER (WHERE {exchanged}), count(*) FROM incidents "
        f"WHERE {HAS_POINT} GROUP BY city ORDER BY city"
    ).fetchall()
    for city, wrong, points in cities:
        if wrong * 2 <= points or city not in settings.cities:
            continue
        yield from _find_where(
            connection,
            f"SELECT at_row FROM incidents WHERE city = {quote_text(city)} AND {exchanged}",
            file,
            "exchanged_coordinates",
            f"longitude and latitude are exchanged in {wrong} of {points} points of "
            f"{settings.cities[city].name}: as they stand they lie in no city, the other way "
            "round they could.",
            "Write degrees east into longitude (west is negative) and degrees north into "
            "latitude, then write the file again.",
            column="longitude",
            kind_of_value="a coordinate",
        )


def _find_shared_events(connection: duckdb.DuckDBPyConnection, file: str) -> Iterator[Finding]:
    """Find what may be one event, supplied by two cities under two codes."""
    yield from _find_where(
        connection,
        f"""
        SELECT at_row FROM incidents SEMI JOIN (
            SELECT occurred_at, longitude, latitude FROM incidents
            WHERE {HAS_POINT} AND occurred_precision = 'minute'
            GROUP BY occurred_at, longitude, latitude HAVING min(city) <> max(city)
        ) AS shared USING (occurred_at, longitude, latitude)
        WHERE occurred_precision = 'minute'
        """,
        file,
        "same_event_twice",
        "two cities have an event of the same minute at the same point.",
        "If it is one event, keep it for the city it happened in.",
        column="occurred_at",
        kind_of_value="an event",
        severity="warning",
    )
