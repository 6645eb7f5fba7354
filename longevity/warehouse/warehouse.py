"""The only way to the data: a named question, its parameters, a viewer."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from longevity.absent import MISSING, SHOWN, ZERO
from longevity.auth import viewers
from longevity.auth.viewers import PUBLIC_SCOPE, QueryClass, Viewer
from longevity.errors import DataError, UsageError, suggest_nearest
from longevity.release.store import Release
from longevity.settings import Settings
from longevity.warehouse import catalogue, connection, provenance
from longevity.warehouse.catalogue import Query
from longevity.warehouse.parameters import (
    AllowedValues,
    bind_values,
    find_uncovered_cities,
    resolve_parameters,
)
from longevity.warehouse.provenance import Provenance

TEXT = pd.StringDtype(na_value=np.nan)
DAY = "datetime64[us]"


@dataclass(frozen=True)
class Answer:
    """One answer.

    `frame` has the query's columns, sorted as its SQL says: whole numbers of any width as Int64,
    BOOLEAN as boolean, DOUBLE as float64, DATE as datetime64[us], text as str with NaN where
    missing. One of the class `aggregate` has a `<column>_state` beside every protected column.
    """

    frame: pd.DataFrame
    provenance: Provenance


class Scope:
    """One scope of one release, opened when it is first asked. Safe to share between threads.

    The tables of groups and of the promise are made when a question first reads one: to walk
    through all that happened takes a tenth of a second, and seconds over a million victims.
    """

    def __init__(self, release: Release, settings: Settings, name: str) -> None:
        self._opened_as = release, settings, name
        self._lock = threading.Lock()
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._has_tables = False

    def open_cursor(self, with_promises: bool = False) -> duckdb.DuckDBPyConnection:
        """Return a cursor to ask by, of the tables of the promise too if the question reads one."""
        with self._lock:
            if self._connection is None:
                self._connection = connection.open_scope(*self._opened_as)
            if with_promises and not self._has_tables:
                connection.create_promise_tables(self._connection, *self._opened_as[1:])
                self._has_tables = True
            return self._connection.cursor()

    def close(self) -> None:
        """Let go of what was opened. It is closed once the last cursor of it is."""
        with self._lock:
            self._connection = None


class Warehouse:
    """One release, opened for asking. Safe to share between threads."""

    def __init__(
        self,
        release: Release,
        settings: Settings,
        queries: Mapping[str, Query] | None = None,
    ) -> None:
        self.release = release
        self.settings = settings
        self.queries = dict(catalogue.load_queries() if queries is None else queries)
        self._lock = threading.Lock()
        self._scopes: dict[str, Scope] = {}
        self._allowed = self._read_allowed_values()

    def find_query(self, name: str) -> Query:
        """Return one query of the catalogue; UsageError with the nearest name otherwise."""
        if name not in self.queries:
            raise UsageError(f"There is no query '{name}'.", suggest_nearest(name, self.queries))
        return self.queries[name]

    def run(self, name: str, params: Mapping[str, Any] | None, viewer: Viewer) -> Answer:
        """Answer one question.

        Raises UsageError for an unknown query or parameter or a value that
        cannot be, AccessError when the viewer may not ask, each a sentence.
        """
        query = self.find_query(name)
        given = dict(params or {})
        if (
            viewer.city
            and not query.query_class.public
            and "city" in query.parameters
            and given.get("city") in (None, "all", "null")
        ):
            given["city"] = viewer.city  # beyond the public record a city asks about itself
        values = resolve_parameters(query, given, self._allowed)
        scope = viewers.find_scope(viewer, name, query.query_class, values.get("city"))
        frame = self._answer(query, values, scope)
        about = provenance.build_provenance(
            query,
            values,
            viewer,
            frame,
            self.release,
            self.settings,
            find_uncovered_cities(query, values, self._allowed),
        )
        return Answer(frame, about)

    def close(self) -> None:
        """Let go of every scope. What is being asked goes on to its end."""
        with self._lock:
            for scope in self._scopes.values():
                scope.close()
            self._scopes.clear()

    def open_scope(self, name: str) -> Scope:
        """Return one scope's database, opened on first use."""
        with self._lock:
            if name not in self._scopes:
                self._scopes[name] = Scope(self.release, self.settings, name)
            return self._scopes[name]

    def _answer(self, query: Query, values: dict[str, Any], scope: str) -> pd.DataFrame:
        """Return the answer as it leaves this scope.

        Nothing is withheld here. Who may not read the rows behind a count is refused by
        `viewers.find_scope`, or answered from the public tables, which are withheld when frozen.
        """
        try:
            with self.open_scope(scope).open_cursor(query.reads_promises) as cursor:
                answer = cursor.execute(query.sql, bind_values(values))
                frame = fetch_frame(answer, query.name)
        except duckdb.Error as error:
            raise DataError(
                f"'{query.name}' could not be answered from the release {self.release.id}.",
                "Go back to an earlier release, or publish again.",
            ) from error
        if query.query_class is QueryClass.AGGREGATE:
            return add_states(frame, query.protects)
        return frame

    def _read_allowed_values(self) -> AllowedValues:
        with self.open_scope(PUBLIC_SCOPE).open_cursor() as cursor:
            areas = cursor.execute(
                "SELECT CAST(city AS VARCHAR), list(CAST(neighbourhood AS VARCHAR)) FROM areas "
                "WHERE neighbourhood IS NOT NULL GROUP BY city"
            ).fetchall()
            spans = cursor.execute(
                "SELECT CAST(city AS VARCHAR), starts_on, data_through FROM cities "
                "WHERE data_through IS NOT NULL"
            ).fetchall()
        return AllowedValues(
            tuple(self.settings.cities),
            dict(areas),
            {city: (first, last) for city, first, last in spans},
            date.fromisoformat(self.release.manifest["published_on"]),
            self.settings.thresholds.model_dump(),
        )


def fetch_frame(result: duckdb.DuckDBPyConnection, query: str) -> pd.DataFrame:
    """Fetch the answer to a question just executed. DataError for a column of another kind.

    Built column by column, since pandas, left to find out what each is, takes as long for fifty
    rows as the database does to answer.
    """
    kinds = {column[0]: _name_kind(str(column[1])) for column in result.description}
    for name, kind in kinds.items():
        if kind not in _OF_NUMPY:
            raise DataError(
                f"'{query}' answers '{name}' as {kind}.",
                "CAST it to a whole number, DOUBLE, DATE, BOOLEAN or VARCHAR.",
            )
    columns = result.fetchnumpy()
    return pd.DataFrame({name: _OF_NUMPY[kind](columns[name]) for name, kind in kinds.items()})


def _name_kind(name: str) -> str:
    return "ENUM" if name.startswith("ENUM") else name


def _convert_numbers(values: Any) -> Any:
    mask = np.ma.getmaskarray(values)
    # A sum is wider than 64 bits and comes as floats, which hold whole numbers up to 2**53.
    whole = np.where(mask, 0, np.ma.getdata(values)).astype("int64")
    return pd.arrays.IntegerArray(whole, mask)


def _convert_flags(values: Any) -> Any:
    return pd.arrays.BooleanArray(np.ma.getdata(values), np.ma.getmaskarray(values))


def _convert_days(values: Any) -> Any:
    return np.ma.filled(values.astype(DAY), np.datetime64("NaT"))


def _convert_text(values: Any) -> Any:
    text = pa.array(np.ma.getdata(values), pa.large_string(), mask=np.ma.getmaskarray(values))
    return TEXT.__from_arrow__(text)


def _convert_words(values: Any) -> Any:
    return pd.array(values.astype(object), dtype=TEXT)


_OF_NUMPY: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("INTEGER", "BIGINT", "HUGEINT"), _convert_numbers),
    "BOOLEAN": _convert_flags,
    "DOUBLE": lambda values: np.ma.filled(values, np.nan),
    "DATE": _convert_days,
    "VARCHAR": _convert_text,
    "ENUM": _convert_words,
}


def add_states(frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return the frame with a `<column>_state` (shown, zero, missing) beside each column.

    For whoever may read the rows behind a count: nothing is withheld. The columns become Int64.
    """
    out: dict[str, Any] = {}
    for column in frame.columns:
        out[column] = frame[column]
        if column in columns:
            out[column] = values = frame[column].astype("Int64")
            states = np.where(values.eq(0).fillna(False), ZERO, SHOWN).astype(object)
            states[values.isna()] = MISSING
            out[f"{column}_state"] = pd.array(states, dtype="str")
    return pd.DataFrame(out)
