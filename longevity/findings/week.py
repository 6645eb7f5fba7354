"""7 days, 28 days and the year so far against every baseline, with what chance allows.

Where the city's sources do not hold every shooting, the people killed in them are what is counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain

from longevity import windows
from longevity.absent import Absent, Count, read_number
from longevity.findings import change_wording
from longevity.findings.counting import Counting
from longevity.findings.finding import Against, Finding, find
from longevity.findings.year_to_date import (
    Baseline,
    format_days_of_year,
    list_baselines,
    name_years,
)
from longevity.measures import wording
from longevity.measures.nouns import MEASURES
from longevity.measures.say import say
from longevity.stats.dispersion import estimate_dispersion_before
from longevity.windows import Window

TEST_MEASURE = "incidents"
DAYS = (7, 28)
COUNTS = (TEST_MEASURE, "victims")
COUNTS_OF_KILLED = ("fatal",)
DAYS_BEFORE = "Days before"
# The columns of the table, and what each is against in the year so far.
COLUMNS = {
    DAYS_BEFORE: Baseline.BEFORE,
    "Last year": Baseline.LAST_YEAR,
    "3-year average": Baseline.THREE_YEARS,
    "5-year average": Baseline.FIVE_YEARS,
}
MEANS = {"Last year": 1, "3-year average": 3, "5-year average": 5}  # of so many years
Held = tuple[Window, dict[str, Against]]  # a window, and the times it is held against


@dataclass(frozen=True)
class Line:
    """One window of one count against each of COLUMNS that there is such a time of."""

    label: str
    against: dict[str, Finding]

    @property
    def last_year(self) -> Finding:
        """The finding against the same days of last year."""
        return self.against["Last year"]


def choose_counts(measures: Sequence[str]) -> Sequence[str]:
    """Return which of `measures` of a city are shown, the tested one first."""
    return COUNTS if TEST_MEASURE in measures else COUNTS_OF_KILLED


def list_windows(ending: date, first: date) -> list[Window]:
    """List every window that a week is counted in, for data that begin on `first`."""
    windows_held = [*windows.list_same_days(ending, first.year)]
    for window, against in (_hold_days(ending, days) for days in DAYS):
        windows_held += [window, *chain(*(time.windows for time in against.values()))]
    return [*dict.fromkeys(windows_held)]


def build_lines(
    count: Counting,
    ending: date,
    first: date,
    launch: date | None,
    measures: Sequence[str],
    least_base: int,
) -> list[Line]:
    """Build a line for each of `measures` in each window; the first of them is what is tested.

    `first`: the first day of the data. For the year so far the days before are the mean of the
    years before the program.
    """
    swing = estimate_dispersion_before(
        ending + windows.DAY, lambda window: read_number(count(measures[0], window))
    )
    lines = []
    for measure in measures:
        spans = {f"{days} days": _hold_days(ending, days) for days in DAYS}
        newest, *earlier = windows.list_same_days(ending, first.year)
        known = [window for window in earlier if not isinstance(count(measure, window), Absent)]
        years = list_baselines(ending, known, launch)
        so_far = {name: years[baseline] for name, baseline in COLUMNS.items() if baseline in years}
        spans[format_days_of_year(ending)] = newest, so_far
        for label, (window, against) in spans.items():
            found = {
                name: find(
                    *(count, measure, window, time, swing),
                    place="",  # of one city, which the page names
                    name="",
                    least_base=least_base,
                )
                for name, time in against.items()
            }
            lines.append(Line(f"{wording.start_sentence(MEASURES[measure])}, {label}", found))
    return lines


def _hold_days(ending: date, days: int) -> Held:
    """Return the newest `days` days, and the times they are held against."""
    spans = [windows.span_last_days(ending, days, back) for back in range(6)]
    before, last = windows.span_last_days(spans[0][0] - windows.DAY, days), ending.year - 1
    same = "week" if days == DAYS[0] else f"{days} days"
    against = {DAYS_BEFORE: Against("", f"the {days} days before", (before,))}
    for name, years in MEANS.items():
        when = f"the same {same} of {last}" if years == 1 else name_years((last + 1 - years, last))
        against[name] = Against("", when, tuple(spans[1 : years + 1]))
    return spans[0], against


def count_week(count: Counting, ending: date) -> tuple[Count, ...]:
    """Count shootings, people shot and people killed in seven days."""
    span = windows.span_last_days(ending, DAYS[0])
    return tuple(count(measure, span) for measure in (*COUNTS, *COUNTS_OF_KILLED))


def describe_test(lines: list[Line], line: Line) -> str:
    """Say how the people shot of a line were tested: on the shootings of the same window."""
    tested = lines[lines.index(line) % len([*DAYS, "year"])]
    counts = change_wording.describe_finding(tested.last_year).sentence
    return say("change.tested", counts=counts)


def list_comparisons(lines: list[Line]) -> list[str]:
    """List every comparison that is tested, in its own sentence with the interval."""
    return [
        f"{line.label}: {change_wording.describe_finding(finding).sentence}"
        for line in lines
        for finding in line.against.values()
        if not finding.tested.tested_apart
    ]


def write_headline(name: str, days: str, counted: tuple[Count, ...], why_not: str = "") -> str:
    """Write the week in counts. `counted`: of `count_week`; `why_not` says that the sources do
    not hold every shooting.
    """
    shootings, shot, killed = counted
    facts = {"name": name, "days": days, "shootings": shootings, "killed": killed}
    if why_not and isinstance(killed, int):
        return f"{say('week.killed', facts, clause=say('fatal.clause', n=killed))} {why_not}"
    if any(isinstance(count, Absent) for count in counted):
        return say("week.unknown", facts)
    clause = say("victims.clause", n=shot)
    return say(f"week.{'shot' if shootings else 'quiet'}", facts, clause=clause)
