"""The safety gap: the most affected fifth of a city's residents against the least affected.

A fifth is made of whole neighbourhoods, ranked by their rate in the years before a year and never
by the year itself: those that happened to have most in it would be called the most affected
because of that, and a gap would be found where there is none. Whole years only, and people shot
at a known place only.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import chain, takewhile
from typing import NamedTuple

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


class Interval(NamedTuple):
    """An estimate with the bounds of its interval, of 95% where no other level is said."""

    value: float
    low: float
    high: float


class FifthTally(NamedTuple):
    """People shot, and over how many days of residents."""

    victims: int
    resident_days: int


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
            spread_years(rows), dispersions.get(str(city)), few_placed.get(str(city), ())
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


def spread_years(counts: pd.DataFrame) -> pd.DataFrame:
    """Return the people shot in one city: a column a year, a row an area with residents.

    `counts`: neighbourhood, year, victims, population; the index of the rows is neighbourhood and
    population. A count that is not known is missing.
    """
    rows = counts[counts["population"].fillna(0) > 0]
    victims = rows.pivot(index=["neighbourhood", "population"], columns="year", values=VICTIMS)
    return victims.reindex(columns=sorted({*counts["year"]})).astype("Float64").astype("float64")


def measure_safety_gap(
    victims: pd.DataFrame, dispersion: Dispersion | None, few_placed: Collection[int] = ()
) -> SafetyGap:
    """Return the safety gap of one city, of counts by `spread_years`.

    Years of which few were placed have none.
    """
    choices = {
        int(year): NoGap.FEW_PLACED if year in few_placed else choose_fifths(victims, int(year))
        for year in victims
    }
    years = {
        year: choice if isinstance(choice, NoGap) else measure_gap(choice, dispersion)
        for year, choice in choices.items()
    }
    periods = choose_periods([*choices.values()])
    newest, earlier = [*(measure_gap(period, dispersion) for period in periods), None, None][:2]
    wide = [measure_gap(period, dispersion, CHANGE_LEVEL) for period in periods]
    return SafetyGap(years, newest, earlier, compare_gaps(*wide) if earlier else None)


def choose_fifths(victims: pd.DataFrame, year: int) -> Fifths | NoGap:
    """Return the two fifths of a year by the years before it, or why they cannot be chosen."""
    if len(victims) < LEAST_AREAS:
        return NoGap.FEW_AREAS
    within = victims[year].to_numpy()
    if np.isnan(within).any():
        return NoGap.NO_COUNT
    before = victims[[y for y in victims if year - MOST_YEARS_BEFORE <= y < year]].dropna(axis=1)
    if before.shape[1] < LEAST_YEARS_BEFORE:
        return NoGap.FEW_YEARS
    shot_before = before.sum(axis=1).to_numpy()
    if not shot_before.any():
        return NoGap.NO_RANKING
    names, residents = (victims.index.get_level_values(at).to_numpy() for at in (0, 1))
    population = residents.astype(np.int64)
    # Of areas with one rate the one with fewer residents comes first, then the name: that nobody
    # was shot says more of a large area than of a small one.
    ranking = np.lexsort((names.astype(str), population, -shot_before / population))
    days = (date(year + 1, 1, 1) - date(year, 1, 1)).days
    both = [order[: count_in_fifth(population[order])] for order in (ranking, ranking[::-1])]
    most, least = (
        FifthTally(int(within[rows].sum()), int(population[rows].sum()) * days) for rows in both
    )
    most_areas, least_areas = (tuple(names[rows]) for rows in both)
    return Fifths(year, year, most, least, (most_areas, least_areas))


def count_in_fifth(population: npt.NDArray[np.int64]) -> int:
    """Return how many of the first areas together come closest to a fifth of all residents.

    `population`: in the order of the ranking. An area that the edge cuts is in where that comes
    closer to a fifth than without it, or as close; the first area always is.
    """
    distance = np.abs(PARTS * np.cumsum(population) - population.sum())
    return len(distance) - int(distance[::-1].argmin())


def choose_periods(choices: Sequence[Fifths | NoGap]) -> list[Fifths]:
    """Return the newest three years together and the earlier three, or those there are.

    `choices`: of each year, oldest first. Each year has the fifths that were chosen for it.
    """
    in_a_row = takewhile(lambda choice: isinstance(choice, Fifths), reversed(choices))
    fifths = [choice for choice in in_a_row if isinstance(choice, Fifths)][:SPAN][::-1]
    periods = [fifths[-PERIOD:], fifths[:PERIOD]][: len(fifths) // PERIOD]
    return [
        Fifths(
            years[0].first,
            years[-1].last,
            _add_tallies(year.most for year in years),
            _add_tallies(year.least for year in years),
        )
        for years in periods
    ]


def _add_tallies(tallies: Iterable[FifthTally]) -> FifthTally:
    return FifthTally(*map(sum, zip(*tallies, strict=True)))


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
    time = tally.resident_days / YEAR / PER
    low, high = bound_rates(np.array(tally.victims), np.array(time), dispersion, level)
    return Interval(tally.victims / time, float(low), float(high))


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
    bounds = [(gap.ratio.ratio, gap.ratio.low, gap.ratio.high) for gap in (newest, earlier)]
    if not all(chain(*bounds)):
        return None
    change = subtract(*(Interval(*map(math.log, filter(None, ratio))) for ratio in bounds))
    return Interval(*map(math.exp, change))


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
    ratio = (gap.ratio.ratio, gap.ratio.low, gap.ratio.high)
    numbers = chain(ratio, gap.difference, gap.most, gap.least)
    victims = (gap.fifths.most.victims, gap.fifths.least.victims)
    areas = map("; ".join, gap.fifths.areas)
    return dict(zip((*NUMBERS, *TEXTS), (*victims, *numbers, *areas), strict=False))
