"""The small tables that every scope's database has: cities, published facts, the manifest.

Published facts are the CSV files of the reference folder; a file that is not there gives an empty
table, since another state may have none. The manifest is what a release says about itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from longevity.auth.viewers import PUBLIC_SCOPE, STATE_SCOPE
from longevity.base.errors import ConfigError
from longevity.base.scratch import create_table
from longevity.facts.age_bands import AGE_BANDS
from longevity.facts.counted import COUNTED
from longevity.ingest import contract, victim_coverage
from longevity.release import revisions
from longevity.release.data_through import COUNTED_FROM, find_first_days
from longevity.release.store import Release
from longevity.settings import Settings

# The checks whose results the public may read. The result of any other is about rows: its count
# changes with one row, which may be one person.
OPEN_CHECKS = ("after_the_least_data_through",)

# Published facts: the files of the reference folder and their columns.
REFERENCE = {
    "published_counts": "place VARCHAR, year BIGINT, metric VARCHAR, value BIGINT, "
    "source_url VARCHAR, note VARCHAR, definition VARCHAR",
    "evaluations": "place VARCHAR, program VARCHAR, began VARCHAR, outcome VARCHAR, effect DOUBLE, "
    "unit VARCHAR, method VARCHAR, study VARCHAR, source_url VARCHAR",
}
ATTRIBUTES = ("age_band", "sex", "race_ethnicity")
COLUMNS = {
    # How the published facts name the places: cities, together, the state.
    "reference_places": "place VARCHAR, kind VARCHAR, city VARCHAR",
    "known_cities": "city VARCHAR, name VARCHAR, position BIGINT, week_ends_iso BIGINT, "
    "launched_on DATE, begins_on DATE",
    # Each count where nothing happened, null where no one knows it.
    "zeros": "city VARCHAR, " + ", ".join(f"{name} BIGINT" for name in COUNTED),
    "data_through": "extract VARCHAR, city VARCHAR, day DATE, derived BOOLEAN, begins_on DATE",
    # What is known of a victim, and what it may be in the words of the contract.
    "attributes": "position BIGINT, attribute VARCHAR, words VARCHAR[]",
    # Every extract of the contract; how many rows were refused is for the state.
    "sources": "position BIGINT, extract VARCHAR, supplied BOOLEAN, quarantined BIGINT",
    "checks": "position BIGINT, rule VARCHAR, severity VARCHAR, sentence VARCHAR, count BIGINT",
    "ledger": "position BIGINT, city VARCHAR, sentence VARCHAR, against VARCHAR",
    # Incidents that were classified otherwise since the release before.
    "reclassified": "city VARCHAR, "
    + ", ".join(f"{name} BIGINT" for name in revisions.RECLASSIFIED),
}
# The cities in the order of the configuration, with three days of each:
# - `data_through`: the last day for which all the extracts that counts are made of are complete;
#   null where one of them has no such day.
# - `starts_on`: the day the source says it is complete from, else the first of the month of the
#   first counted incident. What happened before is not known, so no zero is drawn there.
# - `placed_from`: the first day since which at least half of each year's incidents (or people)
#   could be placed in a neighbourhood. The newest 365 days are taken as one, as new rows are placed
#   late; null where those could not.
CITIES = f"""
    CREATE TABLE cities AS
    WITH spans AS (SELECT city, MIN(day) AS first, MAX(day) AS newest FROM daily GROUP BY city),
    ends AS (
        SELECT city, MIN(day) AS data_through
        FROM data_through
        WHERE extract IN {COUNTED_FROM}
        GROUP BY city
        HAVING COUNT(*) = {len(COUNTED_FROM)}
    ),
    years AS (
        SELECT daily.city,
            CASE WHEN daily.day <= spans.newest - 365 THEN YEAR(daily.day) END AS in_year,
            COALESCE(SUM(events) FILTER (daily.neighbourhood IS NOT NULL), 0) >= SUM(events) / 2
                AS are_placed
        FROM (
            SELECT *, COALESCE(incidents, GREATEST(fatal, nonfatal, homicides, 0)) AS events
            FROM daily
        ) AS daily
        INNER JOIN spans USING (city)
        GROUP BY ALL
    ),
    unplaced AS (
        SELECT city, BOOL_OR(in_year IS NULL) AS now, MAKE_DATE(MAX(in_year) + 1, 1, 1) AS until
        FROM years
        WHERE are_placed IS NOT TRUE
        GROUP BY city
    )
    SELECT known_cities.* EXCLUDE (begins_on),
        COALESCE(
            begins_on, CAST(DATE_TRUNC('month', LEAST(spans.first, data_through)) AS DATE)
        ) AS starts_on,
        CASE WHEN unplaced.now IS NOT TRUE THEN GREATEST(starts_on, unplaced.until) END
            AS placed_from,
        data_through
    FROM known_cities
    LEFT JOIN spans USING (city)
    LEFT JOIN ends USING (city)
    LEFT JOIN unplaced USING (city)
    ORDER BY position
"""

Rows = list[tuple[Any, ...]]


def create_tables(
    connection: duckdb.DuckDBPyConnection, settings: Settings, release: Release, scope: str
) -> None:
    """Make every table of REFERENCE and COLUMNS, and `cities`, next to the aggregates.

    What could tell about single rows is left out of the public scope; a city's has its own, the
    state's has all.
    """
    for name, columns in REFERENCE.items():
        _read_reference(connection, settings.reference / f"{name}.csv", name, columns)
    manifest = release.manifest
    holds = victim_coverage.read_manifest_coverage(manifest)
    refusals = manifest["quarantined"] if scope == STATE_SCOPE else {}
    ledger = manifest.get("ledger", [])
    begins = {
        city: date.fromisoformat(str(day))
        for city, day in find_first_days(manifest["data_from"]).items()
    }
    rows: dict[str, Rows] = {
        "reference_places": _list_places(settings),
        "known_cities": [
            (
                *(city.id, city.name, position, city.week_ends_iso, city.launched_on),
                begins.get(city.id),
            )
            for position, city in enumerate(settings.cities.values())
        ],
        "zeros": [
            (city, *victim_coverage.list_zeros(holds, city).values()) for city in settings.cities
        ],
        "data_through": _list_days(manifest, scope),
        "attributes": [
            (at, column.name, column.choices or AGE_BANDS)
            for at, column in enumerate(map(contract.BY_NAME["victims"].column, ATTRIBUTES))
        ],
        "sources": [
            (at, name, name in manifest["rows"], refusals.get(name))
            for at, name in enumerate(contract.BY_NAME)
        ],
        "checks": [
            (at, *(found[key] for key in ("rule", "severity", "sentence", "count")))
            for at, found in enumerate(manifest.get("checks", []))
            if scope == STATE_SCOPE or (scope == PUBLIC_SCOPE and found["rule"] in OPEN_CHECKS)
        ],
        "ledger": [
            (at, city, sentence, manifest.get("previous"))
            for at, (city, sentence) in enumerate(revisions.describe_revisions(ledger, settings))
        ],
        "reclassified": [
            (entry["city"], *(entry[name] for name in revisions.RECLASSIFIED))
            for entry in ledger
            if _can_read_rows(scope, entry["city"])
        ],
    }
    for name, columns in COLUMNS.items():
        create_table(connection, name, columns, rows[name])
    connection.execute(f"{CITIES}; DROP TABLE known_cities")
    # What was not counted yet when the release was published is not known, and not zero.
    daily = connection.table("daily").columns
    for name in COUNTED.keys() - {*daily}:
        connection.execute(f"UPDATE zeros SET {name} = NULL")


def _list_places(settings: Settings) -> Rows:
    """Return the rows of `reference_places`: ("Hartford", "city", "hartford")."""
    rows: Rows = [
        *((city.reference_key, "city", city.id) for city in settings.cities.values()),
        (settings.together_reference_key, "together", None),
        (settings.state_reference_key, "state", None),
    ]
    return [row for row in rows if row[0]]


def _can_read_rows(scope: str, city: str) -> bool:
    """Return whether a scope may read the rows of a city."""
    return scope != PUBLIC_SCOPE and scope in (STATE_SCOPE, city)


def _list_days(manifest: Mapping[str, Any], scope: str) -> Rows:
    """Return the rows of `data_through` that a scope may know: extract, city, its last day…

    Of extracts about people and the program's work anybody sees only the days that somebody
    stated: one derived from the newest row is the day something happened to somebody.
    """
    starts = manifest["data_from"]
    return [
        (extract, city, entry["day"], entry["derived"], starts.get(extract, {}).get(city))
        for extract, cities in manifest["data_through"].items()
        for city, entry in cities.items()
        if extract in COUNTED_FROM or not entry["derived"] or _can_read_rows(scope, city)
    ]


def _read_reference(
    connection: duckdb.DuckDBPyConnection, path: Path, name: str, columns: str
) -> None:
    """Make a table of a CSV file; a row without a `source_url` is left out.

    `columns` are names and types: "place VARCHAR, year BIGINT".
    """
    connection.execute(f"CREATE TABLE {name} ({columns})")
    if not path.exists():
        return
    kinds = dict(column.split() for column in columns.split(", "))
    cells = ", ".join(
        f"NULLIF(TRIM({column}), '')" if kind == "VARCHAR" else column
        for column, kind in kinds.items()
    )
    try:
        connection.execute(
            f"INSERT INTO {name} SELECT {cells} FROM read_csv($path, delim = ',', quote = '\"', "
            "escape = '\"', header = TRUE, types = $kinds) WHERE TRIM(source_url) <> ''",
            {"path": str(path), "kinds": kinds},
        )
    except duckdb.Error as error:
        # DuckDB repeats the line, which may be long, and adds advice for authors of SQL.
        said = str(error).partition("\n\n")[0].splitlines()
        what = ". ".join(line for line in said if not line.startswith("Original Line"))
        raise ConfigError(f"{path} cannot be read: {what}") from error
