"""Which public tables a new release takes over, and those that were wrong, which are withdrawn.

A public table is frozen once (docs/public-tables.md), copied from release to release and never
counted a second time: anybody who kept both versions would read their difference. They come from
the release of the same kind that was made last, served or not.

One that was wrong is withdrawn, with a reason. Every later manifest says so (`withdrawn`), and
so does that of each older release that holds the table, so that neither a rollback nor a damaged
release brings it back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from longevity.base.errors import UsageError, suggest_nearest
from longevity.release import manifest as manifests
from longevity.release.store import PUBLIC_TABLES, Release, Store, hash_member
from longevity.settings import Settings
from longevity.words import dates
from longevity.words.absent import MISSING
from longevity.words.language import Spoken, translate

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
    """Return the periods to withdraw: ("sex", 2024) is that of each city, and takes along the
    tables made of it (MADE_OF).

    `had`: those that are frozen and not withdrawn yet. UsageError for a table or city there is
    none of, and a year that is not among them.
    """
    cities = {settings.city(city).id for city in withdrawals.cities}
    frozen = {period for period in had if not cities or period[1] in (*cities, ALL_CITIES)}
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
        periods |= {period for period in frozen if (period[0], period[2]) in named}
    return periods


def describe_new_rows(before: Path | None, after: Path, settings: Settings) -> list[str]:
    """Say what of new public tables is frozen now: of each table and city, with the commonest
    value. "Most often female" shows, before it is too late, that two values were mixed up; a year
    that is frozen as missing, that the end of a file was not stated.
    """
    had = group_by_period(read_rows(before)).keys()
    due: dict[tuple[str, str], list[Row]] = {}
    for period, rows in group_by_period(read_rows(after)).items():
        # What has no title is of the public record, and not frozen.
        if period not in had and period[0] in TITLES:
            due.setdefault((period[1], period[0]), []).extend(rows)
    sentences = []
    for (city, table), rows in sorted(due.items()):
        counts: Counter[str] = Counter()
        for row in rows:
            counts[row["value"]] += row["counted"] or 0
        ((value, count),) = counts.most_common(1)
        often = f": most often {value}" if table in OF_PEOPLE and count else ""
        known = {row["year"] for row in rows if row["state"] != MISSING}
        missing = {row["year"] for row in rows} - known
        lacking = f"; as missing for good: {dates.join_years(missing)}" if missing else ""
        sentences.append(
            f"About to be frozen for the public: {TITLES[table]}, {_name_place(city, settings)}, "
            f"{dates.join_years({row['year'] for row in rows})}{often}{lacking}."
        )
    return sentences


def describe_withdrawals(entries: Iterable[Row], settings: Settings) -> list[str]:
    """Say what is withdrawn, when and why, in a sentence for each table and city."""
    years: dict[tuple[str, ...], list[int]] = {}
    for entry in entries:
        title = TITLES[entry["table"]]
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
        if manifest is None or manifest["kind"] != new.kind:
            continue
        marked = add_entries(manifest, withdrawn)
        if marked != manifest:
            manifests.write_manifest(store.releases / release_id, marked)
            store.drop_pictures(release_id)


def add_entries(manifest: manifests.Manifest, withdrawn: Iterable[Entry]) -> manifests.Manifest:
    """Return a manifest that says of these periods too that they are withdrawn."""
    marked = set(map(find_period, manifest["withdrawn"]))
    more = {find_period(row): row for row in withdrawn if find_period(row) not in marked}
    return manifest | {"withdrawn": [*manifest["withdrawn"], *more.values()]}


def find_period(entry: Row) -> Period:
    """Return the period an entry of a manifest's `withdrawn` is about."""
    return entry["table"], entry["city"], entry["year"]


@dataclass(frozen=True)
class TableHistory:
    """The public tables to go on from, and which of them are withdrawn.

    `path`: their file, None when there is none. `barred_until`: a release that cannot be read any
    more may have frozen other tables up to that day, which are not given a second time; None
    where all can be read. `entries`: what the manifest says of those withdrawn, before and now.
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
    for release_id, manifest in reversed(store.read_manifests().items()):
        if manifest and (manifest["kind"] != kind or PUBLIC_TABLES not in manifest["sha256"]):
            continue
        day, path = date.fromisoformat(release_id[:10]), store.releases / release_id / PUBLIC_TABLES
        if manifest and hash_member(path) == manifest["sha256"][PUBLIC_TABLES]:
            history = TableHistory(path, barred_until=None, entries=tuple(manifest["withdrawn"]))
            reached = day
        else:
            unreadable.append(day)
    # What a lost release from before that day had frozen is in them.
    barred = max((lost + _GRACE for lost in unreadable if lost >= reached), default=None)
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
