"""The revision ledger: what a release changed in periods an older one had covered.

Only events up to the older release's data-through are compared. Added and removed
victims are those who count in one release and not in the other, whatever the
reason, so that the sums of the weeks agree with them. Numbers only: no code of an
incident or a victim leaves here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from longevity.release.member import member_of
from longevity.release.store import Release
from longevity.scratch import parquet_sql, quote_text
from longevity.settings import Settings

WEEKS_ALWAYS_KEPT = 26
Entry = dict[str, Any]

# (count's name, words for one, words for several)
PHRASES = (
    ("victims_added", "victim added to earlier weeks", "victims added to earlier weeks"),
    ("victims_removed", "victim removed from earlier weeks", "victims removed from earlier weeks"),
    ("became_fatal", "nonfatal became fatal", "nonfatal became fatal"),
    ("became_nonfatal", "fatal became nonfatal", "fatal became nonfatal"),
    ("circumstance_changed", "incident changed circumstance", "incidents changed circumstance"),
    (
        "gmi_changed",
        "incident changed group involvement",
        "incidents changed group involvement",
    ),
    (
        "neighbourhood_changed",
        "incident moved to another neighbourhood",
        "incidents moved to another neighbourhood",
    ),
)
# Of `neighbourhood_changed` those whose coordinates are as before, where the lines are not.
WITH_LINES = "moved_with_boundaries"
# What a review settles of an incident and no public count follows: one incident may be one person.
RECLASSIFIED = ("circumstance_changed", "gmi_changed")
_KEYS = tuple(key for key, *_ in PHRASES)
NOTHING = "Nothing changed in earlier weeks."


def find_revisions(
    connection: duckdb.DuckDBPyConnection, before: Release, after: Release, settings: Settings
) -> list[Entry]:
    """Return one entry a city with a change, then one for all together when several have one.

    An entry holds `city` (None: together), `sentence`, the counts of PHRASES, how many
    incidents moved only because the boundaries did (`moved_with_boundaries`), and
    `weeks`: week_ending, victims_before, victims_after, for the newest
    WEEKS_ALWAYS_KEPT weeks and every older one that changed. Without any change
    there is still an entry for each city, so that quiet weeks are measured too.
    """
    _create_cutoffs(connection, before)
    _create_counted_victims(connection, "ledger_old", before)
    _create_counted_victims(connection, "ledger_new", after)
    counts = _count_victim_changes(connection)
    for city, changes in _count_incident_changes(connection, before, after).items():
        if not _have_boundaries_changed(city, before, after):
            changes[WITH_LINES] = 0
        counts.setdefault(city, {}).update(changes)
    weeks = _count_weeks(connection, settings)
    entries = [
        _make_entry(city, counts.get(city, {}), weeks.get(city, []), settings)
        for city in sorted(set(counts) | set(weeks))
    ]
    for table in ("ledger_old", "ledger_new", "cutoff"):
        connection.execute(f"DROP TABLE {table}")
    return _join_cities(entries, settings)


def _join_cities(entries: list[Entry], settings: Settings) -> list[Entry]:
    """Return what changed in several cities, their entries, and last those of quiet ones."""
    changed = [entry for entry in entries if entry["sentence"] != NOTHING]
    if not changed:
        return [
            _make_entry(None, {}, [], settings),
            *(entry | {"sentence": ""} for entry in entries),
        ]
    total = {key: sum(entry[key] for entry in entries) for key in (*_KEYS, WITH_LINES)}
    together = [_make_entry(None, total, [], settings)] if len(changed) > 1 else []
    quiet = [entry | {"sentence": ""} for entry in entries if entry not in changed]
    return together + changed + quiet


def make_note(sentence: str) -> Entry:
    """Return an entry that is only a sentence: no count of victims changed by it."""
    return _fill_entry(None, sentence, {}, [])


def describe_revisions(ledger: list[Entry]) -> list[str]:
    """Return what the ledger says, in its order; quiet cities say nothing."""
    return [entry["sentence"] for entry in ledger if entry["sentence"]]


def describe_public_revisions(
    ledger: Sequence[Mapping[str, Any]], settings: Settings
) -> list[tuple[str | None, str]]:
    """Return what the ledger says to anybody, by city (None: together), in its order.

    Of what the public record counts; how many incidents were classified otherwise is left
    out. Told from the counts, so that the ledger of an earlier version says no more.
    """
    sentences: list[tuple[str | None, str]] = [
        (None, entry["sentence"]) for entry in ledger if _is_note(entry)
    ]
    of_cities = [
        _make_entry(entry["city"], _select_public_counts(entry), [], settings)
        for entry in ledger
        if entry.get("city") is not None
    ]
    if of_cities:
        sentences += [
            (entry["city"], entry["sentence"]) for entry in _join_cities(of_cities, settings)
        ]
    return sentences


def _is_note(entry: Mapping[str, Any]) -> bool:
    changed = any(entry.get(key) for key in _KEYS)
    return entry.get("city") is None and not changed and entry["sentence"] != NOTHING


def _select_public_counts(entry: Mapping[str, Any]) -> dict[str, int]:
    return {key: entry[key] for key in (*_KEYS, WITH_LINES) if key not in RECLASSIFIED}


def describe_changes(counts: Mapping[str, int]) -> str:
    """Return `2 victims added to earlier weeks, 1 nonfatal became fatal.`

    Where incidents moved with the lines a second sentence says so.
    """
    parts = [
        f"{counts[key]} {one if counts[key] == 1 else several}"
        for key, one, several in PHRASES
        if counts.get(key)
    ]
    if not parts:
        return NOTHING
    moved = counts.get(WITH_LINES, 0)
    why = (
        f" The boundaries changed: {moved} of these moved with the lines, at the same "
        "coordinates as before."
    )
    return ", ".join(parts) + "." + (why if moved else "")


def _make_entry(
    city: str | None,
    counts: Mapping[str, int],
    weeks: list[Entry],
    settings: Settings,
) -> Entry:
    sentence = describe_changes(counts)
    if sentence != NOTHING:
        sentence = f"{settings.name_city(city) if city else 'All cities'}: {sentence}"
    return _fill_entry(city, sentence, counts, weeks)


def _fill_entry(
    city: str | None, sentence: str, counts: Mapping[str, int], weeks: list[Entry]
) -> Entry:
    return {
        "city": city,
        "sentence": sentence,
        **{key: counts.get(key, 0) for key in (*_KEYS, WITH_LINES)},
        "weeks": weeks,
    }


def _create_cutoffs(connection: duckdb.DuckDBPyConnection, before: Release) -> None:
    connection.execute("CREATE OR REPLACE TEMP TABLE cutoff (city VARCHAR, day DATE)")
    days = before.manifest["data_through"].get("incidents", {})
    if days:
        connection.executemany(
            "INSERT INTO cutoff VALUES (?, ?)",
            [(city, date.fromisoformat(entry["day"])) for city, entry in sorted(days.items())],
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


def _count_victim_changes(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, int]]:
    # Where most codes are gone, all are others: then one gone and one come, of one day and
    # outcome, are the same person.
    rows = connection.execute(
        """
        SELECT city,
            CAST(if(2 * sum(gone) > sum(held), sum(greatest(come - gone, 0)), sum(come)) AS BIGINT),
            CAST(if(2 * sum(gone) > sum(held), sum(greatest(gone - come, 0)), sum(gone)) AS BIGINT),
            CAST(sum(died) AS BIGINT), CAST(sum(lives) AS BIGINT)
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
        GROUP BY city ORDER BY city
        """
    ).fetchall()
    names = ("victims_added", "victims_removed", "became_fatal", "became_nonfatal")
    return {city: dict(zip(names, counts, strict=True)) for city, *counts in rows}


def _count_incident_changes(
    connection: duckdb.DuckDBPyConnection, before: Release, after: Release
) -> dict[str, dict[str, int]]:
    rows = connection.execute(
        f"""
        SELECT old.city,
            count(*) FILTER (WHERE old.circumstance IS DISTINCT FROM new.circumstance),
            count(*) FILTER (WHERE old.gmi IS DISTINCT FROM new.gmi
                AND (old.counted OR new.counted)),
            count(*) FILTER (WHERE old.neighbourhood IS DISTINCT FROM new.neighbourhood
                AND (old.counted OR new.counted)),
            count(*) FILTER (WHERE old.neighbourhood IS DISTINCT FROM new.neighbourhood
                AND (old.counted OR new.counted)
                AND old.longitude IS NOT DISTINCT FROM new.longitude
                AND old.latitude IS NOT DISTINCT FROM new.latitude)
        FROM {parquet_sql(before.member("built/located.parquet"))} AS old
        JOIN cutoff ON cutoff.city = old.city AND old.day <= cutoff.day
        JOIN {parquet_sql(after.member("built/located.parquet"))} AS new
            ON new.incident_id = old.incident_id AND new.city = old.city
        GROUP BY old.city ORDER BY old.city
        """
    ).fetchall()
    names = ("circumstance_changed", "gmi_changed", "neighbourhood_changed", WITH_LINES)
    return {city: dict(zip(names, counts, strict=True)) for city, *counts in rows}


def _have_boundaries_changed(city: str, before: Release, after: Release) -> bool:
    """Return whether the lines of a city are others than before."""
    # Without any boundaries the column has no type of its own.
    of_city = pc.field("city").cast(pa.string()) == city
    old, new = (
        pq.read_table(release.member("built/boundaries_full.parquet")).filter(of_city)
        for release in (before, after)
    )
    return bool(old.num_rows or new.num_rows) and not old.equals(new)


def _count_weeks(
    connection: duckdb.DuckDBPyConnection, settings: Settings
) -> dict[str, list[Entry]]:
    """Return victims before and after of each week, by the day on which the city's weeks end."""
    ends = " ".join(
        f"WHEN {quote_text(city.id)} THEN {city.week_ends_iso}" for city in settings.cities.values()
    )
    # The week of a day ends on the first configured weekday on or after it.
    ending = f"day + CAST((CASE city {ends} ELSE 7 END - isodow(day) + 7) % 7 AS INTEGER)"
    rows = connection.execute(
        f"""
        SELECT city, CAST({ending} AS DATE) AS week_ending,
            count(*) FILTER (WHERE side = 'old'), count(*) FILTER (WHERE side = 'new')
        FROM (
            SELECT city, day, 'old' AS side FROM ledger_old
            UNION ALL SELECT city, day, 'new' FROM ledger_new
        )
        GROUP BY ALL ORDER BY ALL
        """
    ).fetchall()
    newest = dict(connection.execute("SELECT city, day FROM cutoff").fetchall())
    weeks: dict[str, list[Entry]] = {}
    for city, ending_on, old, new in rows:
        recent = ending_on > newest[city] - timedelta(weeks=WEEKS_ALWAYS_KEPT)
        if recent or old != new:
            weeks.setdefault(city, []).append(
                {
                    "week_ending": ending_on.isoformat(),
                    "victims_before": old,
                    "victims_after": new,
                }
            )
    return weeks
