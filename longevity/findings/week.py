"""The last 7 days, 28 days and the year so far, each against every baseline, for the weekly page.

A baseline is an earlier time: the days just before, last year, an average of years. Where the
city's sources do not hold every shooting, the people killed in them are what is counted.

How much the counts of a place vary by chance (their *swing*, `stats.dispersion`) is estimated from
the slices of four weeks before, so that a difference within the usual is not called a change.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import chain

from longevity.facts import windows
from longevity.facts.counted import MEASURES, find_tested, say_clause
from longevity.facts.windows import Window
from longevity.findings.counting import Counting
from longevity.findings.finding import Against, find
from longevity.findings.year_to_date import (
    YEARS,
    Baseline,
    Compared,
    format_days_so_far,
    list_baselines,
    name_years,
)
from longevity.stats import dispersion
from longevity.words import wording
from longevity.words.absent import Absent, Count, read_number
from longevity.words.say import say

DAYS = (7, 28)
# The columns of the table, those without a count left out.
COLUMNS = {
    Baseline.DAYS_BEFORE: "Days before",
    Baseline.LAST_YEAR: "Last year",
    Baseline.THREE_YEARS: "3-year average",
    Baseline.FIVE_YEARS: "5-year average",
    Baseline.BEFORE: "Before the program",
}
WindowBases = tuple[Window, dict[Baseline, Against]]  # a window, and what it is compared with


def choose_measure(measures: Sequence[str]) -> str:
    """Return what is counted of a city: people shot, or killed where its source holds no others."""
    return "victims" if "victims" in measures else "fatal"


def list_windows(ending: date, first: date) -> list[Window]:
    """List every window that a week's table counts, so that one query can count them all."""
    counted = [*windows.list_same_days(ending, first.year)]
    for window, against in (_compare_days(ending, days) for days in DAYS):
        counted += [window, *chain(*(time.windows for time in against.values()))]
    return [*dict.fromkeys(counted)]  # each window once


def build_lines(
    count: Counting, ending: date, first: date, launch: date | None, measure: str, least_base: int
) -> list[Compared]:
    """Build the lines of the table: a measure in each window, compared with every baseline.

    `first`: the first day of the data; `launch`: the first of the program, if it has one.
    """
    # Of people shot, chance is tested on incidents: several people can be shot in one.
    tested = find_tested(measure)
    slices = windows.list_last_days(ending, dispersion.SLICE_DAYS, dispersion.SLICES)
    counts = dispersion.take_until_unknown(read_number(count(tested, of)) for of in slices)
    swing = dispersion.estimate_dispersion([counts])
    so_far, *earlier = windows.list_same_days(ending, first.year)
    known = [window for window in earlier if not isinstance(count(measure, window), Absent)]
    spans = {f"{days} days": _compare_days(ending, days) for days in DAYS}
    spans[format_days_so_far(ending)] = so_far, list_baselines(ending, known, launch)
    lines = []
    for label, (window, against) in spans.items():
        found = {
            baseline: find(
                count, measure, window, against[baseline], dispersion=swing, least_base=least_base
            )
            for baseline in COLUMNS
            if baseline in against
        }
        lines.append(Compared(f"{wording.start_sentence(MEASURES[measure])}, {label}", found))
    return lines


def _compare_days(ending: date, days: int) -> WindowBases:
    """Return the window of the newest `days` days, and what it is compared with, by baseline."""
    # The window of this year, then the same days of each of the five years before.
    spans = [windows.span_last_days(ending, days, back) for back in range(6)]
    before, year = windows.span_last_days(spans[0][0] - windows.DAY, days), ending.year
    same = "week" if days == DAYS[0] else f"{days} days"
    # The times have no names here: the columns of the table have.
    just_before = Against(name="", days=f"the {days} days before", windows=(before,))
    against = {Baseline.DAYS_BEFORE: just_before}
    for baseline, years in YEARS.items():
        when = name_years(range(year - years, year), same)
        against[baseline] = Against(name="", days=when, windows=tuple(spans[1 : years + 1]))
    return spans[0], against


def count_week(count: Counting, ending: date) -> tuple[Count, ...]:
    """Count shootings, people shot and people killed in seven days."""
    span = windows.span_last_days(ending, DAYS[0])
    return tuple(count(measure, span) for measure in ("incidents", "victims", "fatal"))


def write_headline(name: str, days: str, counted: tuple[Count, ...], why_not: str = "") -> str:
    """Write the week as a sentence of counts; `name` is the city's, `days` the week's.

    `counted`: from `count_week`. `why_not` says that the sources do not hold every shooting.
    """
    shootings, shot, killed = counted
    facts = {"name": name, "days": days, "shootings": shootings, "killed": killed}
    if why_not and isinstance(killed, int):
        return f"{say('week.killed', facts, clause=say_clause('fatal', n=killed))} {why_not}"
    if any(isinstance(count, Absent) for count in counted):
        return say("week.unknown", facts)
    clause = say_clause("victims", n=shot)
    return say(f"week.{'shot' if shootings else 'quiet'}", facts, clause=clause)
