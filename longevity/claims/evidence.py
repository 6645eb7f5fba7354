"""The counts of a release that a claim is checked against, and what is not known of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Protocol

from longevity.claims.form import PROGRAM, Names
from longevity.claims.verdict import NoAnswerError, Tally
from longevity.facts import windows
from longevity.facts.windows import DAY, Window
from longevity.findings import counting
from longevity.findings.counting import Asks, Counts
from longevity.findings.finding import TOGETHER
from longevity.findings.year_to_date import add_places
from longevity.ingest import extracts_file
from longevity.ingest.contract import BY_NAME
from longevity.release import signing
from longevity.release.table_withdrawals import OF_PEOPLE
from longevity.settings import Settings
from longevity.stats import dispersion
from longevity.stats.dispersion import Dispersion
from longevity.words import wording
from longevity.words.absent import MISSING
from longevity.words.say import say

COUNTS = "counts"
# Files whose errors make no count of violence wrong.
OF_OTHERS = {*BY_NAME} - {"incidents", "victims"}
NO_ROWS = (extracts_file.NAME, signing.KEY)
OF_PLACES = ("neighbourhood", "longitude", "latitude", "location_precision")
BY_YEAR = "The public table counts closed years: say one that is over."
ALL_CITIES = "The public table counts that for all cities together only."
WITHHELD = "The public table does not show that count: it is small, or the data for it end before."


class ReleaseView(Asks, Protocol):
    """One release as a viewer may ask it (`screens.context.ReportContext`)."""

    @property
    def settings(self) -> Settings:
        """The configuration."""

    @property
    def today(self) -> date:
        """The day on which it is asked."""

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
    """What a claim may ask of a release, as one viewer sees it.

    A place is written as in a claim's form: `east`, `east/mill` (a neighbourhood), or `together`.
    """

    view: ReleaseView

    # --- places and days ---------------------------------------------------------------------

    @cached_property
    def names(self) -> Names:
        """What a claim can call places and the program."""
        areas = self.view.ask("areas").frame.dropna(subset=["neighbourhood"])
        of_areas = zip(areas["city"], areas["neighbourhood"], strict=True)
        settings = self.view.settings
        return Names(
            {city.id: city.name for city in settings.cities.values()},
            settings.program,
            {f"{city}/{area}": str(area) for city, area in of_areas},
        )

    def list_cities(self, place: str) -> list[str]:
        """Return the ids of a place's cities: of `together` those whose source goes on."""
        going_on = self.view.settings.going_on
        return going_on if place == TOGETHER else [place.partition("/")[0]]

    def find_span(self, place: str) -> tuple[date, date]:
        """Return the first and the last day that are counted in every city of a place.

        Each of its cities has counts: ask `explain_uncounted` first.
        """
        spans = [self.view.spans[city] for city in self.list_cities(place)]
        return max(first for first, _ in spans), min(last for _, last in spans)

    # --- counts ------------------------------------------------------------------------------

    def count(self, place: str, of: Iterable[Window]) -> Counts:
        """Count windows in a place: `{"victims": {(first day, day after the last): 12}}`.

        A window that is not wholly known, in each of its cities, is left out.
        """
        # A window that is asked for twice would be counted twice.
        asked = tuple(dict.fromkeys(of))
        frame = counting.count_whole(self.view, asked, **_select_place(place)).frame
        known = {
            str(city): counting.read_counts(rows)
            for city, rows in frame.groupby("city", observed=True)
        }
        return add_places([known.get(city, {}) for city in self.list_cities(place)])

    def count_unplaced(self, place: str, measure: str, span: Window) -> int:
        """Count the people of a city whose neighbourhood is not known: they may belong to this one.

        0 for a place that is no neighbourhood.
        """
        city, _, area = place.partition("/")
        if not area:
            return 0
        days = {"date_from": span[0], "date_until": span[1]}
        frame = self.view.ask("unlocated_victims_by_city", city=city, **days).frame
        return int(frame[measure].fillna(0).sum())

    def estimate_dispersion(self, place: str, measure: str, until: date) -> Dispersion | None:
        """Return how much a place's counts vary by chance, from the counts of years up to a day."""
        answer = counting.count_slices(self.view, until - DAY, **_select_place(place))
        known = dispersion.read_slices_by_city(answer.frame, measure)
        series = [known.get(city, []) for city in self.list_cities(place)]
        return dispersion.estimate_dispersion([dispersion.sum_series(series)])

    def count_program(self, what: str, place: str, span: Window) -> Tally:
        """Count how many people of how many: `what` is `attendance`, `services` (`form.toml`).

        It asks a public table. NoAnswerError where the table does not have all of a closed year.
        """
        share, cities, year = PROGRAM[what], self.list_cities(place), span[0].year
        if span != windows.span_year(year):
            raise NoAnswerError(BY_YEAR)
        part, whole = share.part, share.whole
        if share.by_city:
            frame = self.view.ask(share.query, year=year).frame
            frame = frame[frame["city"].isin(cities) & frame["step"].isin([*part, whole])]
            # What a city did not supply is missing, and must not be called withheld.
            incomplete = set(frame.loc[frame["members_state"] == MISSING, "city"])
            known = frame[~frame["city"].isin(incomplete)]
            rows = known.pivot(index="city", columns="step", values="members")
        elif len(cities) < len(self.names.cities):
            raise NoAnswerError(ALL_CITIES)
        else:
            frame = self.view.ask(share.query).frame
            rows, cities = frame[frame["year"] == year], cities[:1]
        if len(rows) < len(cities):
            raise NoAnswerError(f"The public table has nothing, or not all, of {year}.")
        if rows[[*part, whole]].isna().any(axis=None):
            raise NoAnswerError(WITHHELD)
        did, of = int(rows[part].sum(axis=None)), int(rows[whole].sum())
        # Those of whom it is not known whether they came are counted with those who did not.
        return Tally(did, whole=of, unknown=of - did if what == "attendance" else 0)

    # --- what is not known, and what is wrong ------------------------------------------------

    def explain_uncounted(self, place: str) -> str:
        """Say of which cities of a place there is no count at all, or an empty string."""
        cities = self.list_cities(place)
        names = [self.names.cities[city] for city in cities if city not in self.view.spans]
        return say("claim.uncounted", place=names) if names else ""

    def describe_errors(self, place: str, of: Sequence[Window], of_violence: bool) -> Iterator[str]:
        """Yield a sentence for each error in the release's data that may touch these counts.

        Those are errors that were accepted by name. One counts where it is about one of the place's
        cities and a day between the first and the last counted; without a city it may be any, and
        without days too. Places are only neighbourhoods' affair. What `check` said of it is for
        those who may read rows, and that there is one in rows no one else sees.
        """
        first, last = str(min(of)[0]), str(max(until for _, until in of) - DAY)
        cities = {"", *self.list_cities(place)}
        for error in self.view.manifest["accepted_errors"]:
            extract, city, days = error["extract"], error["city"] or "", error["days"]
            column, can_see = error.get("column"), self.view.can_see(city)
            is_near = not days or any(start <= last and first <= end for start, end in days)
            # Neither an end that is said otherwise nor another secret moves a count.
            if not is_near or city not in cities or extract in NO_ROWS:
                continue
            if column in OF_PLACES and "/" not in place:
                continue
            is_of_others = extract in OF_OTHERS or column in OF_PEOPLE
            if is_of_others and (of_violence or not can_see):
                continue
            ends = [map(date.fromisoformat, span) for span in days]
            yield say(
                "claim.accepted",
                extract=extract.replace("_", " ") or "data",
                place=self.names.cities.get(city, ""),
                days=[wording.format_period(start, end + DAY) for start, end in ends],
                said=error["sentence"] if can_see else "",
            )


def _select_place(place: str) -> dict[str, str | None]:
    """Return a place as parameters of a query: `{"city": "east", "neighbourhood": "mill"}`."""
    city, _, area = place.partition("/")
    return {"city": None if place == TOGETHER else city, "neighbourhood": area or None}
