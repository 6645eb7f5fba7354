"""7 days, 28 days and the year so far against every baseline, with what chance allows.

Where the city's sources do not hold every shooting, the people killed in them are what is counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from longevity import windows
from longevity.findings.finding import Against, Count, Finding, find
from longevity.findings.year_to_date import Baseline, list_baselines, name_years
from longevity.stats.comparison import Outcome
from longevity.stats.dispersion import Dispersion, estimate_dispersion_before
from longevity.text import change_wording, wording
from longevity.text.counts import format_count, format_days_of_year
from longevity.windows import Window

TEST_MEASURE = "incidents"
DAYS = (7, 28)
COUNTS = ((TEST_MEASURE, "Shootings"), ("victims", "People shot"))
COUNTS_OF_KILLED = (("fatal", "People shot and killed"),)
DAYS_BEFORE = "Days before"
# The columns of the table, and what each is against in the year so far.
COLUMNS = {
    DAYS_BEFORE: Baseline.BEFORE,
    "Last year": Baseline.LAST_YEAR,
    "3-year average": Baseline.THREE_YEARS,
    "5-year average": Baseline.FIVE_YEARS,
}
MEANS = {"Last year": 1, "3-year average": 3, "5-year average": 5}  # of so many years

Counts = Sequence[tuple[str, str]]  # measures, each with its words


@dataclass(frozen=True)
class Line:
    """One window of one count against each of COLUMNS that there is such a time of."""

    label: str
    against: dict[str, Finding]

    @property
    def last_year(self) -> Finding:
        """The finding against the same days of last year."""
        return self.against["Last year"]

    def build_cells(self) -> list[str]:
        """Return what stands under each of COLUMNS: the count or mean, and the verdict."""
        cells = {name: _format_cell(finding) for name, finding in self.against.items()}
        return [cells.get(name, "") for name in COLUMNS]


def choose_counts(measures: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return the counts shown of a city with `measures` and their words, the tested one first."""
    return COUNTS if TEST_MEASURE in measures else COUNTS_OF_KILLED


def list_windows(ending: date, first: date) -> list[Window]:
    """List every window that a week is counted in, for data that begin on `first`."""
    years = windows.list_same_days(ending, first.year)
    spans = [window for days in DAYS for window in _list_spans(ending, days).values()]
    return [*years, *spans]


def build_lines(
    count: Count, ending: date, first: date, launch: date | None, counts: Counts, least_base: int
) -> list[Line]:
    """Build a line for each of `counts` in each window; the first of them is what is tested.

    `first`: the first day of the data. For the year so far the days before are the mean of the
    years before the program.
    """
    after = ending + windows.DAY
    (tested, _), *_ = counts
    swing = estimate_dispersion_before(after, lambda window: count(tested, window))
    lines = []
    for measure, noun in counts:
        made = [_list_against_span(ending, days) for days in DAYS]
        made.append(_list_against_year(count, measure, ending, first, launch))
        labels = [*(f"{days} days" for days in DAYS), format_days_of_year(ending)]
        for label, (window, against) in zip(labels, made, strict=True):
            found = {
                name: _find(count, measure, window, earlier, swing, least_base)
                for name, earlier in against.items()
            }
            lines.append(Line(f"{noun}, {label}", found))
    return lines


def _find(
    count: Count,
    measure: str,
    window: Window,
    against: Against,
    swing: Dispersion | None,
    least_base: int,
) -> Finding:
    # Of one city, which the page names.
    return find(count, measure, window, against, swing, place="", name="", least_base=least_base)


def _list_spans(ending: date, days: int) -> dict[int | str, Window]:
    """Return the newest `days` days, the same of five years back (by how far) and those before."""
    spans: dict[int | str, Window] = {
        back: windows.span_last_days(ending, days, back) for back in range(6)
    }
    return {**spans, DAYS_BEFORE: windows.span_last_days(spans[0][0] - windows.DAY, days)}


def _list_against_span(ending: date, days: int) -> tuple[Window, dict[str, Against]]:
    spans = _list_spans(ending, days)
    last = ending.year - 1
    same = "week" if days == DAYS[0] else f"{days} days"
    against = {DAYS_BEFORE: Against("", f"the {days} days before", (spans[DAYS_BEFORE],))}
    for name, years in MEANS.items():
        when = f"the same {same} of {last}" if years == 1 else name_years((last + 1 - years, last))
        earlier = tuple(spans[back] for back in range(1, years + 1))
        against[name] = Against("", when, earlier)
    return spans[0], against


def _list_against_year(
    count: Count, measure: str, ending: date, first: date, launch: date | None
) -> tuple[Window, dict[str, Against]]:
    newest, *earlier = windows.list_same_days(ending, first.year)
    known = {window: number for window in earlier if (number := count(measure, window)) is not None}
    baselines = list_baselines(ending, known, launch)
    return newest, {name: baselines[b] for name, b in COLUMNS.items() if b in baselines}


def build_table(lines: list[Line]) -> pd.DataFrame:
    """Return the lines as a table of text: the count, then COLUMNS."""
    rows = [(line.label, format_count(line.last_year.now), *line.build_cells()) for line in lines]
    return pd.DataFrame(rows, columns=["", "Now", *COLUMNS], dtype="str")


def count_week(count: Count, ending: date) -> tuple[int | None, ...]:
    """Count shootings, people shot and people killed in seven days; None for what is not known."""
    span = windows.span_last_days(ending, DAYS[0])
    return tuple(count(measure, span) for measure in (TEST_MEASURE, "victims", "fatal"))


def _format_cell(finding: Finding) -> str:
    if finding.before is None:
        return "not known"
    base = f"{finding.before:,.1f}".removesuffix(".0")
    outcome = finding.tested.outcome
    if finding.tested.tested_apart:
        return base  # the verdict is in the line of what was tested
    if outcome is Outcome.NONE:
        return change_wording.SHORT[Outcome.NONE]
    percent = change_wording.describe_finding(finding).percentage
    change = f" ({percent})" if percent and finding.difference else ""
    return f"{base} {change_wording.ARROWS[outcome]} {change_wording.SHORT[outcome]}{change}"


def describe_28_days(lines: list[Line], ending: date) -> str:
    """Compare the 28 days with those before, in the wording every comparison has."""
    noun = lines[1].label.partition(",")[0]
    text = change_wording.describe_finding(lines[1].against[DAYS_BEFORE]).sentence
    return f"{noun} in the 28 days to {wording.format_day(ending)}: {text[:1].lower()}{text[1:]}"


def describe_test(lines: list[Line], line: Line) -> str:
    """Say how the people shot of a line were tested: on the shootings of the same window."""
    tested = lines[lines.index(line) % len([*DAYS, "year"])]
    sentence = change_wording.describe_finding(tested.last_year).sentence
    return f"Tested on shooting incidents: {sentence}"


def list_comparisons(lines: list[Line]) -> list[str]:
    """List every comparison that is tested, in its own sentence with the interval."""
    return [
        f"{line.label}: {change_wording.describe_finding(finding).sentence}"
        for line in lines
        for finding in line.against.values()
        if not finding.tested.tested_apart
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
