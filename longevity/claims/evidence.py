"""What a claim is held against: the counts of a release."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Protocol

import pandas as pd

from longevity import windows
from longevity.absent import Absent, Count, read_number
from longevity.claims.form import Names
from longevity.claims.verdict import Tally
from longevity.findings.counting import Asks, PlaceCounts
from longevity.findings.finding import TOGETHER
from longevity.ingest.contract import BY_NAME
from longevity.measures import wording
from longevity.measures.say import say
from longevity.settings import Settings
from longevity.stats import dispersion
from longevity.stats.dispersion import SLICE_DAYS, SLICES, Dispersion
from longevity.windows import Window

COUNTS = "counts"
# What an error in these files makes wrong is no count of violence.
OF_OTHERS = {*BY_NAME} - {"incidents", "victims"}
# By measure, cities and days (None: all); NoAnswerError or AccessError says why nothing.
CountProgram = Callable[[str, Sequence[str], Window | None], Tally]


class Record(Asks, Protocol):
    """One release as a viewer may ask it (`screens.context.ReportContext`)."""

    @property
    def settings(self) -> Settings:
        """The configuration."""

    @property
    def spans(self) -> Mapping[str, tuple[date, date]]:
        """The first and the last day of each city's counts, of those that have any."""

    @property
    def manifest(self) -> Mapping[str, Any]:
        """What the release says of itself."""

    @property
    def synthetic(self) -> bool:
        """Whether the release is a demonstration."""

    def can_see(self, city: str) -> bool:
        """Return whether this viewer may read a city's own rows; of no city: of all."""

    def explain_absence(self, measure: str, city: str | None = None) -> str:
        """Name the cities whose sources do not hold a measure; empty where all do."""

    def explain_few_placed(self, city: str, day: date) -> str:
        """Say that most of a city's shootings since a day could not be placed; else nothing."""


@dataclass(frozen=True)
class Evidence:
    """What may be asked of a release.

    `count_program`: what the viewer may know of the program.
    """

    record: Record
    count_program: CountProgram

    # --- places and days ---------------------------------------------------------------------

    @cached_property
    def names(self) -> Names:
        """What a claim can call places and the program."""
        settings, known = self.record.settings, self._ask("areas").dropna(subset=["neighbourhood"])
        return Names(
            {city.id: city.name for city in settings.cities.values()},
            settings.program,
            {
                f"{row.city}/{row.neighbourhood}": str(row.neighbourhood)
                for row in known.itertuples()
            },
            settings.thresholds.greeted_within_hours,
        )

    def list_places(self, place: str) -> list[str]:
        """Return the places whose counts make that of a place: itself, or every city."""
        return [*self.names.cities] if place == TOGETHER else [place]

    def list_cities(self, place: str) -> list[str]:
        """Return the cities a place is, or the one it is in."""
        return [at.partition("/")[0] for at in self.list_places(place)]

    def find_span(self, *places: str) -> tuple[date, date]:
        """Return the first and the last day that all of these places, which have some, have."""
        spans = [self.record.spans[city] for place in places for city in self.list_cities(place)]
        return max(first for first, _ in spans), min(last for _, last in spans)

    # --- counts ------------------------------------------------------------------------------

    @cached_property
    def _counts(self) -> PlaceCounts:
        return PlaceCounts(self._ask)

    def _ask(self, query: str, **parameters: Any) -> pd.DataFrame:
        return self.record.ask(query, **parameters).frame

    def load(self, place: str, spans: Iterable[Window]) -> None:
        """Ask for windows of a place together: one question instead of one each."""
        of = [*spans]
        for at in self.list_places(place):
            self._counts.load(at, of)

    def count(self, place: str, measure: str, span: Window) -> Count:
        """Count half-open days in a place."""
        counts = [self._counts.count(at, measure, span) for at in self.list_places(place)]
        absent = [count for count in counts if isinstance(count, Absent)]
        return absent[0] if absent else sum(map(int, counts))

    def count_unplaced(self, place: str, measure: str, span: Window) -> int:
        """Count those of whom it is not known whether they were in this neighbourhood."""
        city, _, area = place.partition("/")
        if not area:
            return 0
        days = {"date_from": span[0], "date_until": span[1]}
        frame = self._ask("unlocated_victims_by_city", city=city, **days)
        return int(frame[measure].fillna(0).sum())

    def estimate_dispersion(
        self, places: Iterable[str], measure: str, until: date
    ) -> Dispersion | None:
        """Return how much the counts of places swing by chance, up to a day."""

        def count_slices(place: str) -> list[int]:
            self.load(place, windows.list_last_days(until - windows.DAY, SLICE_DAYS, SLICES))
            return dispersion.count_slices_before(
                until, lambda span: read_number(self.count(place, measure, span))
            )

        return dispersion.estimate_dispersion([*map(count_slices, places)])

    @cached_property
    def residents(self) -> Mapping[str, int]:
        """How many people live in each city of which a source says it."""
        known = self._ask("residents_by_city").set_index("city")["residents"].dropna()
        people: dict[str, int] = known[known > 0].astype(int).to_dict()
        return people

    # --- what is not known, and what is wrong ------------------------------------------------

    def explain_uncounted(self, places: Iterable[str]) -> str:
        """Say of which cities there is no count at all, or an empty string."""
        cities = dict.fromkeys(city for place in places for city in self.list_cities(place))
        names = [self.names.cities[city] for city in cities if city not in self.record.spans]
        return say("claim.uncounted", place=names) if names else ""

    def explain_absence(self, place: str, measure: str, start: date) -> str:
        """Say why there is no count of a place since a day, other than that no data cover it."""
        city = None if place == TOGETHER else self.list_cities(place)[0]
        if why := self.record.explain_absence(measure, city):
            return why
        return self.record.explain_few_placed(city, start) if city and "/" in place else ""

    def describe_errors(
        self, counted: Sequence[tuple[str, Window | None]], of_violence: bool
    ) -> Iterator[str]:
        """Name each error the release was published with that what was counted may be wrong by.

        `counted`: places and days, half-open; None: all of them. An error without a city may be of
        any, and one without days. What `check` said is for those who may read of rows.
        """
        for error in self.record.manifest["accepted_errors"]:
            extract, city = error["extract"], error["city"] or ""
            ends = [[*map(date.fromisoformat, days)] for days in error["days"]]
            days = [(first, last + windows.DAY) for first, last in ends]
            is_near = any(
                city in ("", *self.list_cities(place))
                and (not span or not days or any(a < span[1] and span[0] < b for a, b in days))
                for place, span in counted
            )
            if is_near and not (of_violence and extract in OF_OTHERS):
                yield say(
                    "claim.accepted",
                    extract=extract.replace("_", " ") or "data",
                    place=self.names.cities.get(city, ""),
                    days=[wording.format_period(*span) for span in days],
                    said=error["sentence"] if self.record.can_see(city) else "",
                )
