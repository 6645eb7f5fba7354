"""This year so far against every baseline, and whether the answer depends on which.

The baselines are the same days of last year, the average of 3 or 5 years, and that of the years
before the program.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import pandas as pd

from longevity.facts.counted import MEASURES, say_clause
from longevity.facts.windows import Window, span_year_to_date
from longevity.findings import change_wording
from longevity.findings.change_wording import VERDICTS
from longevity.findings.counting import Counts, make_counting
from longevity.findings.finding import CLEAR, TOGETHER, Against, Finding, find
from longevity.stats.comparison import Outcome
from longevity.stats.dispersion import Dispersion
from longevity.words import dates, wording
from longevity.words.absent import Count
from longevity.words.language import Spoken, translate
from longevity.words.say import say


class Baseline(StrEnum):
    """What this year is compared with; the value is what it is called."""

    LAST_YEAR = "last year"
    THREE_YEARS = "the 3-year average"
    FIVE_YEARS = "the 5-year average"
    BEFORE = "the pre-program average"
    DAYS_BEFORE = "the days before"  # of a week, and of 28 days


BASELINES = Spoken({baseline: baseline.value for baseline in Baseline})
YEARS = {Baseline.LAST_YEAR: 1, Baseline.THREE_YEARS: 3, Baseline.FIVE_YEARS: 5}


@dataclass(frozen=True)
class Compared:
    """One count of a place against every baseline; `name`: the place's, or what is counted."""

    name: str
    against: Mapping[Baseline, Finding]

    @property
    def last_year(self) -> Finding:
        """The finding against the same days of last year."""
        return self.against[Baseline.LAST_YEAR]

    @property
    def place(self) -> str:
        """The place, by its id."""
        return self.last_year.place

    @property
    def now(self) -> Count:
        """The count of this year so far."""
        return self.last_year.now


def find_year_to_date(
    counts: Mapping[str, Counts],
    measure: str,
    through: date,
    launches: Mapping[str, date | None],
    dispersions: Mapping[str, Dispersion | None],
    names: Mapping[str, str],
    least_base: int,
) -> dict[str, Compared]:
    """Compare this year so far with every baseline: of each city, then of all together.

    `launches`: the cities, with the first day of the program, if any. `counts`: by city, those of
    each year's days up to that of `through`; a window of a leap year may hold one day more, and no
    count is adjusted. `dispersions`: by city, of the measure that is tested.
    """
    first = min((day for day in launches.values() if day), default=None)
    window = span_year_to_date(through, through.year)
    result = {}
    for place, launch in {**launches, TOGETHER: first}.items():
        known = add_places([*counts.values()]) if place == TOGETHER else counts.get(place, {})
        against = {
            baseline: find(
                make_counting(known),
                measure,
                window,
                earlier,
                dispersion=dispersions.get(place),
                place=place,
                name=names[place],
                least_base=least_base,
            )
            for baseline, earlier in list_baselines(through, known.get(measure, {}), launch).items()
        }
        result[place] = Compared(names[place], against)
    return result


def add_places(places: Sequence[Counts]) -> Counts:
    """Return the sum of several places' counts, in the windows that all of them know."""
    measures = set.intersection(*(set(counts) for counts in places)) if places else set()
    result = {}
    for measure in measures:
        first, *others = (counts[measure] for counts in places)
        shared = [window for window in first if all(window in other for other in others)]
        result[measure] = {w: sum(counts[measure][w] for counts in places) for w in shared}
    return result


def list_baselines(
    through: date, known: Iterable[Window], launch: date | None
) -> dict[Baseline, Against]:
    """Return the earlier times that this year so far is compared with, by baseline.

    `known`: windows that have a count. Without a launch there is no pre-program average.
    """
    this_year = through.year
    years = {baseline: range(this_year - back, this_year) for baseline, back in YEARS.items()}
    if launch:
        # Windows that end before the first day of the program, this year's excepted.
        before = [
            first.year for first, until in known if first.year < this_year and until <= launch
        ]
        years[Baseline.BEFORE] = range(min(before, default=0), max(before, default=-1) + 1)
    return {
        baseline: Against(
            name=baseline.value,
            days=name_years(of),
            windows=tuple(span_year_to_date(through, year) for year in of),
        )
        for baseline, of in years.items()
    }


def name_years(years: Sequence[int], days: str = "days") -> str:
    """Return "the same days of 2023 to 2025", the years a baseline is made of."""
    if not years:
        return translate("the years before the program")
    span = dates.format_years(years[0], years[-1])
    if days != "days":
        return f"the same {days} of {span}"  # of a city's week, which is in English
    return translate("the same days of {years}", years=span)


def list_facts(finding: Finding) -> dict[str, Any]:
    """Return what sentences may say of a finding: what is counted, its days, its counts."""
    return {
        "noun": MEASURES[finding.measure],
        "days": wording.format_period(*finding.window),
        "this_year": finding.window[0].year,
        "year": finding.window[0].year - 1,
        "now": finding.now,
        "before": finding.before,
    }


def write_headline(together: Finding, cities: Sequence[Finding]) -> str:
    """Return the sentence the first screen opens on: all cities together, then each.

    Where there is one city, or one whose count is not known, it says what there is of each.
    """
    with_counts = [finding for finding in cities if finding.difference is not None]
    if together.difference is None or len(with_counts) < 2:
        return f"{write_title(cities)}."
    difference = together.difference
    way = "more" if difference > 0 else "fewer" if difference else "same"
    return say(
        f"year_to_date.headline_{way}",
        list_facts(together),
        amount=change_wording.format_change(together).lstrip("−+"),
        places=together.name[:1].lower() + together.name[1:],
        verdict=VERDICTS[together.verdict],
        changes=describe_changes(with_counts, with_counts=False),
    )


def write_title(cities: Sequence[Finding]) -> str:
    """Return each city's verdict and its two counts in a sentence, cities alike together."""
    changes = describe_changes(cities)
    name = f"year_to_date.title{'' if changes else '_none'}"
    return say(name, list_facts(cities[0]), changes=changes)


def describe_changes(cities: Sequence[Finding], with_counts: bool = True) -> str:
    """Return "clearly down in East (60 from 100), no clear change in West (44 from 40)".

    "" where nothing can be compared.
    """
    by_verdict: dict[Outcome, list[str]] = {verdict: [] for verdict in (*CLEAR, Outcome.UNCLEAR)}
    for finding in cities:
        if finding.difference is not None:
            counts = say("year_to_date.city", list_facts(finding), places=finding.name)
            by_verdict[finding.verdict].append(counts if with_counts else finding.name)
    return ", ".join(
        say("year_to_date.changed", verdict=VERDICTS[verdict], places=places)
        for verdict, places in by_verdict.items()
        if places
    )


def write_baselines_title(years: Sequence[Compared]) -> str:
    """Say against which baselines each city is clearly up or down, cities alike together."""
    by_summary: dict[str, list[str]] = {}
    for year in years:
        is_known = any(f.tested.outcome is not Outcome.UNKNOWN for f in year.against.values())
        if year.place != TOGETHER and is_known:
            by_summary.setdefault(_sum_up_baselines(year), []).append(year.name)
    changes = "; ".join(
        translate("{places} {change}", places=wording.join_words(names), change=summary)
        for summary, names in by_summary.items()
    )
    name = f"year_to_date.baselines{'' if changes else '_none'}"
    return say(name, list_facts(years[0].last_year), changes=changes)


def _sum_up_baselines(year: Compared) -> str:
    """Return "clearly down against last year and the 3-year average"."""
    said = []
    for verdict in CLEAR:
        clear = [
            BASELINES[of] for of, finding in year.against.items() if finding.verdict is verdict
        ]
        if clear:
            names = clear if len(clear) < len(year.against) else [translate("every baseline")]
            facts = {"verdict": VERDICTS[verdict], "baselines": names}
            said.append(say("year_to_date.against", facts))
    return wording.join_words(said) or VERDICTS[Outcome.UNCLEAR]


def build_baseline_table(years: Sequence[Compared]) -> pd.DataFrame:
    """Build a row of text for each place and baseline; an empty cell is not known."""
    return pd.DataFrame(
        {"City": year.name, "Against": baseline.value, **change_wording.list_cells(finding)}
        for year in years
        for baseline, finding in year.against.items()
    )


def write_in_full(together: Finding, killed: int | None, cities: Sequence[str]) -> str:
    """Return the count of all cities together in a sentence.

    `killed`: how many of them, where people shot are counted; `cities`: the names of those counted.
    """
    return say(
        "year_to_date.in_full",
        clause=say_clause(together.measure, n=together.now),
        places=cities,
        during=wording.format_during(*together.window),
        killed=killed,
    )


def format_days_of_year(through: date) -> str:
    """Name the days a count of any year holds: "January 1 to November 22"."""
    first, last = map(dates.format_day_of_year, (through.replace(month=1, day=1), through))
    return last if last == first else translate("{day} to {last_day}", day=first, last_day=last)


def format_days_so_far(through: date) -> str:
    """Name the days of this year so far with its number, for a tile: "Jan 1 to Nov 22, 2026"."""
    first, last = through.replace(month=1, day=1), dates.format_short(through)
    if through == first:
        return last
    return translate("{day} to {last_day}", day=dates.shorten_day_of_year(first), last_day=last)
