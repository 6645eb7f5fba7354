"""The context of a report: the viewer, release and day it is for, and all it can ask with them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Self, TypeVar

import pandas as pd

from longevity.auth import viewers
from longevity.auth.viewers import Viewer
from longevity.base.errors import DataError
from longevity.charts.drawing import Drawing
from longevity.charts.theme import LIGHT, Theme
from longevity.claims.reader import Reading
from longevity.facts import windows
from longevity.facts.counted import MEASURES, ON_SCREENS, find_tested
from longevity.findings import availability, counting
from longevity.findings.finding import TOGETHER
from longevity.findings.year_to_date import Compared, find_year_to_date
from longevity.ingest import victim_coverage
from longevity.ingest.victim_coverage import VictimCoverage
from longevity.settings import Settings
from longevity.stats import dispersion, periods
from longevity.stats.periods import Period, Week
from longevity.warehouse.provenance import EXTRACTS
from longevity.warehouse.warehouse import Answer, Warehouse
from longevity.words import wording
from longevity.words.language import Spoken, translate, translate_fact
from longevity.words.say import Facts, say, say_rows, tabulate

RELEASES_CACHED = 3
NUMBERS = Spoken({2: "Two cities", 3: "Three cities", 4: "Four cities"})
T = TypeVar("T")
# Types that may be part of a cache's key: their repr says all they are.
Plain = str | int | date | Period | Week | Reading | tuple[int, int] | Mapping[str, str] | None


@dataclass(frozen=True)
class ReportContext:
    """The viewer, release and day that a screen, chart or document is made for.

    Everything is asked through it, so that no one can get an answer meant for another viewer.
    """

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
        return self.warehouse.release.synthetic

    @property
    def manifest(self) -> Mapping[str, Any]:
        """Return the manifest: what the release says about itself."""
        return self.warehouse.release.manifest

    @property
    def is_public(self) -> bool:
        """Return whether this viewer may read no city's own rows."""
        return self.viewer.named_scope is None

    @property
    def least_base(self) -> int:
        """Return the smallest count of which a percentage is shown."""
        return self.settings.thresholds.least_base_for_percentage

    @cached_property
    def spans(self) -> dict[str, tuple[date, date]]:
        """The first and last day of the counts, by city with any.

        Kept, as a screen needs it some thirty times: reading it each time took half of the time of
        *Briefing*.
        """
        frame = self.ask("cities").frame
        known = frame[frame["data_through"].notna()]
        days = zip(known["city"], known["starts_on"], known["data_through"], strict=True)
        return {str(city): (first.date(), last.date()) for city, first, last in days}

    @property
    def ends(self) -> dict[str, str]:
        """The last day of the counts, as ISO text, by city with any."""
        return {city: last.isoformat() for city, (_, last) in self.spans.items()}

    @property
    def going_on(self) -> dict[str, tuple[date, date]]:
        """The spans of the cities whose source has not ended: those that are counted together."""
        return {city: span for city, span in self.spans.items() if city in self.settings.going_on}

    @property
    def ends_apart(self) -> bool:
        """Return whether the counts of some city end later than those of another it is held to."""
        return len({last for _, last in self.going_on.values()}) > 1

    @property
    def viewer_name(self) -> str:
        """Return the viewer's name: "The state", "The public" or a city's."""
        if self.viewer.city:
            return self.settings.cities[self.viewer.city].name
        return "The state" if self.viewer.named_scope else "The public"

    @property
    def cities(self) -> dict[str, str]:
        """Return city ids and names, in the configuration's order."""
        return {city.id: city.name for city in self.settings.cities.values()}

    @property
    def own_cities(self) -> dict[str, str]:
        """Return the cities whose program is shown in full to this viewer: all for the state."""
        return self.select_cities(self.viewer.city)

    def select_cities(self, city: str | None) -> dict[str, str]:
        """Return the id and name of one city, or (None) of all."""
        return {known: name for known, name in self.cities.items() if city in (None, known)}

    @property
    def holds(self) -> VictimCoverage:
        """Return which victims each city's sources list, such as only those killed."""
        return victim_coverage.read_manifest_coverage(self.manifest)

    def list_measures(self, city: str | None = None) -> list[str]:
        """List the measures that are known of a city, or of any (None); the first is the default.

        Those known of every city with data come first, so that a screen opens on complete counts.
        What a release from before does not count is not offered.
        """
        with_data = [known for known in self.select_cities(city) if known in self.spans]
        counted = [name for name in ON_SCREENS if name in self.warehouse.counted]
        return availability.list_measures(self.holds, with_data or [*self.cities], counted)

    def explain_absence(self, measure: str, city: str | None = None) -> str:
        """Return a sentence on the cities whose sources do not have a measure; "" where all do."""
        names = self.select_cities(city)
        return availability.explain_missing(self.holds, measure, MEASURES[measure], names)

    def can_see(self, city: str) -> bool:
        """Return whether this viewer may read this city's own rows."""
        return self.viewer.named_scope in (city, viewers.STATE_SCOPE)

    def name_cities(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the frame with names in place of ids in its column `city`."""
        return frame.assign(city=frame["city"].map(self.cities).fillna(frame["city"]))

    def say(self, sentence: str, /, *given: Facts | pd.DataFrame, **facts: Any) -> str:
        """Return a sentence of a measure filled with facts and the thresholds (`measures.say`)."""
        return say(sentence, self.settings.thresholds.model_dump(), *given, **facts)

    def say_rows(
        self, sentence: str, frame: pd.DataFrame, /, *given: Facts | pd.DataFrame, **facts: Any
    ) -> list[str]:
        """Return a sentence for each row, with its city's name (`measures.say_rows`)."""
        thresholds = self.settings.thresholds.model_dump()
        return say_rows(sentence, self._name_rows(frame), thresholds, *given, **facts)

    def tabulate(self, measure: str, frame: pd.DataFrame, **facts: Any) -> pd.DataFrame:
        """Return the table that a measure declares, of these rows (`measures.tabulate`)."""
        facts = self.settings.thresholds.model_dump() | facts
        return tabulate(measure, self._name_rows(frame), facts)

    def _name_rows(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return rows with the names of their cities, and of their groups as `group`."""
        if "label" in frame:
            frame = frame.assign(group=name_groups(frame))
        return self.name_cities(frame) if "city" in frame else frame

    def ask(self, query: str, **parameters: Any) -> Answer:
        """Return the answer to a query, asked as this viewer; each is asked once in a context."""
        asked = sorted((name, str(value)) for name, value in parameters.items())
        return self._keep(lambda: self.warehouse.run(query, parameters, self.viewer), query, *asked)

    def compute(self, function: Callable[..., T], *words: Plain) -> T:
        """Return `function(self, *words)`, computed once for these arguments.

        For what takes long: on a page it is cached between visits (`PageContext`).
        """
        return self._keep(lambda: function(self, *words), function, *map(repr, words))

    def _keep(self, make: Callable[[], T], *key: Any) -> T:
        if key not in self._made:
            self._made[key] = make()
        made: T = self._made[key]
        return made

    def find_last_day(self, city: str | None = None) -> date:
        """Return the last day to count: a city's own, or for all (None) the last that all have.

        DataError where the release has no incidents.
        """
        if not self.spans:
            why = translate("This release has no incidents and victims.")
            raise DataError(why, translate("Publish some."))
        if city in self.spans:
            return self.spans[city][1]
        return min(last for _, last in (self.going_on or self.spans).values())

    def explain_ended(self) -> tuple[str, ...]:
        """Return a sentence for each city whose source has ended."""
        return tuple(
            say("release.ended", place=city.name, day=city.ended_on)
            for city in self.settings.cities.values()
            if city.ended_on
        )

    def find_newest_day(self) -> date:
        """Return the newest last day of any city's counts."""
        return max((last for _, last in self.spans.values()), default=self.today)

    def find_span(self, city: str | None = None) -> tuple[date, date]:
        """Return the first day with data, of a city or of any (None), and the last day to count."""
        through = self.find_last_day(city) if self.spans else self.today
        starts = [first for of, (first, _) in self.spans.items() if city in (None, of)]
        return min([*starts, through]), through

    def list_periods(self, city: str | None = None) -> dict[str, Period]:
        """Return the periods to choose from, by key: {"ytd": Period, "2024": Period}.

        Years that only another city's data have are offered too (and the screen says that they are
        not covered), so that a choice stays when the city changes.
        """
        return periods.list_periods(self.find_span()[0], self.find_span(city)[1])

    def list_periods_of_any(self) -> dict[str, Period]:
        """Return the periods to choose from for the city with the newest data, by key."""
        return periods.list_periods(self.find_span()[0], self.find_newest_day())

    def find_period(self, key: str, city: str | None = None) -> Period:
        """Return the period of a key, such as "2024"; that of all days begins with the city's data.

        DataError for a year that is not over in this city's data.
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
        """Return the cities that did not supply all these extracts, of those the viewer may read.

        A city whose sources do not list every person shot counts as one without victims.
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
        """Return a sentence on which of these extracts the cities did not supply; "" for none."""
        without = {name: self.find_cities_without(name) for name in extracts}
        of_what: dict[tuple[str, ...], list[str]] = {}
        for city in cities:
            lacking = tuple(EXTRACTS[name] for name, lack in without.items() if city in lack)
            if lacking:
                of_what.setdefault(lacking, []).append(self.cities[city])
        return " ".join(
            say("absent.not_supplied_by", names=names, what=what) for what, names in of_what.items()
        )

    def find_late_files(self, *extracts: str) -> dict[str, list[str]]:
        """Return which of these extracts begin within their last twelve months, by city."""
        ends, late = self.manifest["data_through"], {}
        for city in filter(self.can_see, self.cities):
            days = [ends[name][city]["day"] for name in extracts if city in ends.get(name, {})]
            last = date.fromisoformat(min(days, default=str(self.today)))
            since = windows.step_back_years(last, 1) + windows.DAY
            late[city] = [
                name for name in extracts if (self.find_first_day(city, name) or since) > since
            ]
        return {city: names for city, names in late.items() if names}

    def find_cities_without_follow_up(self) -> list[str]:
        """Return the cities whose open follow-ups are not known, of those the viewer may read."""
        known = {*self.ask("restraint", city=self.viewer.city).frame["city"]}
        # A case that is open now may have begun before a city's file does.
        since = self.find_span()[1] - timedelta(days=self.settings.thresholds.promise_window_days)
        for city in filter(self.can_see, self.cities):
            first = self.find_first_day(city, "incident_groups", "enforcement_actions")
            known -= {city} if first and first > since else set()
        return [city for city in self.cities if self.can_see(city) and city not in known]

    def find_end(self, city: str, day: date, *extracts: str) -> date | None:
        """Return the day to which a city's extracts are all complete, if that is before a day."""
        ends = self.manifest.get("data_through", {})
        days = [ends[name][city]["day"] for name in extracts if city in ends.get(name, {})]
        last = date.fromisoformat(min(days, default=str(day)))
        return last if last < day else None

    def find_first_day(self, city: str, *extracts: str) -> date | None:
        """Return the day from which a city stated these extracts to be complete, if it did."""
        stated = self.manifest.get("data_from", {})
        days = [stated[name][city] for name in extracts if city in stated.get(name, {})]
        return date.fromisoformat(max(days)) if days else None

    def find_late_starts(self, day: date) -> dict[str, date]:
        """Return the cities whose data begin after a day, and when they begin."""
        return {city: first for city, (first, _) in self.spans.items() if first > day}

    def explain_few_placed(self, city: str, day: date) -> str:
        """Return a sentence if most shootings since a day could not be placed on a map; else ""."""
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
        """Return the answer to a query for a period, without cities whose data begin within it.

        Their count of a part would be read as that of the whole period.
        """
        dates = {"date_from": period.start, "date_until": period.until}
        answer = self.ask(query, **dates, **parameters)
        late = [*self.find_late_starts(period.start)]
        return counting.keep_rows(answer, ~answer.frame["city"].isin(late))

    def count_areas(self, period: Period, city: str | None = None) -> Answer:
        """Return the counts of a period by neighbourhood, of one city or of all that cover it."""
        return counting.count_areas(self, period.window, city=city)

    def ask_year_to_date(self) -> Answer:
        """Return the counts of January 1 to the same day of each year, by city.

        A year that a city's data cover only in part is left out. Only when the data of every city
        begin this year does this year stay.
        """
        first, through = self.find_span()
        answer = counting.count(self, windows.list_same_days(through, first.year))
        frame = answer.frame.assign(year=answer.frame["date_from"].dt.year.astype("Int64"))
        is_newest = frame["year"] == through.year
        # Earlier years only if complete; the newest without cities whose data begin in it.
        begun = self.find_cities_begun_within(through.year)
        known = frame["complete"] | is_newest & ~frame["city"].isin(begun)
        columns = ["city", "year", "date_from", "date_until", *ON_SCREENS]
        return counting.keep_rows(replace(answer, frame=frame[columns]), known)

    def compare_this_year(self, measure: str) -> dict[str, Compared]:
        """Return this year so far, by city with data and for all (TOGETHER), against each baseline.

        {"hartford": Compared, "together": Compared}. It is counted and tested once, for every
        screen, chart and document, and the same for every viewer.
        """
        found: dict[str, Compared] = self.shared.compute(_compare_this_year, measure)
        return found

    def list_years(self, measure: str) -> list[Compared]:
        """List the comparisons of `compare_this_year` of single cities that have counts."""
        counted = set(self.ask_year_to_date().frame["city"])
        return [year for place, year in self.compare_this_year(measure).items() if place in counted]

    def find_cities_begun_within(self, year: int) -> list[str]:
        """Return the cities whose data begin within a year; [] where the data of all cities do."""
        late = self.find_late_starts_in(year)
        return [] if set(late) == set(self.spans) else [*late]

    def read_boundaries(self, city: str) -> dict[str, Any]:
        """Return the boundaries of a city's neighbourhoods as a GeoJSON FeatureCollection."""
        drawn = _read_boundaries(str(self.warehouse.release.member("built/boundaries.geojson")))
        features = [area for area in drawn if area["properties"]["city"] == city]
        return {"type": "FeatureCollection", "features": features}

    def has_boundaries(self, city: str) -> bool:
        """Return whether the release has boundaries of a city's neighbourhoods."""
        return bool(self.read_boundaries(city)["features"])

    def credit_boundaries(self, city: str) -> str:
        """Return the credit for the boundaries on a city's map; "" where none is due."""
        credit = self.manifest["boundaries"][city]["credit"]
        return translate("Boundaries: {credit}.", credit=translate_fact(credit)) if credit else ""

    def make_drawing(self) -> Drawing:
        """Return what charts are drawn with: theme, names of cities, the mark of synthetic data."""
        return Drawing(self.theme, self.cities, self.synthetic)

    def as_public(self) -> Self:
        """Return the context of the public, in the light theme: for all that is exported."""
        return self.shared if self.theme == LIGHT else self._printed

    @cached_property
    def shared(self) -> Self:
        """Return the context of the public, in this theme: for what is the same for all viewers.

        What is computed with it is computed once for all of them.
        """
        return self if self.viewer == viewers.PUBLIC else replace(self, viewer=viewers.PUBLIC)

    @cached_property
    def _printed(self) -> Self:
        return replace(self.shared, theme=LIGHT)


def _compare_this_year(context: ReportContext, measure: str) -> dict[str, Compared]:
    """Compare this year so far, for `ReportContext.compare_this_year`.

    How much a city's counts swing by chance (dispersion) is estimated from slices of four weeks.
    """
    through, cities = context.find_last_day(), context.settings.cities
    by_city = context.ask_year_to_date().frame.groupby("city", observed=True, sort=False)
    going_on = context.going_on
    counts = {str(city): counting.read_counts(rows) for city, rows in by_city if city in going_on}
    number = translate("{number} cities", number=len(counts))
    slices = counting.count_slices(context, through).frame
    known = dispersion.read_slices_by_city(slices, find_tested(measure))
    series = {city: known.get(city, []) for city in going_on}
    series[TOGETHER] = dispersion.sum_series([*series.values()])
    return find_year_to_date(
        counts,
        measure,
        through,
        {city: cities[city].launched_on for city in going_on},
        {place: dispersion.estimate_dispersion([own]) for place, own in series.items()},
        {
            **context.cities,
            TOGETHER: NUMBERS.get(len(counts), number),
        },
        context.least_base,
    )


@lru_cache(maxsize=RELEASES_CACHED)
def _read_boundaries(path: str) -> list[dict[str, Any]]:
    """Read the boundaries of a release; they are the same for every viewer."""
    areas: list[dict[str, Any]] = json.loads(Path(path).read_text(encoding="utf-8"))["features"]
    return areas


def name_groups(frame: pd.DataFrame) -> list[str]:
    """Return each group's label, or its code without the city: "g12" for "hartford-g12"."""
    rows = zip(frame["label"], frame["group_id"], frame["city"], strict=True)
    return [
        str(label) if pd.notna(label) and str(label).strip() else code.removeprefix(f"{city}-")
        for label, code, city in rows
    ]
