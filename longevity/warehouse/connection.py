"""A closed database a scope: what is not in it cannot be asked for.

A scope is `public`, one city, or `state`. Each is an in-memory database of its
own. The public one holds aggregates, published facts and what the manifest
says, and no file at all may be read through it; a city's adds the located
incidents and the extracts, its own rows only; the state's adds all of them.
Hardened in this order: connect, tables and views, allowed files, no external
access, locked configuration.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb

from longevity.auth.viewers import PUBLIC_SCOPE, STATE_SCOPE
from longevity.errors import DataError
from longevity.ingest import contract
from longevity.promises import tables as promise_tables
from longevity.release.manifest import member_of
from longevity.release.store import PUBLIC_TABLES, Release
from longevity.scratch import quote_text
from longevity.settings import Settings
from longevity.warehouse import facts, macros

CLOSED: dict[str, bool | int] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    # Many askers, and pages that ask two questions at a time: one thread each answers sooner.
    "threads": 1,
}


def _read_columns(text: str) -> dict[str, str]:
    """Return SQL types by name, of columns written as SQL has them."""
    return dict(part.split() for part in text.split(", "))


AGGREGATES = {
    "areas": _read_columns(
        "city VARCHAR, neighbourhood VARCHAR, population BIGINT, area_km2 DOUBLE"
    ),
    "daily": _read_columns(
        "city VARCHAR, neighbourhood VARCHAR, reason VARCHAR, day DATE, "
        "incidents BIGINT, victims BIGINT, fatal BIGINT, nonfatal BIGINT, homicides BIGINT"
    ),
    "hourly": _read_columns(
        "city VARCHAR, neighbourhood VARCHAR, reason VARCHAR, year BIGINT, "
        "weekday BIGINT, hour BIGINT, incidents BIGINT, victims BIGINT"
    ),
    "public_tables": _read_columns(
        "table_name VARCHAR, city VARCHAR, year BIGINT, value VARCHAR, position BIGINT, "
        "counted BIGINT, state VARCHAR, cut_on DATE"
    ),
    "recorded": _read_columns(
        "city VARCHAR, day DATE, recorded_on DATE, incidents BIGINT, victims BIGINT"
    ),
}
# What counts leave out, for the scopes that may read rows: so few a year are single people.
UNCOUNTED = _read_columns(
    "city VARCHAR, year BIGINT, circumstance VARCHAR, incidents BIGINT, victims BIGINT"
)
# Incidents where they were located, for the scopes that may read rows.
LOCATED = _read_columns(
    "incident_id VARCHAR, city VARCHAR, day DATE, hour INTEGER, neighbourhood VARCHAR, "
    "reason VARCHAR, located_by VARCHAR, longitude DOUBLE, latitude DOUBLE, gmi VARCHAR, "
    "circumstance VARCHAR, counted BOOLEAN, victims BIGINT, fatal BIGINT, nonfatal BIGINT, "
    "homicides BIGINT"
)
# Shootings by block, for the scopes that may know where: no aggregate, never in the public's.
POINTS = _read_columns(
    "city VARCHAR, neighbourhood VARCHAR, occurred_on DATE, longitude DOUBLE, latitude DOUBLE, "
    "precision VARCHAR, victims BIGINT, fatal BIGINT, nonfatal BIGINT"
)
FILE_OF = {"public_tables": PUBLIC_TABLES}  # the others are called as their tables


def open_scope(release: Release, settings: Settings, scope: str) -> duckdb.DuckDBPyConnection:
    """Open a hardened database for one scope of one release.

    Raises DataError when a built member is missing or is not what it should be.
    Use a cursor of it a call, never the connection itself: a shared one was
    seen to return wrong rows under threads.
    """
    connection = duckdb.connect(":memory:", config=dict(CLOSED))
    try:
        for name, columns in AGGREGATES.items():
            _create_aggregate(connection, release, name, columns)
        facts.create_tables(connection, settings, release, scope)
        macros.create_macros(connection)
        files = [] if scope == PUBLIC_SCOPE else _create_extract_views(connection, release, scope)
    except duckdb.Error as error:
        connection.close()
        raise DataError(
            f"The release {release.id} cannot be opened: a member is not what it should be.",
            "Go back to an earlier release, or publish again.",
        ) from error
    _harden(connection, files)
    if scope != PUBLIC_SCOPE:
        promise_tables.create_tables(connection, settings.thresholds.promise_window_days)
    return connection


def _harden(connection: duckdb.DuckDBPyConnection, files: list[Path]) -> None:
    paths = ", ".join(quote_text(str(file)) for file in files)
    connection.execute(
        # Python variables are tables to DuckDB unless told otherwise.
        "SET python_enable_replacements = false; SET temp_directory = ''; "
        f"SET allow_community_extensions = false; SET allowed_paths = [{paths}]; "
        "SET enable_external_access = false; SET lock_configuration = true"
    )


def _find_member(release: Release, name: str) -> Path:
    """Return the file of a release that holds a built table."""
    return release.member(FILE_OF.get(name, f"built/{name}.parquet"))


def _build_select(
    connection: duckdb.DuckDBPyConnection, path: Path, columns: Mapping[str, str]
) -> str:
    """Build a SELECT of these columns, by their SQL types, from a member of a release.

    One that an earlier version did not write is null: nothing was said of it then.
    """
    source = f"read_parquet({quote_text(str(path))})"
    names = [name for name, *_ in connection.execute(f"FROM {source} LIMIT 0").description]
    parts = [
        f'"{name}"' if name in names else f'CAST(NULL AS {kind}) AS "{name}"'
        for name, kind in columns.items()
    ]
    return f"SELECT {', '.join(parts)} FROM {source}"


def _create_aggregate(
    connection: duckdb.DuckDBPyConnection, release: Release, name: str, columns: Mapping[str, str]
) -> None:
    _create_empty_table(connection, name, columns)
    # Public tables are there once a year was frozen.
    if name != "public_tables" or release.has(PUBLIC_TABLES):
        source = _build_select(connection, _find_member(release, name), columns)
        connection.execute(f"INSERT INTO {name} {source}")
    if name == "public_tables":
        _withdraw_tables(connection, release)


def _withdraw_tables(connection: duckdb.DuckDBPyConnection, release: Release) -> None:
    """Take out of the public tables what is withdrawn: it is missing, as if never frozen.

    The number of victims stays: it is public, and shares of other tables are of it.
    """
    for entry in release.manifest.get("withdrawn", ()):
        connection.execute(
            "UPDATE public_tables SET counted = NULL, state = 'missing' WHERE table_name = $table "
            "AND city = $city AND year = $year AND value <> 'victims'",
            {name: entry[name] for name in ("table", "city", "year")},
        )


def _create_empty_table(
    connection: duckdb.DuckDBPyConnection, name: str, columns: Mapping[str, str]
) -> None:
    definitions = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
    connection.execute(f"CREATE TABLE {name} ({definitions})")


def _create_extract_views(
    connection: duckdb.DuckDBPyConnection, release: Release, scope: str
) -> list[Path]:
    """Create views over extracts and located incidents; return the files they read.

    As tables in memory they answer 2 ms of 12 sooner, and over a million victims take 0.6 GiB
    for the state and 0.3 GiB for each city.
    """
    where = "" if scope == STATE_SCOPE else f" WHERE city = {quote_text(scope)}"
    built = {"located": LOCATED, "uncounted": UNCOUNTED, "points": POINTS}
    views = {name: (_find_member(release, name), columns) for name, columns in built.items()}
    for name, extract in contract.BY_NAME.items():
        columns = {column.name: contract.SQL_TYPES[column.kind] for column in extract.columns}
        if name in release.manifest["rows"]:
            views[name] = release.member(member_of(name)), columns
        else:
            _create_empty_table(connection, name, columns)
    for name, (path, columns) in views.items():
        source = _build_select(connection, path, columns)
        connection.execute(f"CREATE VIEW {name} AS {source}{where}")
    macros.create_row_macros(connection)
    return [path for path, _ in views.values()]
