"""Public tables that were wrong: which are asked for again, and what is written down of it.

What the public lattice holds is cut once (docs/lattice.md). A table that was cut wrong can be
cut again, with a reason, or withdrawn; both stand in every manifest from then on (`recut`),
and the older releases that hold the wrong one say that it is withdrawn (`withdrawn`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from longevity.errors import DataError, UsageError
from longevity.release import manifest as manifests
from longevity.release.store import PUBLIC_TABLES, Release, Store
from longevity.settings import Settings
from longevity.strict_toml import nearest

# A table that may be named, and the one that is made of it and goes with it.
FOLLOWS = {
    "age_band": "young_black_men",
    "sex": "young_black_men",
    "race_ethnicity": "young_black_men",
    "gmi": None,
    "funnel": "still_active",
    "promises": None,
}
WORDS = {
    "age_band": "age of those shot",
    "sex": "sex of those shot",
    "race_ethnicity": "race and ethnicity of those shot",
    "gmi": "group involvement of those shot",
    "young_black_men": "Black men under 30 among those shot",
    "funnel": "call-ins from invitation to service",
    "still_active": "active in a service at 90 days",
    "promises": "promises",
}
CUT_AGAIN, WITHDRAWN = "cut again", "withdrawn"

Row = Mapping[str, Any]
Period = tuple[str, str, int]  # table, city, year
Entry = dict[str, Any]


@dataclass(frozen=True)
class Wish:
    """What is asked for of tables that were cut: (table, year) pairs, of these cities or all."""

    recut: tuple[tuple[str, int], ...] = ()
    withdraw: tuple[tuple[str, int], ...] = ()
    cities: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.recut or self.withdraw)


def rows(path: Path | None) -> list[dict[str, Any]]:
    """The rows of a lattice, as dictionaries; none where there is no file."""
    return [] if path is None else pq.read_table(path).to_pylist()


def by_period(lattice: Iterable[Row]) -> dict[Period, list[Row]]:
    """The rows of each table, city and year."""
    found: dict[Period, list[Row]] = {}
    for row in lattice:
        found.setdefault((row["table_name"], row["city"], row["year"]), []).append(row)
    return found


def periods(
    asked: Sequence[tuple[str, int]],
    cities: Sequence[str],
    had: Iterable[Period],
    settings: Settings,
) -> frozenset[Period]:
    """The periods meant, with those that follow from them.

    UsageError for a table or city there is none of, and a year that was not cut.
    """
    for city in cities:
        settings.city(city)
    cut = set(had)
    meant: set[Period] = set()
    for table, year in asked:
        _known(table)
        if table == "promises" and cities:
            raise UsageError(
                "The table of promises is of all cities together.", "Leave --city out for it."
            )
        of_table = {one for one in cut if one[0] == table and (not cities or one[1] in cities)}
        found = {one for one in of_table if one[2] == year}
        if not found:
            years = sorted({one[2] for one in of_table})
            raise UsageError(
                f"No table {table} of {year} has been cut.",
                f"Cut so far: {spans(years)}." if years else "None of it has been cut yet.",
            )
        meant |= found
        # Two years at a time, named by the later.
        follows = {
            (name, city, later)
            for _, city, _ in found
            if (name := FOLLOWS[table])
            for later in ((year, year + 1) if name == "still_active" else (year,))
        }
        meant |= follows & cut
    return frozenset(meant)


def _known(table: str) -> None:
    if table in FOLLOWS:
        return
    made_of = [name for name, follows in FOLLOWS.items() if follows == table]
    if made_of:
        raise UsageError(
            f"The table {table} is made of others and goes with them.",
            f"Name the one that was wrong: {' or '.join(made_of)}.",
        )
    raise UsageError(f"There is no public table '{table}'.", nearest(table, FOLLOWS))


def entries(
    meant: Iterable[Period], before: Path | None, after: Path, reason: str, day: str
) -> list[Entry]:
    """What became of the periods meant, one entry each; none of those that came out the same."""
    old, new = by_period(rows(before)), by_period(rows(after))
    return [
        {
            "table": table,
            "city": city,
            "year": year,
            "what": CUT_AGAIN
            if any(row["state"] != "missing" for row in new[table, city, year])
            else WITHDRAWN,
            "reason": reason,
            "day": day,
        }
        for table, city, year in sorted(meant)
        if old[table, city, year] != new[table, city, year]
    ]


def fresh(before: Path | None, after: Path) -> list[Row]:
    """The rows of a new lattice whose periods the one before it did not have."""
    had = by_period(rows(before))
    return [
        row for period, each in by_period(rows(after)).items() for row in each if period not in had
    ]


def freezing(new: Sequence[Row], settings: Settings) -> list[str]:
    """What is about to be frozen: a sentence a table and city, with the value told most often."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in new:
        # What is not among them is of the public record, and frozen for nobody.
        if row["table_name"] in WORDS:
            found.setdefault((row["table_name"], row["city"]), []).append(row)
    return [
        f"About to be frozen for the public: {_title(table)}, {_place(city, settings)}, "
        f"{spans(sorted({row['year'] for row in own}))}{_most(table, own)}."
        for (table, city), own in sorted(found.items(), key=lambda one: (one[0][1], one[0][0]))
    ]


def _most(table: str, own: Sequence[Row]) -> str:
    """The value counted most often, so that two that are swapped are seen."""
    if FOLLOWS.get(table) != "young_black_men" and table != "gmi":
        return ""
    counts: dict[str, int] = {}
    for row in own:
        counts[row["value"]] = counts.get(row["value"], 0) + (row["counted"] or 0)
    value = max(counts, key=lambda each: counts[each])
    whole = sum(counts.values())
    if not whole:
        return ""
    return f": most often {value}, {counts[value]} of the {whole} that are told"


def sentences(written: Sequence[Row], settings: Settings) -> list[str]:
    """A sentence for each table, city and reason: what was cut again or withdrawn, never why."""
    found: dict[tuple[str, str, str], list[int]] = {}
    for one in written:
        found.setdefault((one["city"], one["table"], one["what"]), []).append(one["year"])
    return [
        f"{_place(city, settings)}: the public table of {_title(table)}, {spans(sorted(years))}, "
        + (
            "was cut again; what earlier releases say there is withdrawn."
            if what == CUT_AGAIN
            else "was withdrawn, and nothing stands in its place."
        )
        for (city, table, what), years in sorted(found.items())
    ]


def missing(manifest: Row, settings: Settings) -> list[str]:
    """A sentence for each table and city of a release that was withdrawn since it was made."""
    found: dict[tuple[str, str], list[int]] = {}
    for one in gone(manifest):
        found.setdefault((one["city"], one["table"]), []).append(one["year"])
    return [
        f"Withdrawn since this release was made, and missing in it: {_title(table)}, "
        f"{_place(city, settings)}, {spans(sorted(years))}."
        for (city, table), years in sorted(found.items())
    ]


def _title(table: str) -> str:
    return WORDS.get(table, table)


def _place(city: str, settings: Settings) -> str:
    known = settings.cities.get(city)
    return known.name if known else "all cities together" if city == "all" else city


def spans(years: Sequence[int]) -> str:
    """`2008 to 2011, 2014`."""
    runs: list[list[int]] = []
    for year in years:
        if runs and year == runs[-1][1] + 1:
            runs[-1][1] = year
        else:
            runs.append([year, year])
    return ", ".join(str(a) if a == b else f"{a} to {b}" for a, b in runs)


def mark(store: Store, new: Release) -> None:
    """Say in the manifest of each other release of its kind which of its tables are withdrawn.

    Those are the periods that `new` says were cut again or withdrawn, where what is held is
    not what it holds. Before the pointer flips: neither a rollback nor a damaged release then
    brings a withdrawn table back. Doing it twice changes nothing.
    """
    written = {
        (one["table"], one["city"], one["year"]): one for one in new.manifest.get("recut", [])
    }
    right = by_period(rows(new.path / PUBLIC_TABLES)) if written else {}
    for folder in store.folders() if written else ():
        try:
            said = manifests.read(folder)
        except DataError:
            continue  # it serves nobody
        path = folder / PUBLIC_TABLES
        sound = path.is_file() and manifests.sha256(path) == said["sha256"].get(PUBLIC_TABLES)
        if said["kind"] != new.kind or folder.name == new.id or not sound:
            continue
        held = by_period(rows(path))
        known = [tuple(one[key] for key in ("table", "city", "year")) for one in gone(said)]
        more = [
            {"table": one["table"], "city": one["city"], "year": one["year"], "day": one["day"]}
            for period, one in sorted(written.items())
            if period in held and period not in known and held[period] != right.get(period)
        ]
        if more:
            manifests.write(folder, said | {"withdrawn": [*gone(said), *more]})


def gone(manifest: Mapping[str, Any]) -> list[Entry]:
    """The periods of a release that were withdrawn since it was made: table, city, year, day."""
    return list(manifest.get("withdrawn", []))
