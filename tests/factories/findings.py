"""Findings made by hand, without a release."""

from collections.abc import Mapping
from datetime import date

import pandas as pd

from longevity.facts import windows
from longevity.findings.finding import TOGETHER, Against, Finding, find_tested
from longevity.findings.year_to_date import Compared, find_year_to_date
from longevity.stats.comparison import Outcome, compare, judge_by
from longevity.stats.dispersion import Dispersion
from longevity.words.absent import Absent

THROUGH = date(2026, 11, 22)
# Counts of which the test says so, whatever it is said of.
TESTED = {Outcome.UP: (100, 20), Outcome.DOWN: (20, 100), Outcome.UNCLEAR: (50, 51), Outcome.UNKNOWN: (None, None)}


def find_with(name: str, now: int | None, before: int | None, outcome: Outcome, measure: str = "victims") -> Finding:
    """This year so far against last year, tested on another count with this outcome."""
    window, earlier = (windows.span_year_to_date(THROUGH, year) for year in (2026, 2025))
    against = Against("last year", "the same days of 2025", (earlier,))
    tested = judge_by(compare(*TESTED[outcome]), compare(now, before))
    gone = Absent.NOT_COVERED
    counted = gone if now is None else now
    return Finding(measure, name.lower(), name, window, against, tested, 30, counted, why_not_before=gone)


def find_years(
    frame: pd.DataFrame,
    through: date,
    launches: Mapping[str, date | None],
    dispersions: Mapping[str, Dispersion | None] | None = None,
    measure: str = "incidents",
) -> dict[str, Compared]:
    """This year so far of a frame of counts: city, year, `measure`."""
    counts: dict[str, dict[str, dict[windows.Window, int]]] = {city: {} for city in launches}
    for counted in {measure, find_tested(measure)}:
        known = frame[frame[counted].notna()]
        for city, year, count in zip(known["city"], known["year"], known[counted], strict=True):
            span = windows.span_year_to_date(through, year)
            counts[city].setdefault(counted, {})[span] = int(count)
    names = {city: city.capitalize() for city in [*launches, TOGETHER]}
    return find_year_to_date(counts, measure, through, launches, dispersions or {}, names, 30)
