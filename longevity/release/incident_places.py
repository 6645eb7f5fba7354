"""Where each incident happened: one area, or a reason why there is none.

Points are located by the full lines of the city's areas, in batches, so that any
number of incidents passes through. What is known better than the given name wins
over it (address, block, and unknown precision: the point); what is known worse
does not (intersection, neighbourhood: the name, when it is an area's). A point farther from
every area than the city is wide is none: the name counts. A point that
only stands for the city, because its precision says so or because rows are piled on
it, is never placed; but rows whose precision is the neighbourhood, and whose given name
is an area's, may share that area's centre: the name places them. Where a city has no lines,
the name places all of its rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from longevity import labels
from longevity.checks.findings import Finding, make_finding
from longevity.checks.sql_checks import read_piles_sql
from longevity.geography.boundaries import CityBoundaries, find_boundaries
from longevity.geography.locate import find_far, locate_points
from longevity.ingest.contract import COUNTED_CIRCUMSTANCES
from longevity.scratch import parquet_sql, quote_text
from longevity.settings import Settings

_BATCH = 262_144
LEAST_POINTS = 20  # fewer may well lie outside by chance
_NEEDED = (
    "incident_id",
    "city",
    "occurred_at",
    "recorded_on",
    "occurred_precision",
    "longitude",
    "latitude",
    "location_precision",
    "place_confirmed",
    "neighbourhood",
    "circumstance",
    "gmi",
)
BY_NAME_FIRST = ("intersection", "neighbourhood")
# A city without lines has the areas that its rows name. Ours: fewer rows than this may be an
# address, or a name written wrongly, which would stand as an area for everybody to read.
LEAST_NAMED = 5


def find_all_boundaries(
    connection: duckdb.DuckDBPyConnection, incidents: Path, settings: Settings
) -> dict[str, CityBoundaries]:
    """Return the boundaries of each city; `incidents` name the areas of one without lines."""
    rows = connection.execute(
        "SELECT city, trim(neighbourhood), count(*) "
        f"FROM {parquet_sql(incidents)} WHERE trim(neighbourhood) <> '' GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    spellings: dict[str, dict[str, Counter[str]]] = {city: {} for city in settings.cities}
    for city, source_name, count in rows:
        name = settings.city(city).area_name(source_name)
        if name and not labels.find_label_problem(name):
            spellings[city].setdefault(name.casefold(), Counter())[name] += count
    return {
        city: find_boundaries(settings, city, _choose_spellings(by_name.values()))
        for city, by_name in spellings.items()
    }


def _choose_spellings(areas: Iterable[Counter[str]]) -> list[str]:
    """Return the spelling most rows have of each area that enough rows name."""
    named = (spellings for spellings in areas if spellings.total() >= LEAST_NAMED)
    return [max(sorted(spellings), key=spellings.__getitem__) for spellings in named]


def write_points(incidents: Path, out: Path, boundaries: Mapping[str, CityBoundaries]) -> None:
    """Copy what locating needs of `incidents` to `out`, with columns `area` and `far`.

    `area` is the neighbourhood the coordinates lie in; empty when there are none,
    they are (0, 0), or they lie in no area of the incident's own city. `far` is true where
    they lie farther from all of its areas than the city is wide.
    """
    file = pq.ParquetFile(incidents)
    writer: pq.ParquetWriter | None = None
    try:
        for batch in file.iter_batches(batch_size=_BATCH, columns=list(_NEEDED)):
            areas, far = _locate_areas(batch, boundaries)
            table = pa.Table.from_batches([batch])
            table = table.append_column("area", pa.array(areas, pa.string()))
            table = table.append_column("far", pa.array(far))
            writer = writer or pq.ParquetWriter(out, table.schema)
            writer.write_table(table)
    finally:
        if writer is not None:
            writer.close()


def _locate_areas(
    batch: pa.RecordBatch, boundaries: Mapping[str, CityBoundaries]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the area of each incident, and which lie far from all of them."""
    longitude = batch.column("longitude").to_numpy(zero_copy_only=False).astype(float)
    latitude = batch.column("latitude").to_numpy(zero_copy_only=False).astype(float)
    nowhere = (longitude == 0) & (latitude == 0)
    longitude = np.where(nowhere, np.nan, longitude)
    city = batch.column("city").to_numpy(zero_copy_only=False)
    areas = np.full(len(batch), None, dtype=object)
    far = np.zeros(len(batch), dtype=bool)
    for city_id, lines in boundaries.items():
        mine = city == city_id
        if lines.kind != "none" and mine.any():
            areas[mine] = locate_points(longitude[mine], latitude[mine], lines)
            lost = mine & np.array([area is None for area in areas])
            far[lost] = find_far(longitude[lost], latitude[lost], lines)
    return areas, far


def place_incidents(
    connection: duckdb.DuckDBPyConnection,
    points: Path,
    boundaries: Mapping[str, CityBoundaries],
    settings: Settings,
    data_from: Mapping[str, date],
) -> None:
    """Make the table `placed` from the file `write_points` wrote: one row an incident.

    `data_from` maps a city to the first day its incidents are complete for, where the
    source says one: what happened before it does not count.

    Columns: incident_id, city, day, recorded_on, hour, neighbourhood, reason, located_by,
    longitude, latitude, gmi, circumstance, counted, point_area, given_area, given,
    location_precision, far.
    """
    _create_areas_table(connection, boundaries)
    _name_areas_as_written(connection, points, settings)
    begun = " ".join(
        f"WHEN {quote_text(city)} THEN CAST(occurred_at AS DATE) >= DATE '{day.isoformat()}'"
        for city, day in sorted(data_from.items())
    )
    since = f" AND CASE city {begun} ELSE TRUE END" if begun else ""
    by_name = ", ".join(quote_text(word) for word in BY_NAME_FIRST)
    circumstances = ", ".join(quote_text(word) for word in COUNTED_CIRCUMSTANCES)
    connection.execute(
        f"""
        CREATE OR REPLACE TABLE placed AS
        WITH incidents AS (SELECT * FROM {parquet_sql(points)}),
        piles AS ({read_piles_sql(settings)}),
        judged AS (
            SELECT incidents.*, given_areas.neighbourhood AS given_area,
                location_precision = 'city'
                    OR (piles.city IS NOT NULL AND place_confirmed IS DISTINCT FROM true
                    AND NOT far AND NOT (
                        location_precision = 'neighbourhood'
                        AND given_areas.neighbourhood IS NOT NULL
                    )) AS only_the_city,
                has_point(longitude, latitude) AND NOT far AS has_point
            FROM incidents
            LEFT JOIN piles USING (city, longitude, latitude)
            LEFT JOIN given_areas ON given_areas.city = incidents.city
                AND given_areas.plain = lower(trim(incidents.neighbourhood))
        ),
        decided AS (
            SELECT *,
                CASE
                    WHEN only_the_city THEN NULL
                    WHEN location_precision IN ({by_name}) AND given_area IS NOT NULL THEN 'given'
                    WHEN area IS NOT NULL THEN 'point'
                    WHEN given_area IS NOT NULL
                        AND (NOT has_point OR list_contains($without_lines, city)) THEN 'given'
                END AS located_by
            FROM judged
        )
        SELECT incident_id, city, CAST(occurred_at AS DATE) AS day, recorded_on,
            CASE WHEN occurred_precision = 'minute' THEN CAST(hour(occurred_at) AS INTEGER) END
                AS hour,
            CASE located_by WHEN 'given' THEN given_area WHEN 'point' THEN area END
                AS neighbourhood,
            CASE
                WHEN located_by IS NOT NULL THEN NULL
                WHEN only_the_city THEN 'city_precision'
                WHEN NOT has_point THEN 'no_coordinates'
                WHEN list_contains($without_lines, city) THEN 'no_boundaries'
                ELSE 'outside'
            END AS reason,
            located_by, longitude, latitude, gmi, circumstance,
            circumstance IN ({circumstances}){since} AS counted,
            area AS point_area, given_area, neighbourhood AS given, location_precision, far
        FROM decided
        """,
        {"without_lines": [city for city, lines in boundaries.items() if lines.kind == "none"]},
    )


def _create_areas_table(
    connection: duckdb.DuckDBPyConnection, boundaries: Mapping[str, CityBoundaries]
) -> None:
    connection.execute(
        "CREATE OR REPLACE TABLE given_areas (city VARCHAR, neighbourhood VARCHAR, plain VARCHAR)"
    )
    by_plain_name: dict[tuple[str, str], str] = {}
    for city_id, lines in boundaries.items():
        for name in sorted(str(area) for area in lines.areas["neighbourhood"]):
            by_plain_name.setdefault((city_id, name.strip().lower()), name)
    rows = [(city_id, name, plain) for (city_id, plain), name in by_plain_name.items()]
    if rows:
        connection.executemany("INSERT INTO given_areas VALUES (?, ?, ?)", rows)


def _name_areas_as_written(
    connection: duckdb.DuckDBPyConnection, points: Path, settings: Settings
) -> None:
    """Let a row name an area as its file does, where the configuration names it otherwise."""
    renamed = [
        city.id
        for city in settings.cities.values()
        if city.boundary_name_prefix or city.boundary_name_pattern or city.boundary_names
    ]
    if not renamed:
        return
    names = connection.execute(
        f"SELECT DISTINCT city, trim(neighbourhood) FROM {parquet_sql(points)} "
        "WHERE list_contains(?, city) AND trim(neighbourhood) <> ''",
        [renamed],
    ).fetchall()
    for city, source_name in names:
        name = settings.city(city).area_name(source_name)
        if name == source_name:  # found under it already
            continue
        connection.execute(
            "INSERT INTO given_areas SELECT city, neighbourhood, lower(?) "
            "FROM given_areas AS known WHERE city = ? AND plain = lower(?) AND NOT EXISTS ("
            "SELECT 1 FROM given_areas WHERE city = known.city AND plain = lower(?))",
            [source_name, city, name, source_name],
        )


_DOUBTS = (
    (
        "neighbourhood_disagrees",
        "located_by = 'point' AND given_area IS NOT NULL AND given_area <> neighbourhood",
        "the neighbourhood given is not the one the coordinates lie in; the coordinates win.",
        "Are they of the place that the row names?",
    ),
    (
        "neighbourhood_unknown",
        "given_area IS NULL AND trim(given) <> '' AND city IN (SELECT city FROM given_areas)",
        "the neighbourhood given is not one of the city's areas.",
        "Spell it as the city's other rows or its boundaries do.",
    ),
    (
        "far_outside",
        "far",
        "the coordinates are farther from every area than the city is wide, so they are taken for "
        "none; the neighbourhood counts where one is given.",
        "Are they of this city?",
    ),
)


def find_doubts(connection: duckdb.DuckDBPyConnection, settings: Settings) -> list[Finding]:
    """Return findings about places, one a rule and city; needs the table `placed`."""
    findings = []
    for rule, condition, what, do in _DOUBTS:
        rows = connection.execute(
            f"SELECT city, count(*) FROM placed WHERE {condition} GROUP BY city ORDER BY city"
        ).fetchall()
        findings += [
            _make_finding(rule, settings.cities[city].name, n, what, do) for city, n in rows
        ]
    rows = connection.execute(
        "SELECT city, count(*) FILTER (WHERE reason = 'outside' OR far), count(*) FROM placed "
        "WHERE has_point(longitude, latitude) GROUP BY city ORDER BY city"
    ).fetchall()
    for city, outside, points in rows:
        if outside * 2 > points:
            what = "most coordinates lie in no area of the city."
            do = "Are they of this city, in degrees, longitude first?"
            name = settings.cities[city].name
            # Another city's incidents under its name, or lines of another place.
            many = points >= LEAST_POINTS
            findings.append(_make_finding("mostly_outside", name, outside, what, do, many))
    return findings


def _make_finding(
    rule: str, city: str, count: int, what: str, do: str, is_error: bool = False
) -> Finding:
    """Return a warning, or an error that may be the truth."""
    many = f"{count} row" if count == 1 else f"{count} rows"
    return make_finding(
        "incidents.parquet",
        rule,
        f"{city}, {many}: {what}",
        do,
        severity="error" if is_error else "warning",
        column="neighbourhood",
        kind_of_value="a place",
        count=count,
        acceptable=is_error,
    )
