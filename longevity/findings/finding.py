"""A finding: what a place counts in a period, held against an earlier time, tested once.

Tiles, headlines, titles, tables and verdicts are made of it, and none counts or tests again. People
are tested by the incidents they were shot in, as several can be shot in one; where the two
point apart nothing is clear (`stats.comparison`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from longevity.measures.declarations import load_measures
from longevity.stats import comparison
from longevity.stats.comparison import Comparison, Outcome
from longevity.stats.dispersion import Dispersion
from longevity.windows import Window

TOGETHER = "together"  # all cities, as a place
Count = Callable[[str, Window], int | None]  # a measure in a window of one place; None: not known


@dataclass(frozen=True)
class Against:
    """An earlier time: what it is called ("last year"), its days ("the same days of 2025").

    Several windows make their mean, and none of it is known where one is not. `is_alike`: each is
    as long as the period; else rates a day are compared, or by `exposures` rates per resident.
    """

    name: str
    days: str
    windows: tuple[Window, ...]
    is_alike: bool = True
    exposures: tuple[float, float] | None = None


@dataclass(frozen=True)
class Finding:
    """One measure of a place (its id and its name) in a window of time against an earlier time.

    `least_base`: the smallest count a percentage is given on.
    """

    measure: str
    place: str
    name: str
    window: Window
    against: Against
    tested: Comparison
    least_base: int

    @property
    def now(self) -> int | None:
        """The count of the period; None where it is not known."""
        return self.tested.current

    @property
    def before(self) -> float | None:
        """The count of the earlier time, a mean where it has several windows."""
        return self.tested.base

    @property
    def difference(self) -> float | None:
        """How many more there are now; below zero fewer; None where one is not known."""
        return self.tested.difference

    @property
    def direction(self) -> int:
        """1 for a clear rise, -1 for a clear fall, 0 for neither."""
        return {Outcome.UP: 1, Outcome.DOWN: -1}.get(self.tested.outcome, 0)


def find_tested(measure: str) -> str:
    """Return the measure that chance is tested on where this one is counted."""
    return load_measures()[measure].tested_on


def find(
    count: Count,
    measure: str,
    window: Window,
    against: Against,
    dispersion: Dispersion | None,
    *,
    place: str,
    name: str,
    least_base: int,
    level: float = comparison.LEVEL,
    count_other: Count | None = None,
) -> Finding:
    """Hold a count against an earlier time, or by `count_other` against another place.

    `dispersion`: of the measure that is tested.
    """
    counts = (count, count_other or count)
    tested = _compare(*counts, find_tested(measure), window, against, dispersion, level)
    if find_tested(measure) != measure:
        tested = comparison.judge_by(tested, _compare(*counts, measure, window, against, None))
    return Finding(measure, place, name, window, against, tested, least_base)


def _compare(
    count: Count,
    count_other: Count,
    measure: str,
    window: Window,
    against: Against,
    dispersion: Dispersion | None,
    level: float = comparison.LEVEL,
) -> Comparison:
    earlier = [count_other(measure, before) for before in against.windows]
    known = [number for number in earlier if number is not None]
    total = sum(known) if earlier and len(known) == len(earlier) else None
    exposures = (1.0, float(len(earlier) or 1))
    if against.exposures:
        exposures = against.exposures
    elif not against.is_alike:
        exposures = (_count_days(window), sum(map(_count_days, against.windows)))
    return comparison.compare(count(measure, window), total, *exposures, dispersion, level)


def _count_days(window: Window) -> float:
    return float((window[1] - window[0]).days)
