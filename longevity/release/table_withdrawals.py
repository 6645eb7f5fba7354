"""Public tables that were wrong: which are withdrawn, and what is written of it.

A public table is frozen once (docs/public-tables.md) and never a second time: whoever kept both
versions would read their difference. One that was wrong is withdrawn, with a reason. Every later
manifest says so (`withdrawn`), and so does that of each older release that holds the table, so
that neither a rollback nor a damaged release brings it back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from longevity import dates
from longevity.errors import DataError, UsageError, suggest_nearest
from longevity.files import sha256
from longevity.release import manifest as manifests
from longevity.release.store import PUBLIC_TABLES, Release, Store
from longevity.settings import Settings

# A table that may be named, and the one that is made of it and goes with it.
DERIVED_TABLES = {
    "age_band": "young_black_men",
    "sex": "young_black_men",
    "race_ethnicity": "young_black_men",
    "gmi": None,
    "funnel": "still_active",
    "promises": None,
}
TITLES = {
    "age_band": "age of those shot",
    "sex": "sex of those shot",
    "race_ethnicity": "race and ethnicity of those shot",
    "gmi": "group involvement of those shot",
    "young_black_men": "Black men under 30 among those shot",
    "funnel": "call-ins from invitation to service",
    "still_active": "active in a service at 90 days",
    "promises": "promises",
}

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
) -> frozenset[Period]:
    """Return the periods named, with those of the tables that are made of them.

    `had`: those that are frozen and not withdrawn yet. UsageError for a table or city there is
    none of, and a year that is not among them.
    """
    cities = withdrawals.cities
    for city in cities:
        settings.city(city)
    frozen = set(had)
    periods: set[Period] = set()
    for table, year in withdrawals.tables:
        _check_table(table)
        if table == "promises" and cities:
            raise UsageError(
                "The table of promises is of all cities together.", "Leave --city out for it."
            )
        of_table = {key for key in frozen if key[0] == table and (not cities or key[1] in cities)}
        of_year = {key for key in of_table if key[2] == year}
        if not of_year:
            years = sorted({key[2] for key in of_table})
            raise UsageError(
                f"There is no table {table} of {year} to withdraw.",
                f"Frozen so far: {format_years(years)}." if years else "None of it is frozen.",
            )
        periods |= of_year
        # Two years at a time, named by the later.
        derived = {
            (name, city, later)
            for _, city, _ in of_year
            if (name := DERIVED_TABLES[table])
            for later in ((year, year + 1) if name == "still_active" else (year,))
        }
        periods |= derived & frozen
    return frozenset(periods)


def _check_table(table: str) -> None:
    if table in DERIVED_TABLES:
        return
    made_of = [name for name, follows in DERIVED_TABLES.items() if follows == table]
    if made_of:
        raise UsageError(
            f"The table {table} is made of others and goes with them.",
            f"Name the one that was wrong: {' or '.join(made_of)}.",
        )
    raise UsageError(f"There is no public table '{table}'.", suggest_nearest(table, DERIVED_TABLES))


def build_entries(periods: Iterable[Period], reason: str, day: str) -> list[Entry]:
    """Build what a manifest says of periods that are withdrawn now."""
    return [
        {"table": table, "city": city, "year": year, "reason": reason, "day": day}
        for table, city, year in sorted(periods)
    ]


def find_new_rows(before: Path | None, after: Path) -> list[Row]:
    """Return the rows of new public tables whose periods the ones before did not have."""
    had = group_by_period(read_rows(before))
    return [
        row
        for period, each in group_by_period(read_rows(after)).items()
        for row in each
        if period not in had
    ]


def describe_new_rows(new: Sequence[Row], settings: Settings) -> list[str]:
    """Say what is about to be frozen: a sentence a table and city, with the commonest value."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in new:
        # What is not among them is of the public record, and frozen for nobody.
        if row["table_name"] in TITLES:
            groups.setdefault((row["table_name"], row["city"]), []).append(row)
    return [
        f"About to be frozen for the public: {_name_table(table)}, {_name_place(city, settings)}, "
        f"{format_years(sorted({row['year'] for row in rows}))}{_describe_commonest(table, rows)}."
        for (table, city), rows in sorted(groups.items(), key=lambda item: (item[0][1], item[0][0]))
    ]


def _describe_commonest(table: str, rows: Sequence[Row]) -> str:
    """Say which value is counted most often, so that two that are swapped are seen."""
    if DERIVED_TABLES.get(table) != "young_black_men" and table != "gmi":
        return ""
    counts: dict[str, int] = {}
    for row in rows:
        counts[row["value"]] = counts.get(row["value"], 0) + (row["counted"] or 0)
    value = max(counts, key=lambda each: counts[each])
    whole = sum(counts.values())
    if not whole:
        return ""
    return f": most often {value}, {counts[value]} of the {whole} that are told"


def describe_withdrawals(
    entries: Iterable[Row], settings: Settings, with_reason: bool = True
) -> list[str]:
    """Say what is withdrawn, when and why, a sentence a table and city.

    The ledger is copied from release to release and says it without the reason, in which a
    purge may have to look for a code.
    """
    sentences = []
    groups = name_years(entries, "table", "city", "day", "reason")
    for (table, city, day, reason), years in groups.items():
        title = _name_table(table)
        what = f"{title[0].upper()}{title[1:]}, {_name_place(city, settings)}, {years}"
        why = f" Reason: {reason.strip().rstrip('.')}." if with_reason else ""
        when = dates.format_long(date.fromisoformat(day))
        sentences.append(f"{what}: withdrawn on {when}, and not replaced.{why}")
    return sentences


def name_years(entries: Iterable[Row], *keys: str) -> dict[tuple[str, ...], str]:
    """Return by these of their values the years of entries, as `2008 to 2011, 2014`."""
    years: dict[tuple[str, ...], list[int]] = {}
    for entry in entries:
        years.setdefault(tuple(entry[key] for key in keys), []).append(entry["year"])
    return {values: format_years(sorted(each)) for values, each in years.items()}


def _name_table(table: str) -> str:
    return TITLES.get(table, table)


def _name_place(city: str, settings: Settings) -> str:
    return "all cities together" if city == "all" else settings.name_city(city)


def format_years(years: Sequence[int]) -> str:
    """Write years as `2008 to 2011, 2014`."""
    runs: list[list[int]] = []
    for year in years:
        if runs and year == runs[-1][1] + 1:
            runs[-1][1] = year
        else:
            runs.append([year, year])
    return ", ".join(str(a) if a == b else f"{a} to {b}" for a, b in runs)


def mark_withdrawn(store: Store, new: Release) -> None:
    """Write into the manifest of each other release of its kind what `new` says is withdrawn.

    Before the pointer flips: neither a rollback nor a damaged release then brings a withdrawn
    table back. Doing it twice changes nothing.
    """
    withdrawn = list_withdrawn(new.manifest)
    for folder in store.list_folders() if withdrawn else ():
        try:
            manifest = manifests.read_manifest(folder)
        except DataError:
            continue  # it serves nobody
        if manifest["kind"] != new.kind or folder.name == new.id:
            continue
        marked = {find_period(entry) for entry in list_withdrawn(manifest)}
        held = group_by_period(read_rows(_find_sound_tables(folder, manifest)))
        more = [
            entry
            for entry in withdrawn
            if find_period(entry) in held and find_period(entry) not in marked
        ]
        if more:
            manifests.write_manifest(
                folder, manifest | {"withdrawn": [*list_withdrawn(manifest), *more]}
            )


def _find_sound_tables(folder: Path, manifest: Row) -> Path | None:
    """Return where a release's public tables are; None where they are missing or damaged."""
    path = folder / PUBLIC_TABLES
    is_sound = path.is_file() and sha256(path) == manifest["sha256"].get(PUBLIC_TABLES)
    return path if is_sound else None


def find_period(entry: Row) -> Period:
    """Return the period an entry of a manifest's `withdrawn` is about."""
    return entry["table"], entry["city"], entry["year"]


def list_withdrawn(manifest: Row) -> list[Entry]:
    """List the periods of a release that are withdrawn: table, city, year, reason, day."""
    return list(manifest.get("withdrawn", []))
