"""The revision ledger: what a release changed in periods an older one had covered.

Only events up to the older release's data-through are compared. Added and removed
victims are those who count in one release and not in the other, whatever the
reason. Numbers only: no code of an incident or a victim leaves here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

from longevity.release.manifest import member_of
from longevity.release.store import Release
from longevity.scratch import create_table, parquet_sql
from longevity.settings import Settings

Entry = dict[str, Any]

# (count's name, words for so many)
PHRASES = (
    ("victims_added", "victim{s} added to earlier weeks"),
    ("victims_removed", "victim{s} removed from earlier weeks"),
    ("became_fatal", "nonfatal became fatal"),
    ("became_nonfatal", "fatal became nonfatal"),
    ("circumstance_changed", "incident{s} changed circumstance"),
    ("gmi_changed", "incident{s} changed group involvement"),
    ("neighbourhood_changed", "incident{s} moved to another neighbourhood"),
)
# What a review settles of an incident and no public count follows: one incident may be one person.
RECLASSIFIED = ("circumstance_changed", "gmi_changed")
_KEYS = tuple(key for key, _ in PHRASES)
NOTHING = "Nothing changed in earlier weeks."


def find_revisions(
    connection: duckdb.DuckDBPyConnection, before: Release, after: Release
) -> list[Entry]:
    """Return an entry a city: `city`, and the counts of PHRASES."""
    days = before.manifest["data_through"].get("incidents", {})
    cutoffs = [(city, entry["day"]) for city, entry in days.items()]
    create_table(connection, "cutoff", "city VARCHAR, day DATE", cutoffs)
    _create_counted_victims(connection, "ledger_old", before)
    _create_counted_victims(connection, "ledger_new", after)
    answer = connection.execute(
        f"""
        SELECT city,
            {", ".join(f"CAST(COALESCE({key}, 0) AS BIGINT)" for key in _KEYS)}
        FROM ({_VICTIM_CHANGES})
        FULL JOIN ({_write_incident_changes(before, after)}) USING (city)
        ORDER BY city
        """
    )
    return [dict(zip(("city", *_KEYS), row, strict=True)) for row in answer.fetchall()]


def describe_revisions(
    ledger: Sequence[Mapping[str, Any]], settings: Settings, keys: Sequence[str] = _KEYS
) -> list[tuple[str | None, str]]:
    """Return what the ledger says of each city, "" where nothing changed; of all (None) if so."""
    # An earlier version also wrote sentences into it, of no city.
    said = {entry["city"]: _describe_changes(entry, keys) for entry in ledger if entry["city"]}
    is_quiet = bool(said) and not any(said.values())
    return [
        *([(None, NOTHING)] if is_quiet else []),
        *(
            (city, f"{settings.name_city(city)}: {changes}." if changes else "")
            for city, changes in said.items()
        ),
    ]


def describe_public_revisions(
    ledger: Sequence[Mapping[str, Any]], settings: Settings
) -> list[tuple[str | None, str]]:
    """Return what the ledger says to anybody: how many incidents were classified otherwise is
    left out.
    """
    return describe_revisions(ledger, settings, [key for key in _KEYS if key not in RECLASSIFIED])


def _describe_changes(counts: Mapping[str, int], keys: Sequence[str]) -> str:
    """Return `2 victims added to earlier weeks, 1 nonfatal became fatal`."""
    return ", ".join(
        f"{counts[key]} {words.format(s='' if counts[key] == 1 else 's')}"
        for key, words in PHRASES
        if key in keys and counts.get(key)
    )


def _create_counted_victims(
    connection: duckdb.DuckDBPyConnection, table: str, release: Release
) -> None:
    """Create a table of the victims of one release that count, of events up to the cutoff."""
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE {table} AS
        SELECT victims.victim_id, located.city, located.day, victims.outcome
        FROM {parquet_sql(release.member(member_of("victims")))} AS victims
        JOIN {parquet_sql(release.member("built/located.parquet"))} AS located USING (incident_id)
        JOIN cutoff ON cutoff.city = located.city AND located.day <= cutoff.day
        WHERE victims.weapon = 'firearm' AND located.counted
        """
    )


# Where most codes are gone, all are others: then one gone and one come, of one day and
# outcome, are the same person.
_VICTIM_CHANGES = """
    SELECT city,
        if(2 * sum(gone) > sum(held), sum(greatest(come - gone, 0)), sum(come)) AS victims_added,
        if(2 * sum(gone) > sum(held), sum(greatest(gone - come, 0)), sum(gone))
            AS victims_removed,
        sum(died) AS became_fatal, sum(lives) AS became_nonfatal
    FROM (
        SELECT city, coalesce(ledger_old.day, ledger_new.day) AS on_day,
            coalesce(ledger_old.outcome, ledger_new.outcome) AS was,
            count(ledger_old.victim_id) AS held,
            count(*) FILTER (WHERE ledger_old.victim_id IS NULL) AS come,
            count(*) FILTER (WHERE ledger_new.victim_id IS NULL) AS gone,
            count(*) FILTER (WHERE ledger_old.outcome = 'nonfatal'
                AND ledger_new.outcome = 'fatal') AS died,
            count(*) FILTER (WHERE ledger_old.outcome = 'fatal'
                AND ledger_new.outcome = 'nonfatal') AS lives
        FROM ledger_old FULL JOIN ledger_new USING (city, victim_id) GROUP BY ALL
    )
    GROUP BY city
"""


def _write_incident_changes(before: Release, after: Release) -> str:
    return f"""
        SELECT old.city,
            count(*) FILTER (WHERE old.circumstance IS DISTINCT FROM new.circumstance)
                AS circumstance_changed,
            count(*) FILTER (WHERE old.gmi IS DISTINCT FROM new.gmi
                AND (old.counted OR new.counted)) AS gmi_changed,
            count(*) FILTER (WHERE old.neighbourhood IS DISTINCT FROM new.neighbourhood
                AND (old.counted OR new.counted)) AS neighbourhood_changed
        FROM {parquet_sql(before.member("built/located.parquet"))} AS old
        JOIN cutoff ON cutoff.city = old.city AND old.day <= cutoff.day
        JOIN {parquet_sql(after.member("built/located.parquet"))} AS new
            ON new.incident_id = old.incident_id AND new.city = old.city
        GROUP BY old.city
    """
