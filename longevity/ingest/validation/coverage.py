"""What the rows of a folder say together: a whole part of them that cannot well be right.

Every row may keep every rule, and yet a file be cut off, pasted twice, or silent about what a
count needs: then a figure is false that nobody sees is missing. Each finding here is an
error that `publish --accept` passes, because a city may truly be as quiet, or as unlucky,
as its file says. The thresholds are *ours*; docs/check.md says why.
"""

from __future__ import annotations

import itertools
import statistics
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import duckdb

from longevity.dates import format_long
from longevity.ingest.contract import BY_NAME
from longevity.ingest.extracts_file import ExtractsFile
from longevity.ingest.origins import describe_rows
from longevity.ingest.validation.duplicates import find_copies
from longevity.ingest.validation.findings import (
    ROWS_NAMED,
    Days,
    Finding,
    make_finding,
    make_printable,
)
from longevity.ingest.validation.hours import find_shifted_hours
from longevity.ingest.validation.read_as_no import (
    ENDINGS,
    find_late_begins,
    find_never_filled,
    find_only_yes,
    find_unattended_sessions,
    find_unfilled_stretches,
    find_uninvited_sessions,
    find_unreviewed_nones,
)
from longevity.ingest.validation.rules import HAS_POINT
from longevity.ingest.validation.scratch import quote_text
from longevity.ingest.validation.victims import find_victim_problems
from longevity.settings import City, Settings

# Fewer placed show another pattern than all do: J. H. Ratcliffe, "Geocoding crime and a first
# estimate of a minimum acceptable hit rate", Int. J. Geogr. Inf. Sci. 18 (2004) 61–72.
PLACED = 0.85
LEAST_TO_PLACE = 20  # incidents of a year
YEARS_NAMED = 3
REFUSED, LEAST_REFUSED = 0.1, 20  # of the rows sent
LONGEST_DOUBT = 600
LEAST_GAPS = 5  # a city with fewer gaps between its events has no rhythm to judge by
LEAST_QUIET_DAYS = 7
# At a steady pace so long a gap comes once in 22,000 (exp(-10)); shootings cluster, so that in
# made-up cities with 100 to 165 a year this and the rest is met once in ten years.
MEAN_GAPS = 10
REMEMBERED = timedelta(days=3 * 365)
LEAST_HOLE_DAYS = 28  # what goes missing within a file is a month of it, or a year
HOLE_GAPS = 20  # there are many gaps within a file to look at, so each is held to more
HOLE_USUAL_GAPS = 3  # where every date is the first of a month, a month is no hole
# Of what the program did, or was asked: what has no row is told as not done. Which groups an
# incident is laid to is not among them: it falls silent whenever few are shot.
WORK = (
    *("enforcement_actions", "custom_notifications", "shooting_reviews", "services"),
    *("supervision_contacts", "call_ins", "releases_from_custody", "community_requests"),
    "community_events",
)
FEW_DAYS = 3  # so many days with events after a long gap may be mistyped dates
# The incidents somebody was hurt in.
HURT = (
    "(SELECT incidents.city, occurred_at FROM incidents SEMI JOIN victims "
    "ON victims.incident_id = incidents.incident_id)"
)


@dataclass(frozen=True)
class Silence:
    """Days without an event, longer than a city ever had: after `begins`, before `ends`.

    `longest` is the longest before it, in days; `later` the days with events after it.
    """

    begins: date
    ends: date
    longest: int
    later: int

    @property
    def days(self) -> int:
        """From the last event before it to the first one after it, or to the end."""
        return (self.ends - self.begins).days


def find_coverage_problems(
    connection: duckdb.DuckDBPyConnection,
    files: Mapping[str, str],
    settings: Settings,
    declared: ExtractsFile,
) -> Iterator[Finding]:
    """Yield findings over the views named after the extracts in `files` (extract to file name).

    None about synthetic data, which are whole by construction.
    """
    if declared.kind == "real":
        yield from _find_many_refused(connection, files, declared)
        yield from _list_doubts(files, declared)
    if "incidents" in files and declared.kind == "real":
        quiet = _find_silences(connection, "incidents", files["incidents"], settings, declared)
        copied = find_copies(connection, "incidents", files["incidents"], settings)
        yield from (*quiet.values(), *copied.values())
        yield from find_shifted_hours(connection, files["incidents"], settings)
        yield from _find_false_starts(connection, files["incidents"], settings, declared)
        if "victims" in files:
            copied_victims = find_copies(connection, "victims", files["victims"], settings)
            yield from (finding for city, finding in copied_victims.items() if city not in copied)
            yield from _find_early_end_of_victims(
                connection, files["victims"], settings, declared, quiet
            )
            yield from find_victim_problems(connection, files["victims"], settings, declared)
        yield from _find_few_placed(connection, files["incidents"], settings)
        # Rows there twice halve the time between them, so that every gap looks long.
        yield from _find_holes(connection, files, settings, declared, {*quiet, *copied})
        yield from find_never_filled(connection, files, settings)
        yield from find_unfilled_stretches(connection, files, settings, declared)
        yield from find_only_yes(connection, files, settings, declared)
        yield from _find_no_more_endings(connection, files, settings, declared)
        yield from find_unattended_sessions(connection, files, settings)
        yield from find_uninvited_sessions(connection, files, settings, declared)
        yield from find_unreviewed_nones(connection, files, settings)
        yield from find_late_begins(connection, files, settings, declared)
        for name in WORK:
            if name in files:
                found = _find_silences(connection, name, files[name], settings, declared)
                copied = find_copies(connection, name, files[name], settings)
                yield from (*found.values(), *copied.values())
                yield from _find_holes_of_work(
                    connection, name, files[name], settings, declared, {*found, *copied}
                )


def _find_many_refused(
    connection: duckdb.DuckDBPyConnection, files: Mapping[str, str], declared: ExtractsFile
) -> Iterator[Finding]:
    """Find extracts whose import refused so many rows that what is left is not the whole."""
    for name, refused in declared.quarantined.items():
        if name not in files:
            continue
        (taken,) = connection.execute(f"SELECT count(*) FROM {name}").fetchall()[0]
        if refused >= max(LEAST_REFUSED, REFUSED * (refused + taken)):
            yield make_finding(
                files[name],
                "many_refused",
                f"{refused} rows sent were refused when it was imported, and {taken} rows are "
                "here: what is counted is a part.",
                "Read the reasons in quarantine/ beside it, put the mapping or the file right, and "
                "import again. Where numbers begin anew each year, join the two: incident_id = "
                '{ from = ["year", "number"] }.',
                kind_of_value="a file",
                count=refused,
                acceptable=True,
            )


def _list_doubts(files: Mapping[str, str], declared: ExtractsFile) -> Iterator[Finding]:
    """List what the import saw in a source that cannot be seen in the extracts."""
    for doubt in declared.doubts:
        if doubt.extract not in files:
            continue
        finding = make_finding(
            files[doubt.extract],
            doubt.rule,
            make_printable(doubt.sentence, LONGEST_DOUBT),
            make_printable(doubt.do, LONGEST_DOUBT),
            column=doubt.column or None,
            kind_of_value="a row",
            count=doubt.count,
            acceptable=True,
        )
        yield replace(finding, origin=describe_rows(doubt.rows, make_printable(doubt.source)))


# --- places that nobody knew ---------------------------------------------------


def _list_by_city(
    told: Sequence[tuple[str, str]], settings: Settings
) -> Iterator[tuple[str, str, int]]:
    """Return each city's name, what is told of its first years, and of how many it is."""
    by_city: dict[str, list[str]] = {}
    for city, words in told:
        by_city.setdefault(city, []).append(words)
    for city, years in by_city.items():
        if city in settings.cities:
            rest = len(years) - YEARS_NAMED
            more = f" and {rest} more years" if rest > 0 else ""
            yield settings.cities[city].name, ", ".join(years[:YEARS_NAMED]) + more, len(years)


def _find_few_placed(
    connection: duckdb.DuckDBPyConnection, file: str, settings: Settings
) -> Iterator[Finding]:
    """Find cities of which too few incidents of some year have a place to map them by."""
    rows = connection.execute(
        f"""
        SELECT city, year(CAST(occurred_at AS DATE)) AS in_year,
            count(*) FILTER ((neighbourhood IS NOT NULL OR {HAS_POINT})
                AND location_precision IS DISTINCT FROM 'city') AS placed, count(*) AS incidents
        FROM incidents WHERE occurred_at IS NOT NULL GROUP BY ALL
        HAVING incidents >= {LEAST_TO_PLACE} AND placed < {PLACED} * incidents ORDER BY ALL
        """
    ).fetchall()
    told = [(city, f"{year} ({placed} of {incidents})") for city, year, placed, incidents in rows]
    for name, years, count in _list_by_city(told, settings):
        yield make_finding(
            file,
            "few_placed",
            f"too few incidents of {name} have a place other than the city in {years}: of a year "
            "in which most have none, and of those before it, no neighbourhood is told.",
            "Map the neighbourhood, or the coordinates.",
            severity="warning",
            column="neighbourhood",
            kind_of_value="a name",
            count=count,
        )


# --- days without an event ------------------------------------------------------------


def find_longest_silence(events: Mapping[date, int], end: date | None) -> Silence | None:
    """Return the last silence of a city that is longer than any before it; None when there is none.

    `events`: how many there were on each day that had one; `end` the day its source is
    said to be complete through. Looked at are the silence before `end` and those that few
    days with events follow. Each is held against the three years before it.
    """
    days = sorted(day for day in events if end is None or day <= end)
    stops = days if end is None else [*days, end]
    for at in range(len(stops) - 1, 0, -1):
        later = len(days) - at
        if later > FEW_DAYS:
            return None
        begins, ends = stops[at - 1], stops[at]
        past = [day for day in days[:at] if day >= begins - REMEMBERED]
        gaps = [(b - a).days for a, b in itertools.pairwise(past)]
        quiet = (ends - begins).days
        if len(gaps) < LEAST_GAPS or quiet < LEAST_QUIET_DAYS:
            continue
        if quiet > max(gaps) and quiet > MEAN_GAPS * _measure_pace(events, past):
            return Silence(begins, ends, max(gaps), max(later, 0))
    return None


def find_holes(events: Mapping[date, int]) -> list[Days]:
    """Return the days within a city's data that are silent and no pace explains, oldest first.

    `events`: how many there were on each day that had one. Each is held against the slower of the
    three years before it and after it, so that years with few shootings are no holes.
    """
    days = sorted(events)
    holes = []
    for at in range(1, len(days)):
        begins, ends = days[at - 1], days[at]
        quiet = (ends - begins).days
        if quiet < LEAST_HOLE_DAYS or len(days) - at <= FEW_DAYS:
            continue
        before = [day for day in days[:at] if day >= begins - REMEMBERED]
        after = [day for day in days[at:] if day <= ends + REMEMBERED]
        if min(len(before), len(after)) <= LEAST_GAPS:
            continue
        pace = max(_measure_pace_beside_holes(events, part) for part in (before, after))
        usual = max(_measure_usual_gap(part) for part in (before, after))
        if quiet > max(HOLE_GAPS * pace, HOLE_USUAL_GAPS * usual):
            holes.append((begins + timedelta(days=1), ends - timedelta(days=1)))
    return holes


def find_false_start(events: Mapping[date, int]) -> Silence | None:
    """Return the silence after the first few days of a city, none as long in the years after it.

    `begins` is the last of the early days, `ends` the day on which the rest begins.
    """
    turned = {date.fromordinal(date.max.toordinal() - day.toordinal()): day for day in events}
    silence = find_longest_silence({turn: events[day] for turn, day in turned.items()}, None)
    if silence is None:
        return None
    return Silence(turned[silence.ends], turned[silence.begins], silence.longest, silence.later)


def _measure_pace(events: Mapping[date, int], days: Sequence[date]) -> float:
    """Return the mean time between the events of these days, in days."""
    return (days[-1] - days[0]).days / (sum(events[day] for day in days) - 1)


def _measure_pace_beside_holes(events: Mapping[date, int], days: Sequence[date]) -> float:
    """Return the same without the longest gap: it may be another hole, and would hide this one."""
    between = (days[-1] - days[0]).days - _measure_longest_gap(days)
    return between / (sum(events[day] for day in days) - 2)


def _measure_usual_gap(days: Sequence[date]) -> float:
    return statistics.median((later - day).days for day, later in itertools.pairwise(days))


def _measure_longest_gap(days: Sequence[date]) -> int:
    return max((later - day).days for day, later in itertools.pairwise(days))


def _find_holes(
    connection: duckdb.DuckDBPyConnection,
    files: Mapping[str, str],
    settings: Settings,
    declared: ExtractsFile,
    quiet: Collection[str],
) -> Iterator[Finding]:
    """Yield a finding a city whose incidents, or else whose victims, miss a stretch of days."""
    for extract in ("incidents", "victims"):
        if extract not in files:
            continue
        source = extract if extract == "incidents" else HURT
        for city, events in _count_events(connection, source).items():
            first = declared.data_from.get("incidents", {}).get(city, date.min)
            holes = find_holes({day: events[day] for day in events if day >= first})
            if not holes or city in quiet or city not in settings.cities:
                continue
            quiet = {*quiet, city}
            yield _hole_finding(files[extract], extract, settings.cities[city], holes)


def _find_holes_of_work(
    connection: duckdb.DuckDBPyConnection,
    extract: str,
    file: str,
    settings: Settings,
    declared: ExtractsFile,
    quiet: Collection[str],
) -> Iterator[Finding]:
    """Yield a finding a city whose work misses a stretch of days."""
    days = _count_events(connection, extract, str(BY_NAME[extract].event))
    for city, events in days.items():
        first = declared.data_from.get(extract, {}).get(city, date.min)
        holes = find_holes({day: 1 for day in events if day >= first})
        if holes and city not in quiet and city in settings.cities:
            yield _hole_finding(file, extract, settings.cities[city], holes)


def _hole_finding(file: str, extract: str, city: City, holes: Sequence[Days]) -> Finding:
    first, last = map(format_long, holes[0])
    others = len(holes) - 1
    stretches = "stretch" if others == 1 else "stretches"
    more = f", nor in {others} more {stretches}" if others else ""
    return make_finding(
        file,
        "hole",
        f"{city.name} has no {extract.replace('_', ' ')} from {first} to {last}{more}. Each of "
        f"these days would be "
        f"{'told as nothing done' if extract in WORK else 'counted as nobody shot'}.",
        "Are a month, a year, or a file of several missing? Ask for them.",
        column=BY_NAME[extract].event or "incident_id",
        kind_of_value="a date",
        count=len(holes),
        acceptable=True,
        city=city.id,
        days=holes,
    )


def _find_false_starts(
    connection: duckdb.DuckDBPyConnection, file: str, settings: Settings, declared: ExtractsFile
) -> Iterator[Finding]:
    """Find cities with a few incidents long before the rest: their source begins later."""
    for city, events in _count_events(connection, "incidents").items():
        if city in declared.data_from.get("incidents", {}):
            continue  # who says from when it is complete has answered
        silence = find_false_start(events)
        if silence is None or city not in settings.cities:
            continue
        yield make_finding(
            file,
            "gap_after_oldest",
            f"{settings.cities[city].name} has incidents on {_count(silence.later, 'day')} up to "
            f"{format_long(silence.begins)}, and then none for {silence.days} days; from then on "
            f"it never went more than {_count(silence.longest, 'day')} without one. The days "
            "between would be counted as nobody shot.",
            "Is a date mistyped? Correct it. Does the source begin later? Say data_from = "
            f"{silence.ends.isoformat()} or the day it does.",
            column="occurred_at",
            kind_of_value="a date",
            count=silence.later,
            acceptable=True,
            city=city,
            days=[(silence.begins, silence.ends)],
        )


def _find_silences(
    connection: duckdb.DuckDBPyConnection,
    extract: str,
    file: str,
    settings: Settings,
    declared: ExtractsFile,
) -> dict[str, Finding]:
    """Return by city the finding about the days of its rows, where there is one."""
    through = declared.data_through.get(extract, {})
    event = str(BY_NAME[extract].event)
    findings = {}
    for city, events in _count_events(connection, extract, event).items():
        # Work is done in batches: many rows of one day are no steady pace.
        paced = dict.fromkeys(events, 1) if extract in WORK else events
        silence = find_longest_silence(paced, through.get(city))
        if silence is None or city not in settings.cities:
            continue
        name = settings.cities[city].name
        findings[city] = (
            _newest_gap_finding(connection, extract, file, city, name, silence, through.get(city))
            if silence.later
            else _early_end_finding(file, event, f"the newest row of {name}", city, silence)
        )
    return findings


def _find_no_more_endings(
    connection: duckdb.DuckDBPyConnection,
    files: Mapping[str, str],
    settings: Settings,
    declared: ExtractsFile,
) -> Iterator[Finding]:
    """Find cities where memberships, listings or supervision ended and, for long, none does."""
    for extract, begun, ended, told in ENDINGS:
        if extract not in files:
            continue
        ends = {city: max(days) for city, days in _count_events(connection, extract, begun).items()}
        ends |= declared.data_through.get(extract, {})
        for city, days in _count_events(connection, extract, ended).items():
            silence = find_longest_silence(dict.fromkeys(days, 1), ends.get(city))
            if silence is not None and city in settings.cities:
                yield make_finding(
                    files[extract],
                    "unfilled_stretch",
                    f"no row of {settings.cities[city].name} gives a {ended} between "
                    f"{format_long(silence.begins)} and {format_long(silence.ends)}; it never "
                    f"went more than {_count(silence.longest, 'day')} without one. Screens would "
                    f"tell {told.format('all others')} still.",
                    f"Ask for it. Set data_through of {extract} to the last day it is known of.",
                    column=ended,
                    kind_of_value="a date",
                    acceptable=True,
                )


def _count_events(
    connection: duckdb.DuckDBPyConnection, source: str, event: str = "occurred_at"
) -> dict[str, dict[date, int]]:
    """Return by city and day how many rows of `source` there are."""
    rows = connection.execute(
        f"SELECT city, CAST({event} AS DATE) AS day, count(*) FROM {source} "
        f"WHERE {event} IS NOT NULL AND city IS NOT NULL GROUP BY ALL"
    ).fetchall()
    by_city: dict[str, dict[date, int]] = defaultdict(dict)
    for city, day, count in rows:
        by_city[city][day] = count
    return by_city


def _early_end_finding(file: str, column: str, newest: str, city: str, silence: Silence) -> Finding:
    return make_finding(
        file,
        "ends_early",
        f"{newest} is of {format_long(silence.begins)}, {silence.days} days before the day it is "
        f"said to be complete through, {format_long(silence.ends)}; it never went more than "
        f"{_count(silence.longest, 'day')} without one.",
        "Was the file cut off, or is it old? Ask for the rest, or set data_through to the last day "
        "it holds.",
        column=column,
        kind_of_value="a date",
        acceptable=True,
        city=city,
        days=[(silence.begins, silence.ends)],
    )


def _newest_gap_finding(
    connection: duckdb.DuckDBPyConnection,
    extract: str,
    file: str,
    city: str,
    name: str,
    silence: Silence,
    through: date | None,
) -> Finding:
    """Return the finding on a few rows after the longest gap: their dates may be mistyped."""
    rows = connection.execute(
        f"SELECT at_row FROM {extract} WHERE city = {quote_text(city)} "
        f"AND CAST({BY_NAME[extract].event} AS DATE) >= DATE '{silence.ends}' ORDER BY at_row"
    ).fetchall()
    why = (
        "and the day it is complete through would be derived from them"
        if through is None
        else "so that it looks complete to the end"
    )
    return make_finding(
        file,
        "gap_before_newest",
        f"{name} has nothing for {silence.days} days before {format_long(silence.ends)}, and only "
        f"{_count(len(rows), 'row')} from then on, {why}; it never went more than "
        f"{_count(silence.longest, 'day')} without one.",
        "Is the date mistyped? Correct it, or ask for what is missing between.",
        column=BY_NAME[extract].event,
        kind_of_value="a date",
        rows=[row for (row,) in rows[:ROWS_NAMED]],
        count=len(rows),
        acceptable=True,
        city=city,
        days=[(silence.begins, silence.ends)],
    )


def _find_early_end_of_victims(
    connection: duckdb.DuckDBPyConnection,
    file: str,
    settings: Settings,
    declared: ExtractsFile,
    quiet: Collection[str],
) -> Iterator[Finding]:
    """Find cities whose incidents go on to the end and whose victims do not."""
    through = declared.data_through.get("victims", {})
    if not through:
        return
    for city, events in _count_events(connection, HURT).items():
        if city in quiet or city not in through or city not in settings.cities:
            continue
        silence = find_longest_silence(events, through[city])
        if silence is not None and not silence.later:
            newest = f"the newest victim of {settings.cities[city].name}"
            yield _early_end_finding(file, "incident_id", newest, city, silence)


def _count(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
