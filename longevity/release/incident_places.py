"""Where each incident happened: one area (a neighbourhood), or a reason why there is none.

A row may have a point, a given name (its neighbourhood as the source writes it) and a precision,
which says how exactly its point is known. Points are located by the full lines (outlines) of the
city's areas. The point decides where its precision is address, block or unknown; where it is
intersection or neighbourhood the name does, if it is an area's. A point farther from every area
than the city is wide is none: the name counts. A point that only stands for the city, because its
precision says so or because rows are piled on it, is never placed; but rows whose precision is the
neighbourhood, and whose given name is an area's, may share that area's centre: the name places
them. Where a city has no lines, the name places all of its rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from longevity.base import labels
from longevity.base.scratch import create_table, parquet_sql
from longevity.geography import stacked_points
from longevity.geography.boundaries import CityBoundaries, find_boundaries
from longevity.geography.locate import find_far, locate_points
from longevity.ingest.contract import COUNTED_CIRCUMSTANCES
from longevity.settings import Settings

BY_NAME_FIRST = ("intersection", "neighbourhood")
# A city without lines has the areas that its rows name. Ours: fewer rows than this may be an
# address, or a name written wrongly, which everybody would read as an area.
LEAST_NAMED = 5
# By city the spelling most rows have of each area that enough rows name.
_SPELLINGS = f"""
    SELECT city, list(name ORDER BY name)
    FROM (
        SELECT city, first(name ORDER BY rows DESC, name) AS name
        FROM (
            SELECT city, name, sum(rows) AS rows FROM given_names WHERE is_label GROUP BY city, name
        )
        GROUP BY city, lower(name)
        HAVING sum(rows) >= {LEAST_NAMED}
    )
    GROUP BY city
"""
_GIVEN_AREAS = """
    CREATE OR REPLACE TABLE given_areas AS
    WITH known AS (
        SELECT city, lower(trim(area)) AS folded, min(area) AS area FROM areas GROUP BY city, folded
    )
    SELECT given_names.city, given, coalesce(by_given.area, by_name.area) AS area
    FROM given_names
    LEFT JOIN known AS by_given
        ON by_given.city = given_names.city AND by_given.folded = lower(given)
    LEFT JOIN known AS by_name
        ON by_name.city = given_names.city AND by_name.folded = lower(name)
"""


def find_all_boundaries(
    connection: duckdb.DuckDBPyConnection, incidents: Path, settings: Settings
) -> dict[str, CityBoundaries]:
    """Return the boundaries of each city; for one without lines, the areas that its rows name.

    Makes the table `given_areas`: the area that is meant by each name a row gives ("mill" is Mill),
    NULL where the city has none of that name.
    """
    rows = connection.execute(
        "SELECT city, trim(neighbourhood), count(*) "
        f"FROM {parquet_sql(incidents)} WHERE trim(neighbourhood) <> '' GROUP BY ALL"
    ).fetchall()
    named = ((city, name, settings.city(city).area_name(name), count) for city, name, count in rows)
    create_table(
        connection,
        "given_names",
        "city VARCHAR, given VARCHAR, name VARCHAR, rows BIGINT, is_label BOOLEAN",
        ((*row, row[2] != "" and not labels.find_label_problem(row[2])) for row in named),
    )
    spellings = dict(connection.execute(_SPELLINGS).fetchall())
    boundaries = {
        city: find_boundaries(settings, city, spellings.get(city, ())) for city in settings.cities
    }
    areas = [
        (city, area) for city, lines in boundaries.items() for area in lines.areas["neighbourhood"]
    ]
    create_table(connection, "areas", "city VARCHAR, area VARCHAR", areas)
    connection.execute(_GIVEN_AREAS)
    return boundaries


def _locate_incidents(
    connection: duckdb.DuckDBPyConnection, path: Path, boundaries: Mapping[str, CityBoundaries]
) -> None:
    """Make the table `incidents` of a file, with columns `area` and `far`.

    `area` is the neighbourhood the coordinates lie in; empty when there are none,
    they are (0, 0), or they lie in no area of the incident's own city. `far` is true where
    they lie farther from all of its areas than the city is wide.
    """
    table = pq.read_table(path)
    longitude, latitude, city = (
        table[name].to_numpy() for name in ("longitude", "latitude", "city")
    )
    longitude = np.where((longitude == 0) & (latitude == 0), np.nan, longitude)
    areas = np.full(len(table), None, dtype=object)
    far = np.zeros(len(table), dtype=bool)
    for city_id, lines in boundaries.items():
        mine = city == city_id
        if lines.kind != "none" and mine.any():
            areas[mine] = locate_points(longitude[mine], latitude[mine], lines)
            lost = mine & pd.isna(areas)
            far[lost] = find_far(longitude[lost], latitude[lost], lines)
    located = table.append_column("area", pa.array(areas, pa.string()))
    connection.register("located", located.append_column("far", pa.array(far)))
    connection.execute("CREATE TABLE incidents AS FROM located")
    connection.unregister("located")


def place_incidents(
    connection: duckdb.DuckDBPyConnection,
    incidents: Path,
    boundaries: Mapping[str, CityBoundaries],
    settings: Settings,
    data_from: Mapping[str, date],
) -> None:
    """Make the table `placed` of a file of incidents: one row an incident; needs `given_areas`.

    `data_from` maps a city to the first day its incidents are complete for, where the source
    says one: what happened before it does not count.

    Columns: incident_id, city, day, recorded_on, hour, neighbourhood, reason, located_by,
    longitude, latitude, gmi, circumstance, counted, point_area, given_area, given_unknown,
    location_precision, far. `located_by`: "point" or "given" (the name), NULL without an area, of
    which `reason` then says why. Makes `cities` too.
    """
    create_table(
        connection,
        "cities",
        "city VARCHAR, name VARCHAR, begins DATE, has_lines BOOLEAN, ended_on DATE",
        (
            (
                *(city, settings.name_city(city), data_from.get(city, date.min)),
                *(lines.kind != "none", settings.cities[city].ended_on),
            )
            for city, lines in boundaries.items()
        ),
    )
    _locate_incidents(connection, incidents, boundaries)
    # `only_the_city`: the point tells no more than which city it was in. `decided`: what decides.
    connection.execute(
        f"""
        CREATE OR REPLACE TABLE placed AS
        WITH piles AS ({stacked_points.write_piles_sql(settings.thresholds)}),
        judged AS (
            SELECT incidents.*, begins, has_lines, given_areas.area AS given_area,
                given_areas.city IS NOT NULL AND given_areas.area IS NULL AS given_unknown,
                location_precision = 'city'
                    OR (piles.city IS NOT NULL AND place_confirmed IS DISTINCT FROM true
                    AND NOT far AND NOT (
                        location_precision = 'neighbourhood' AND given_areas.area IS NOT NULL
                    )) AS only_the_city,
                has_point(longitude, latitude) AND NOT far AS has_point
            FROM incidents
            JOIN cities USING (city)
            LEFT JOIN piles USING (city, longitude, latitude)
            LEFT JOIN given_areas ON given_areas.city = incidents.city
                AND given_areas.given = trim(incidents.neighbourhood)
        ),
        decided AS (
            SELECT *,
                CASE
                    WHEN only_the_city THEN NULL
                    WHEN location_precision IN {BY_NAME_FIRST} AND given_area IS NOT NULL
                        THEN 'given'
                    WHEN area IS NOT NULL THEN 'point'
                    WHEN given_area IS NOT NULL AND NOT (has_point AND has_lines) THEN 'given'
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
                WHEN NOT has_lines THEN 'no_boundaries'
                ELSE 'outside'
            END AS reason,
            located_by, longitude, latitude, gmi, circumstance,
            circumstance IN {COUNTED_CIRCUMSTANCES} AND CAST(occurred_at AS DATE) >= begins
                AS counted,
            area AS point_area, given_area, given_unknown, location_precision, far
        FROM decided
        """
    )
    connection.execute("DROP TABLE incidents")
