"""This year so far against every baseline, and whether the answer depends on which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import partial

from longevity.absent import Count
from longevity.findings.counting import Counts, make_counting
from longevity.findings.finding import TOGETHER, Against, Finding, find
from longevity.stats.comparison import Outcome
from longevity.stats.dispersion import Dispersion
from longevity.windows import Window, span_year_to_date


class Baseline(StrEnum):
    """What this year is compared with; the value is what it is called."""

    LAST_YEAR = "last year"
    THREE_YEARS = "the 3-year average"
    FIVE_YEARS = "the 5-year average"
    BEFORE = "the pre-program average"


@dataclass(frozen=True)
class YearToDate:
    """One city (or TOGETHER) so far this year, against every baseline."""

    place: str
    name: str
    through: date
    against: Mapping[Baseline, Finding]

    @property
    def last_year(self) -> Finding:
        """The finding against the same days of last year."""
        return self.against[Baseline.LAST_YEAR]

    @property
    def now(self) -> Count:
        """The count so far."""
        return self.last_year.now

    @property
    def answers(self) -> dict[Baseline, Finding]:
        """The baselines that there is an answer against."""
        return {
            baseline: finding
            for baseline, finding in self.against.items()
            if finding.tested.outcome is not Outcome.UNKNOWN
        }


def find_year_to_date(
    counts: Mapping[str, Counts],
    measure: str,
    through: date,
    launches: Mapping[str, date | None],
    dispersions: Mapping[str, Dispersion | None],
    names: Mapping[str, str],
    least_base: int,
) -> dict[str, YearToDate]:
    """Compare this year so far of each city of `launches` (its launch date, if any), then of those
    of `counts` TOGETHER, with every baseline.

    `counts`: by city and measure each year's days up to that of `through`. A window of a leap year
    may hold one day more; no count is adjusted. `dispersions`: of the measure that is tested.
    """
    by_place = {city: counts.get(city, {}) for city in launches}
    launched = dict(launches)
    by_place[TOGETHER] = add_places([*counts.values()])
    launched[TOGETHER] = min((day for day in launches.values() if day), default=None)
    window = span_year_to_date(through, through.year)
    result = {}
    for place, known in by_place.items():
        hold = partial(
            find,
            make_counting(known),
            measure,
            window,
            dispersion=dispersions.get(place),
            place=place,
            name=names[place],
            least_base=least_base,
        )
        baselines = list_baselines(through, known.get(measure, {}), launched[place])
        against = {baseline: hold(against=earlier) for baseline, earlier in baselines.items()}
        result[place] = YearToDate(place, names[place], through, against)
    return result


def add_places(places: Sequence[Counts]) -> Counts:
    """Return the sum of places, in the windows that all of them know."""
    measures = set.intersection(*(set(counts) for counts in places)) if places else set()
    result = {}
    for measure in measures:
        first, *others = (counts[measure] for counts in places)
        shared = [window for window in first if all(window in other for other in others)]
        result[measure] = {w: sum(counts[measure][w] for counts in places) for w in shared}
    return result


def list_baselines(
    through: date, known: Mapping[Window, int], launch: date | None
) -> dict[Baseline, Against]:
    """List the years of each baseline; without a launch nothing was before a program."""
    this_year = through.year
    years: dict[Baseline, Sequence[int]] = {
        Baseline.LAST_YEAR: (this_year - 1,),
        Baseline.THREE_YEARS: range(this_year - 3, this_year),
        Baseline.FIVE_YEARS: range(this_year - 5, this_year),
    }
    if launch:
        # Windows that end before the first day of the program, this year's excepted.
        before = [
            first.year for first, until in known if first.year < this_year and until <= launch
        ]
        years[Baseline.BEFORE] = range(min(before), max(before) + 1) if before else ()
    return {
        baseline: Against(
            baseline.value,
            name_years(of),
            tuple(span_year_to_date(through, year) for year in of),
        )
        for baseline, of in years.items()
    }


def name_years(years: Sequence[int]) -> str:
    """Return "the same days of 2023 to 2025", the years a baseline is made of."""
    if not years:
        return "the years before the program"
    first, last = years[0], years[-1]
    return f"the same days of {first}" if first == last else f"the same days of {first} to {last}"
