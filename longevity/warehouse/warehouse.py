"""The only way to the data: a named question, its parameters, a viewer."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import duckdb
import pandas as pd

from longevity.auth import viewers
from longevity.auth.viewers import PUBLIC_SCOPE, QueryClass, Viewer
from longevity.errors import DataError
from longevity.lru_cache import LRUCache
from longevity.settings import Settings
from longevity.warehouse import catalogue, connection, count_states, facts, frames, provenance
from longevity.warehouse.catalogue import Query
from longevity.warehouse.connection import Release, Scope
from longevity.warehouse.parameters import Context, outside, read, resolve
from longevity.warehouse.prepared import Prepared
from longevity.warehouse.provenance import Provenance

CACHED_BYTES = 48 * 1024 * 1024


@dataclass(frozen=True)
class Answer:
    """One answer.

    `frame` has the query's columns, sorted as its SQL says, of the dtypes of
    `frames`. An answer of the class `aggregate` has a
    `<column>_state` beside every protected column. `scope` is what it was read from: whoever
    may ask there is told the same.
    """

    frame: pd.DataFrame
    provenance: Provenance
    scope: str


def may_ask(
    name: str, params: Mapping[str, Any] | None, viewer: Viewer, settings: Settings
) -> None:
    """Raise what `run` would of a question that no release could answer."""
    query = catalogue.named(catalogue.load(), name)
    values = read(query, params, tuple(settings.cities))
    viewers.scope(viewer, name, query.query_class, values.get("city"))


class Warehouse:
    """One release, opened for asking. Safe to share between threads."""

    def __init__(
        self,
        release: Release,
        settings: Settings,
        queries: Mapping[str, Query] | None = None,
        cached_bytes: int = CACHED_BYTES,
        prepared: bool = True,
    ) -> None:
        """`prepared`: whether answers that were made ready at publish are taken."""
        self.release = release
        self.settings = settings
        self.queries = dict(catalogue.load() if queries is None else queries)
        self._lock = threading.Lock()
        self._scopes: dict[str, Scope] = {}
        self._cache = LRUCache(cached_bytes)
        self._prepared = Prepared(release, settings, self.queries) if prepared else None
        self._supplied = connection.supplied(release)
        self._context = self._read_context()

    @property
    def kept_bytes(self) -> int:
        """How much of the memory set aside for answers is in use."""
        return self._cache.size

    def query(self, name: str) -> Query:
        """One query of the catalogue; UsageError with the nearest name otherwise."""
        return catalogue.named(self.queries, name)

    def run(
        self, name: str, params: Mapping[str, Any] | None, viewer: Viewer, *, keep: bool = True
    ) -> Answer:
        """Answer one question; without `keep` it is forgotten, as suits a whole list for a file.

        Raises UsageError for an unknown query or parameter or a value that
        cannot be, AccessError when the viewer may not ask, each a sentence.
        """
        query, values, scope = self._resolved(name, params, viewer)
        key = (scope, name, tuple(sorted(values.items(), key=lambda item: item[0])))

        def told() -> pd.DataFrame:
            return self._told(query, values, scope)

        frame = self._cache.get_or_compute(key, told, _bytes) if keep else told()
        # Copy-on-write: a change to the copy never reaches the cached frame.
        given = frame.copy(deep=False)
        about = provenance.describe(
            query,
            values,
            viewer,
            given,
            self.release.id,
            self.release.manifest,
            self.settings,
            self._supplied,
            outside(query, values, self._context),
        )
        return Answer(given, about, scope)

    def _resolved(
        self, name: str, params: Mapping[str, Any] | None, viewer: Viewer
    ) -> tuple[Query, dict[str, Any], str]:
        query = self.query(name)
        values = resolve(query, self._own_city(query, params, viewer), self._context)
        return query, values, viewers.scope(viewer, name, query.query_class, values.get("city"))

    def _own_city(
        self, query: Query, params: Mapping[str, Any] | None, viewer: Viewer
    ) -> dict[str, Any]:
        """Beyond the public record a city asks about itself unless it says otherwise."""
        given = dict(params or {})
        beyond = not query.query_class.public
        if (
            beyond
            and viewer.city
            and "city" in query.parameters
            and given.get("city") in (None, "all", "null")
        ):
            given["city"] = viewer.city
        return given

    def close(self) -> None:
        """Let go of every scope. What is being asked goes on to its end."""
        with self._lock:
            for opened in self._scopes.values():
                opened.close()
            self._scopes.clear()

    def scope(self, name: str) -> Scope:
        """One scope's database, opened on first use."""
        ready = self._prepared
        with self._lock:
            if name not in self._scopes:
                self._scopes[name] = Scope(
                    self.release,
                    self.settings,
                    name,
                    lambda: None if ready is None else ready.tables(name),
                )
            return self._scopes[name]

    def _told(self, query: Query, values: dict[str, Any], scope: str) -> pd.DataFrame:
        """The answer as it leaves this scope: as it was made ready for it, else asked now.

        Nothing is withheld here. Who may not read the rows behind a count is refused by
        `viewers.scope`, or answered from the public tables, which are withheld when frozen.
        """
        ready = None if self._prepared is None else self._prepared.frame(scope, query.name, values)
        if ready is not None:
            return ready
        frame = self._fetch(query, values, scope)
        if query.query_class is QueryClass.AGGREGATE:
            return count_states.add_states(frame, query.protects)
        return frame

    def _fetch(self, query: Query, values: dict[str, Any], scope: str) -> pd.DataFrame:
        opened = self.scope(scope)
        try:
            return _asked(opened, query, values)
        except duckdb.Error as error:
            try:
                if opened.without_kept():
                    return _asked(opened, query, values)
            except duckdb.Error:
                pass
            raise DataError(
                f"'{query.name}' could not be answered from the release {self.release.id}.",
                "Go back to an earlier release, or publish again.",
            ) from error

    def _read_context(self) -> Context:
        cursor = self.scope(PUBLIC_SCOPE).cursor("")
        try:
            areas = cursor.execute(
                "SELECT CAST(city AS VARCHAR), CAST(neighbourhood AS VARCHAR) FROM areas "
                "WHERE neighbourhood IS NOT NULL ORDER BY 1, 2"
            ).fetchall()
            covered = {
                city: (first, last)
                for city, first, last in cursor.execute(
                    "SELECT CAST(city AS VARCHAR), starts_on, ends_on FROM cities "
                    "WHERE data_through IS NOT NULL"
                ).fetchall()
            }
        finally:
            cursor.close()
        names: dict[str, list[str]] = {}
        for city, neighbourhood in areas:
            names.setdefault(city, []).append(neighbourhood)

        def bounds(city: str | None) -> tuple[date, date]:
            asked = [city] if city else list(self.settings.cities)
            days = [facts.through(self.release.manifest, c, facts.COUNTED_FROM) for c in asked]
            # With nothing said at all, the day of publishing bounds an empty answer.
            published = date.fromisoformat(str(self.release.manifest["published_on"])[:10])
            last = min((day for day in days if day), default=published)
            begun = [covered[c][0] for c in asked if c in covered]
            first = min(begun, default=last.replace(day=1))
            return min(first, last), last

        return Context(
            tuple(self.settings.cities), names, bounds, asdict(self.settings.thresholds), covered
        )


def _asked(scope: Scope, query: Query, values: dict[str, Any]) -> pd.DataFrame:
    with scope.cursor(query.sql) as cursor:
        return frames.answered(cursor.execute(query.sql, values), query.name)


def _bytes(frame: pd.DataFrame) -> int:
    # No column holds Python objects.
    return sum(column.array.nbytes for _, column in frame.items())
