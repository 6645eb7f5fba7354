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
from longevity.warehouse import catalogue, connection, count_states, facts, frames, provenance
from longevity.warehouse.catalogue import Query
from longevity.warehouse.connection import Scope
from longevity.warehouse.parameters import (
    AllowedValues,
    bind_values,
    find_uncovered_cities,
    read_parameters,
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


def check_question(
    name: str, params: Mapping[str, Any] | None, viewer: Viewer, settings: Settings
) -> None:
    """Raise what `run` would for a question that no release could answer."""
    query = catalogue.find_query(catalogue.load_queries(), name)
    values = read_parameters(query, params, tuple(settings.cities))
    viewers.find_scope(viewer, name, query.query_class, values.get("city"))


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
        self._extracts = connection.list_supplied_extracts(release)
        self._allowed = self._read_allowed_values()

    def find_query(self, name: str) -> Query:
        """Return one query of the catalogue; UsageError with the nearest name otherwise."""
        return catalogue.find_query(self.queries, name)

    def run(self, name: str, params: Mapping[str, Any] | None, viewer: Viewer) -> Answer:
        """Answer one question.

        Raises UsageError for an unknown query or parameter or a value that
        cannot be, AccessError when the viewer may not ask, each a sentence.
        """
        query, values, scope = self._resolve(name, params, viewer)
        frame = self._answer(query, values, scope)
        about = provenance.build_provenance(
            query,
            values,
            viewer,
            frame,
            self.release.id,
            self.release.manifest,
            self.settings,
            self._extracts,
            find_uncovered_cities(query, values, self._allowed),
        )
        return Answer(frame, about)

    def _resolve(
        self, name: str, params: Mapping[str, Any] | None, viewer: Viewer
    ) -> tuple[Query, dict[str, Any], str]:
        query = self.find_query(name)
        values = resolve_parameters(query, self._add_own_city(query, params, viewer), self._allowed)
        return (
            query,
            values,
            viewers.find_scope(viewer, name, query.query_class, values.get("city")),
        )

    def _add_own_city(
        self, query: Query, params: Mapping[str, Any] | None, viewer: Viewer
    ) -> dict[str, Any]:
        """Let a city ask about itself beyond the public record, unless it says otherwise."""
        values = dict(params or {})
        beyond = not query.query_class.public
        if (
            beyond
            and viewer.city
            and "city" in query.parameters
            and values.get("city") in (None, "all", "null")
        ):
            values["city"] = viewer.city
        return values

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
        frame = self._fetch(query, values, scope)
        if query.query_class is QueryClass.AGGREGATE:
            return count_states.add_states(frame, query.protects)
        return frame

    def _fetch(self, query: Query, values: dict[str, Any], scope: str) -> pd.DataFrame:
        try:
            with self.open_scope(scope).open_cursor(query.sql) as cursor:
                answer = cursor.execute(query.sql, bind_values(values))
                return frames.fetch_frame(answer, query.name)
        except duckdb.Error as error:
            raise DataError(
                f"'{query.name}' could not be answered from the release {self.release.id}.",
                "Go back to an earlier release, or publish again.",
            ) from error

    def _read_allowed_values(self) -> AllowedValues:
        cursor = self.open_scope(PUBLIC_SCOPE).open_cursor("")
        try:
            areas = cursor.execute(
                "SELECT CAST(city AS VARCHAR), CAST(neighbourhood AS VARCHAR) FROM areas "
                "WHERE neighbourhood IS NOT NULL ORDER BY 1, 2"
            ).fetchall()
            spans = {
                city: (first, last)
                for city, first, last in cursor.execute(
                    "SELECT CAST(city AS VARCHAR), starts_on, data_through FROM cities "
                    "WHERE data_through IS NOT NULL"
                ).fetchall()
            }
        finally:
            cursor.close()
        names: dict[str, list[str]] = {}
        for city, neighbourhood in areas:
            names.setdefault(city, []).append(neighbourhood)

        def find_bounds(city: str | None) -> tuple[date, date]:
            cities = [city] if city else list(self.settings.cities)
            manifest = self.release.manifest
            days = [facts.find_through_day(manifest, c, facts.COUNTED_FROM) for c in cities]
            # With nothing said at all, the day of publishing bounds an empty answer.
            published_on = date.fromisoformat(str(manifest["published_on"])[:10])
            last = min((day for day in days if day), default=published_on)
            starts = [spans[c][0] for c in cities if c in spans]
            first = min(starts, default=last.replace(day=1))
            return min(first, last), last

        return AllowedValues(
            tuple(self.settings.cities),
            names,
            find_bounds,
            self.settings.thresholds.model_dump(),
            spans,
        )
