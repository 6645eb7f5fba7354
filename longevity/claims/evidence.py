"""What a claim is held against: the counts of a release, and published figures."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import pandas as pd

from longevity import windows
from longevity.absent import Absent, Count, read_number
from longevity.claims.form import NOUNS, STATE, Names
from longevity.claims.verdict import Tally
from longevity.claims.when import Clock
from longevity.findings import availability, places
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
# What an error in these files makes wrong is no count of violence.
OF_OTHERS = {*BY_NAME} - {"incidents", "victims"}
# `ask(query, **parameters)`: the frame of an answer, as the viewer may have it.
Ask = Callable[..., pd.DataFrame]
CountProgram = Callable[[str, Sequence[str], Window | None], Tally]


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
        if (of_violence and self.extract in OF_OTHERS) or self.city not in ("", *cities):
            return False
        return not (span and self.days) or any(
            first < span[1] and span[0] < until for first, until in self.days
        )


@dataclass(frozen=True)
class Evidence:
    """What may be asked of a release, and what is published.

    `reference`: how published facts name a place; `holds`: what the sources of each city hold of
    victims; `count_program(measure, cities, span)`: what the viewer may know of the program;
    NoAnswerError or AccessError says why nothing; `unplaced_here`, `unplaced_elsewhere`: which
    share of those of its city that nobody could place is taken to belong to a neighbourhood in
    these days, and in any others; `accepted`: the errors it was published with; `counted`: the
    places and days that were counted (None: all), and whether of violence.
    """

    ask: Ask
    extents: Mapping[str, CityExtent]
    names: Names
    reference: Mapping[str, str]
    least_base: int
    unchanged_within: float
    synthetic: bool
    count_program: CountProgram
    holds: VictimCoverage = field(default_factory=victim_coverage.cover_everything)
    unplaced_here: Mapping[tuple[str, Window], float] = field(default_factory=dict)
    unplaced_elsewhere: float = 0.0
    accepted: Sequence[AcceptedError] = ()
    counted: set[tuple[str, Window | None, bool]] = field(default_factory=set, compare=False)

    # --- places and days ---------------------------------------------------------------------

    def list_places(self, place: str) -> list[str]:
        """Return the places whose counts make that of a place: itself, or every city."""
        return list(self.extents) if place in (TOGETHER, STATE) else [place]

    def list_cities(self, *places: str) -> list[str]:
        """Return the cities that places are, or are in."""
        return [at.partition("/")[0] for place in places for at in self.list_places(place)]

    def find_span(self, cities: Collection[str]) -> tuple[date, date] | None:
        """Return the first and the last day all of them have; None where one has nothing."""
        of = [self.extents[city] for city in cities]
        starts, ends = [e.starts for e in of if e.starts], [e.through for e in of if e.through]
        return (max(starts), min(ends)) if len(starts) == len(ends) == len(of) else None

    @property
    def newest_day(self) -> date | None:
        """Return the last day any city has."""
        days = [extent.through for extent in self.extents.values() if extent.through]
        return max(days, default=None)

    def make_clock(self, place: str, through: date) -> Clock:
        """Return what a time goes by in a place, up to a day."""
        extents = [self.extents[city] for city in self.list_cities(place)]
        return Clock(through, frozenset(extent.week_ends_iso for extent in extents))

    # --- counts ------------------------------------------------------------------------------

    @cached_property
    def counts(self) -> PlaceCounts:
        """Return what is counted, each window of a place asked for once."""
        return PlaceCounts(self.ask)

    def load(self, place: str, spans: Iterable[Window]) -> None:
        """Ask for windows of a place together: one question instead of one each."""
        of = [*spans]
        for at in self.list_places(place):
            self.counts.load(at, of)

    def count(self, place: str, measure: str, span: Window) -> Count:
        """Count half-open days in a place."""
        self.counted.add((place, span, True))
        placed = self._count_placed(place, measure, span)
        share = self.unplaced_here.get((place, span), self.unplaced_elsewhere)
        if isinstance(placed, Absent) or not share:
            return placed
        return placed + round(share * self.count_unlocated(place, measure, span))

    def _count_placed(self, place: str, measure: str, span: Window) -> Count:
        counts = [self.counts.count(at, measure, span) for at in self.list_places(place)]
        absent = [count for count in counts if isinstance(count, Absent)]
        return absent[0] if absent else sum(map(int, counts))

    def count_unlocated(self, place: str, measure: str, span: Window) -> int:
        """Count those of whom it is not known whether they were in this neighbourhood."""
        city, _, area = place.partition("/")
        if not area:
            return 0
        frame = self.ask(
            "unlocated_victims_by_city", city=city, date_from=span[0], date_until=span[1]
        )
        return int(frame[measure].fillna(0).sum())

    def estimate_dispersion(
        self, places: Sequence[str], measure: str, until: date
    ) -> Dispersion | None:
        """Return how much the counts of places swing by chance, up to a day."""
        slices = windows.list_last_days(until - windows.DAY, SLICE_DAYS, SLICES)
        for place in places:
            self.load(place, slices)

        def count_slices(place: str) -> list[int]:
            return dispersion.count_slices_before(
                until, lambda span: read_number(self._count_placed(place, measure, span))
            )

        return dispersion.estimate_dispersion([*map(count_slices, places)])

    @cached_property
    def residents(self) -> Mapping[str, int]:
        """How many people live in each place of which a source says it."""
        cities, areas = self.ask("residents_by_city"), self.ask("areas")
        of_areas = areas.set_index(areas["city"] + "/" + areas["neighbourhood"])["population"]
        known = pd.concat([cities.set_index("city")["residents"], of_areas]).dropna()
        people: dict[str, int] = known[known > 0].astype(int).to_dict()
        return people

    def list_published(self, place: str, measure: str, year: int | None) -> list[tuple[str, int]]:
        """Return the published counts of a year: source, count."""
        key = self.reference.get(place)
        if not key:
            return []
        frame = self.ask(PUBLISHED_COUNTS, place=key, metric=PUBLISHED_METRICS[measure])
        if place == STATE and measure == "homicides":
            yearly = self.ask("state_homicides").rename(columns={"homicides": "value"})
            frame = pd.concat([frame, yearly])
        rows = frame.loc[frame["year"] == year, ["source_url", "value"]].drop_duplicates()
        return [(str(url), int(n)) for url, n in rows.itertuples(index=False)]

    # --- what is not known, and what is wrong ------------------------------------------------

    def explain_uncounted(self, cities: Sequence[str]) -> str:
        """Say of which cities there is no count at all, or an empty string."""
        names = self._name(city for city in cities if self.extents[city].through is None)
        return say("claim.uncounted", place=names) if names else ""

    def explain_no_program(self, cities: Sequence[str]) -> str:
        """Say of which of these cities no program start is on file, or nothing."""
        names = self._name(city for city in cities if not self.extents[city].launched_on)
        return say("claim.no_program", place=names) if names else ""

    def _name(self, cities: Iterable[str]) -> list[str]:
        return [*dict.fromkeys(self.names.cities[city] for city in cities)]

    def explain_few_placed(self, place: str, start: date) -> str:
        """Say that most of the city of a neighbourhood could not be placed then, or nothing."""
        city, _, area = place.partition("/")
        placed_from = self.extents[city].placed_from if area else None
        if not area or (placed_from and placed_from <= start):
            return ""
        return places.explain_few_placed(self.names.cities[city], placed_from)

    def explain_not_held(self, measure: str, places: Iterable[str]) -> str:
        """Say why a count is not known where the sources of a city do not hold it, and what is."""
        names = {city: self.names.cities[city] for city in self.list_cities(*places)}
        why = availability.explain_missing(self.holds, measure, NOUNS[measure], names)
        known = [victim_coverage.find_known_counts(self.holds, city) for city in names]
        held = [NOUNS[other] for other in MEASURES if all(counts[other] for counts in known)]
        return f"{why} Say {' or '.join(held)} instead." if why and held else why

    def describe_accepted_errors(self) -> list[str]:
        """Name each error it was published with that what was counted may be wrong by."""
        return [
            say(
                "claim.accepted",
                extract=error.extract.replace("_", " ") or "data",
                place=self.names.cities.get(error.city, ""),
                days=[wording.format_period(*span) for span in error.days],
                said=error.sentence,
            )
            for error in self.accepted
            if any(
                error.touches(self.list_cities(place), span, of_violence)
                for place, span, of_violence in self.counted
            )
        ]


def build_evidence(
    settings: Settings,
    ask: Ask,
    synthetic: bool,
    holds: VictimCoverage,
    count_program: CountProgram,
    accepted: Sequence[AcceptedError] = (),
) -> Evidence:
    """Build the evidence out of what may be asked."""
    days = ["starts_on", "data_through", "placed_from"]
    known = ask("cities").set_index("city")[days].reindex([*settings.cities])
    extents = {}
    for city, row in zip(settings.cities.values(), known.itertuples(index=False), strict=True):
        starts, through, placed_from = (None if pd.isna(day) else day.date() for day in row)
        of = (city.launched_on, starts, through, city.week_ends_iso, placed_from)
        extents[city.id] = CityExtent(*of)
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


def read_names(settings: Settings, areas: pd.DataFrame) -> Names:
    """Return what a claim can call places and the program. `areas`: city, neighbourhood."""
    known = areas.dropna(subset=["neighbourhood"])
    rows = zip(known["city"], known["neighbourhood"], strict=True)
    return Names(
        {city.id: city.name for city in settings.cities.values()},
        settings.state,
        settings.program,
        {f"{city}/{name}": str(name) for city, name in rows},
        settings.thresholds.greeted_within_hours,
        any(city.launched_on for city in settings.cities.values()),
    )
