"""What a claim is held against: the counts of a release, and published figures."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import pandas as pd

from longevity import windows
from longevity.absent import Absent, Count, read_number
from longevity.findings import availability
from longevity.findings import places as neighbourhoods
from longevity.findings.counting import PlaceCounts
from longevity.findings.finding import TOGETHER
from longevity.ingest import victim_coverage
from longevity.ingest.contract import BY_NAME
from longevity.ingest.victim_coverage import VictimCoverage
from longevity.measures import wording
from longevity.measures.nouns import MEASURES
from longevity.measures.say import say
from longevity.settings import Settings
from longevity.stats import dispersion
from longevity.stats.dispersion import SLICE_DAYS, SLICES, Dispersion
from longevity.text.claims.form import NOUNS, STATE, Names
from longevity.text.claims.verdict import Tally
from longevity.text.claims.when import Clock
from longevity.windows import Window

COUNTS = "counts"
PUBLISHED_COUNTS = "published_counts"
# Which published figure speaks of which count; others are defined otherwise.
PUBLISHED_METRICS = {
    "homicides": "homicides",
    "fatal": "gun_homicides",
    "victims": "shooting_victims",
    "incidents": "shooting_incidents",
    "nonfatal": "nonfatal_shooting_victims",
}
# What an error in these files, or in the whole folder, makes wrong.
OF_VIOLENCE = ("incidents", "victims")
# `ask(query, **parameters)`: the frame of an answer, as the viewer may have it.
Ask = Callable[..., pd.DataFrame]


@dataclass(frozen=True)
class CityExtent:
    """One city: what the record says of it; None where it says nothing.

    `placed_from`: the first day since which most of each year could be placed in a neighbourhood.
    """

    launched_on: date | None
    starts: date | None
    through: date | None
    week_ends_iso: int
    placed_from: date | None = None


@dataclass(frozen=True)
class AcceptedError:
    """An error in an extract that was published all the same, of a city and days (half-open).

    Without a city it may be of any, without days of any. `sentence`: what `check` said, empty for
    a viewer who may not read of rows.
    """

    extract: str
    city: str = ""
    days: tuple[Window, ...] = ()
    sentence: str = ""

    def touches(self, cities: Collection[str], span: Window | None, of_violence: bool) -> bool:
        """Return whether a count of these cities and days (None: all) may be wrong by it."""
        if of_violence and self.extract in BY_NAME and self.extract not in OF_VIOLENCE:
            return False
        if self.city and self.city not in cities:
            return False
        if span is None or not self.days:
            return True
        return any(first < span[1] and span[0] < until for first, until in self.days)


@dataclass(frozen=True)
class Evidence:
    """What may be asked of a release, and what is published.

    `reference`: how published facts name a place; `holds`: what the sources of each city hold of
    victims; `count_program(measure, cities, span)`: what the viewer may know of the program, or
    why nothing, in a sentence; `share_unlocated((place, span))`: which share of those of its city
    that nobody could place is taken to belong to a neighbourhood in these days; `accepted`: the
    errors it was published with; `counted`: the places and days that were counted (None: all), and
    whether of violence.
    """

    ask: Ask
    extents: Mapping[str, CityExtent]
    names: Names
    reference: Mapping[str, str]
    least_base: int
    unchanged_within: float
    synthetic: bool
    count_program: Callable[[str, Sequence[str], Window | None], Tally | str]
    holds: VictimCoverage = field(default_factory=victim_coverage.cover_everything)
    share_unlocated: Callable[[object], float] = lambda at: 0.0
    accepted: Sequence[AcceptedError] = ()
    counted: set[tuple[str, Window | None, bool]] = field(default_factory=set, compare=False)

    @cached_property
    def counts(self) -> PlaceCounts:
        """Return what is counted, each window of a place asked for once."""
        return PlaceCounts(self.ask)

    def load(self, place: str, spans: Iterable[Window]) -> None:
        """Ask for windows of a place together: one question instead of one each."""
        of = [*spans]
        for each in self.list_places(place) if place != STATE else ():
            self.counts.load(each, of)

    def list_places(self, place: str) -> list[str]:
        """Return the places whose counts make that of a place: itself, or every city."""
        return list(self.extents) if place in (TOGETHER, STATE) else [place]

    def list_cities(self, place: str) -> list[str]:
        """Return the cities a place is, or is in."""
        return [each.partition("/")[0] for each in self.list_places(place)]

    def find_last_day(self, cities: Sequence[str]) -> date | None:
        """Return the last day all of them have; None where one has nothing."""
        days = [day for city in cities if (day := self.extents[city].through)]
        return min(days) if days and len(days) == len(cities) else None

    def find_first_day(self, cities: Sequence[str]) -> date | None:
        """Return the first day all of them have; None where one has nothing."""
        days = [day for city in cities if (day := self.extents[city].starts)]
        return max(days) if days and len(days) == len(cities) else None

    @property
    def newest_day(self) -> date | None:
        """Return the last day any city has."""
        days = [extent.through for extent in self.extents.values() if extent.through]
        return max(days, default=None)

    def explain_uncounted(self, cities: Sequence[str]) -> str:
        """Say of which cities there is no count at all, or an empty string."""
        names = self._name(city for city in cities if self.extents[city].through is None)
        none = say("absent.none_supplied", what="incidents and victims", place=names)
        return f"{none}: missing, not zero." if names else ""

    def explain_no_program(self, cities: Sequence[str]) -> str:
        """Say of which of these cities no program start is on file, or nothing."""
        names = self._name(city for city in cities if not self.extents[city].launched_on)
        return f"No program start is on file for {names}." if names else ""

    def _name(self, cities: Iterable[str]) -> str:
        return wording.join_words([*dict.fromkeys(self.names.cities[city] for city in cities)])

    def explain_few_placed(self, place: str, start: date) -> str:
        """Say that most of the city of a neighbourhood could not be placed then, or nothing."""
        city, _, area = place.partition("/")
        placed_from = self.extents[city].placed_from
        is_placed = not area or (placed_from and placed_from <= start)
        of = self.names.cities[city]
        return "" if is_placed else neighbourhoods.explain_few_placed(of, placed_from)

    def count(self, place: str, measure: str, span: Window) -> Count:
        """Count half-open days in a place.

        Of the state only whole years are known, by the source that published most of them.
        """
        if place == STATE:
            return self.find_main_source(measure)[1].get(span, Absent.NOT_COVERED)
        self.counted.add((place, span, True))
        placed, share = (
            self._count_placed(place, measure, span),
            self.share_unlocated((place, span)),
        )
        if isinstance(placed, Absent) or not share:
            return placed
        return placed + round(share * self.count_unlocated(place, measure, span))

    def _count_placed(self, place: str, measure: str, span: Window) -> Count:
        counts = [self.counts.count(each, measure, span) for each in self.list_places(place)]
        absent = [count for count in counts if isinstance(count, Absent)]
        return absent[0] if absent else sum(map(int, counts))

    def describe_accepted_errors(self) -> list[str]:
        """Name each error it was published with that what was counted may be wrong by."""
        return [
            self._describe_error(error)
            for error in self.accepted
            if any(
                error.touches(self.list_cities(place), span, of_violence)
                for place, span, of_violence in self.counted
            )
        ]

    def _describe_error(self, error: AcceptedError) -> str:
        of = f" of {self.names.cities[error.city]}" if error.city in self.names.cities else ""
        days = wording.join_words([wording.format_period(*span) for span in error.days])
        extract = error.extract.replace("_", " ") or "data"
        said = f" {error.sentence}" if error.sentence else ""
        return (
            f"An error in the {extract}{of}{f' ({days})' if days else ''} was accepted when they "
            f"were published, so these counts may be wrong.{said}"
        )

    def count_unlocated(self, place: str, measure: str, span: Window) -> int:
        """Count those of whom it is not known whether they were in this neighbourhood."""
        city, _, area = place.partition("/")
        if not area:
            return 0
        frame = self.ask(
            "unlocated_victims_by_city", city=city, date_from=span[0], date_until=span[1]
        )
        return int(frame[measure].fillna(0).sum())

    def compute_dispersion(self, place: str, measure: str, until: date) -> Dispersion | None:
        """Return how much the counts of a place swing by chance, up to a day."""
        if place == STATE:
            return None
        return dispersion.estimate_dispersion([self.build_series(place, measure, until)])

    def build_series(self, place: str, measure: str, until: date) -> list[int]:
        """Return the counts of the slices up to a day."""
        self.load(place, windows.list_last_days(until - windows.DAY, SLICE_DAYS, SLICES))
        return dispersion.count_slices_before(
            until, lambda span: read_number(self._count_placed(place, measure, span))
        )

    def find_residents(self, place: str) -> int | None:
        """Return how many people live in a place; None where no source says."""
        people = self._residents.get(place)
        return people or None

    @cached_property
    def _residents(self) -> dict[str, int]:
        cities = self.ask("residents_by_city").dropna(subset=["residents"])
        areas = self.ask("areas").dropna(subset=["neighbourhood", "population"])
        of_cities = dict(zip(cities["city"], cities["residents"].astype(int), strict=True))
        codes = areas["city"] + "/" + areas["neighbourhood"]
        return of_cities | dict(zip(codes, areas["population"].astype(int), strict=True))

    def list_published(self, place: str, measure: str) -> list[tuple[str, int, int]]:
        """Return published counts of whole years: source, year, count."""
        key = self.reference.get(place)
        if not key:
            return []
        frame = self.ask(PUBLISHED_COUNTS, place=key, metric=PUBLISHED_METRICS[measure])
        rows = [(row.source_url, row.year, row.value) for row in frame.itertuples()]
        if place == STATE and measure == "homicides":
            national = self.ask("state_homicides")
            rows += [(row.source_url, row.year, row.homicides) for row in national.itertuples()]
        return list(dict.fromkeys((str(url), int(year), int(n)) for url, year, n in rows))

    def map_published(self, place: str, measure: str) -> dict[str, dict[Window, int]]:
        """Return the same by source and year, without years for which one gives two counts."""
        rows = self.list_published(place, measure)
        by_source: dict[str, dict[Window, int]] = {}
        for source, year, count in rows:
            if sum((source, year) == (other, at) for other, at, _ in rows) == 1:
                by_source.setdefault(source, {})[windows.span_year(year)] = count
        return by_source

    def find_main_source(self, measure: str) -> tuple[str, dict[Window, int]]:
        """Return the source that gives most years of the state, and its counts."""
        published = self.map_published(STATE, measure)
        return max(published.items(), key=lambda item: len(item[1]), default=("", {}))

    def make_clock(self, place: str, through: date) -> Clock:
        """Return what a time goes by in a place, up to a day."""
        extents = [self.extents[city] for city in self.list_cities(place)]
        launches = [extent.launched_on for extent in extents if extent.launched_on]
        weeks = frozenset(extent.week_ends_iso for extent in extents)
        return Clock(through, weeks, max(launches, default=None))

    def explain_not_held(self, measure: str, places: Iterable[str]) -> str:
        """Say why a count is not known where the sources of a city do not hold it, and what is."""
        cities = [city for place in places for city in self.list_cities(place)]
        names = {city: self.names.cities[city] for city in cities}
        why = availability.explain_missing(self.holds, measure, NOUNS[measure], names)
        known = [victim_coverage.find_known_counts(self.holds, city) for city in names]
        held = [NOUNS[other] for other in MEASURES if all(counts[other] for counts in known)]
        return f"{why} Say {' or '.join(held)} instead." if why and held else why


def build_evidence(
    settings: Settings,
    ask: Ask,
    synthetic: bool,
    holds: VictimCoverage,
    count_program: Callable[[str, Sequence[str], Window | None], Tally | str],
    accepted: Sequence[AcceptedError] = (),
) -> Evidence:
    """Build the evidence out of what may be asked."""
    frame = ask("cities")
    known = dict(zip(frame["city"], frame.to_dict("records"), strict=True))

    def read_day(city: str, column: str) -> date | None:
        day = known.get(city, {}).get(column)
        return None if pd.isna(day) else day.date()

    extents = {
        city.id: CityExtent(
            city.launched_on,
            read_day(city.id, "starts_on"),
            read_day(city.id, "data_through"),
            city.week_ends_iso,
            read_day(city.id, "placed_from"),
        )
        for city in settings.cities.values()
    }
    reference = {city.id: city.reference_key for city in settings.cities.values()}
    reference |= {STATE: settings.state_reference_key, TOGETHER: settings.together_reference_key}
    return Evidence(
        ask,
        extents,
        read_names(settings, ask("areas")),
        reference,
        settings.thresholds.least_base_for_percentage,
        settings.thresholds.unchanged_within,
        synthetic,
        count_program,
        holds,
        accepted=accepted,
    )


def build_extent_table(cities: pd.DataFrame) -> pd.DataFrame:
    """Return how far the data of each city reach. `cities`: the answer of that name."""
    days = {"starts_on": "First day", "data_through": "Last day", "launched_on": "Program since"}
    columns = {"name": "City"} | {
        day: name for day, name in days.items() if cities[day].notna().any()
    }
    return cities[[*columns]].rename(columns=columns)


def read_names(settings: Settings, areas: pd.DataFrame) -> Names:
    """Return what a claim can call places and the program. `areas`: city, neighbourhood."""
    cities = {city.id: city.name for city in settings.cities.values()}
    known = areas.dropna(subset=["neighbourhood"])
    by_code = {
        f"{city}/{name}": str(name)
        for city, name in zip(known["city"], known["neighbourhood"], strict=True)
    }
    hours = settings.thresholds.greeted_within_hours
    has_program = any(city.launched_on for city in settings.cities.values())
    return Names(cities, settings.state, settings.program, by_code, hours, has_program)
