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
from longevity.stats.dispersion import Dispersion, by_city, of_series, summed
from longevity.stats.windows import to_date
from longevity.text import change_wording, counts, wording
from longevity.text.change_wording import ChangeText

TOGETHER = "together"
Dispersions = Mapping[str, Dispersion | None]
# Of how many earlier changes from one year to the next is told, and from how few still.
CHANGES, LEAST_CHANGES = 10, 5


class Baseline(StrEnum):
    """What this year is compared with."""

    LAST_YEAR = "last year"
    THREE_YEARS = "the mean of the last 3 years"
    FIVE_YEARS = "the mean of the last 5 years"
    BEFORE = "the mean of the years before the program"


@dataclass(frozen=True)
class Against:
    """This year so far against one baseline; `years` are those it is made of."""

    baseline: Baseline
    years: tuple[int, ...]
    when: str
    comparison: Comparison

    def told(self, least_base: int) -> ChangeText:
        """The comparison in words."""
        return change_wording.describe_change(self.comparison, self.when, least_base)


@dataclass(frozen=True)
class YearToDate:
    """One city (or all together) so far this year, against every baseline.

    `larger_than`: than how many of how many earlier changes from one year to the next the
    newest is larger; None where there are too few.
    """

    city: str
    through: date
    current: int | None
    against: tuple[Against, ...]
    larger_than: tuple[int, int] | None = None

    @property
    def known(self) -> tuple[Against, ...]:
        """The baselines there is an answer against."""
        return tuple(a for a in self.against if a.comparison.outcome is not Outcome.UNKNOWN)

    @property
    def more(self) -> tuple[Against, ...]:
        """The baselines against which there are more now."""
        return tuple(a for a in self.known if (a.comparison.difference or 0) > 0)

    @property
    def fewer(self) -> tuple[Against, ...]:
        """The baselines against which there are fewer now."""
        return tuple(a for a in self.known if (a.comparison.difference or 0) < 0)

    @property
    def depends(self) -> bool:
        """Whether it is more against one baseline and fewer against another."""
        return bool(self.more and self.fewer)

    @property
    def sentence(self) -> str:
        """How the baselines agree. It never claims a change no interval claims."""
        if self.current is None:
            return f"{counts.format_year_so_far(self.through)} is not known."
        if not self.known:
            return "There is no earlier year to compare with."
        if self.depends:
            return (
                f"{change_wording.DEPENDS}: more than {_named(self.more)}, "
                f"fewer than {_named(self.fewer)}. {_verdicts(self.known)}"
            )
        return _verdicts(self.known)


def _named(against: tuple[Against, ...]) -> str:
    return wording.join_words([a.baseline.value for a in against])


def _verdicts(known: tuple[Against, ...]) -> str:
    """ "Against last year up, by more than chance would explain; against … no clear change." """
    short = {
        Outcome.UP: change_wording.VERDICTS[Outcome.UP],
        Outcome.DOWN: change_wording.VERDICTS[Outcome.DOWN],
        Outcome.UNCLEAR: "no clear change",
        Outcome.NONE: "none now and none then",
    }
    parts = []
    for outcome, words in short.items():
        own = tuple(a for a in known if a.comparison.outcome is outcome)
        if own:
            named = "every baseline" if len(own) == len(Baseline) else _named(own)
            parts.append(f"against {named} {words}")
    said = "; ".join(parts)
    return f"{said[:1].upper()}{said[1:]}."


def dispersions(slices: pd.DataFrame, measure: str, cities: Iterable[str]) -> Dispersions:
    """The dispersion of each of `cities`, and that of their sum as TOGETHER.

    `slices`: what `rolling_by_city` answers to `dispersion.IN_SLICES`.
    """
    series = by_city(slices, measure)
    own = [series.get(city, []) for city in cities]
    found = {city: of_series([each]) for city, each in zip(cities, own, strict=True)}
    return {**found, TOGETHER: of_series([summed(own)])}


def year_to_date(
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
        _one(city, own, through, launches[city], dispersions.get(city))
        for city, own in counted.items()
    ]
    if len(counted) > 1:
        everywhere = set.intersection(*({year for year, _ in own} for own in counted.values()))
        together = [
            (year, sum(count for own in counted.values() for when, count in own if when == year))
            for year in sorted(everywhere)
        ]
        first = min(launches.values())
        told.append(_one(TOGETHER, together, through, first, dispersions.get(TOGETHER)))
    return told


def _one(
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
        _against(baseline, years, by_year, current, dispersion)
        for baseline, years in _baselines(through, by_year, launched).items()
    )
    return YearToDate(city, through, current, against, _larger_than(by_year, through.year))


def _larger_than(by_year: Mapping[int, int], year: int) -> tuple[int, int] | None:
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


def _baselines(
    through: date, by_year: Mapping[int, int], launched: date
) -> dict[Baseline, tuple[int, ...]]:
    this = through.year
    # Windows that end before the first day of the program, this year's excepted.
    before = [y for y in by_year if y < this and to_date(through, y)[1] <= launched]
    return {
        Baseline.LAST_YEAR: (this - 1,),
        Baseline.THREE_YEARS: tuple(range(this - 3, this)),
        Baseline.FIVE_YEARS: tuple(range(this - 5, this)),
        Baseline.BEFORE: tuple(range(min(before), max(before) + 1)) if before else (),
    }


def _against(
    baseline: Baseline,
    years: tuple[int, ...],
    by_year: Mapping[int, int],
    current: int | None,
    dispersion: Dispersion | None,
) -> Against:
    reported = [by_year[year] for year in years if year in by_year]
    total = sum(reported) if years and len(reported) == len(years) else None
    compared = compare(current, total, 1.0, float(len(years) or 1), dispersion)
    return Against(baseline, years, _when(years), compared)


def _when(years: tuple[int, ...]) -> str:
    if not years:
        return "the years before the program"
    first, last = years[0], years[-1]
    return f"the same days of {first}" if first == last else f"the same days of {first} to {last}"


def table(told: list[YearToDate], names: Mapping[str, str], least_base: int) -> pd.DataFrame:
    """Every city against every baseline as text, a row each; an empty cell is not known.

    `names`: the city's name by id, and what all of them together are called.
    """
    rows = []
    for city in told:
        for against in city.against:
            words = against.told(least_base)
            known = against.comparison.base is not None and city.current is not None
            rows.append(
                {
                    "City": names[city.city],
                    "Against": against.baseline.value,
                    "Change": f"{words.arrow} {words.verdict}",
                    "Counts": words.counts,
                    "Difference": words.difference,
                    "In percent": (words.percentage or change_wording.TOO_FEW) if known else "",
                    "Interval": words.interval,
                }
            )
    return pd.DataFrame(rows)
