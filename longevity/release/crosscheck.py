"""What new data must not do to the release before them, of the same kind.

Coverage must not shrink, data-through must not go back, totals must not jump, of what was
counted in closed weeks not much may be gone, or be new, and what both hold must say the same.
Each objection is a sentence; none holds a person's data. `publish` asks it of the release it made,
`check` of a folder of extracts.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb

from longevity.checks.check import find_readable
from longevity.checks.findings import Finding, make_finding
from longevity.ingest import extracts_file, victim_coverage
from longevity.ingest.contract import BY_NAME, COUNTED_CIRCUMSTANCES, EXTRACTS
from longevity.ingest.extracts_file import ExtractsFile
from longevity.ingest.victim_coverage import VictimCoverage
from longevity.release.aggregates import copy_to_parquet
from longevity.release.data_through import find_data_through
from longevity.release.incident_places import find_all_boundaries, place_incidents, write_points
from longevity.release.member import member_of
from longevity.release.store import Release, Store
from longevity.scratch import open_scratch, parquet_sql, quote_text
from longevity.settings import Settings

LEAST_GONE = 5  # victims of one year, or new ones of it: fewer are revised one by one
CLOSED_AFTER = timedelta(days=90)  # by then most of what is entered late is there
# Of the rows of a city that both hold: as many that say something else are not revised one by
# one, but a column read otherwise, or every point moved.
CHANGED, LEAST_CHANGED = 0.1, 5
COUNTED_FROM = ("incidents", "victims")
PLACED_BY = ("longitude", "latitude", "location_precision", "neighbourhood")
Days = dict[str, dict[date, int]]  # by city and day


@dataclass(frozen=True)
class Supply:
    """What a release, or a folder of extracts, holds.

    `sources`: by extract the SQL that reads it. `through`: by extract and city the day it
    is complete through, as ISO text; `begun`: by city the day counts begin, where one is
    said. `victims`: SQL of the counted ones by city and day, and of the wounded among them.
    `holds`: what its sources hold of victims. `places`: SQL of incident_id, city, the area it was
    put in, and as PLACED_BY what the source says of the place.
    """

    sources: Mapping[str, str]
    rows: Mapping[str, int]
    through: Mapping[str, Mapping[str, str]]
    begun: Mapping[str, date]
    victims: str
    holds: VictimCoverage
    places: str


@dataclass(frozen=True)
class Objection:
    """A reason why new data may not follow a release."""

    extract: str
    sentence: str


def read_supply(release: Release) -> Supply:
    """Return what a release holds."""
    manifest = release.manifest
    # Those supplied without those that were destroyed.
    destroyed = manifest.get("destroyed", {})
    daily = parquet_sql(release.member("built/daily.parquet"))
    return Supply(
        sources={name: parquet_sql(release.member(member_of(name))) for name in manifest["rows"]},
        rows={name: int(n) - int(destroyed.get(name, 0)) for name, n in manifest["rows"].items()},
        through={
            name: {city: entry["day"] for city, entry in cities.items()}
            for name, cities in manifest["data_through"].items()
        },
        begun={
            city: date.fromisoformat(day)
            for city, day in manifest.get("data_from", {}).get("incidents", {}).items()
        },
        # Where people shot are not known, those shot dead may be.
        victims="SELECT city, day, CAST(sum(coalesce(victims, fatal)) AS BIGINT) AS victims, "
        f"CAST(sum(coalesce(nonfatal, 0)) AS BIGINT) AS wounded FROM {daily} GROUP BY city, day",
        holds=victim_coverage.read_manifest_coverage(manifest),
        places=f"SELECT located.incident_id, located.city, located.neighbourhood AS area, "
        f"{', '.join(f'incidents.{name}' for name in PLACED_BY)} "
        f"FROM {parquet_sql(release.member('built/located.parquet'))} AS located "
        f"JOIN {parquet_sql(release.member(member_of('incidents')))} AS incidents "
        "USING (incident_id)",
    )


def check_against_served(directory: Path, settings: Settings) -> list[Finding]:
    """Return what `publish` would object to in a folder of extracts that `check` can read.

    Empty where no release of its kind is there to compare with, or it cannot be read as
    far as that needs: `check` says why.
    """
    sources = find_readable(directory, settings)
    if sources is None or not set(COUNTED_FROM) <= set(sources):
        return []
    declared = extracts_file.read_extracts_file(directory, settings)
    store = Store(settings.home)
    takes_its_place = check_synthetic_over_real(declared.kind, store)
    before = store.find_baseline(declared.kind)
    if before is None:
        return takes_its_place
    with (
        tempfile.TemporaryDirectory(prefix="longevity-") as spill,
        open_scratch(Path(spill) / "spill") as connection,
    ):
        through = find_data_through(connection, sources, declared)
        begun = declared.data_from.get("incidents", {})
        after = Supply(
            sources=sources,
            rows={
                name: connection.execute(f"SELECT count(*) FROM {source}").fetchall()[0][0]
                for name, source in sources.items()
            },
            through={
                name: {city: one.day.isoformat() for city, one in cities.items()}
                for name, cities in through.items()
            },
            begun=begun,
            victims=_write_victims_sql(sources, begun),
            holds=declared.holds,
            places=_place_incidents(connection, sources, declared, Path(spill), settings),
        )
        return takes_its_place + [
            make_finding(
                f"{one.extract}.parquet",
                "against_the_release_before",
                one.sentence,
                f"It is compared with the release {before.id}.",
                kind_of_value="a file",
                acceptable=True,
            )
            for one in find_objections(connection, read_supply(before), after, settings)
        ]


def _place_incidents(
    connection: duckdb.DuckDBPyConnection,
    sources: Mapping[str, str],
    declared: ExtractsFile,
    folder: Path,
    settings: Settings,
) -> str:
    """Put incidents in their areas as `publish` does; SQL of what `Supply.places` holds."""
    incidents, points = folder / "incidents.parquet", folder / "points.parquet"
    copy_to_parquet(connection, f"SELECT * FROM {sources['incidents']}", incidents)
    boundaries = find_all_boundaries(connection, incidents, settings)
    write_points(incidents, points, boundaries)
    place_incidents(connection, points, boundaries, settings, {})
    names = [f"given AS {name}" if name == "neighbourhood" else name for name in PLACED_BY]
    return f"SELECT incident_id, city, neighbourhood AS area, {', '.join(names)} FROM placed"


def check_synthetic_over_real(kind: str, store: Store) -> list[Finding]:
    """Return the objection to synthetic data that would take the place of real data."""
    if kind != "synthetic" or not store.is_real_served():
        return []
    return [
        make_finding(
            extracts_file.NAME,
            "synthetic_over_real",
            "the data are synthetic, and would take the place of real data on every screen.",
            "Give it a LONGEVITY_HOME of its own.",
            acceptable=True,
        )
    ]


def _write_victims_sql(sources: Mapping[str, str], begun: Mapping[str, date]) -> str:
    """Return SQL of the people shot whom counts take, by city and day (docs/releases.md)."""
    words = ", ".join(quote_text(word) for word in COUNTED_CIRCUMSTANCES)
    since = "".join(
        f" AND NOT (incidents.city = {quote_text(city)} AND occurred_at < DATE '{day.isoformat()}')"
        for city, day in sorted(begun.items())
    )
    return f"""
        SELECT incidents.city AS city, CAST(occurred_at AS DATE) AS day, count(*) AS victims,
            count(*) FILTER (outcome = 'nonfatal') AS wounded
        FROM {sources["victims"]} AS victims
        JOIN {sources["incidents"]} AS incidents ON incidents.incident_id = victims.incident_id
        WHERE weapon = 'firearm' AND circumstance IN ({words}){since}
        GROUP BY ALL
    """


def find_objections(
    connection: duckdb.DuckDBPyConnection, before: Supply, after: Supply, settings: Settings
) -> list[Objection]:
    """Return every reason why `after` may not follow `before`; empty when it may."""
    reasons: list[Objection] = []
    for extract in EXTRACTS:
        name = extract.name
        if name not in before.sources:
            continue
        if name not in after.sources:
            reasons.append(
                Objection(name, f"The extract {name} was there before and is missing now.")
            )
            continue
        old_first, new_first = (
            _find_first_events(connection, extracts, name) for extracts in (before, after)
        )
        sentences = _compare_coverage(name, old_first, new_first, settings)
        sentences += _compare_through(name, before, after, settings)
        sentences += _compare_counts(
            f"The rows of {name}", before.rows[name], after.rows[name], settings
        )
        reasons += [Objection(name, sentence) for sentence in sentences]
    wounded = _count_wounded(connection, before)
    old, new = (_count_victims(connection, extracts) for extracts in (before, after))
    for city in sorted(old):
        was, now = (sum(extracts.get(city, {}).values()) for extracts in (old, new))
        sentences = _compare_counts(
            f"The victims of {settings.name_city(city)}", was, now, settings
        )
        # What the sender says was never complete is not lost.
        begins = after.begun.get(city, date.min)
        from_start = {day: victims for day, victims in old[city].items() if day >= begins}
        sentences += _compare_weeks(
            city, from_start, new.get(city, {}), _find_end(before, city), settings
        )
        sentences += _compare_holdings(city, wounded[city], after, settings)
        reasons += [Objection("victims", sentence) for sentence in sentences]
    reasons += _compare_places(connection, before, after, settings)
    for column, what in (("sex", "are of another sex"), ("outcome", "have another outcome")):
        reasons += _compare_people(connection, before, after, column, what, settings)
    return reasons


def _compare_places(
    connection: duckdb.DuckDBPyConnection, before: Supply, after: Supply, settings: Settings
) -> list[Objection]:
    """Return cities whose incidents lie in other areas, where their source places them otherwise.

    Where only the boundaries are others, or how points are read, the data are not at fault.
    """
    was, now = (f"({', '.join(f'{side}.{name}' for name in PLACED_BY)})" for side in ("old", "new"))
    rows = connection.execute(
        f"""
        SELECT old.city, count(*),
            count(*) FILTER (old.area IS DISTINCT FROM new.area AND {was} IS DISTINCT FROM {now})
        FROM ({before.places}) AS old JOIN ({after.places}) AS new USING (incident_id, city)
        WHERE old.area IS NOT NULL GROUP BY old.city ORDER BY old.city
        """
    ).fetchall()
    return _object_to_changes("incidents", rows, "lie in another area or in none", settings)


def _compare_people(
    connection: duckdb.DuckDBPyConnection,
    before: Supply,
    after: Supply,
    column: str,
    what: str,
    settings: Settings,
) -> list[Objection]:
    """Return cities whose victims are said to be others.

    Within an incident only how many there are of each word counts: where a source gives no
    code, they are numbered in the order of its rows.
    """
    if not all("victims" in supply.sources for supply in (before, after)):
        return []
    rows = connection.execute(
        f"""
        SELECT city, CAST(sum(held) AS BIGINT), CAST(sum(greatest(held - left_over, 0)) AS BIGINT)
        FROM (
            SELECT city, incident_id, word, count(*) FILTER (side = 'old') AS held,
                count(*) FILTER (side = 'new') AS left_over
            FROM (
                SELECT city, old.incident_id, unnest(['old', 'new']) AS side,
                    unnest([old.{column}, new.{column}]) AS word
                FROM {before.sources["victims"]} AS old
                JOIN {after.sources["victims"]} AS new USING (victim_id, city)
            )
            GROUP BY ALL
        )
        WHERE word <> 'unknown' AND held > 0 GROUP BY city ORDER BY city
        """
    ).fetchall()
    return _object_to_changes("victims", rows, what, settings)


def _object_to_changes(
    extract: str, rows: list[tuple[str, int, int]], what: str, settings: Settings
) -> list[Objection]:
    """Return an objection of each (city, rows both hold, rows that changed) that changed much."""
    return [
        Objection(
            extract,
            f"Of {held} {extract} of {settings.name_city(city)} that were known before, {changed} "
            f"({changed / held:.0%}) {what} now; less than {CHANGED:.0%} is expected.",
        )
        for city, held, changed in rows
        if changed >= max(LEAST_CHANGED, CHANGED * held)
    ]


def _find_first_events(
    connection: duckdb.DuckDBPyConnection, supply: Supply, extract: str
) -> dict[str, date | None]:
    """Return by city the first event day of an extract; None where it has no dates."""
    event = BY_NAME[extract].event
    first = f"min(CAST({event} AS DATE))" if event else "CAST(NULL AS DATE)"
    rows = connection.execute(
        f"SELECT city, {first} FROM {supply.sources[extract]} GROUP BY city"
    ).fetchall()
    return dict(rows)


def _compare_coverage(
    extract: str,
    old: Mapping[str, date | None],
    new: Mapping[str, date | None],
    settings: Settings,
) -> list[str]:
    reasons = []
    for city, first in sorted(old.items()):
        name = settings.name_city(city)
        if city not in new:
            reasons.append(f"{extract} had rows of {name} and has none now.")
            continue
        # Rows with a person's or group's code may be destroyed by duty, the oldest first.
        now = new[city]
        if first is not None and not BY_NAME[extract].named and (now is None or now > first):
            begins = now.isoformat() if now else "nowhere"
            reasons.append(
                f"{extract} of {name} began on {first.isoformat()} and begins on {begins} now."
            )
    return reasons


def _compare_through(extract: str, before: Supply, after: Supply, settings: Settings) -> list[str]:
    old, new = before.through.get(extract, {}), after.through.get(extract, {})
    return [
        f"{extract} of {settings.name_city(city)} was complete through {day} and is only "
        f"through {new[city]} now."
        for city, day in sorted(old.items())
        if city in new and new[city] < day
    ]


def _compare_counts(what: str, old: int, new: int, settings: Settings) -> list[str]:
    largest = settings.thresholds.largest_jump
    if old == 0 or abs(new - old) <= largest * old:
        return []
    return [
        f"{what} went from {old} to {new}, {abs(new - old) / old:.0%} "
        f"{'more' if new > old else 'fewer'}; at most {largest:.0%} is expected."
    ]


def _count_victims(connection: duckdb.DuckDBPyConnection, supply: Supply) -> Days:
    by_city: Days = defaultdict(dict)
    for city, day, victims, _ in connection.execute(supply.victims).fetchall():
        by_city[city][day] = int(victims)
    return by_city


def _count_wounded(connection: duckdb.DuckDBPyConnection, supply: Supply) -> dict[str, int]:
    rows = connection.execute(
        f"SELECT city, CAST(sum(wounded) AS BIGINT) FROM ({supply.victims}) GROUP BY city"
    ).fetchall()
    return dict(rows)


def _compare_holdings(city: str, wounded: int, after: Supply, settings: Settings) -> list[str]:
    """Return people who were counted as wounded, of whom the sources are now said to hold none."""
    if not wounded or victim_coverage.find_known_counts(after.holds, city)["nonfatal"]:
        return []
    return [
        f"Of {settings.name_city(city)} {wounded} shot and wounded were counted before, and its "
        "sources are now said to hold none of them."
    ]


def _find_end(before: Supply, city: str) -> date | None:
    """Return the last day a release's counts of people shot were complete for."""
    days = [before.through.get(name, {}).get(city) for name in COUNTED_FROM]
    ends = [date.fromisoformat(day) for day in days if day is not None]
    return min(ends, default=None)


def _compare_weeks(
    city: str,
    old: Mapping[date, int],
    new: Mapping[date, int],
    through: date | None,
    settings: Settings,
) -> list[str]:
    """Return what of the weeks the release before covered is there no more, or is new.

    By week, so that what came late elsewhere does not hide it; by year, because a lost year, or
    one pasted twice, drowns in twenty. What comes before the first day there was is no year that
    grew.
    """
    if through is None or not old:
        return []
    begun = min(old)
    weeks: dict[int, dict[date, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for at, counts in enumerate((old, new)):
        for day, victims in counts.items():
            if begun <= day <= through:
                weeks[day.year][day - timedelta(days=day.weekday())][at] += victims
    thresholds, name = settings.thresholds, settings.name_city(city)
    lost = list(_describe_lost_years(weeks, through, thresholds.largest_loss))
    grown = list(
        _describe_grown_years(weeks, through, thresholds.largest_loss, thresholds.largest_jump)
    )
    sentences = []
    if lost:
        sentences.append(
            f"Victims of {name} are gone from weeks that were complete: {'; '.join(lost)}. "
            f"At most {thresholds.largest_loss:.0%} of a year is expected."
        )
    if grown:
        sentences.append(
            f"Victims of {name} are new in weeks that were complete: {'; '.join(grown)}. "
            f"At most {thresholds.largest_loss:.0%} of a year is expected, and "
            f"{thresholds.largest_jump:.0%} of one that ended less than {CLOSED_AFTER.days} days "
            "before."
        )
    return sentences


def _describe_lost_years(
    weeks: Mapping[int, Mapping[date, list[int]]], through: date, largest: float
) -> Iterator[str]:
    for year, counts in sorted(weeks.items()):
        before = sum(old for old, _ in counts.values())
        after = sum(new for _, new in counts.values())
        missing = sum(max(old - new, 0) for old, new in counts.values())
        if before and not after and date(year, 12, 31) <= through:
            yield f"all {before} of {year}"
        elif missing >= LEAST_GONE and missing > largest * before:
            yield f"{missing} of {before} of {year} ({missing / before:.0%})"


def _describe_grown_years(
    weeks: Mapping[int, Mapping[date, list[int]]], through: date, of_closed: float, of_recent: float
) -> Iterator[str]:
    """Describe years with more that is new than comes late; of a recent year more does."""
    for year, counts in sorted(weeks.items()):
        before = sum(old for old, _ in counts.values())
        added = sum(max(new - old, 0) for old, new in counts.values())
        is_closed = date(year, 12, 31) + CLOSED_AFTER <= through
        if added >= LEAST_GONE and added > (of_closed if is_closed else of_recent) * before > 0:
            yield f"{added} more than the {before} of {year} ({added / before:.0%})"
