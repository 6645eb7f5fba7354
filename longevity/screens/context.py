"""What reports ask and draw with: one viewer, one release, one day."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Self, TypeVar

import pandas as pd

from longevity import windows
from longevity.auth import viewers
from longevity.auth.viewers import Viewer
from longevity.charts.drawing import Drawing
from longevity.charts.theme import LIGHT, Theme
from longevity.claims.reader import Reading
from longevity.errors import DataError
from longevity.findings import availability, counting
from longevity.findings.finding import TOGETHER, find_tested
from longevity.findings.year_to_date import Compared, find_year_to_date
from longevity.ingest import victim_coverage
from longevity.ingest.victim_coverage import VictimCoverage
from longevity.language import Spoken, translate, translate_fact
from longevity.measures import wording
from longevity.measures.nouns import MEASURES
from longevity.measures.say import Facts, say, say_rows, tabulate
from longevity.settings import Settings
from longevity.stats import dispersion, periods
from longevity.stats.periods import Period, Week
from longevity.warehouse.provenance import EXTRACTS
from longevity.warehouse.warehouse import Answer, Warehouse

RELEASES_CACHED = 3
NUMBERS = Spoken({2: "Two cities", 3: "Three cities", 4: "Four cities"})
T = TypeVar("T")
# What tells one result from another: a cache has it in its key.
Plain = str | int | date | Period | Week | Reading | tuple[int, int] | Mapping[str, str] | None


@dataclass(frozen=True)
class ReportContext:
    """What a screen, an export and a document ask and draw with."""

    settings: Settings
    viewer: Viewer
    warehouse: Warehouse
    today: date
    theme: Theme = field(default=LIGHT, kw_only=True)
    _made: dict[tuple[Any, ...], Any] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @property
    def synthetic(self) -> bool:
        """Return whether the release is a demonstration."""
        return bool(self.manifest["kind"] == "synthetic")

    @property
    def manifest(self) -> Mapping[str, Any]:
        """Return what the release says of itself."""
        return self.warehouse.release.manifest

    @property
    def is_public(self) -> bool:
        """Return whether this viewer may read no city's own rows."""
        return self.viewer.named_scope is None

    @property
    def least_base(self) -> int:
        """Return the least number a percentage is of."""
        return self.settings.thresholds.least_base_for_percentage

    @cached_property
    def spans(self) -> dict[str, tuple[date, date]]:
        """The first and the last day of each city's counts, of those that have any.

        A screen asks some thirty times; read anew each time it was half of what *Briefing* took.
        """
        frame = self.ask("cities").frame
        known = frame[frame["data_through"].notna()]
        days = zip(known["city"], known["starts_on"], known["data_through"], strict=True)
        return {str(city): (first.date(), last.date()) for city, first, last in days}

    @property
    def ends_apart(self) -> bool:
        """Return whether the counts of some city end later than those of another."""
        return len({last for _, last in self.spans.values()}) > 1

    @property
    def viewer_name(self) -> str:
        """Return who looks, in a word or two."""
        if self.viewer.city:
            return self.settings.cities[self.viewer.city].name
        return "The state" if self.viewer.named_scope else "The public"

    @property
    def cities(self) -> dict[str, str]:
        """Return city ids and names, in the configuration's order."""
        return {city.id: city.name for city in self.settings.cities.values()}

    @property
    def own_cities(self) -> dict[str, str]:
        """Return the cities whose program this viewer sees exactly: all for the state."""
        return self.select_cities(self.viewer.city)

    def select_cities(self, city: str | None) -> dict[str, str]:
        """Return the id and name of one city, or (None) of all."""
        return {known: name for known, name in self.cities.items() if city in (None, known)}

    @property
    def holds(self) -> VictimCoverage:
        """Return what the sources of this release hold of victims."""
        return victim_coverage.read_manifest_coverage(self.manifest)

    def list_measures(self, city: str | None = None) -> list[str]:
        """List the measures there are counts of, of one city or any; the first is the usual one.

        Those that every city with data holds come first, so that what a screen opens on is whole.
        """
        with_data = [known for known in self.select_cities(city) if known in self.spans]
        return availability.list_measures(self.holds, with_data or [*self.cities], MEASURES)

    def explain_absence(self, measure: str, city: str | None = None) -> str:
        """Name the cities whose sources do not hold a measure; empty where all do."""
        names = self.select_cities(city)
        return availability.explain_missing(self.holds, measure, MEASURES[measure], names)

    def can_see(self, city: str) -> bool:
        """Return whether this viewer may read this city's own rows."""
        return self.viewer.named_scope in (city, viewers.STATE_SCOPE)

    def name_cities(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the frame with the names of cities for their ids. `frame`: city, …"""
        return frame.assign(city=frame["city"].map(self.cities).fillna(frame["city"]))

    def say(self, sentence: str, /, *given: Facts | pd.DataFrame, **facts: Any) -> str:
        """Return a sentence of a measure filled with facts and the thresholds (`measures.say`)."""
        return say(sentence, self.settings.thresholds.model_dump(), *given, **facts)

    def say_rows(
        self, sentence: str, frame: pd.DataFrame, /, *given: Facts | pd.DataFrame, **facts: Any
    ) -> list[str]:
        """Return a sentence of each row, with its city's name (`measures.say_rows`)."""
        thresholds = self.settings.thresholds.model_dump()
        return say_rows(sentence, self._name_rows(frame), thresholds, *given, **facts)

    def tabulate(self, measure: str, frame: pd.DataFrame, **facts: Any) -> pd.DataFrame:
        """Return the table a measure declares of these rows (`measures.tabulate`)."""
        facts = self.settings.thresholds.model_dump() | facts
        return tabulate(measure, self._name_rows(frame), facts)

    def _name_rows(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return rows with the names of their cities, and of their groups as `group`."""
        if "label" in frame:
            frame = frame.assign(group=name_groups(frame))
        return self.name_cities(frame) if "city" in frame else frame

    def ask(self, query: str, **parameters: Any) -> Answer:
        """Return the answer to a named question, as this viewer; asked once in one context."""
        asked = sorted((name, str(value)) for name, value in parameters.items())
        return self._keep(lambda: self.warehouse.run(query, parameters, self.viewer), query, *asked)

    def compute(self, function: Callable[..., T], *words: Plain) -> T:
        """Return what a function makes of this context and of plain words, made once.

        For what takes long: a page caches it between visits.
        """
        return self._keep(lambda: function(self, *words), function, *map(repr, words))

    def _keep(self, make: Callable[[], T], *key: Any) -> T:
        if key not in self._made:
            self._made[key] = make()
        made: T = self._made[key]
        return made

    def find_last_day(self, city: str | None = None) -> date:
        """Return the last day counts go to: one city alone goes to its own, several to the least
        of theirs. DataError where the release has no incidents.
        """
        if not self.spans:
            why = translate("This release has no incidents and victims.")
            raise DataError(why, translate("Publish some."))
        ends = {city: last for city, (_, last) in self.spans.items()}
        return ends.get(city or "", min(ends.values()))

    def find_newest_day(self) -> date:
        """Return the last day that any city's counts go to."""
        return max((last for _, last in self.spans.values()), default=self.today)

    def find_span(self, city: str | None = None) -> tuple[date, date]:
        """Return the first day there is data for, of one city or of any (None), and the last."""
        through = self.find_last_day(city) if self.spans else self.today
        starts = [first for of, (first, _) in self.spans.items() if city in (None, of)]
        return min([*starts, through]), through

    def list_periods(self, city: str | None = None) -> dict[str, Period]:
        """Return the periods one can choose, of one city or of all together, by key.

        Years that another city's data hold are offered of one too, and then said to be not covered:
        what is chosen stays when the city changes.
        """
        return periods.list_periods(self.find_span()[0], self.find_span(city)[1])

    def list_periods_of_any(self) -> dict[str, Period]:
        """Return the periods one can choose of whichever city has the newest data."""
        return periods.list_periods(self.find_span()[0], self.find_newest_day())

    def find_period(self, key: str, city: str | None = None) -> Period:
        """Return the period of a key; of one city its data's own days where it is all of them.

        DataError for a year that is over in the data of another city only.
        """
        offered = self.list_periods(city)
        if key == periods.WHOLE:
            offered = periods.list_periods(*self.find_span(city))
        if key not in offered:
            through = wording.format_day(self.find_span(city)[1])
            whose = "These data" if city is None else f"The data of {self.cities[city]}"
            raise DataError(
                f"{whose} go to {through}: {key} is not over in them.", "Choose this year so far."
            )
        return offered[key]

    def find_cities_without(self, *extracts: str) -> list[str]:
        """Return the cities this viewer may read that did not supply all of these extracts.

        Victims are not supplied by a city whose sources do not hold every shooting.
        """
        days = self.manifest.get("data_through", {})

        def has(city: str, name: str) -> bool:
            is_victims = name == "victims"
            if is_victims and victim_coverage.list_zeros(self.holds, city)["incidents"] is None:
                return False
            return city in days.get(name, {})

        return [
            city
            for city in self.cities
            if self.can_see(city) and not all(has(city, name) for name in extracts)
        ]

    def explain_missing(self, extracts: Iterable[str], cities: Iterable[str]) -> str:
        """Say which of these extracts the cities did not supply; "" where they supplied all."""
        without = {name: self.find_cities_without(name) for name in extracts}
        of_what: dict[tuple[str, ...], list[str]] = {}
        for city in cities:
            lacking = tuple(EXTRACTS[name] for name, lack in without.items() if city in lack)
            if lacking:
                of_what.setdefault(lacking, []).append(self.cities[city])
        return " ".join(
            say("absent.not_supplied_by", names=names, what=what) for what, names in of_what.items()
        )

    def find_cities_without_follow_up(self) -> list[str]:
        """Return the cities this viewer may read of which it is not known what is followed up."""
        known = {*self.ask("restraint", city=self.viewer.city).frame["city"]}
        # A case that is open now may have begun before a file does.
        since = self.find_span()[1] - timedelta(days=self.settings.thresholds.promise_window_days)
        for city in filter(self.can_see, self.cities):
            first = self.find_first_day(city, "incident_groups", "enforcement_actions")
            known -= {city} if first and first > since else set()
        return [city for city in self.cities if self.can_see(city) and city not in known]

    def find_first_day(self, city: str, *extracts: str) -> date | None:
        """Return the first day for which a city stated that all of these are complete, if any."""
        stated = self.manifest.get("data_from", {})
        days = [stated[name][city] for name in extracts if city in stated.get(name, {})]
        return date.fromisoformat(max(days)) if days else None

    def find_late_starts(self, day: date) -> dict[str, date]:
        """Return the cities whose data begin after a day, and when they begin."""
        return {city: first for city, (first, _) in self.spans.items() if first > day}

    def explain_few_placed(self, city: str, day: date) -> str:
        """Say that most of a city's shootings since a day could not be placed; else nothing."""
        frame = self.ask("cities").frame
        about = frame[frame["city"] == city].iloc[0]
        starts, placed = about["starts_on"], about["placed_from"]
        if pd.isna(starts) or placed <= max(starts, pd.Timestamp(day)):
            return ""
        since = None if pd.isna(placed) else placed
        return self.say("where.few_placed", name=self.cities[city], day=since)

    def find_late_starts_in(self, year: int) -> dict[str, date]:
        """Return the cities whose data begin after January 1 of a year, and when they begin."""
        return self.find_late_starts(date(year, 1, 1))

    def ask_period(self, query: str, period: Period, **parameters: Any) -> Answer:
        """Ask of a period, and leave out the cities whose data begin in it: the count of a part
        would be read as the count of the whole.
        """
        dates = {"date_from": period.start, "date_until": period.until}
        answer = self.ask(query, **dates, **parameters)
        late = [*self.find_late_starts(period.start)]
        return counting.keep(answer, ~answer.frame["city"].isin(late))

    def count_areas(self, period: Period, city: str | None = None) -> Answer:
        """Count a period in the neighbourhoods of one city, or of all that cover all of it."""
        return counting.count_areas(self, period.window, city=city)

    def ask_year_to_date(self) -> Answer:
        """Ask for the same days of each year, without this year of a city whose data begin in it.

        Where every city's do, there is no whole next to the part, and it stays.
        """
        first, through = self.find_span()
        answer = counting.count(self, windows.list_same_days(through, first.year))
        frame = answer.frame.assign(year=answer.frame["date_from"].dt.year.astype("Int64"))
        is_newest = frame["year"] == through.year
        # An earlier year that a city's data begin in is no year; the newest may be a part.
        known = frame["complete"] | is_newest & ~frame["city"].isin(self.find_parts(through.year))
        columns = ["city", "year", "date_from", "date_until", *counting.COUNTED]
        return counting.keep(replace(answer, frame=frame[columns]), known)

    def find_year(self, measure: str) -> dict[str, Compared]:
        """Return this year so far of each city that has data, then of all of them (TOGETHER),
        against every baseline: counted and tested once for every screen, chart and document.
        """
        found: dict[str, Compared] = self.shared.compute(_find_year, measure)
        return found

    def list_years(self, measure: str) -> list[Compared]:
        """List the cities of `find_year` of which this year is counted, without their sum."""
        counted = set(self.ask_year_to_date().frame["city"])
        return [year for place, year in self.find_year(measure).items() if place in counted]

    def find_parts(self, year: int) -> list[str]:
        """Return the cities of which there is only a part of a year, and of another city more."""
        late = self.find_late_starts_in(year)
        return [] if set(late) == set(self.spans) else [*late]

    def read_boundaries(self, city: str) -> dict[str, Any]:
        """Return the boundaries of a city as drawn, as a GeoJSON FeatureCollection."""
        drawn = _read_boundaries(str(self.warehouse.release.member("built/boundaries.geojson")))
        features = [area for area in drawn if area["properties"]["city"] == city]
        return {"type": "FeatureCollection", "features": features}

    def has_boundaries(self, city: str) -> bool:
        """Return whether the release draws any neighbourhood of a city."""
        return bool(self.read_boundaries(city)["features"])

    def describe_lines(self, city: str) -> str:
        """Say whose lines a map of a city is drawn by."""
        credit = self.manifest["boundaries"][city]["credit"]
        return translate("Boundaries: {credit}.", credit=translate_fact(credit)) if credit else ""

    def make_drawing(self) -> Drawing:
        """Return what charts are drawn with."""
        return Drawing(self.theme, self.cities, self.synthetic)

    def as_public(self) -> Self:
        """Return the same release as anybody may see it, on white: what leaves the building."""
        return self.shared if self.theme == LIGHT else self._printed

    @cached_property
    def shared(self) -> Self:
        """Return the same as anybody has it: what all see alike is made of it, once for all."""
        return self if self.viewer == viewers.PUBLIC else replace(self, viewer=viewers.PUBLIC)

    @cached_property
    def _printed(self) -> Self:
        return replace(self.shared, theme=LIGHT)


def _find_year(context: ReportContext, measure: str) -> dict[str, Compared]:
    through, cities = context.find_last_day(), context.settings.cities
    by_city = context.ask_year_to_date().frame.groupby("city", observed=True, sort=False)
    counts = {str(city): counting.read_counts(rows) for city, rows in by_city}
    number = translate("{number} cities", number=len(counts))
    slices = counting.count_slices(context, through).frame
    known = dispersion.read_slices_by_city(slices, find_tested(measure))
    series = {city: known.get(city, []) for city in context.spans}
    series[TOGETHER] = dispersion.sum_series([*series.values()])
    return find_year_to_date(
        counts,
        measure,
        through,
        {city: cities[city].launched_on for city in context.spans},
        {place: dispersion.estimate_dispersion([own]) for place, own in series.items()},
        {
            **context.cities,
            TOGETHER: NUMBERS.get(len(counts), number),
        },
        context.least_base,
    )


@lru_cache(maxsize=RELEASES_CACHED)
def _read_boundaries(path: str) -> list[dict[str, Any]]:
    """Read the areas of one release; public, so the same for every viewer."""
    areas: list[dict[str, Any]] = json.loads(Path(path).read_text(encoding="utf-8"))["features"]
    return areas


def name_groups(frame: pd.DataFrame) -> list[str]:
    """Return each group's code name, or its code without the id of its city where it has none."""
    rows = zip(frame["label"], frame["group_id"], frame["city"], strict=True)
    return [
        str(label) if pd.notna(label) and str(label).strip() else code.removeprefix(f"{city}-")
        for label, code, city in rows
    ]
