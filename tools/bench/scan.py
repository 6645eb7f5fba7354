"""The raw scan: the screens' own SQL over the parquet files, with no table built beforehand.

What publish counts once (daily, hourly, recorded, uncounted) are views here, computed from
incidents and victims whenever they are asked; where an incident lies is taken as located.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import duckdb
import pandas as pd

from longevity.auth.viewers import STATE_SCOPE
from longevity.ingest import contract
from longevity.promises import tables
from longevity.release import aggregates
from longevity.release.member import member_of
from longevity.release.store import PUBLIC_TABLES, Release
from longevity.settings import Settings
from longevity.warehouse import connection as opened
from longevity.warehouse import facts, macros
from longevity.warehouse.catalogue import Query

HURT = """
    SELECT incident_id,
        count(*) FILTER (WHERE weapon = 'firearm') AS shot,
        count(*) FILTER (WHERE weapon = 'firearm' AND outcome = 'fatal') AS shot_dead,
        count(*) FILTER (WHERE outcome = 'fatal') AS killed
    FROM victims
    GROUP BY incident_id
"""

PLACED = """
    SELECT incident_id, city, CAST(occurred_at AS DATE) AS day, recorded_on
    FROM incidents
"""

# Where it lies as publish found it; how many were hurt is counted anew.
LOCATED = """
    SELECT placed.* EXCLUDE (victims, fatal, nonfatal, homicides),
        CASE WHEN counted THEN coalesce(shot, 0) ELSE 0 END AS victims,
        CASE WHEN counted THEN coalesce(shot_dead, 0) ELSE 0 END AS fatal,
        CASE WHEN counted THEN coalesce(shot, 0) - coalesce(shot_dead, 0) ELSE 0 END AS nonfatal,
        CASE WHEN counted THEN coalesce(killed, 0) ELSE 0 END AS homicides
    FROM read_parquet('{located}') AS placed LEFT JOIN hurt USING (incident_id)
"""

COUNTED = {
    "daily": aggregates._DAILY,
    "hourly": aggregates._HOURLY,
    "recorded": aggregates._RECORDED,
    "uncounted": aggregates._UNCOUNTED,
}


class Scan:
    """One release over its files, as the state may read it."""

    def __init__(self, release: Release, settings: Settings) -> None:
        self._connection = duckdb.connect(":memory:")
        supplied = opened.list_supplied_extracts(release)
        self._extracts(release, supplied)
        self._view("hurt", HURT)
        self._view("placed", PLACED)
        self._view("located", LOCATED.format(located=release.member("built/located.parquet")))
        self._ends(release, settings)
        of_none = facts.build_tables(settings, release.manifest, {}, (), supplied, STATE_SCOPE)
        self._table("zeros", of_none["zeros"])
        for name, sql in COUNTED.items():
            # Publish sorts what it writes; whoever only counts has no use for that.
            self._view(name, sql.rsplit("ORDER BY", 1)[0])
        for name, member in (("areas", "built/areas.parquet"), ("public_tables", PUBLIC_TABLES)):
            self._view(name, f"SELECT * FROM '{release.member(member)}'")
        self._facts(release, settings, supplied)
        tables.create_tables(self._connection, settings.thresholds.promise_window_days)

    def ask(self, query: Query, values: dict[str, Any]) -> pd.DataFrame:
        """The answer to a query of the catalogue."""
        return self._connection.execute(query.sql, values).df()

    def close(self) -> None:
        """Let go of the files."""
        self._connection.close()

    def _view(self, name: str, sql: str) -> None:
        self._connection.execute(f"CREATE VIEW {name} AS {sql}")

    def _table(self, name: str, table: Any) -> None:
        self._connection.register("_incoming", table)
        self._connection.execute(f"CREATE TABLE {name} AS SELECT * FROM _incoming")
        self._connection.unregister("_incoming")

    def _extracts(self, release: Release, supplied: tuple[str, ...]) -> None:
        for name, extract in contract.BY_NAME.items():
            if name in supplied:
                self._view(name, f"SELECT * FROM '{release.member(member_of(name))}'")
            else:
                self._table(name, extract.schema.empty_table())

    def _ends(self, release: Release, settings: Settings) -> None:
        rows = [
            (city, facts.find_through_day(release.manifest, city, facts.COUNTED_FROM))
            for city in settings.cities
        ]
        self._connection.execute("CREATE TABLE ends (city VARCHAR, through DATE)")
        self._connection.executemany("INSERT INTO ends VALUES (?, ?)", rows)

    def _facts(self, release: Release, settings: Settings, supplied: tuple[str, ...]) -> None:
        spans: dict[str, tuple[date, date]] = {
            city: (first, last)
            for city, first, last in self._connection.execute(
                "SELECT city, min(day), max(day) FROM daily GROUP BY city"
            ).fetchall()
        }
        placed = self._connection.execute(opened.MOST_PLACED).fetchall()
        for name, table in facts.build_tables(
            settings, release.manifest, spans, placed, supplied, STATE_SCOPE
        ).items():
            if name != "zeros":  # which the counts above needed
                self._table(name, table)
        macros.create_macros(self._connection)
        macros.create_row_macros(self._connection)
