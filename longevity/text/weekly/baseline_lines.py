"""7 days, 28 days and the year so far against every baseline, with what chance allows.

Shootings are tested, not people: those shot in one shooting are not independent. Where the
city's sources do not hold every shooting, the people killed in them are what is counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

import pandas as pd

from longevity import windows
from longevity.stats import baselines
from longevity.stats.baselines import Baseline
from longevity.stats.comparison import Comparison, Outcome, compare
from longevity.stats.dispersion import Dispersion, estimate_dispersion_before
from longevity.text import change_wording, wording
from longevity.text.baselines import name_years
from longevity.text.counts import format_count, format_days_of_year
from longevity.text.headlines import Change

TEST_MEASURE = "incidents"
DAYS = (7, 28)
COUNTS = ((TEST_MEASURE, "Shootings"), ("victims", "People shot"))
COUNTS_OF_KILLED = (("fatal", "People shot and killed"),)
LAST_YEAR = 1  # its place in COLUMNS
COLUMNS = ("Days before", "Last year", "3-year average", "5-year average")


Counts = Sequence[tuple[str, str]]  # measures, each with its words
CountSpec = tuple[str, str, bool]  # a measure, its words, whether it is tested


@dataclass(frozen=True)
class Line:
    """One window of one count against each of COLUMNS.

    `against` holds the comparisons and the words for when, which are empty where there is no such
    time; `is_tested` is False for people who may have been shot in one shooting. `a_year_before`
    names the days beside which it stands.
    """

    label: str
    measure: str
    current: int | None
    against: tuple[tuple[Comparison, str], ...]
    is_tested: bool
    a_year_before: str

    def build_cells(self, least_base: int) -> list[str]:
        """Return what stands under each of COLUMNS: the count or mean, and the verdict."""
        return [
            _format_cell(comparison, self.is_tested, least_base) if when else ""
            for comparison, when in self.against
        ]


def choose_counts(measures: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return the counts shown of a city with `measures` and their words, the tested one first."""
    return COUNTS if TEST_MEASURE in measures else COUNTS_OF_KILLED


def build_lines(
    daily: pd.DataFrame,
    ending: date,
    launch: date | None,
    counts: Counts = COUNTS,
) -> list[Line]:
    """Build a line for each of `counts` in each window; the first of them is tested.

    `daily`: `victims_by_day` of one city. For the year so far the days before are the mean of
    the years before the program.
    """
    lines = []
    running = windows.RunningTotals(daily)
    years = range(pd.Timestamp(daily["day"].min()).year, ending.year + 1)
    for at, (measure, noun) in enumerate(counts):
        spec = (measure, noun, at == 0)
        dispersion = estimate_dispersion_before(
            ending + windows.DAY, partial(_count_span, running, measure)
        )
        lines += [_build_window_line(running, spec, ending, days, dispersion) for days in DAYS]
        lines.append(_build_year_line(running, spec, ending, launch, years, dispersion))
    return lines


def build_table(lines: list[Line], least_base: int) -> pd.DataFrame:
    """Return the lines as a table of text: the count, then COLUMNS."""
    rows = [
        (line.label, format_count(line.current), *line.build_cells(least_base)) for line in lines
    ]
    return pd.DataFrame(rows, columns=["", "Now", *COLUMNS], dtype="str")


def count_week(daily: pd.DataFrame, ending: date) -> tuple[int | None, ...]:
    """Count shootings, people shot and people killed in seven days; None for what is not known.

    `daily`: `victims_by_day` of one city.
    """
    running, span = windows.RunningTotals(daily), windows.span_last_days(ending, DAYS[0])
    return tuple(_count_span(running, each, span) for each in (TEST_MEASURE, "victims", "fatal"))


def _count_span(
    running: windows.RunningTotals, measure: str, span: tuple[date, date]
) -> int | None:
    """Of the one city there is; None where it has no complete day."""
    city = next(iter(running.cities), "")
    return running.count(city, measure, span)


def _build_window_line(
    running: windows.RunningTotals,
    spec: CountSpec,
    ending: date,
    days: int,
    dispersion: Dispersion | None,
) -> Line:
    measure, noun, is_tested = spec
    spans = {str(back): windows.span_last_days(ending, days, back) for back in range(6)}
    start = spans["0"][0]
    spans["before"] = windows.span_last_days(start - windows.DAY, days)
    by_span = {label: _count_span(running, measure, span) for label, span in spans.items()}
    years = [by_span[str(back)] for back in range(1, 6)]
    against = [
        (compare(by_span["0"], by_span["before"], 1, 1, dispersion), f"the {days} days before"),
    ]
    for back in (1, 3, 5):
        known_counts = [count for count in years[:back] if count is not None]
        total = sum(known_counts) if len(known_counts) == back else None
        when = f"the same days of {ending.year - 1}"
        if back > 1:
            when = f"the same days of {ending.year - back} to {ending.year - 1}"
        against.append((compare(by_span["0"], total, 1, back, dispersion), when))
    last_year = f"the same {'week' if days == DAYS[0] else f'{days} days'} of {ending.year - 1}"
    return Line(f"{noun}, {days} days", measure, by_span["0"], tuple(against), is_tested, last_year)


def _build_year_line(
    running: windows.RunningTotals,
    spec: CountSpec,
    ending: date,
    launch: date | None,
    years: range,
    dispersion: Dispersion | None,
) -> Line:
    measure, noun, is_tested = spec
    city = next(iter(running.cities), "")
    by_year = {
        year: _count_span(running, measure, windows.span_year_to_date(ending, year))
        for year in years
    }
    known_counts = {year: count for year, count in by_year.items() if count is not None}
    frame = pd.DataFrame(
        {"city": city, "year": list(known_counts), measure: list(known_counts.values())}
    )
    comparisons = baselines.compare_year_to_date(
        frame, measure, ending, {city: launch}, {city: dispersion}
    )[0]
    by = {one.baseline: (one.comparison, name_years(one.years)) for one in comparisons.against}
    order = (Baseline.BEFORE, Baseline.LAST_YEAR, Baseline.THREE_YEARS, Baseline.FIVE_YEARS)
    none = compare(None, None)
    against = tuple(by.get(baseline, (none, "")) for baseline in order)
    label = f"{noun}, {format_days_of_year(ending)}"
    last_year = f"the same days of {ending.year - 1}"
    return Line(label, measure, comparisons.current, against, is_tested, last_year)


def _format_cell(comparison: Comparison, is_tested: bool, least_base: int) -> str:
    if comparison.base is None:
        return "not known"
    base = f"{comparison.base:,.1f}".removesuffix(".0")
    if not is_tested:
        return base
    if comparison.outcome is Outcome.NONE:
        return change_wording.SHORT[Outcome.NONE]
    percent = None
    if comparison.current is not None:
        percent = wording.format_percentage_change(comparison.current, comparison.base, least_base)
    change = f" ({percent})" if percent and comparison.difference else ""
    verdict = change_wording.SHORT[comparison.outcome]
    return f"{base} {change_wording.ARROWS[comparison.outcome]} {verdict}{change}"


def describe_28_days(lines: list[Line], ending: date, least_base: int) -> str:
    """Compare the 28 days with those before, in the wording every comparison has."""
    line = lines[1]
    noun = line.label.partition(",")[0]
    comparison, when = line.against[0]
    text = change_wording.describe_change(comparison, when, least_base).sentence
    return f"{noun} in the 28 days to {wording.format_day(ending)}: {text[:1].lower()}{text[1:]}"


def list_changes(lines: list[Line], least_base: int) -> tuple[tuple[str, Change, str, str], ...]:
    """Return the people shot in each window, their change since last year, what they were then
    and how it was tested.

    `lines`: of COUNTS, by `build_lines`. Chance is tested on the shootings of the same window.
    """
    half = len(lines) // 2
    changes = []
    for tested, shot in zip(lines[:half], lines[half:], strict=True):
        (comparison, _), (tested_on, when) = shot.against[LAST_YEAR], tested.against[LAST_YEAR]
        change = Change("", shot.current, comparison.previous, tested_on.outcome, least_base)
        sentence = change_wording.describe_change(tested_on, when, least_base).sentence
        base = change.describe_base(shot.a_year_before)
        changes.append((shot.label, change, base, f"Tested on shooting incidents: {sentence}"))
    return tuple(changes)


def list_comparisons(lines: list[Line], least_base: int) -> list[str]:
    """List every comparison that is tested, in its own sentence with the interval."""
    return [
        f"{line.label}: {change_wording.describe_change(comparison, when, least_base).sentence}"
        for line in lines
        if line.is_tested
        for comparison, when in line.against
        if when
    ]


def write_headline(
    name: str, words: str, counted: tuple[int | None, ...], why_not: str = ""
) -> str:
    """Write the week in counts. `counted`: of `count_week`; `why_not` says that the sources do
    not hold every shooting.
    """
    shootings, shot, killed = counted
    if why_not and killed is not None:
        dead = "1 person was" if killed == 1 else f"{wording.format_number(killed)} people were"
        dead = dead if killed else "nobody was"
        return f"{name}, {words}: {dead} shot and killed. {why_not}"
    if shootings is None or shot is None or killed is None:
        return f"{name}, {words}: not every day of the week is known."
    if not shootings:
        return f"{name}, {words}: nobody was shot."
    people = "1 person was shot" if shot == 1 else f"{wording.format_number(shot)} people were shot"
    dead = wording.describe_killed(killed, shot)
    return f"{name}, {words}: {people} in {wording.count_noun(shootings, 'shooting')}, {dead}."


BEFORE_PROGRAM = "For the year so far, 'Days before' is the pre-program average."
OF_SHOOTINGS = "Tested on incidents."


def explain_lines(counts: Counts, launch: date | None) -> str:
    """Say how the comparisons of these counts are to be read."""
    parts = (
        OF_SHOOTINGS if counts == COUNTS else "",
        BEFORE_PROGRAM if launch else "",
        change_wording.KEY_TO_NO_CLEAR_CHANGE,
    )
    return " ".join(filter(None, parts))
