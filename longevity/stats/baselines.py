"""This year so far against every baseline at once, and whether the answer depends on which.

A baseline of several years is their sum over as many windows. A year that one of its
cities did not report makes the baseline missing: the mean of what is left would be
another baseline.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

import pandas as pd

from longevity.stats.comparison import Comparison, Outcome, compare, judge_by
from longevity.stats.dispersion import (
    Dispersion,
    estimate_dispersion,
    read_slices_by_city,
    sum_series,
)
from longevity.windows import span_year_to_date

TOGETHER = "together"
Dispersions = Mapping[str, Dispersion | None]


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
    """One city (or all together) so far this year, against every baseline."""

    city: str
    through: date
    current: int | None
    against: tuple[BaselineComparison, ...]

    @property
    def answers(self) -> tuple[BaselineComparison, ...]:
        """The baselines there is an answer against."""
        return tuple(a for a in self.against if a.comparison.outcome is not Outcome.UNKNOWN)

    @property
    def more(self) -> tuple[BaselineComparison, ...]:
        """The baselines against which there are more now."""
        return tuple(a for a in self.answers if (a.comparison.difference or 0) > 0)

    @property
    def fewer(self) -> tuple[BaselineComparison, ...]:
        """The baselines against which there are fewer now."""
        return tuple(a for a in self.answers if (a.comparison.difference or 0) < 0)

    @property
    def depends_on_baseline(self) -> bool:
        """Whether it is more against one baseline and fewer against another."""
        return bool(self.more and self.fewer)


def estimate_dispersions(slices: pd.DataFrame, measure: str, cities: Iterable[str]) -> Dispersions:
    """Estimate the dispersion of each of `cities`, and that of their sum as TOGETHER.

    `slices`: as `dispersion.read_slices_by_city` takes them.
    """
    series = read_slices_by_city(slices, measure)
    counts = [series.get(city, []) for city in cities]
    result = {city: estimate_dispersion([each]) for city, each in zip(cities, counts, strict=True)}
    return {**result, TOGETHER: estimate_dispersion([sum_series(counts)])}


def compare_year_to_date(
    frame: pd.DataFrame,
    measure: str,
    through: date,
    launches: Mapping[str, date | None],
    dispersions: Dispersions,
    tested: str | None = None,
) -> list[YearToDate]:
    """Compare each city of `launches` (its launch date, if any), then all of them together.

    `frame`: city, year and counts, each year cut at the month and day of `through`; no row,
    or no count, where a city did not report the whole window. `through` must be a day that
    every city has. A window of a leap year may hold one day more; no count is adjusted.
    `tested`: the count that chance is tested on where it is not `measure`, and whose
    `dispersions` they are.
    """
    counted = _compare_all(frame, measure, through, launches, dispersions)
    if tested is None or tested == measure:
        return counted
    judged = _compare_all(frame, tested, through, launches, dispersions)
    return [_judge_year_by(*both) for both in zip(judged, counted, strict=True)]


def _judge_year_by(tested: YearToDate, counted: YearToDate) -> YearToDate:
    """Return what was counted with the verdicts of the count chance is tested on."""
    intervals = {each.baseline: each.comparison for each in tested.against}
    against = tuple(
        replace(each, comparison=judge_by(intervals[each.baseline], each.comparison))
        for each in counted.against
    )
    return replace(counted, against=against)


def _compare_all(
    frame: pd.DataFrame,
    measure: str,
    through: date,
    launches: Mapping[str, date | None],
    dispersions: Dispersions,
) -> list[YearToDate]:
    by_city: dict[str, list[tuple[int, int]]] = {city: [] for city in launches}
    rows = zip(*(frame[name].tolist() for name in ("city", "year", measure)), strict=True)
    for city, year, count in rows:
        if city in by_city and not pd.isna(count):
            by_city[city].append((int(year), int(count)))
    results = [
        _compare_city(city, years, through, launches[city], dispersions.get(city))
        for city, years in by_city.items()
    ]
    if len(by_city) > 1:
        everywhere = set.intersection(*({year for year, _ in years} for years in by_city.values()))
        together = [
            (
                year,
                sum(count for years in by_city.values() for when, count in years if when == year),
            )
            for year in sorted(everywhere)
        ]
        first = min((day for day in launches.values() if day), default=None)
        results.append(_compare_city(TOGETHER, together, through, first, dispersions.get(TOGETHER)))
    return results


def _compare_city(
    city: str,
    counts: Sequence[tuple[int, int]],
    through: date,
    launch: date | None,
    dispersion: Dispersion | None,
) -> YearToDate:
    """Compare one city with every baseline. `counts`: each year known with its count."""
    by_year = dict(counts)
    current = by_year.get(through.year)
    against = tuple(
        _compare_with(baseline, years, by_year, current, dispersion)
        for baseline, years in _choose_years(through, by_year, launch).items()
    )
    return YearToDate(city, through, current, against)


def _choose_years(
    through: date, by_year: Mapping[int, int], launch: date | None
) -> dict[Baseline, tuple[int, ...]]:
    """Return the years of each baseline; without a launch nothing was before a program."""
    this_year = through.year
    years: dict[Baseline, tuple[int, ...]] = {
        Baseline.LAST_YEAR: (this_year - 1,),
        Baseline.THREE_YEARS: tuple(range(this_year - 3, this_year)),
        Baseline.FIVE_YEARS: tuple(range(this_year - 5, this_year)),
    }
    if launch is None:
        return years
    # Windows that end before the first day of the program, this year's excepted.
    before = [y for y in by_year if y < this_year and span_year_to_date(through, y)[1] <= launch]
    return {**years, Baseline.BEFORE: tuple(range(min(before), max(before) + 1)) if before else ()}


def _compare_with(
    baseline: Baseline,
    years: tuple[int, ...],
    by_year: Mapping[int, int],
    current: int | None,
    dispersion: Dispersion | None,
) -> BaselineComparison:
    counts = [by_year[year] for year in years if year in by_year]
    total = sum(counts) if years and len(counts) == len(years) else None
    comparison = compare(current, total, 1.0, float(len(years) or 1), dispersion)
    return BaselineComparison(baseline, years, comparison)
