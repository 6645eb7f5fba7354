"""The tables every question is asked of, built once at publish: `built/` of a release.

Counting: an incident counts when its circumstance is criminal or unknown and it did
not happen before the day its source says it is complete from. Counts by day and by
hour end on the day it is complete through: later days lack some. `facts/counted.toml`
declares what is counted of an incident's victims. A count that the sources of a city
do not hold (`ingest.victim_coverage`) is NULL in each of its rows, never 0 and never
what is left of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb
import pandas as pd

from longevity.base.scratch import create_table, parquet_sql, quote_text
from longevity.facts.counted import COUNTED
from longevity.geography import blocks
from longevity.geography.boundaries import CityBoundaries, encode_geojson
from longevity.ingest.contract import COUNTED_CIRCUMSTANCES

RECORDED_DAYS = 3 * 365
COPY_OPTIONS = "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)"


def _list(column: str) -> str:
    """Return a column of a SELECT for each count, whose name is put in for `{name}`."""
    return ", ".join(column.format(name=name) for name in COUNTED)


# `zeros`: for each city, 0 for a known count and NULL for an unknown one, which makes the sum NULL.
_LOCATED = f"""
    SELECT placed.incident_id, placed.city, day, hour, neighbourhood, reason, located_by,
        longitude, latitude, gmi, circumstance, counted,
        {_list("CAST(if(counted, coalesce(hurt.{name}, 0), 0) + zeros.{name} AS BIGINT) AS {name}")}
    FROM placed
    LEFT JOIN hurt USING (incident_id)
    JOIN zeros USING (city)
    ORDER BY placed.city, day, placed.incident_id
"""

# Of a day no one was counted on there is no row.
_SOMEBODY = f"(greatest({_list('{name}')}) > 0)"

_DAILY = f"""
    SELECT city, neighbourhood, reason, day, {_list("CAST(sum({name}) AS BIGINT) AS {name}")}
    FROM located
    JOIN ends USING (city)
    WHERE {_SOMEBODY} AND day <= ends.through
    GROUP BY city, neighbourhood, reason, day
    ORDER BY city, day, neighbourhood NULLS LAST, reason
"""

HOURLY = """
    SELECT city, neighbourhood, reason, CAST(year(day) AS INTEGER) AS year,
        CAST(isodow(day) AS INTEGER) AS weekday, hour,
        CAST(count(*) AS BIGINT) AS incidents, CAST(sum(victims) AS BIGINT) AS victims
    FROM located
    JOIN ends USING (city)
    WHERE victims > 0 AND day <= ends.through
    GROUP BY city, neighbourhood, reason, year(day), isodow(day), hour
    ORDER BY city, neighbourhood NULLS LAST, reason, year, weekday, hour NULLS LAST
"""

# Only the rows that do not count are joined again: they are few.
_UNCOUNTED = f"""
    SELECT city, CAST(year(day) AS INTEGER) AS year, circumstance,
        CAST(count(*) AS BIGINT) AS incidents,
        CAST(sum(shot) + any_value(zeros.victims) AS BIGINT) AS victims
    FROM (
        SELECT city, day, 'no_victim' AS circumstance, 0 AS shot
        FROM located WHERE counted AND {_SOMEBODY} IS NOT TRUE
        UNION ALL
        SELECT city, day, 'after_data_through', victims
        FROM located LEFT JOIN ends USING (city)
        WHERE counted AND {_SOMEBODY} AND (day <= ends.through) IS NOT TRUE
        UNION ALL
        SELECT located.city, day,
            CASE WHEN circumstance IN {COUNTED_CIRCUMSTANCES} THEN 'before_data_from'
                ELSE circumstance END,
            coalesce(hurt.victims, 0)
        FROM located LEFT JOIN hurt USING (incident_id) WHERE NOT counted
    ) AS left_out
    JOIN zeros USING (city)
    GROUP BY ALL
    ORDER BY city, year, circumstance
"""


# How late the newest weeks are reported is learnt from the years just before them.
_RECORDED = f"""
    SELECT placed.city, placed.day, placed.recorded_on,
        CAST(count(*) AS BIGINT) AS incidents, CAST(sum(located.victims) AS BIGINT) AS victims
    FROM placed
    INNER JOIN located USING (incident_id)
    INNER JOIN (SELECT city, max(day) AS newest FROM located GROUP BY city) AS last_days
        ON placed.city = last_days.city
    WHERE located.victims > 0 AND placed.day > last_days.newest - {RECORDED_DAYS}
    GROUP BY placed.city, placed.day, placed.recorded_on
    ORDER BY placed.city, placed.day, placed.recorded_on NULLS LAST
"""

# What is known no better than a neighbourhood has no point, nor what stands for the whole city
# or lies in no area of its own. Where exactly it was stays in `located`.
EXACT_ENOUGH = ("address", "block", "intersection")
_LONGITUDE, _LATITUDE = blocks.find_middle_sql("placed.longitude", "placed.latitude")
_POINTS = f"""
    SELECT located.city AS city, located.neighbourhood AS neighbourhood, located.day AS occurred_on,
        {_LONGITUDE} AS longitude, {_LATITUDE} AS latitude,
        placed.location_precision AS "precision",
        located.victims AS victims, located.fatal AS fatal, located.nonfatal AS nonfatal
    FROM located
    INNER JOIN placed USING (incident_id)
    WHERE (located.victims > 0 OR located.fatal > 0 OR located.nonfatal > 0)
        AND placed.located_by IS NOT NULL
        AND placed.point_area IS NOT NULL
        AND placed.location_precision IN {EXACT_ENOUGH}
    ORDER BY city, occurred_on, latitude, longitude, victims, fatal, "precision", neighbourhood
"""

_AREAS = """
    SELECT city, CAST(neighbourhood AS VARCHAR) AS neighbourhood,
        CAST(population AS BIGINT) AS population, CAST(area_km2 AS DOUBLE) AS area_km2
    FROM every_area
    ORDER BY city, neighbourhood
"""


def write_tables(
    connection: duckdb.DuckDBPyConnection,
    victims: Path,
    folder: Path,
    zeros: Mapping[str, Mapping[str, int | None]],
) -> None:
    """Write six tables of shootings below `folder`, a parquet file each.

    `located`: each incident; `points`: those that a map may show; `daily` and `hourly` are
    counts, `uncounted` of what does not count and why, `recorded` by the day it was put on file.
    Needs the tables `placed` and `ends`, the last day the counts of each city are complete for.
    `zeros`: of every city what each count is where nothing happened: 0, or None if not known.
    """
    create_table(
        connection,
        "zeros",
        f"city VARCHAR, {_list('{name} BIGINT')}",
        ((city, *(counts[name] for name in COUNTED)) for city, counts in sorted(zeros.items())),
    )
    hurt = ", ".join(f"{count.sql} AS {name}" for name, count in COUNTED.items())
    connection.execute(
        f"""
        CREATE OR REPLACE TABLE hurt AS
        SELECT incident_id, {hurt}
        FROM {parquet_sql(victims)}
        GROUP BY incident_id
        """
    )
    located = folder / "located.parquet"
    copy_to_parquet(connection, _LOCATED, located)
    connection.execute(f"CREATE VIEW located AS SELECT * FROM {parquet_sql(located)}")
    built = {
        "uncounted": _UNCOUNTED,
        "daily": _DAILY,
        "hourly": HOURLY,
        "recorded": _RECORDED,
        "points": _POINTS,
    }
    for name, select in built.items():
        copy_to_parquet(connection, select, folder / f"{name}.parquet")


def copy_to_parquet(connection: duckdb.DuckDBPyConnection, select: str, out: Path) -> None:
    """Write what an ordered SELECT gives to a parquet file: the same rows, the same bytes."""
    connection.execute(f"COPY ({select}) TO {quote_text(str(out))} {COPY_OPTIONS}")


def write_places(
    connection: duckdb.DuckDBPyConnection, boundaries: Mapping[str, CityBoundaries], folder: Path
) -> None:
    """Write areas.parquet, with a row for each neighbourhood, and their outlines as GeoJSON."""
    frame = pd.concat(lines.areas.assign(city=city) for city, lines in boundaries.items())
    connection.register("every_area", frame)
    copy_to_parquet(connection, _AREAS, folder / "areas.parquet")
    with_lines = [lines for lines in boundaries.values() if lines.kind != "none"]
    (folder / "boundaries.geojson").write_bytes(encode_geojson(with_lines))
