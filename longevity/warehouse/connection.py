"""A closed database a scope: what is not in it cannot be asked for.

A scope is `public`, one city, or `state`. Each is an in-memory database of its
own. The public one holds aggregates, published facts and what the manifest
says, and no file at all may be read through it; a city's adds the located
incidents and the extracts, its own rows only; the state's adds all of them.
Hardened in this order: connect, tables and views, allowed files, no external
access, locked configuration.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path

import duckdb

from longevity.auth.viewers import PUBLIC_SCOPE, STATE_SCOPE
from longevity.errors import DataError
from longevity.ingest import contract
from longevity.ingest.typed_columns import SQL_TYPES
from longevity.promises import tables as promise_tables
from longevity.release.member import member_of
from longevity.release.store import PUBLIC_TABLES, Release
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


# Columns that repeat few words: an ENUM answers several times faster than text.
AGGREGATES = {
    "areas": _read_columns(
        "city city_id, neighbourhood neighbourhood_name, population BIGINT, area_km2 DOUBLE"
    ),
    "daily": _read_columns(
        "city city_id, neighbourhood neighbourhood_name, reason reason_word, day DATE, "
        "incidents BIGINT, victims BIGINT, fatal BIGINT, nonfatal BIGINT, homicides BIGINT"
    ),
    "hourly": _read_columns(
        "city city_id, neighbourhood neighbourhood_name, reason reason_word, year BIGINT, "
        "weekday BIGINT, hour BIGINT, incidents BIGINT, victims BIGINT"
    ),
    "public_tables": _read_columns(
        "table_name VARCHAR, city VARCHAR, year BIGINT, value VARCHAR, position BIGINT, "
        "counted BIGINT, state VARCHAR, cut_on DATE"
    ),
    "recorded": _read_columns(
        "city city_id, day DATE, recorded_on DATE, incidents BIGINT, victims BIGINT"
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
# Members that releases made by an earlier version do not hold: they answer with no rows.
NEWER = ("public_tables", "recorded", "points")
WORDS = {
    "city_id": ("city", ("areas", "daily", "hourly", "recorded")),
    "neighbourhood_name": ("neighbourhood", ("areas", "daily", "hourly")),
    "reason_word": ("reason", ("daily", "hourly")),
}


def list_supplied_extracts(release: Release) -> tuple[str, ...]:
    """List the names of the extracts this release holds, in the contract's order."""
    return tuple(name for name in contract.BY_NAME if _has_file(release, member_of(name)))


class Scope:
    """One scope of one release, opened when it is first asked. Safe to share between threads.

    The tables of groups and of the promise are made when a question first reads one: to walk
    through all that happened takes a tenth of a second, and seconds over a million victims.
    """

    def __init__(self, release: Release, settings: Settings, name: str) -> None:
        self._release, self._settings, self._name = release, settings, name
        self._lock = threading.Lock()
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._has_tables = name == PUBLIC_SCOPE  # which has no such tables, and needs none

    def open_cursor(self, sql: str) -> duckdb.DuckDBPyConnection:
        """Return a cursor to ask this question by."""
        with self._lock:
            if self._connection is None:
                self._connection = open_scope(self._release, self._settings, self._name)
            if promise_tables.reads_tables(sql) and not self._has_tables:
                _create_promise_tables(self._connection, self._settings)
                self._has_tables = True
            return self._connection.cursor()

    def close(self) -> None:
        """Let go of what was opened. It is closed once the last cursor of it is."""
        with self._lock:
            self._connection = None


def open_scope(release: Release, settings: Settings, scope: str) -> duckdb.DuckDBPyConnection:
    """Open a hardened database for one scope of one release.

    Use a cursor of it a call, never the connection itself: a shared one was
    seen to return wrong rows under threads. Raises DataError when a built
    member is missing or is not what it should be.
    """
    connection = duckdb.connect(":memory:", config=dict(CLOSED))
    try:
        _create_word_types(connection, release, settings)
        for name, columns in AGGREGATES.items():
            _create_aggregate(connection, release, name, columns)
        extracts = list_supplied_extracts(release)
        facts.create_tables(connection, settings, release.manifest, extracts, scope)
        macros.create_macros(connection)
        files = [] if scope == PUBLIC_SCOPE else _create_extract_views(connection, release, scope)
    except duckdb.Error as error:
        connection.close()
        raise DataError(
            f"The release {release.id} cannot be opened: a member is not what it should be.",
            "Go back to an earlier release, or publish again.",
        ) from error
    _harden(connection, files)
    return connection


def open_with_tables(release: Release, settings: Settings, scope: str) -> duckdb.DuckDBPyConnection:
    """Open such a database, with the tables of groups and of the promise made for it."""
    connection = open_scope(release, settings, scope)
    if scope != PUBLIC_SCOPE:
        _create_promise_tables(connection, settings)
    return connection


def _create_promise_tables(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    promise_tables.create_tables(connection, settings.thresholds.promise_window_days)


def _harden(connection: duckdb.DuckDBPyConnection, files: list[Path]) -> None:
    # Python variables are tables to DuckDB unless told otherwise.
    connection.execute("SET python_enable_replacements = false")
    connection.execute("SET temp_directory = ''")
    connection.execute("SET allow_community_extensions = false")
    paths = ", ".join(_quote_text(str(file)) for file in files)
    connection.execute(f"SET allowed_paths = [{paths}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def _has_file(release: Release, member: str) -> bool:
    try:
        return release.member(member).exists()
    except (DataError, KeyError):
        return False


def _quote_text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _read_parquet(path: Path) -> str:
    return f"read_parquet({_quote_text(str(path))})"


def _build_select(
    connection: duckdb.DuckDBPyConnection, path: Path, columns: Mapping[str, str]
) -> str:
    """Build a SELECT of these columns, by their SQL types, from a member of a release.

    One that an earlier version did not write is null: nothing was said of it then.
    """
    rows = connection.execute(f"DESCRIBE SELECT * FROM {_read_parquet(path)}").fetchall()
    names = {str(name) for name, *_ in rows}
    parts = [
        f'"{name}"' if name in names else f'CAST(NULL AS {kind}) AS "{name}"'
        for name, kind in columns.items()
    ]
    return f"SELECT {', '.join(parts)} FROM {_read_parquet(path)}"


def _name_member(name: str) -> str:
    """Return the member of a release that holds a table of counts."""
    return PUBLIC_TABLES if name == "public_tables" else f"built/{name}.parquet"


def _find_member(release: Release, name: str) -> Path:
    return release.member(_name_member(name))


def _has_table(release: Release, name: str) -> bool:
    """Return whether the release has this aggregate; one it should have and has not fails later."""
    return name not in NEWER or _has_file(release, _name_member(name))


def _create_word_types(
    connection: duckdb.DuckDBPyConnection, release: Release, settings: Settings
) -> None:
    for word, (column, members) in WORDS.items():
        values: set[str] = set()
        for member in (name for name in members if _has_table(release, name)):
            source = _build_select(connection, _find_member(release, member), {column: "VARCHAR"})
            rows = connection.execute(
                f"SELECT DISTINCT {column} FROM ({source}) WHERE {column} IS NOT NULL"
            ).fetchall()
            values |= {row[0] for row in rows}
        first = list(settings.cities) if column == "city" else []
        in_order = [*first, *sorted(values - set(first))]
        literals = ", ".join(_quote_text(value) for value in in_order)
        connection.execute(f"CREATE TYPE {word} AS ENUM ({literals})")


def _create_aggregate(
    connection: duckdb.DuckDBPyConnection, release: Release, name: str, columns: Mapping[str, str]
) -> None:
    _create_empty_table(connection, name, columns)
    if _has_table(release, name):
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
    where = "" if scope == STATE_SCOPE else f" WHERE city = {_quote_text(scope)}"
    files: list[Path] = []

    def create_view(name: str, path: Path, columns: Mapping[str, str]) -> None:
        source = _build_select(connection, path, columns)
        connection.execute(f"CREATE VIEW {name} AS {source}{where}")
        files.append(path)

    create_view("located", _find_member(release, "located"), LOCATED)
    create_view("uncounted", _find_member(release, "uncounted"), UNCOUNTED)
    if _has_table(release, "points"):
        create_view("points", _find_member(release, "points"), POINTS)
    else:
        _create_empty_table(connection, "points", POINTS)
    names = list_supplied_extracts(release)
    for name, extract in contract.BY_NAME.items():
        columns = {column.name: SQL_TYPES[column.kind] for column in extract.columns}
        if name in names:
            create_view(name, release.member(member_of(name)), columns)
        else:
            _create_empty_table(connection, name, columns)
    macros.create_row_macros(connection)
    return files
