"""7 days, 28 days and the year so far against every baseline, with what chance allows.

Shootings are tested, not people: those shot in one shooting are not independent. Where the
city's sources do not hold every shooting, the people killed in them are what is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

import pandas as pd

from longevity.stats import baselines, windows
from longevity.stats.baselines import Baseline
from longevity.stats.comparison import Comparison, Outcome, compare
from longevity.stats.dispersion import Dispersion, estimate_dispersion_before
from longevity.text import change_wording, wording
from longevity.text.baselines import name_years

TESTED = "incidents"
DAYS = (7, 28)
SHOWN = ((TESTED, "Shootings"), ("victims", "People shot"))
SHOWN_OF_KILLED = (("fatal", "People shot and killed"),)
COLUMNS = ("Days before", "Last year", "Mean of 3 years", "Mean of 5 years")


What = tuple[str, str, bool]  # a measure, its words, whether it is tested


@dataclass(frozen=True)
class Line:
    """One window of one count against each of COLUMNS.

    `against` holds the comparisons and the words for when; `tested` is False for people who
    may have been shot in one shooting.
    """

    label: str
    measure: str
    current: int | None
    against: tuple[tuple[Comparison, str], ...]
    tested: bool

    def cells(self, least_base: int) -> list[str]:
        """What stands under each of COLUMNS: the count or mean, and the verdict."""
        return [_cell(compared, self.tested, least_base) for compared, _ in self.against]


def counts_shown(measures: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """What is told of a city whose counts are `measures`, the tested one first, with its words."""
    return SHOWN if TESTED in measures else SHOWN_OF_KILLED


def lines(
    daily: pd.DataFrame,
    ending: date,
    launched: date,
    of: Sequence[tuple[str, str]] = SHOWN,
) -> list[Line]:
    """Each count of `of` in each window, the first of them tested: shootings, then people shot.

    `daily`: `victims_by_day` of one city. For the year so far the days before are the mean of
    the years before the program.
    """
    found = []
    running = windows.RunningTotals(daily)
    years = range(pd.Timestamp(daily["day"].min()).year, ending.year + 1)
    for at, counted in enumerate(of):
        what = (*counted, at == 0)
        dispersion = estimate_dispersion_before(
            ending + windows.DAY, partial(_count, running, what[0])
        )
        found += [_window(running, what, ending, days, dispersion) for days in DAYS]
        found.append(_so_far(running, what, ending, launched, years, dispersion))
    return found


def count(daily: pd.DataFrame, measure: str, ending: date, days: int) -> int | None:
    """The count of the days that end on `ending`; None where one is not known."""
    return counts(daily, ending, [(measure, days)])[0]


def counts(daily: pd.DataFrame, ending: date, asked: Sequence[tuple[str, int]]) -> list[int | None]:
    """The same of several counts, each over so many days."""
    running = windows.RunningTotals(daily)
    return [
        _count(running, measure, windows.span_last_days(ending, days)) for measure, days in asked
    ]


def _count(running: windows.RunningTotals, measure: str, span: tuple[date, date]) -> int | None:
    """Of the one city there is; None where it has no complete day."""
    city = next(iter(running.cities), "")
    return running.count(city, measure, span)


def _window(
    running: windows.RunningTotals,
    what: What,
    ending: date,
    days: int,
    dispersion: Dispersion | None,
) -> Line:
    measure, noun, tested = what
    spans = {str(back): windows.span_last_days(ending, days, back) for back in range(6)}
    start = spans["0"][0]
    spans["before"] = windows.span_last_days(start - windows.DAY, days)
    found = {label: _count(running, measure, span) for label, span in spans.items()}
    years = [found[str(back)] for back in range(1, 6)]
    against = [
        (compare(found["0"], found["before"], 1, 1, dispersion), f"the {days} days before"),
    ]
    for back in (1, 3, 5):
        known = [count for count in years[:back] if count is not None]
        total = sum(known) if len(known) == back else None
        when = f"the same days of {ending.year - 1}"
        if back > 1:
            when = f"the same days of {ending.year - back} to {ending.year - 1}"
        against.append((compare(found["0"], total, 1, back, dispersion), when))
    return Line(f"{noun}, {days} days", measure, found["0"], tuple(against), tested)


def _so_far(
    running: windows.RunningTotals,
    what: What,
    ending: date,
    launched: date,
    years: range,
    dispersion: Dispersion | None,
) -> Line:
    measure, noun, tested = what
    city = next(iter(running.cities), "")
    counted = {
        year: _count(running, measure, windows.span_year_to_date(ending, year)) for year in years
    }
    known = {year: count for year, count in counted.items() if count is not None}
    frame = pd.DataFrame({"city": city, "year": list(known), measure: list(known.values())})
    told = baselines.compare_year_to_date(
        frame, measure, ending, {city: launched}, {city: dispersion}
    )[0]
    by = {one.baseline: (one.comparison, name_years(one.years)) for one in told.against}
    order = (Baseline.BEFORE, Baseline.LAST_YEAR, Baseline.THREE_YEARS, Baseline.FIVE_YEARS)
    against = tuple(by[baseline] for baseline in order)
    return Line(f"{noun}, this year", measure, told.current, against, tested)


def _cell(compared: Comparison, tested: bool, least_base: int) -> str:
    if compared.base is None:
        return "not known"
    base = f"{compared.base:,.1f}".removesuffix(".0")
    if not tested:
        return base
    if compared.outcome is Outcome.NONE:
        return change_wording.SHORT[Outcome.NONE]
    percent = None
    if compared.current is not None:
        percent = wording.percentage_change(compared.current, compared.base, least_base)
    change = f" ({percent})" if percent and compared.difference else ""
    verdict = change_wording.SHORT[compared.outcome]
    return f"{base} {change_wording.ARROWS[compared.outcome]} {verdict}{change}"


def sentence(found: list[Line], ending: date, least_base: int) -> str:
    """The 28 days against those before, in the wording every comparison has."""
    line = found[1]
    noun = line.label.partition(",")[0]
    compared, when = line.against[0]
    said = change_wording.tell(compared, when, least_base).sentence
    return f"{noun} in the 28 days to {wording.day(ending)}: {said[:1].lower()}{said[1:]}"


def in_full(found: list[Line], least_base: int) -> list[str]:
    """Every comparison that is tested, in its own sentence with the interval."""
    return [
        f"{line.label}: {change_wording.tell(compared, when, least_base).sentence}"
        for line in found
        if line.tested
        for compared, when in line.against
    ]


def headline(name: str, words: str, daily: pd.DataFrame, ending: date, why_not: str = "") -> str:
    """The week in counts. `why_not` says that the city's sources do not hold every shooting."""
    asked = [(measure, 7) for measure in (TESTED, "victims", "fatal")]
    shootings, shot, killed = counts(daily, ending, asked)
    if why_not and killed is not None:
        dead = "1 person was" if killed == 1 else f"{wording.number(killed)} people were"
        dead = dead if killed else "nobody was"
        return f"{name}, {words}: {dead} shot and killed. {why_not}"
    if shootings is None or shot is None or killed is None:
        return f"{name}, {words}: not every day of the week is known."
    if not shootings:
        return f"{name}, {words}: nobody was shot."
    people = "1 person was shot" if shot == 1 else f"{wording.number(shot)} people were shot"
    dead = wording.killed_of(killed, shot)
    return f"{name}, {words}: {people} in {wording.counted(shootings, 'shooting')}, {dead}."


NOTE = (
    "Under 'Days before' the year so far stands against the mean of the years before the program. "
    "≈ no clear change: chance alone could explain the difference."
)
OF_SHOOTINGS = "More than chance is told of shootings, not of people shot."


def note(of: Sequence[tuple[str, str]]) -> str:
    """How the comparisons of these counts are to be read."""
    return f"{OF_SHOOTINGS} {NOTE}" if of == SHOWN else NOTE
