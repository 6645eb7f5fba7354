"""Which public tables a new release takes over, and those that were wrong, which are withdrawn.

A public table is frozen once (docs/public-tables.md), copied from release to release and never
counted a second time: anybody who kept both versions would read their difference. They come from
the release of the same kind that was made last, served or not.

One that was wrong is withdrawn, with a reason. Every later manifest says so (`withdrawn`), and
so does that of each older release that holds the table, so that neither a rollback nor a damaged
release brings it back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

from longevity import dates
from longevity.errors import UsageError, suggest_nearest
from longevity.files import sha256
from longevity.language import Spoken, translate
from longevity.release import manifest as manifests
from longevity.release.store import PUBLIC_TABLES, Release, Store
from longevity.scratch import parquet_sql
from longevity.settings import Settings

TITLES = Spoken(
    {
        "age_band": "age of those shot",
        "sex": "sex of those shot",
        "race_ethnicity": "race and ethnicity of those shot",
        "gmi": "group involvement of those shot",
        "young_black_men": "Black men under 30 among those shot",
        "funnel": "call-ins from invitation to service",
        "still_active": "active in a service at 90 days",
        "promises": "promises",
    }
)
OF_PEOPLE = ("age_band", "sex", "race_ethnicity", "gmi")
# Those that are made of others, and go with them.
MADE_OF = {
    "young_black_men": ("age_band", "sex", "race_ethnicity"),
    "still_active": ("funnel",),
}
ALL_CITIES = "all"
# Of each table and city that is new the years, and the commonest value of all.
_NEW_TABLES = """
    WITH due AS (
        SELECT new.* FROM {after} AS new ANTI JOIN {before} AS had USING (table_name, city, year)
    ),
    counts AS (
        SELECT city, table_name, value, SUM(counted) AS counted, MIN(position) AS position
        FROM due
        GROUP BY city, table_name, value
    ),
    commonest AS (
        SELECT city, table_name,
            FIRST(value ORDER BY counted DESC NULLS LAST, position) AS value,
            MAX(counted) AS counted, SUM(counted) AS total
        FROM counts
        GROUP BY city, table_name
    )
    SELECT city, table_name, LIST(DISTINCT due.year), ANY_VALUE(commonest.value),
        ANY_VALUE(commonest.counted), ANY_VALUE(commonest.total)
    FROM due
    INNER JOIN commonest USING (city, table_name)
    GROUP BY city, table_name
    ORDER BY city, table_name
"""
# A city's own data may go further than the day in a release's id.
_GRACE = timedelta(days=31)

Row = Mapping[str, Any]
Period = tuple[str, str, int]  # table, city, year
Entry = dict[str, Any]


@dataclass(frozen=True)
class Withdrawals:
    """Which frozen tables to withdraw: (table, year) pairs, of these cities or of all."""

    tables: tuple[tuple[str, int], ...] = ()
    cities: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.tables)


def read_rows(path: Path | None) -> list[dict[str, Any]]:
    """Read the rows of public tables, as dictionaries; none where there is no file."""
    return [] if path is None else pq.read_table(path).to_pylist()


def group_by_period(rows: Iterable[Row]) -> dict[Period, list[Row]]:
    """Group the rows by table, city and year."""
    groups: dict[Period, list[Row]] = {}
    for row in rows:
        groups.setdefault((row["table_name"], row["city"], row["year"]), []).append(row)
    return groups


def find_periods(
    withdrawals: Withdrawals, had: Iterable[Period], settings: Settings
) -> set[Period]:
    """Return the periods named, with those of the tables that are made of them.

    `had`: those that are frozen and not withdrawn yet. UsageError for a table or city there is
    none of, and a year that is not among them.
    """
    cities = {settings.city(city).id for city in withdrawals.cities}
    frozen = {key for key in had if not cities or key[1] in (*cities, ALL_CITIES)}
    valid = {f"{table} {year}" for table, _, year in frozen if table in TITLES.keys() - MADE_OF}
    periods: set[Period] = set()
    for table, year in withdrawals.tables:
        if (asked := f"{table} {year}") not in valid:
            raise UsageError(
                f"There is no table '{asked}' to withdraw.",
                suggest_nearest(asked, valid) or "None is frozen.",
            )
        named = {(table, year), *((name, year) for name in MADE_OF if table in MADE_OF[name])}
        # Who is still active is of two years at a time, named by the later.
        named |= {(name, year + 1) for name, year in named if name == "still_active"}
        periods |= {key for key in frozen if (key[0], key[2]) in named}
    return periods


def describe_new_rows(before: Path | None, after: Path, settings: Settings) -> list[str]:
    """Say what of new public tables is frozen now: a sentence a table and city, with the commonest
    value, so that two that are swapped are seen.
    """
    source = parquet_sql(after)
    had = f"(FROM {source} LIMIT 0)" if before is None else parquet_sql(before)
    with closing(duckdb.connect()) as connection:
        rows = connection.execute(_NEW_TABLES.format(after=source, before=had)).fetchall()
    return [
        f"About to be frozen for the public: {TITLES[table]}, {_name_place(city, settings)}, "
        f"{dates.join_years(years)}"
        + (
            f": most often {value}, {count} of the {total} that are known."
            if table in OF_PEOPLE and total
            else "."
        )
        for city, table, years, value, count, total in rows
        # What is not among them is of the public record, and not frozen.
        if table in TITLES
    ]


def describe_withdrawals(entries: Iterable[Row], settings: Settings) -> list[str]:
    """Say what is withdrawn, when and why, a sentence a table and city."""
    years: dict[tuple[str, ...], list[int]] = {}
    for entry in entries:
        title = TITLES.get(table := entry["table"], str(table))
        what = f"{title[0].upper()}{title[1:]}, {_name_place(entry['city'], settings)}"
        when = dates.format_long(date.fromisoformat(entry["day"]))
        reason = entry["reason"].strip().rstrip(".")
        why = translate(" Reason: {reason}.", reason=reason)
        years.setdefault((what, when, why), []).append(entry["year"])
    return [
        translate(
            "{what}, {years}: withdrawn on {when}, and not replaced.",
            what=what,
            years=dates.join_years(of_years),
            when=when,
        )
        + why
        for (what, when, why), of_years in years.items()
    ]


def _name_place(city: str, settings: Settings) -> str:
    return translate("all cities together") if city == ALL_CITIES else settings.name_city(city)


def mark_withdrawn(store: Store, new: Release) -> None:
    """Write into the manifest of each other release of its kind what `new` says is withdrawn.

    Before the pointer flips: neither a rollback nor a damaged release then brings a withdrawn
    table back. Doing it twice changes nothing.
    """
    withdrawn = new.manifest["withdrawn"]
    for release_id in store.list_ids() if withdrawn else ():
        manifest = store.read_manifest(release_id)
        # One without a manifest serves no one.
        if manifest is None or manifest["kind"] != new.kind or release_id == new.id:
            continue
        marked = set(map(find_period, manifest["withdrawn"]))
        tables = find_sound_tables(store.releases / release_id, manifest)
        lacking = group_by_period(read_rows(tables)).keys() - marked
        more = [entry for entry in withdrawn if find_period(entry) in lacking]
        if more:
            entries = [*manifest["withdrawn"], *more]
            folder = store.releases / release_id
            manifests.write_manifest(folder, manifest | {"withdrawn": entries})
            store.drop_pictures(release_id)


def find_sound_tables(folder: Path, manifest: Row) -> Path | None:
    """Return where a release's public tables are; None where they are missing or damaged."""
    path = folder / PUBLIC_TABLES
    is_sound = path.is_file() and sha256(path) == manifest["sha256"].get(PUBLIC_TABLES)
    return path if is_sound else None


def find_period(entry: Row) -> Period:
    """Return the period an entry of a manifest's `withdrawn` is about."""
    return entry["table"], entry["city"], entry["year"]


@dataclass(frozen=True)
class TableHistory:
    """The public tables to go on from, and which of them are withdrawn.

    `path`: their file, None when there is none. `barred_until`: whatever is not in it may have
    been frozen up to that day in a release that is lost. `entries`: what the manifest says of
    those withdrawn, before and now.
    """

    path: Path | None = None
    barred_until: date | None = None
    entries: tuple[Entry, ...] = ()

    @property
    def withdrawn(self) -> frozenset[Period]:
        """Return the periods that are to be missing from now on."""
        return frozenset(map(find_period, self.entries))


def read_history(store: Store, kind: str) -> TableHistory:
    """Read the newest good public tables of a kind; nothing else of their release is proven."""
    history, reached = TableHistory(), date.min
    unreadable: list[date] = []
    for release_id in reversed(store.list_newest_first()):
        manifest = store.read_manifest(release_id)
        if manifest and (manifest["kind"] != kind or PUBLIC_TABLES not in manifest["sha256"]):
            continue
        path = find_sound_tables(store.releases / release_id, manifest) if manifest else None
        if manifest and path:
            history = TableHistory(path, None, tuple(manifest["withdrawn"]))
            reached = _read_day(release_id)
        else:
            unreadable.append(_read_day(release_id))
    barred = max((day + _GRACE for day in unreadable if day >= reached), default=None)
    return replace(history, barred_until=barred)


def plan_withdrawals(
    store: Store, kind: str, withdrawals: Withdrawals, reason: str, today: date, settings: Settings
) -> TableHistory:
    """Read the history, with the periods that are to be withdrawn now.

    UsageError for what there is none of.
    """
    before = read_history(store, kind)
    had = group_by_period(read_rows(before.path)).keys() - before.withdrawn
    entries = [
        {"table": table, "city": city, "year": year, "reason": reason, "day": today.isoformat()}
        for table, city, year in sorted(find_periods(withdrawals, had, settings))
    ]
    return replace(before, entries=(*before.entries, *entries))


def _read_day(release_id: str) -> date:
    """Return the day a release's id begins with; of a folder named otherwise, the last there is."""
    try:
        return date.fromisoformat(release_id[:10])
    except ValueError:
        return date.max - _GRACE
