"""The only way to the data: a named question, its parameters, a viewer."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import pandas as pd

from longevity.auth import viewers
from longevity.auth.viewers import PUBLIC_SCOPE, QueryClass, Viewer
from longevity.errors import DataError
from longevity.release.store import Release
from longevity.settings import Settings
from longevity.warehouse import catalogue, frames, provenance
from longevity.warehouse.catalogue import Query
from longevity.warehouse.connection import Scope
from longevity.warehouse.parameters import (
    AllowedValues,
    bind_values,
    find_uncovered_cities,
    resolve_parameters,
)
from longevity.warehouse.provenance import Provenance


@dataclass(frozen=True)
class Answer:
    """One answer.

    `frame` has the query's columns, sorted as its SQL says, of the dtypes of
    `frames`. An answer of the class `aggregate` has a
    `<column>_state` beside every protected column.
    """

    frame: pd.DataFrame
    provenance: Provenance


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
        return catalogue.find_query(self.queries, name)

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
            with self.open_scope(scope).open_cursor(query.sql) as cursor:
                answer = cursor.execute(query.sql, bind_values(values))
                frame = frames.fetch_frame(answer, query.name)
        except duckdb.Error as error:
            raise DataError(
                f"'{query.name}' could not be answered from the release {self.release.id}.",
                "Go back to an earlier release, or publish again.",
            ) from error
        if query.query_class is QueryClass.AGGREGATE:
            return frames.add_states(frame, query.protects)
        return frame

    def _read_allowed_values(self) -> AllowedValues:
        with self.open_scope(PUBLIC_SCOPE).open_cursor("") as cursor:
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
