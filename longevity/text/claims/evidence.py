"""What a claim is held against: the counts of a release, and published figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from longevity.ingest import victim_coverage
from longevity.ingest.victim_coverage import VictimCoverage
from longevity.settings import Settings
from longevity.stats import dispersion, windows
from longevity.stats.dispersion import Dispersion
from longevity.text.claims.claim import STATE, TOGETHER, Claim, Names, Span, Window

COUNTS = "victims_by_day"
# The questions a record is made of; those of one city may be asked of it alone.
PUBLISHED_COUNTS = "published_counts"
QUERIES = ("cities", COUNTS, "residents_by_city", PUBLISHED_COUNTS, "state_homicides")
CITY_QUERIES = (COUNTS,)
# Which published figure speaks of which count; others are defined otherwise.
PUBLISHED_METRICS = {
    "homicides": "homicides",
    "fatal": "gun_homicides",
    "victims": "shooting_victims",
    "incidents": "shooting_incidents",
    "nonfatal": "nonfatal_shooting_victims",
}


@dataclass(frozen=True)
class CityExtent:
    """One city: what the record says of it; None where it says nothing."""

    launched_on: date
    starts: date | None
    through: date | None
    week_ends_iso: int
    residents: int | None


@dataclass(frozen=True)
class Evidence:
    """Counts a day of each city (`daily`: city, day, counts, complete), and what is published.

    `published_counts`: place, year, metric, value, source_url; `reference`: how it names a place;
    `holds`: what the sources of each city hold of victims.
    """

    daily: pd.DataFrame
    places: Mapping[str, CityExtent]
    names: Names
    published_counts: pd.DataFrame
    reference: Mapping[str, str]
    least_base: int
    unchanged_within: float
    synthetic: bool
    holds: VictimCoverage = field(default_factory=victim_coverage.cover_everything)

    def list_cities(self, claim: Claim) -> list[str]:
        """Return the cities a claim is about."""
        if claim.place == TOGETHER:
            return list(self.places)
        return [claim.place, *([claim.other] if claim.other else [])]

    def find_last_day(self, cities: Sequence[str]) -> date | None:
        """Return the last day all of them have; None where one has nothing."""
        days = [self.places[city].through for city in cities]
        known_days = [day for day in days if day is not None]
        return min(known_days) if known_days and len(known_days) == len(days) else None

    @property
    def newest_day(self) -> date | None:
        """Return the last day any city has."""
        return max((p.through for p in self.places.values() if p.through), default=None)

    def find_first_year(self, cities: Sequence[str]) -> int:
        """Return the first year any of them has a day of."""
        starts = [self.places[city].starts for city in cities]
        return min((day.year for day in starts if day is not None), default=9999)

    def count_spans(
        self, cities: Sequence[str], measure: str, spans: Mapping[str, tuple[date, date]]
    ) -> dict[str, int | None]:
        """Count each half-open span in all of `cities` together; None where one lacks it.

        As `windows.counted` counts, but from running totals: a claim asks for many spans.
        """
        result: dict[str, int | None] = {}
        for label, span in spans.items():
            each = [self._count_span(city, measure, span) for city in cities]
            known_counts = [count for count in each if count is not None]
            result[label] = sum(known_counts) if len(known_counts) == len(each) else None
        return result

    def build_series(self, cities: Sequence[str], measure: str, until: date) -> list[int]:
        """Return the counts of the slices up to `until`, all of `cities` together."""

        def count_span(span: tuple[date, date]) -> int | None:
            return self.count_spans(cities, measure, {"slice": span})["slice"]

        return dispersion.count_slices_before(until, count_span)

    def compute_dispersion(
        self, cities: Sequence[str], measure: str, until: date
    ) -> Dispersion | None:
        """Return how much the counts of all of `cities` together swing by chance, up to `until`."""
        return dispersion.estimate_dispersion([self.build_series(cities, measure, until)])

    def _count_span(self, city: str, measure: str, span: tuple[date, date]) -> int | None:
        if not victim_coverage.find_known_counts(self.holds, city)[measure]:
            return None
        days, totals = self._running_totals.get(city, (np.array([], dtype="datetime64[D]"), {}))
        start, until = (np.datetime64(day, "D") for day in span)
        first, after = np.searchsorted(days, [start, until])
        if after - first != (until - start).astype(int):
            return None
        return int(totals[measure][after] - totals[measure][first])

    @cached_property
    def _running_totals(self) -> dict[str, tuple[np.ndarray, dict[str, np.ndarray]]]:
        """Return the complete days of each city and the totals up to each of them."""
        whole = self.daily[self.daily["complete"]].sort_values(["city", "day"])
        running = {}
        for city, rows in whole.groupby("city", sort=False, observed=True):
            days = rows["day"].to_numpy().astype("datetime64[D]")
            known_measures = victim_coverage.find_known_counts(self.holds, str(city))
            sums = {
                m: rows[m].to_numpy(dtype="int64").cumsum()
                for m in PUBLISHED_METRICS
                if known_measures[m]
            }
            running[str(city)] = (days, {m: np.insert(s, 0, 0) for m, s in sums.items()})
        return running

    def count_by_year(
        self, cities: Sequence[str], measure: str, period: ClaimPeriod, years: range
    ) -> dict[int, int | None]:
        """Count the period's days in each of `years`."""
        counts = self.count_spans(
            cities, measure, {str(year): period.in_year(year) for year in years}
        )
        return {int(year): count for year, count in counts.items()}


@dataclass(frozen=True)
class ClaimPeriod:
    """A window of days that every year has: of `year`, the newest; [start, until)."""

    window: Window
    year: int
    through: date
    until: date
    days: int | None  # None: from the first of the year or month

    def in_year(self, year: int) -> tuple[date, date]:
        """Return the same days in another year."""
        if self.window.span is Span.MONTH:
            return _find_month(year, self.window.number)
        if self.days is None:
            whole = self.until == date(self.year + 1, 1, 1)
            # January 1 to December 31 is all of a leap year too.
            if whole:
                return date(year, 1, 1), date(year + 1, 1, 1)
            return windows.span_year_to_date(self.until - windows.DAY, year)
        return windows.span_last_days(self.until - windows.DAY, self.days, self.year - year)

    @property
    def now(self) -> tuple[date, date]:
        """Return the days the claim is about."""
        return self.in_year(self.year)

    @property
    def previous(self) -> tuple[date, date] | None:
        """Return the window just before; None for parts of a year."""
        if self.days is None:
            return None
        start, until = self.now
        return start - (until - start), start


def _find_month(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)


def find_period(window: Window, through: date, week_ends: Sequence[int]) -> ClaimPeriod | None:
    """Return the days of a window, by the last day there is; None where they are yet to come.

    `week_ends`: ISO weekdays on which the cities end their weeks. Where they differ a week
    is the seven days to `through`.
    """
    if window.span is Span.DAYS:
        return ClaimPeriod(window, through.year, through, through + windows.DAY, window.number)
    if window.span is Span.WEEK:
        ends = set(week_ends)
        behind = (through.isoweekday() - ends.pop()) % 7 if len(ends) == 1 else 0
        until = through + windows.DAY * (1 - behind)
        return ClaimPeriod(window, (until - windows.DAY).year, through, until, 7)
    if window.span is Span.MONTH:
        start, until = _find_month(window.year, window.number)
        return ClaimPeriod(window, window.year, through, until, None) if start <= through else None
    year = {Span.THIS_YEAR: through.year, Span.LAST_YEAR: through.year - 1}.get(
        window.span, window.number
    )
    if year > through.year:
        return None
    until = through + windows.DAY if year == through.year else date(year + 1, 1, 1)
    return ClaimPeriod(window, year, through, until, None)


def build_evidence(
    settings: Settings, frames: Mapping[str, pd.DataFrame], synthetic: bool, holds: VictimCoverage
) -> Evidence:
    """Build the evidence from the answers to QUERIES, by their names."""
    people = _map_by_city(frames["residents_by_city"], "residents")
    cities = frames["cities"]
    starts, through = _map_by_city(cities, "starts_on"), _map_by_city(cities, "data_through")
    places = {
        city.id: CityExtent(
            city.launched_on,
            starts[city.id].date() if city.id in starts else None,
            through[city.id].date() if city.id in through else None,
            city.week_ends_iso,
            int(people[city.id]) if people.get(city.id) else None,
        )
        for city in settings.cities.values()
    }
    reference = {city.id: city.reference_key for city in settings.cities.values()}
    reference |= {STATE: settings.state_reference_key, TOGETHER: settings.together_reference_key}
    return Evidence(
        frames[COUNTS],
        places,
        read_names(settings),
        _combine_published(frames[PUBLISHED_COUNTS], frames["state_homicides"], reference[STATE]),
        reference,
        settings.thresholds.least_base_for_percentage,
        settings.thresholds.unchanged_within,
        synthetic,
        holds,
    )


def build_evidence_from_answers(
    settings: Settings, synthetic: bool, holds: VictimCoverage, *frames: pd.DataFrame
) -> Evidence:
    """Build the evidence from the answers in the order of QUERIES."""
    return build_evidence(settings, dict(zip(QUERIES, frames, strict=True)), synthetic, holds)


def _combine_published(counts: pd.DataFrame, state: pd.DataFrame, key: str) -> pd.DataFrame:
    """Return published figures of cities and state in one frame."""
    columns = ["place", "year", "metric", "value", "source_url"]
    national = state.rename(columns={"homicides": "value"}).assign(place=key, metric="homicides")
    return pd.concat([counts[columns], national[columns]], ignore_index=True)


def build_extent_table(cities: pd.DataFrame) -> pd.DataFrame:
    """Return how far the data of each city reach. `cities`: the answer of that name."""
    return pd.DataFrame(
        {
            "City": cities["name"],
            "First day": cities["starts_on"],
            "Last day": cities["data_through"],
            "Program since": cities["launched_on"],
        }
    )


def read_names(settings: Settings) -> Names:
    """Return what a claim can call places and the program."""
    cities = {city.id: city.name for city in settings.cities.values()}
    return Names(cities, settings.state, settings.program)


def _map_by_city(frame: pd.DataFrame, column: str) -> dict[str, pd.Timestamp]:
    known_rows = frame.dropna(subset=[column])
    return dict(zip(known_rows["city"], known_rows[column], strict=True))
