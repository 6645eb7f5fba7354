"""The small tables beside the aggregates: cities, published facts, the manifest.

Published facts are read strictly from the reference folder; an absent file or
folder gives an empty table, since another state may have none.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from longevity.auth.viewers import PUBLIC_SCOPE, STATE_SCOPE
from longevity.errors import ConfigError
from longevity.ingest import contract, victim_coverage
from longevity.release import revisions
from longevity.release.data_through import COUNTED_FROM, list_public_days
from longevity.release.manifest import member_of
from longevity.release.store import Release
from longevity.scratch import create_table
from longevity.settings import Settings

# Findings that speak of what the public record counts, and of nothing else. Any other is of
# rows: one row, which may be one person, makes it come or go, or be of one more.
OPEN_FINDINGS = ("after_the_least_data_through",)

# Published facts, a file of the reference folder each.
REFERENCE = {
    "published_counts": "place VARCHAR, year BIGINT, metric VARCHAR, value BIGINT, "
    "source_url VARCHAR, note VARCHAR, definition VARCHAR",
    "state_homicides": "year BIGINT, population BIGINT, homicide BIGINT, definition VARCHAR, "
    "source_url VARCHAR",
    "program_timeline": "date VARCHAR, place VARCHAR, event VARCHAR, source_url VARCHAR",
    "evaluations": "place VARCHAR, program VARCHAR, began VARCHAR, outcome VARCHAR, effect DOUBLE, "
    "unit VARCHAR, method VARCHAR, study VARCHAR, source_url VARCHAR",
}
COLUMNS = {
    # How the published facts name the places: cities, together, the state.
    "reference_places": "place VARCHAR, kind VARCHAR, city VARCHAR",
    # `starts_on`: the day the source says it is complete from, else the first of the month of the
    # first counted incident: what came before it nobody said, so no zero is drawn there.
    # `placed_from`: the first day since which most incidents of every year could be placed in a
    # neighbourhood; null where those of the newest 365 days could not.
    "cities": "city city_id, name VARCHAR, position BIGINT, week_ends_iso BIGINT, "
    "launched_on DATE, starts_on DATE, placed_from DATE, data_through DATE",
    # Each count where nothing happened, null where nobody knows it.
    "zeros": "city city_id, " + ", ".join(f"{name} BIGINT" for name in victim_coverage.NEEDS),
    "data_through": "extract VARCHAR, city VARCHAR, day DATE, derived BOOLEAN, begins_on DATE",
    # Every extract of the contract; how many rows were refused is for the state.
    "sources": "position BIGINT, extract VARCHAR, supplied BOOLEAN, quarantined BIGINT",
    "checks": "position BIGINT, rule VARCHAR, severity VARCHAR, sentence VARCHAR, count BIGINT",
    "ledger": "position BIGINT, city VARCHAR, sentence VARCHAR, against VARCHAR",
    # Incidents that were classified otherwise since the release before.
    "reclassified": "city VARCHAR, "
    + ", ".join(f"{name} BIGINT" for name in revisions.RECLASSIFIED),
}
# Whether most incidents of a year (or of the people a source holds) could be placed in a
# neighbourhood; of the newest 365 days, without a year, together: what is new is placed late.
MOST_PLACED = """
    WITH ends AS (SELECT city, max(day) AS newest FROM daily GROUP BY city)
    SELECT CAST(daily.city AS VARCHAR),
        CASE WHEN daily.day <= ends.newest - 365 THEN year(daily.day) END AS in_year,
        COALESCE(SUM(many) FILTER (daily.neighbourhood IS NOT NULL), 0) >= SUM(many) / 2
    FROM (
        SELECT *, COALESCE(incidents, GREATEST(fatal, nonfatal, homicides, 0)) AS many FROM daily
    ) AS daily
    INNER JOIN ends USING (city) GROUP BY ALL
"""

Rows = list[tuple[Any, ...]]


def create_tables(
    connection: duckdb.DuckDBPyConnection, settings: Settings, release: Release, scope: str
) -> None:
    """Make every small table of a database that has the aggregates.

    What tells of rows is in the scope that may read them: of all cities in the state's, of its
    own in a city's.
    """
    for name, columns in REFERENCE.items():
        _read_reference(connection, settings.reference / f"{name}.csv", name, columns)
    manifest = release.manifest
    holds = victim_coverage.read_manifest_coverage(manifest)
    refusals = manifest.get("quarantined", {}) if scope == STATE_SCOPE else {}
    ledger = manifest.get("ledger", [])
    rows: dict[str, Rows] = {
        "reference_places": _list_places(settings),
        "cities": _list_cities(connection, settings, manifest),
        "zeros": [
            (city, *victim_coverage.list_zeros(holds, city).values()) for city in settings.cities
        ],
        "data_through": _list_days(manifest, scope),
        "sources": [
            (at, name, release.has(member_of(name)), refusals.get(name))
            for at, name in enumerate(contract.BY_NAME)
        ],
        "checks": [
            (at, *(found[key] for key in ("rule", "severity", "sentence", "count")))
            for at, found in enumerate(manifest.get("checks", []))
            if scope == STATE_SCOPE or (scope == PUBLIC_SCOPE and found["rule"] in OPEN_FINDINGS)
        ],
        "ledger": [
            (at, city, sentence, manifest.get("previous"))
            for at, (city, sentence) in enumerate(
                revisions.describe_public_revisions(ledger, settings)
            )
        ],
        "reclassified": [
            (entry["city"], *(entry[name] for name in revisions.RECLASSIFIED))
            for entry in ledger
            if entry["city"] and _can_read_rows(scope, entry["city"])
        ],
    }
    for name, columns in COLUMNS.items():
        create_table(connection, name, columns, rows[name])


def _list_cities(
    connection: duckdb.DuckDBPyConnection, settings: Settings, manifest: Mapping[str, Any]
) -> Rows:
    """List the cities in the order of the configuration."""
    spans = {
        city: days
        for city, *days in connection.execute(
            "SELECT CAST(city AS VARCHAR), min(day), max(day) FROM daily GROUP BY city"
        ).fetchall()
    }
    placed = connection.execute(MOST_PLACED).fetchall()
    first_days = manifest.get("data_from", {}).get("incidents", {})
    through = [manifest.get("data_through", {}).get(name, {}) for name in COUNTED_FROM]
    rows: Rows = []
    for position, city in enumerate(settings.cities.values()):
        ends = [date.fromisoformat(days[city.id]["day"]) for days in through if city.id in days]
        # Counts are complete through the day that both extracts are.
        last = min(ends) if len(ends) == len(COUNTED_FROM) else None
        days = [*spans.get(city.id, ()), *([last] if last else [])]
        starts_on = _find_start(first_days.get(city.id), days)
        placed_from = _find_placed_from(city.id, placed, starts_on)
        about = (city.id, city.name, position, city.week_ends_iso, city.launched_on)
        rows.append((*about, starts_on, placed_from, last))
    return rows


def _find_start(first_day: str | None, days: list[date]) -> date | None:
    if first_day:
        return date.fromisoformat(first_day)
    return min(days).replace(day=1) if days else None


def _find_placed_from(city: str, placed: Rows, starts_on: date | None) -> date | None:
    unplaced = [year for name, year, is_placed in placed if name == city and not is_placed]
    if starts_on is None or None in unplaced:
        return None
    return max([starts_on, *(date(year + 1, 1, 1) for year in unplaced)])


def _list_places(settings: Settings) -> Rows:
    rows: Rows = [
        *((city.reference_key, "city", city.id) for city in settings.cities.values()),
        (settings.together_reference_key, "together", None),
        (settings.state_reference_key, "state", None),
    ]
    return [row for row in rows if row[0]]


def _can_read_rows(scope: str, city: str | None) -> bool:
    """Return whether a scope may read the rows of a city."""
    return scope != PUBLIC_SCOPE and scope in (STATE_SCOPE, city)


def _list_days(manifest: Mapping[str, Any], scope: str) -> Rows:
    anybody, starts = list_public_days(manifest), manifest.get("data_from", {})
    return [
        (extract, city, entry["day"], entry["derived"], starts.get(extract, {}).get(city))
        for extract, cities in manifest.get("data_through", {}).items()
        for city, entry in cities.items()
        if city in anybody[extract] or _can_read_rows(scope, city)
    ]


def _read_reference(
    connection: duckdb.DuckDBPyConnection, path: Path, name: str, columns: str
) -> None:
    """Make a table of a file; a figure without a source address is left out."""
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
        # The line in question, which DuckDB repeats, may be long, and its advice is not for here.
        said = str(error).partition("\n\n")[0].splitlines()
        what = ". ".join(line for line in said if not line.startswith("Original Line"))
        raise ConfigError(f"{path} cannot be read: {what}") from error
