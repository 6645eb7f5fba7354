"""A closed database a scope: what is not in it cannot be asked for.

A scope is `public`, one city, or `state`. Each is an in-memory database of its
own. The public one holds aggregates, published facts and what the manifest
says, and no file at all may be read through it; a city's adds the located
incidents and the extracts, its own rows only; the state's adds all of them.
Hardened in this order: connect, tables and views, what was kept attached for
reading, allowed files, no external access, locked configuration.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import duckdb

from longevity.auth.viewers import PUBLIC_SCOPE, STATE_SCOPE
from longevity.errors import DataError
from longevity.ingest import contract
from longevity.ingest.validation.typed_columns import SQL_TYPES
from longevity.promises import tables as promise_tables
from longevity.release import table_corrections
from longevity.release.member import member_of
from longevity.release.store import PUBLIC_TABLES
from longevity.settings import Settings
from longevity.warehouse import facts, macros

CLOSED: dict[str, bool | int] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}

# Columns that repeat few words: an ENUM answers several times faster than text.
AGGREGATES: dict[str, dict[str, str]] = {
    "areas": {
        "city": "city_id",
        "neighbourhood": "neighbourhood_name",
        "population": "BIGINT",
        "area_km2": "DOUBLE",
        "boundary": "VARCHAR",
    },
    "daily": {
        "city": "city_id",
        "neighbourhood": "neighbourhood_name",
        "reason": "reason_word",
        "day": "DATE",
        "incidents": "BIGINT",
        "victims": "BIGINT",
        "fatal": "BIGINT",
        "nonfatal": "BIGINT",
        "homicides": "BIGINT",
    },
    "hourly": {
        "city": "city_id",
        "neighbourhood": "neighbourhood_name",
        "reason": "reason_word",
        "year": "BIGINT",
        "weekday": "BIGINT",
        "hour": "BIGINT",
        "incidents": "BIGINT",
        "victims": "BIGINT",
    },
    "public_tables": {
        "table_name": "VARCHAR",
        "city": "VARCHAR",
        "year": "BIGINT",
        "value": "VARCHAR",
        "position": "BIGINT",
        "counted": "BIGINT",
        "state": "VARCHAR",
        "cut_on": "DATE",
    },
    "recorded": {
        "city": "city_id",
        "day": "DATE",
        "recorded_on": "DATE",
        "incidents": "BIGINT",
        "victims": "BIGINT",
    },
}
# What counts leave out, for the scopes that may read rows: so few a year are single people.
UNCOUNTED: dict[str, str] = {
    "city": "VARCHAR",
    "year": "BIGINT",
    "circumstance": "VARCHAR",
    "incidents": "BIGINT",
    "victims": "BIGINT",
}
# Incidents where they were located, for the scopes that may read rows.
LOCATED: dict[str, str] = {
    "incident_id": "VARCHAR",
    "city": "VARCHAR",
    "day": "DATE",
    "hour": "INTEGER",
    "neighbourhood": "VARCHAR",
    "reason": "VARCHAR",
    "located_by": "VARCHAR",
    "longitude": "DOUBLE",
    "latitude": "DOUBLE",
    "gmi": "VARCHAR",
    "circumstance": "VARCHAR",
    "counted": "BOOLEAN",
    "victims": "BIGINT",
    "fatal": "BIGINT",
    "nonfatal": "BIGINT",
    "homicides": "BIGINT",
}
# Shootings by block, for the scopes that may know where: no aggregate, never in the public's.
POINTS: dict[str, str] = {
    "city": "VARCHAR",
    "neighbourhood": "VARCHAR",
    "occurred_on": "DATE",
    "longitude": "DOUBLE",
    "latitude": "DOUBLE",
    "precision": "VARCHAR",
    "victims": "BIGINT",
    "fatal": "BIGINT",
    "nonfatal": "BIGINT",
}
# Members that releases made by an earlier version do not hold: they answer with no rows.
NEWER = ("public_tables", "recorded", "points")
WORDS = {
    "city_id": ("city", ("areas", "daily", "hourly", "recorded")),
    "neighbourhood_name": ("neighbourhood", ("areas", "daily", "hourly")),
    "reason_word": ("reason", ("daily", "hourly")),
}


class Release(Protocol):
    """What the warehouse asks of a published release."""

    @property
    def id(self) -> str:
        """The release id."""

    @property
    def manifest(self) -> Mapping[str, Any]:
        """What the manifest says."""

    def member(self, name: str) -> Path:
        """The path of one member, such as `built/daily.parquet`."""


def supplied(release: Release) -> tuple[str, ...]:
    """The names of the extracts this release holds, in the contract's order."""
    return tuple(name for name in contract.BY_NAME if _there(release, member_of(name)))


@dataclass(frozen=True)
class Kept:
    """A file with a scope's tables of groups and of the promise, proven to be what it should be."""

    path: Path
    state: tuple[int, ...]

    def as_proven(self) -> bool:
        """Whether it is still that file, and nothing beside it that DuckDB would read with it."""
        try:
            return state_of(self.path) == self.state and not log_of(self.path).exists()
        except OSError:
            return False


def state_of(path: Path) -> tuple[int, ...]:
    """What tells one file by this name from the next; OSError where there is none."""
    told = path.stat()
    return (told.st_ino, told.st_mtime_ns, told.st_size)


def log_of(path: Path) -> Path:
    """Where DuckDB writes what is not in the file yet."""
    return path.with_name(f"{path.name}.wal")


class Scope:
    """One scope of one release, opened as far as it is asked. Safe to share between threads.

    The tables of groups and of the promise are read where `ready` says they are kept; else they
    are made, by walking through all that happened, when a question first reads one.
    """

    def __init__(
        self, release: Release, settings: Settings, name: str, ready: Callable[[], Kept | None]
    ) -> None:
        self._release, self._settings, self._name, self._ready = release, settings, name, ready
        self._opening = threading.Lock()
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._attached = False
        self._walked = name == PUBLIC_SCOPE  # which has no such tables

    def cursor(self, sql: str) -> duckdb.DuckDBPyConnection:
        """A cursor to ask this question by."""
        with self._opening:
            walked = promise_tables.read_by(sql) and not self._walked
            if self._connection is None or walked:
                self._connection = self._opened(self._connection, walked)
            return self._connection.cursor()

    def _opened(
        self, before: duckdb.DuckDBPyConnection | None, walked: bool
    ) -> duckdb.DuckDBPyConnection:
        """A connection; `walked` if it must have the tables of groups and of the promise.

        They may have been made ready since the one `before` was opened, which cannot read any
        file more: another one is, and cursors of the one before go on.
        """
        kept = None if self._walked else self._ready()
        opened = before
        if opened is None or kept is not None:
            opened, self._attached = open_scope(self._release, self._settings, self._name, kept)
            self._walked = self._walked or self._attached
        if walked and not self._walked:
            promise_tables.create(opened, self._settings.thresholds.promise_window_days)
            self._walked = True
        return opened

    def without_kept(self) -> bool:
        """Begin anew without the file of tables, which cannot be read; False if it read none."""
        with self._opening:
            if not self._attached:
                return False
            self._ready = _nothing_kept
            self._connection, self._attached, self._walked = None, False, False
            return True

    def keep(self, path: Path) -> None:
        """Write the tables of groups and of the promise to a file, for `open_scope`."""
        with self.cursor(f"FROM {promise_tables.TABLES[0]}") as cursor:
            promise_tables.write(cursor, path)

    def close(self) -> None:
        """Let go of what was opened. It is closed once the last cursor of it is."""
        with self._opening:
            self._connection = None


def _nothing_kept() -> Kept | None:
    return None


def open_scope(
    release: Release, settings: Settings, scope: str, kept: Kept | None = None
) -> tuple[duckdb.DuckDBPyConnection, bool]:
    """A hardened database for one scope of one release, and whether it reads what is kept.

    Where `kept` is none, or is no longer what it was proven to be, as after a purge, it has no
    tables of groups and of the promise: `open_walked` makes them.

    Use a cursor of it a call, never the connection itself: a shared one was
    seen to return wrong rows under threads. Raises DataError when a built
    member is missing or is not what it should be.
    """
    config = dict(CLOSED)
    if scope == PUBLIC_SCOPE:
        # Small tables and many askers: one thread a question answers sooner than two.
        config["threads"] = 1
    connection = duckdb.connect(":memory:", config=config)
    try:
        _words(connection, release, settings)
        for name, columns in AGGREGATES.items():
            _aggregate(connection, release, name, columns)
        _facts(connection, release, settings, scope)
        files = [] if scope == PUBLIC_SCOPE else _extracts(connection, release, scope)
    except duckdb.Error as error:
        connection.close()
        raise DataError(
            f"The release {release.id} cannot be opened: a member is not what it should be.",
            "Go back to an earlier release, or publish again.",
        ) from error
    if kept is not None and not (promise_tables.attach(connection, kept.path) and kept.as_proven()):
        connection.close()
        return open_scope(release, settings, scope)
    _harden(connection, files)
    return connection, kept is not None


def open_walked(release: Release, settings: Settings, scope: str) -> duckdb.DuckDBPyConnection:
    """Such a database, with the tables of groups and of the promise made for it."""
    connection, _ = open_scope(release, settings, scope)
    if scope != PUBLIC_SCOPE:
        promise_tables.create(connection, settings.thresholds.promise_window_days)
    return connection


def _harden(connection: duckdb.DuckDBPyConnection, files: list[Path]) -> None:
    # Python variables are tables to DuckDB unless told otherwise.
    connection.execute("SET python_enable_replacements = false")
    connection.execute("SET temp_directory = ''")
    connection.execute("SET allow_community_extensions = false")
    paths = ", ".join(_literal(str(file)) for file in files)
    connection.execute(f"SET allowed_paths = [{paths}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def _there(release: Release, member: str) -> bool:
    try:
        return release.member(member).exists()
    except (DataError, KeyError):
        return False


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _parquet(path: Path) -> str:
    return f"read_parquet({_literal(str(path))})"


def _select(connection: duckdb.DuckDBPyConnection, path: Path, columns: Mapping[str, str]) -> str:
    """A SELECT of these columns, by their SQL types, from a member of a release.

    One that an earlier version did not write is null: nothing was said of it then.
    """
    described = connection.execute(f"DESCRIBE SELECT * FROM {_parquet(path)}").fetchall()
    there = {str(name) for name, *_ in described}
    parts = [
        f'"{name}"' if name in there else f'CAST(NULL AS {kind}) AS "{name}"'
        for name, kind in columns.items()
    ]
    return f"SELECT {', '.join(parts)} FROM {_parquet(path)}"


def _member(name: str) -> str:
    """The member of a release that holds a table of counts."""
    return PUBLIC_TABLES if name == "public_tables" else f"built/{name}.parquet"


def _built(release: Release, name: str) -> Path:
    return release.member(_member(name))


def _holds(release: Release, name: str) -> bool:
    """Whether the release has this aggregate; one it should have and has not fails later."""
    return name not in NEWER or _there(release, _member(name))


def _words(connection: duckdb.DuckDBPyConnection, release: Release, settings: Settings) -> None:
    for word, (column, members) in WORDS.items():
        found: set[str] = set()
        for member in (name for name in members if _holds(release, name)):
            source = _select(connection, _built(release, member), {column: "VARCHAR"})
            rows = connection.execute(
                f"SELECT DISTINCT {column} FROM ({source}) WHERE {column} IS NOT NULL"
            ).fetchall()
            found |= {row[0] for row in rows}
        known = list(settings.cities) if column == "city" else []
        ordered = [*known, *sorted(found - set(known))]
        values = ", ".join(_literal(value) for value in ordered)
        connection.execute(f"CREATE TYPE {word} AS ENUM ({values})")


def _aggregate(
    connection: duckdb.DuckDBPyConnection, release: Release, name: str, columns: dict[str, str]
) -> None:
    if not _holds(release, name):
        _nothing(connection, name, columns)
        return
    cast = ", ".join(f"CAST({column} AS {kind}) AS {column}" for column, kind in columns.items())
    source = _select(connection, _built(release, name), columns)
    connection.execute(f"CREATE TABLE {name} AS SELECT {cast} FROM ({source})")
    if name == "public_tables":
        _withdraw(connection, release)


def _withdraw(connection: duckdb.DuckDBPyConnection, release: Release) -> None:
    """Take out of the public tables what was withdrawn since: it is missing, as if never frozen.

    The number of victims stays: it is public, and shares of other tables are of it.
    """
    for one in table_corrections.list_withdrawn(release.manifest):
        connection.execute(
            "UPDATE public_tables SET counted = NULL, state = 'missing' WHERE table_name = $table "
            "AND city = $city AND year = $year AND value <> 'victims'",
            {name: one[name] for name in ("table", "city", "year")},
        )


def _nothing(connection: duckdb.DuckDBPyConnection, name: str, columns: Mapping[str, str]) -> None:
    declared = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
    connection.execute(f"CREATE TABLE {name} ({declared})")


def _facts(
    connection: duckdb.DuckDBPyConnection, release: Release, settings: Settings, scope: str
) -> None:
    rows = connection.execute(
        "SELECT CAST(city AS VARCHAR), min(day), max(day) FROM daily GROUP BY city"
    ).fetchall()
    spans = {city: (first, last) for city, first, last in rows}
    tables = facts.tables(settings, release.manifest, spans, supplied(release), scope)
    for name, table in tables.items():
        connection.register("_incoming", table)
        by_city = name in ("cities", "zeros")
        columns = "* REPLACE (CAST(city AS city_id) AS city)" if by_city else "*"
        connection.execute(f"CREATE TABLE {name} AS SELECT {columns} FROM _incoming")
        connection.unregister("_incoming")
    macros.create_macros(connection)


def _extracts(connection: duckdb.DuckDBPyConnection, release: Release, scope: str) -> list[Path]:
    """Views over the extracts, the incidents located, left out and drawn; the files they read."""
    where = "" if scope == STATE_SCOPE else f" WHERE city = {_literal(scope)}"
    files: list[Path] = []

    def view(name: str, path: Path, columns: Mapping[str, str]) -> None:
        source = _select(connection, path, columns)
        connection.execute(f"CREATE VIEW {name} AS {source}{where}")
        files.append(path)

    view("located", _built(release, "located"), LOCATED)
    view("uncounted", _built(release, "uncounted"), UNCOUNTED)
    if _holds(release, "points"):
        view("points", _built(release, "points"), POINTS)
    else:
        _nothing(connection, "points", POINTS)
    there = supplied(release)
    for name, extract in contract.BY_NAME.items():
        columns = {column.name: SQL_TYPES[column.kind] for column in extract.columns}
        if name in there:
            view(name, release.member(member_of(name)), columns)
        else:
            _nothing(connection, name, columns)
    macros.create_row_macros(connection)
    return files
