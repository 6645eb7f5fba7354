"""The safety gap: the most affected fifth of a city's residents against the least affected.

A fifth is made of whole neighbourhoods, ranked by their rate in the years before a year and never
by the year itself: those that happened to have most in it would be called the most affected
because of that, and a gap would be found where there is none. Whole years only, and people shot
at a known place only.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import date
from enum import StrEnum
from itertools import chain, takewhile
from typing import Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from longevity.stats.comparison import LEVEL, Comparison, Outcome, compare
from longevity.stats.dispersion import Dispersion, estimate_dispersion, read_slices_by_city
from longevity.stats.rates import YEAR, bound_rates

PER = 10_000
PARTS = 5  # a fifth
LEAST_AREAS = 10
LEAST_YEARS_BEFORE = 3
MOST_YEARS_BEFORE = 5
PERIOD = 3  # years that are compared together: a single year swings too widely
SPAN = 10  # years within which the newest period is compared with the first
# The areas that the years before call the most affected are not always those that are, which
# moves the gap as well: at 95% too many gaps that stayed would be called changed.
CHANGE_LEVEL = 0.98
VICTIMS = "victims"
# The columns of `build_table` beside city and year.
NUMBERS = {
    "most_victims": "Int64",
    "least_victims": "Int64",
    **{
        f"{name}{bound}": "float64"
        for name in ("ratio", "difference", "most_rate", "least_rate")
        for bound in ("", "_low", "_high")
    },
}
TEXTS = ("most_areas", "least_areas", "reason")


class NoGap(StrEnum):
    """Why a year has no gap."""

    FEW_AREAS = "few_areas"  # under LEAST_AREAS neighbourhoods with residents
    FEW_YEARS = "few_years"  # under LEAST_YEARS_BEFORE whole years before it to rank by
    NO_COUNT = "no_count"  # the city's source does not hold the people shot
    NO_RANKING = "no_ranking"  # nobody was shot in the years before it
    FEW_PLACED = "few_placed"  # too few could be placed to set it beside other years


@dataclass(frozen=True)
class Interval:
    """An estimate with the bounds of its interval, of 95% where no other level is said."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class FifthTally:
    """People shot, and over how many days of residents."""

    victims: int
    resident_days: int

    def __add__(self, other: Self) -> FifthTally:
        """Return both together."""
        return FifthTally(self.victims + other.victims, self.resident_days + other.resident_days)


@dataclass(frozen=True)
class Fifths:
    """The most and the least affected fifth of the years from `first` to `last`.

    `areas` are the neighbourhoods of both, the most and then the least affected first; empty
    for several years, which have fifths of their own each.
    """

    first: int
    last: int
    most: FifthTally
    least: FifthTally
    areas: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())


@dataclass(frozen=True)
class Gap:
    """Two fifths, their rates per 10,000 residents a year of 365.25 days, and the gap.

    `ratio` is the rate of the most over that of the least affected, without an upper bound
    where nobody was shot in the least affected; `difference` is the one less the other.
    """

    fifths: Fifths
    most: Interval
    least: Interval
    ratio: Comparison
    difference: Interval


@dataclass(frozen=True)
class SafetyGap:
    """The gap of each year of a city, or the reason why there is none; and whether it changed.

    `newest` is the gap of the newest three years together, None where one of them has none.
    `earlier` is that of the first three of the ten years up to then, or of as many as have a gap
    in a row; None where those are fewer than six. `change` is the newest ratio over the earlier
    one with an interval of CHANGE_LEVEL, None where it cannot be had.
    """

    years: Mapping[int, Gap | NoGap]
    newest: Gap | None
    earlier: Gap | None
    change: Interval | None

    @property
    def outcome(self) -> Outcome:
        """Whether the gap is wider (up) or narrower (down), from the interval alone."""
        if self.change is None:
            return Outcome.UNKNOWN
        if self.change.low > 1:
            return Outcome.UP
        return Outcome.DOWN if self.change.high < 1 else Outcome.UNCLEAR


@dataclass(frozen=True)
class AreaCounts:
    """The neighbourhoods of one city that have residents, and their people shot by year.

    `victims`: an area a row and a year a column, NaN where it is not known; `years` ascend.
    """

    names: npt.NDArray[np.object_]
    population: npt.NDArray[np.int64]
    years: Sequence[int]
    victims: npt.NDArray[np.float64]


def measure_safety_gaps(
    counts: pd.DataFrame,
    dispersions: Mapping[str, Dispersion | None],
    few_placed: Mapping[str, Collection[int]],
) -> dict[str, SafetyGap]:
    """Return the safety gap of each city.

    `counts`: city, neighbourhood, year, victims, population, one row an area and year.

    `dispersions`: by city, best pooled over its neighbourhoods; None: events are assumed to be
    independent. `few_placed`: by city the years of `placement.find_few_placed_years`.
    """
    return {
        str(city): measure_safety_gap(
            read_area_counts(rows), dispersions.get(str(city)), few_placed.get(str(city), ())
        )
        for city, rows in counts.groupby("city", sort=False, observed=True)
    }


def pool_dispersions(slices: pd.DataFrame) -> dict[str, Dispersion | None]:
    """Return the dispersion of each city's neighbourhoods together.

    `slices`: city, neighbourhood, back, victims.
    """
    return {
        str(city): estimate_dispersion(
            [*read_slices_by_city(rows.assign(city=rows["neighbourhood"]), VICTIMS).values()]
        )
        for city, rows in slices.groupby("city", sort=False, observed=True)
    }


def read_area_counts(counts: pd.DataFrame) -> AreaCounts:
    """Return the counts of one city. `counts`: neighbourhood, year, victims, population."""
    years = sorted({int(year) for year in counts["year"]})
    by_area = (
        counts[counts["population"].fillna(0) > 0]
        .pivot(index=["neighbourhood", "population"], columns="year", values=VICTIMS)
        .reindex(columns=years)
    )
    return AreaCounts(
        by_area.index.get_level_values("neighbourhood").to_numpy(dtype=object),
        by_area.index.get_level_values("population").to_numpy(dtype=np.int64),
        years,
        by_area.to_numpy(dtype=np.float64, na_value=np.nan),
    )


def measure_safety_gap(
    counts: AreaCounts, dispersion: Dispersion | None, few_placed: Collection[int] = ()
) -> SafetyGap:
    """Return the safety gap of one city; none of the years of which few were placed."""
    choices = {
        year: NoGap.FEW_PLACED if year in few_placed else choose_fifths(counts, year)
        for year in counts.years
    }
    periods = choose_periods(list(choices.values()))
    years = {
        year: choice if isinstance(choice, NoGap) else measure_gap(choice, dispersion)
        for year, choice in choices.items()
    }
    newest, earlier = (*(measure_gap(period, dispersion) for period in periods), None, None)[:2]
    wide = [measure_gap(period, dispersion, CHANGE_LEVEL) for period in periods]
    return SafetyGap(years, newest, earlier, compare_gaps(*wide) if earlier else None)


def choose_fifths(counts: AreaCounts, year: int) -> Fifths | NoGap:
    """Return the two fifths of a year by the years before it, or why they cannot be chosen."""
    if len(counts.names) < LEAST_AREAS:
        return NoGap.FEW_AREAS
    is_known = ~np.isnan(counts.victims).any(axis=0)
    within = counts.victims[:, counts.years.index(year)]
    if np.isnan(within).any():
        return NoGap.NO_COUNT
    all_years = np.array(counts.years)
    before = is_known & (all_years < year) & (all_years >= year - MOST_YEARS_BEFORE)
    if before.sum() < LEAST_YEARS_BEFORE:
        return NoGap.FEW_YEARS
    victims_before = counts.victims[:, before].sum(axis=1)
    if not victims_before.any():
        return NoGap.NO_RANKING
    ranking = rank_areas(victims_before, counts.population, counts.names)
    days = (date(year + 1, 1, 1) - date(year, 1, 1)).days
    both = [order[: count_in_fifth(counts.population[order])] for order in (ranking, ranking[::-1])]
    most, least = (
        FifthTally(int(within[rows].sum()), int(counts.population[rows].sum()) * days)
        for rows in both
    )
    most_areas, least_areas = (tuple(counts.names[rows]) for rows in both)
    return Fifths(year, year, most, least, (most_areas, least_areas))


def rank_areas(
    victims: npt.NDArray[np.float64],
    population: npt.NDArray[np.int64],
    names: npt.NDArray[np.object_],
) -> npt.NDArray[np.intp]:
    """Return the places of areas from the most to the least affected, by people shot a resident.

    Of areas with one rate the one with fewer residents comes first, then the name: that nobody
    was shot says more of a large area than of a small one.
    """
    return np.lexsort((names.astype(str), population, -victims / population))


def count_in_fifth(population: npt.NDArray[np.int64]) -> int:
    """Return how many of the first areas together come closest to a fifth of all residents.

    `population`: in the order of the ranking. An area that the edge cuts is in where that comes
    closer to a fifth than without it, or as close; the first area always is.
    """
    distance = np.abs(PARTS * np.cumsum(population) - population.sum())
    return len(distance) - int(distance[::-1].argmin())


def choose_periods(choices: Sequence[Fifths | NoGap]) -> list[Fifths]:
    """Return the newest three years together and the earlier three, or those there are.

    `choices`: of each year, oldest first.
    """
    in_a_row = takewhile(lambda choice: isinstance(choice, Fifths), reversed(choices))
    fifths = [choice for choice in in_a_row if isinstance(choice, Fifths)][:SPAN][::-1]
    newest, earlier = fifths[-PERIOD:], fifths[:PERIOD]
    periods = [newest, earlier][: len(fifths) // PERIOD]
    return [combine_fifths(period) for period in periods]


def combine_fifths(fifths: Sequence[Fifths]) -> Fifths:
    """Return several years together, each with the fifths that were chosen for it."""
    first, *others = fifths
    most = sum((each.most for each in others), first.most)
    least = sum((each.least for each in others), first.least)
    return Fifths(first.first, fifths[-1].last, most, least)


def measure_gap(fifths: Fifths, dispersion: Dispersion | None, level: float = LEVEL) -> Gap:
    """Return the gap of a pair of fifths.

    The interval of a ratio is that of two counts over their exposures (`comparison`), that of a
    difference is made of those of both rates (MOVER); all allow for the dispersion.
    """
    most, least = fifths.most, fifths.least
    rate, other = (_measure_rate(tally, dispersion, level) for tally in (most, least))
    days = most.resident_days, least.resident_days
    ratio = compare(most.victims, least.victims, *days, dispersion, level)
    return Gap(fifths, rate, other, ratio, subtract(rate, other))


def _measure_rate(tally: FifthTally, dispersion: Dispersion | None, level: float) -> Interval:
    counted, time = np.array([tally.victims]), np.array([tally.resident_days / YEAR / PER])
    low, high = bound_rates(counted, time, dispersion, level)
    return Interval(tally.victims / float(time[0]), float(low[0]), float(high[0]))


def subtract(interval: Interval, other: Interval) -> Interval:
    """Return `interval` less `other` with an interval from the bounds of both (MOVER)."""
    value = interval.value - other.value
    below = math.hypot(interval.value - interval.low, other.high - other.value)
    above = math.hypot(interval.high - interval.value, other.value - other.low)
    return Interval(value, value - below, value + above)


def compare_gaps(newest: Gap, earlier: Gap) -> Interval | None:
    """Return the newest ratio over the earlier one, with an interval from those of both.

    MOVER on their logarithms. None where nobody was shot in one of the four fifths.
    """
    logs = []
    for ratio in (newest.ratio, earlier.ratio):
        if not (ratio.ratio and ratio.low and ratio.high):
            return None
        logs.append(Interval(math.log(ratio.ratio), math.log(ratio.low), math.log(ratio.high)))
    change = subtract(*logs)
    return Interval(math.exp(change.value), math.exp(change.low), math.exp(change.high))


def build_table(gaps: Mapping[str, SafetyGap]) -> pd.DataFrame:
    """Return a row a city and year: rates, ratio and difference with their bounds, and areas.

    What a year does not have is missing; `reason` then says why. The areas of a fifth stand in
    one cell, the most or the least affected first.
    """
    rows = [
        {"city": city, "year": year}
        | ({"reason": found.value} if isinstance(found, NoGap) else _build_row(found))
        for city, safety_gap in gaps.items()
        for year, found in safety_gap.years.items()
    ]
    table = pd.DataFrame(rows, columns=["city", "year", *NUMBERS, *TEXTS])
    return table.astype({**NUMBERS, **dict.fromkeys(TEXTS, "str")})


def _build_row(gap: Gap) -> dict[str, object]:
    most_areas, least_areas = map("; ".join, gap.fifths.areas)
    intervals = {
        "ratio": (gap.ratio.ratio, gap.ratio.low, gap.ratio.high),
        "difference": astuple(gap.difference),
        "most_rate": astuple(gap.most),
        "least_rate": astuple(gap.least),
    }
    numbers = (gap.fifths.most.victims, gap.fifths.least.victims, *chain(*intervals.values()))
    return dict(zip((*NUMBERS, *TEXTS), (*numbers, most_areas, least_areas), strict=False))
