"""A finding: what a place counts in a period, compared with an earlier time, tested once.

Tiles, headlines, titles, tables and verdicts are made of it, and none counts or tests again.
Several people can be shot in one incident, so people are tested by incidents; where people went up
and incidents down, or the other way, nothing is clear (`stats.comparison`).
"""

from __future__ import annotations

from dataclasses import dataclass

from longevity.facts.counted import find_tested
from longevity.facts.windows import Window
from longevity.findings.counting import Counting
from longevity.stats import comparison
from longevity.stats.comparison import Comparison, Outcome
from longevity.stats.dispersion import Dispersion
from longevity.words.absent import Absent, Count, read_number

TOGETHER = "together"  # all cities, as a place
CLEAR = (Outcome.DOWN, Outcome.UP)


@dataclass(frozen=True)
class Against:
    """An earlier time: what it is called ("last year"), its days ("the same days of 2025").

    Of several windows the mean counts, as of the three years of "the 3-year average"; it is unknown
    where any of them is. Each is as long as the period.
    """

    name: str
    days: str
    windows: tuple[Window, ...]


@dataclass(frozen=True)
class Finding:
    """One measure of a place (its id and its name) in a window of time against an earlier time.

    `tested`: both counts, with the interval and the verdict of the test whether chance explains it.
    `least_base`: the smallest count a percentage is given on. `now`: the count of the period.
    `why_not_before`: the reason where the earlier time has no count.
    """

    measure: str
    place: str
    name: str
    window: Window
    against: Against
    tested: Comparison
    least_base: int
    now: Count
    why_not_before: Absent

    @property
    def before(self) -> float | Absent:
        """The count of the earlier time, a mean where it has several windows."""
        return self.why_not_before if self.tested.base is None else self.tested.base

    @property
    def difference(self) -> float | None:
        """How many more there are now; below zero fewer; None where one is not known."""
        return self.tested.difference

    @property
    def verdict(self) -> Outcome:
        """UP for a clear rise, DOWN for a clear fall, UNCLEAR for neither."""
        return self.tested.outcome if self.tested.outcome in CLEAR else Outcome.UNCLEAR


def find(
    count: Counting,
    measure: str,
    window: Window,
    against: Against,
    dispersion: Dispersion | None,
    *,
    least_base: int,
    place: str = "",
    name: str = "",
    level: float = comparison.LEVEL,
) -> Finding:
    """Compare a measure's count with an earlier time, and test whether chance could explain it.

    `count`: looks counts up (`counting.make_counting`). `dispersion`: how much the counts of the
    measure that is tested vary by chance, None where that is not known. `level`: of the interval.
    """

    def compare(measure: str, dispersion: Dispersion | None, level: float) -> Comparison:
        earlier = [read_number(count(measure, before)) for before in against.windows]
        known = [number for number in earlier if number is not None]
        total = sum(known) if earlier and len(known) == len(earlier) else None
        now = read_number(count(measure, window))
        return comparison.compare(
            current=now,
            previous=total,
            exposure=1.0,
            exposure_before=len(earlier) or 1.0,
            dispersion=dispersion,
            level=level,
        )

    tested = compare(find_tested(measure), dispersion, level)
    if find_tested(measure) != measure:
        # The counts of people, with the interval of the incidents they were shot in.
        tested = comparison.judge_by(tested, compare(measure, None, comparison.LEVEL))
    earlier = (count(measure, before) for before in against.windows)
    absent = next((count for count in earlier if isinstance(count, Absent)), Absent.NOT_COVERED)
    now = count(measure, window)
    return Finding(measure, place, name, window, against, tested, least_base, now, absent)
