"""This year so far against every baseline at once, and whether the answer depends on which.

A baseline of several years is their sum over as many windows. A year that one of its
cities did not report makes the baseline missing: the mean of what is left would be
another baseline.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import pandas as pd

from longevity.stats.comparison import Comparison, Outcome, compare
from longevity.stats.dispersion import (
    Dispersion,
    estimate_dispersion,
    read_slices_by_city,
    sum_series,
)
from longevity.stats.windows import span_year_to_date

TOGETHER = "together"
Dispersions = Mapping[str, Dispersion | None]
# Of how many earlier changes from one year to the next is told, and from how few still.
CHANGES, LEAST_CHANGES = 10, 5


class Baseline(StrEnum):
    """What this year is compared with."""

    LAST_YEAR = "last_year"
    THREE_YEARS = "three_years"  # the mean of the last three
    FIVE_YEARS = "five_years"
    BEFORE = "before"  # the mean of the years before the program


@dataclass(frozen=True)
class BaselineComparison:
    """This year so far against one baseline; `years` are those it is made of."""

    baseline: Baseline
    years: tuple[int, ...]
    comparison: Comparison


@dataclass(frozen=True)
class YearToDate:
    """One city (or all together) so far this year, against every baseline.

    `larger_than`: than how many of how many earlier changes from one year to the next the
    newest is larger; None where there are too few.
    """

    city: str
    through: date
    current: int | None
    against: tuple[BaselineComparison, ...]
    larger_than: tuple[int, int] | None = None

    @property
    def known(self) -> tuple[BaselineComparison, ...]:
        """The baselines there is an answer against."""
        return tuple(a for a in self.against if a.comparison.outcome is not Outcome.UNKNOWN)

    @property
    def more(self) -> tuple[BaselineComparison, ...]:
        """The baselines against which there are more now."""
        return tuple(a for a in self.known if (a.comparison.difference or 0) > 0)

    @property
    def fewer(self) -> tuple[BaselineComparison, ...]:
        """The baselines against which there are fewer now."""
        return tuple(a for a in self.known if (a.comparison.difference or 0) < 0)

    @property
    def depends(self) -> bool:
        """Whether it is more against one baseline and fewer against another."""
        return bool(self.more and self.fewer)


def estimate_dispersions(slices: pd.DataFrame, measure: str, cities: Iterable[str]) -> Dispersions:
    """The dispersion of each of `cities`, and that of their sum as TOGETHER.

    `slices`: what `rolling_by_city` answers to `dispersion.IN_SLICES`.
    """
    series = read_slices_by_city(slices, measure)
    own = [series.get(city, []) for city in cities]
    found = {city: estimate_dispersion([each]) for city, each in zip(cities, own, strict=True)}
    return {**found, TOGETHER: estimate_dispersion([sum_series(own)])}


def compare_year_to_date(
    frame: pd.DataFrame,
    measure: str,
    through: date,
    launches: Mapping[str, date],
    dispersions: Dispersions,
) -> list[YearToDate]:
    """Each city of `launches` (its launch date), then all of them together.

    `frame`: city, year and counts, each year cut at the month and day of `through`; no row,
    or no count, where a city did not report the whole window. `through` must be a day that
    every city has. A window of a leap year may hold one day more; no count is adjusted.
    """
    counted: dict[str, list[tuple[int, int]]] = {city: [] for city in launches}
    rows = zip(*(frame[name].tolist() for name in ("city", "year", measure)), strict=True)
    for city, year, count in rows:
        if city in counted and not pd.isna(count):
            counted[city].append((int(year), int(count)))
    told = [
        _compare_city(city, own, through, launches[city], dispersions.get(city))
        for city, own in counted.items()
    ]
    if len(counted) > 1:
        everywhere = set.intersection(*({year for year, _ in own} for own in counted.values()))
        together = [
            (year, sum(count for own in counted.values() for when, count in own if when == year))
            for year in sorted(everywhere)
        ]
        first = min(launches.values())
        told.append(_compare_city(TOGETHER, together, through, first, dispersions.get(TOGETHER)))
    return told


def _compare_city(
    city: str,
    counted: Sequence[tuple[int, int]],
    through: date,
    launched: date,
    dispersion: Dispersion | None,
) -> YearToDate:
    """`counted`: each year known with its count."""
    by_year = dict(counted)
    current = by_year.get(through.year)
    against = tuple(
        _compare_with(baseline, years, by_year, current, dispersion)
        for baseline, years in _choose_years(through, by_year, launched).items()
    )
    return YearToDate(city, through, current, against, _rank_change(by_year, through.year))


def _rank_change(by_year: Mapping[int, int], year: int) -> tuple[int, int] | None:
    """Than how many of the last changes from one year to the next that of `year` is larger.

    A change is as large as the higher count over the lower: halved is as much as doubled.
    """
    sizes = {
        later: max(count, by_year[later - 1]) / (min(count, by_year[later - 1]) or 0.5)
        for later, count in by_year.items()
        if later - 1 in by_year
    }
    newest = sizes.get(year)
    earlier = [sizes[later] for later in sorted(sizes) if later < year][-CHANGES:]
    if newest is None or len(earlier) < LEAST_CHANGES:
        return None
    return sum(newest > size for size in earlier), len(earlier)


def _choose_years(
    through: date, by_year: Mapping[int, int], launched: date
) -> dict[Baseline, tuple[int, ...]]:
    this = through.year
    # Windows that end before the first day of the program, this year's excepted.
    before = [y for y in by_year if y < this and span_year_to_date(through, y)[1] <= launched]
    return {
        Baseline.LAST_YEAR: (this - 1,),
        Baseline.THREE_YEARS: tuple(range(this - 3, this)),
        Baseline.FIVE_YEARS: tuple(range(this - 5, this)),
        Baseline.BEFORE: tuple(range(min(before), max(before) + 1)) if before else (),
    }


def _compare_with(
    baseline: Baseline,
    years: tuple[int, ...],
    by_year: Mapping[int, int],
    current: int | None,
    dispersion: Dispersion | None,
) -> BaselineComparison:
    reported = [by_year[year] for year in years if year in by_year]
    total = sum(reported) if years and len(reported) == len(years) else None
    compared = compare(current, total, 1.0, float(len(years) or 1), dispersion)
    return BaselineComparison(baseline, years, compared)
