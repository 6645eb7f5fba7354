"""The only way to the data: a query's name, its parameters and a viewer give an answer."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from longevity.auth import viewers
from longevity.auth.viewers import PUBLIC_SCOPE, QueryClass, Viewer
from longevity.base.errors import DataError, UsageError, suggest_nearest
from longevity.facts.counted import COUNTED
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
from longevity.words.absent import MISSING, SHOWN, ZERO

TEXT = pd.StringDtype(na_value=np.nan)
DAY = "datetime64[us]"


@dataclass(frozen=True)
class Answer:
    """The answer to one query, with where it comes from.

    `frame` has the query's columns, sorted as its SQL says: whole numbers as Int64, BOOLEAN as
    boolean, DOUBLE as float64, DATE as datetime64[us], text as str with NaN where missing. For a
    query of the class `aggregate` each column that counts people has a `<column>_state` next to it.
    """

    frame: pd.DataFrame
    about: Provenance | Callable[[], Provenance]

    @cached_property
    def provenance(self) -> Provenance:
        """Where the answer comes from, worked out when it is first asked: footers alone need it."""
        return self.about() if callable(self.about) else self.about

    def __getstate__(self) -> dict[str, Any]:
        """Return what a cache keeps: where it comes from in place of how to work that out."""
        return {"frame": self.frame, "about": self.provenance}


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
        self._scopes: dict[str, duckdb.DuckDBPyConnection] = {}
        self._allowed = self._read_allowed_values()

    @cached_property
    def counted(self) -> frozenset[str]:
        """The counts that the release holds. One from before a count was declared lacks it."""
        with self.open_cursor(PUBLIC_SCOPE) as cursor:
            return frozenset(COUNTED.keys() & {*cursor.table("daily").columns})

    def find_query(self, name: str) -> Query:
        """Return one query of the catalogue; UsageError with the nearest name otherwise."""
        if name not in self.queries:
            raise UsageError(f"There is no query '{name}'.", suggest_nearest(name, self.queries))
        return self.queries[name]

    def run(self, name: str, params: Mapping[str, Any] | None, viewer: Viewer) -> Answer:
        """Answer the query `name` with these parameters, for a viewer.

        Raises UsageError for an unknown query or parameter or a value that cannot be, AccessError
        when the viewer may not ask; each has a sentence to show.
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

        def describe() -> Provenance:
            uncovered = find_uncovered_cities(query, values, self._allowed)
            return provenance.build_provenance(
                query, values, viewer, frame, self.release, self.settings, uncovered
            )

        return Answer(frame, describe)

    def close(self) -> None:
        """Close the database of every scope; queries that are running end first."""
        with self._lock:
            self._scopes.clear()

    def open_cursor(self, scope: str) -> duckdb.DuckDBPyConnection:
        """Return a cursor of a scope's database, which is opened when it is first asked for."""
        with self._lock:
            if scope not in self._scopes:
                self._scopes[scope] = connection.open_scope(self.release, self.settings, scope)
            return self._scopes[scope].cursor()

    def _answer(self, query: Query, values: dict[str, Any], scope: str) -> pd.DataFrame:
        """Execute a query in the database of a scope, and return its rows.

        Nothing is withheld here. Viewers who may not read the rows behind a count were refused by
        `viewers.find_scope`; the public tables had their small counts withheld when they were made.
        """
        try:
            with self.open_cursor(scope) as cursor:
                answer = cursor.execute(query.sql, bind_values(values))
                frame = fetch_frame(answer, query.name)
        except duckdb.Error as error:
            raise DataError(
                f"'{query.name}' could not be answered from the release {self.release.id}.",
                "Publish again: a release made by an older version lacks what is asked now.",
            ) from error
        if query.query_class is QueryClass.AGGREGATE:
            return add_states(frame, query.protects)
        return frame

    def _read_allowed_values(self) -> AllowedValues:
        """Return what parameters are checked against: cities, neighbourhoods, days with data."""
        with self.open_cursor(PUBLIC_SCOPE) as cursor:
            areas = cursor.execute(
                "SELECT city, list(neighbourhood) FROM areas "
                "WHERE neighbourhood IS NOT NULL GROUP BY city"
            ).fetchall()
            spans = cursor.execute(
                "SELECT city, starts_on, data_through FROM cities WHERE data_through IS NOT NULL"
            ).fetchall()
        return AllowedValues(
            tuple(self.settings.cities),
            dict(areas),
            {city: (first, last) for city, first, last in spans},
            date.fromisoformat(self.release.manifest["published_on"]),
            self.settings.thresholds.model_dump(),
            {*self.settings.cities} - {*self.settings.going_on},
        )


def fetch_frame(result: duckdb.DuckDBPyConnection, query: str) -> pd.DataFrame:
    """Return the result of a query just executed as a frame, in the types that `Answer` lists.

    DataError for a column of another type. Each column is converted here because pandas, which has
    to find out the types by itself, takes as long for fifty rows as the database takes to answer.
    """
    columns = result.fetchnumpy()
    return pd.DataFrame(
        {
            name: _convert_values(columns[name], str(kind).partition("(")[0], f"{query}.{name}")
            for name, kind, *_ in result.description
        }
    )


def _convert_values(values: Any, kind: str, name: str) -> Any:
    """Return a numpy column of an answer as pandas takes it; `kind` is its type in DuckDB."""
    data, mask = np.ma.getdata(values), np.ma.getmaskarray(values)
    if kind in ("INTEGER", "BIGINT", "HUGEINT"):
        # A sum is wider than 64 bits and comes as floats, which hold whole numbers up to 2**53.
        return pd.arrays.IntegerArray(np.where(mask, 0, data).astype("int64"), mask)
    if kind == "BOOLEAN":
        return pd.arrays.BooleanArray(data, mask)
    if kind == "VARCHAR":
        return TEXT.__from_arrow__(pa.array(data, pa.large_string(), mask=mask))
    if kind in ("DOUBLE", "DATE"):
        empty = np.nan if kind == "DOUBLE" else np.datetime64("NaT")
        return np.where(mask, empty, data if kind == "DOUBLE" else data.astype(DAY))
    raise DataError(
        f"'{name}' is answered as {kind}.",
        "CAST it to a whole number, DOUBLE, DATE, BOOLEAN or VARCHAR.",
    )


def add_states(frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return the frame with a `<column>_state` (shown, zero, missing) next to each of `columns`.

    No state is "withheld": only those who may read the rows behind a count get this frame. The
    columns become Int64.
    """
    out: dict[str, Any] = {}
    for column in frame.columns:
        out[column] = frame[column]
        if column in columns:
            out[column] = values = frame[column].astype("Int64")
            states = np.select([values.isna(), values.fillna(1) == 0], [MISSING, ZERO], SHOWN)
            out[f"{column}_state"] = pd.array(states, dtype="str")
    return pd.DataFrame(out)
