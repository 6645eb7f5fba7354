"""Two counts against each other: is the difference more than chance would explain?

Given how many happened in all, those of the newer period are binomial; the exact bounds
of that share give the bounds of the ratio of the two rates (Clopper–Pearson). Shootings
answer shootings, so counts vary more than independent events would: by how much, the
dispersion φ (`dispersion`), widens the interval (quasi-Poisson). The verdict is read from
the interval and from nothing else.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum

from scipy import special

from longevity.stats.dispersion import Dispersion

LEVEL = 0.95


class Outcome(StrEnum):
    """What the comparison of two counts found. The value is also the name of the colour's state."""

    UP = "up"
    DOWN = "down"
    UNCLEAR = "unclear"  # no clear change: chance alone could explain the difference
    NONE = "none"  # nothing happened in either period
    UNKNOWN = "unknown"  # one of the counts, or the time it was counted over, is missing


@dataclass(frozen=True)
class Comparison:
    """Two counts, the ratio of their rates and what the ratio says.

    `exposure` and `exposure_before` are how long was counted, in one unit (days, or
    windows of a year each). `ratio` is None where nothing happened before; `high` is None
    where no bound can be given, `low` where nothing is known. `dispersion` None: there is
    too little history, and events are assumed to be independent. Never infinite, never NaN.
    `tested_apart`: chance was tested on another count than the two, whose interval and p-value
    these are (`judge_by`).
    """

    current: int | None
    previous: int | None
    exposure: float
    exposure_before: float
    dispersion: Dispersion | None
    level: float
    ratio: float | None = None
    low: float | None = None
    high: float | None = None
    p_value: float | None = None
    tested_apart: bool = False

    @property
    def outcome(self) -> Outcome:
        """The verdict, from the interval alone; none is clear that the two counts contradict."""
        if self.current is None or self.previous is None or self.low is None:
            return Outcome.UNKNOWN
        if self.current == 0 and self.previous == 0:
            return Outcome.NONE
        difference = self.difference or 0.0
        if self.low > 1 and difference > 0:
            return Outcome.UP
        is_down = self.high is not None and self.high < 1 and difference < 0
        return Outcome.DOWN if is_down else Outcome.UNCLEAR

    @property
    def base(self) -> float | None:
        """How many would have happened now at the rate of before."""
        if self.previous is None or self.low is None:
            return None
        return self.previous * (self.exposure / self.exposure_before)

    @property
    def difference(self) -> float | None:
        """How many more happened now than at the rate of before; below zero fewer."""
        if self.base is None or self.current is None:
            return None
        return self.current - self.base


def judge_by(tested: Comparison, counted: Comparison) -> Comparison:
    """Return what was counted with the interval of another count, on which chance is tested:
    of people shot that of the shootings, as people shot in one are no independent events.
    """
    taken = ("dispersion", "low", "high", "p_value", "level")
    return replace(counted, **{name: getattr(tested, name) for name in taken}, tested_apart=True)


def compare(
    current: int | None,
    previous: int | None,
    exposure: float = 1.0,
    exposure_before: float = 1.0,
    dispersion: Dispersion | None = None,
    level: float = LEVEL,
) -> Comparison:
    """Compare `current` with `previous`.

    The mean of k years is their sum, over an exposure of k. A missing count, or no
    exposure, gives the outcome unknown; ValueError on a count below zero.
    """
    unknown = Comparison(current, previous, exposure, exposure_before, dispersion, level)
    if current is None or previous is None:
        return unknown
    if current < 0 or previous < 0:
        raise ValueError("a count is below zero")
    if not all(0 < time < math.inf for time in (exposure, exposure_before)):
        return unknown
    scale = exposure_before / exposure
    low, high, p_value = _test_share(
        current, previous, expected=1 / (1 + scale), dispersion=dispersion, level=level
    )
    return replace(
        unknown,
        ratio=current / previous * scale if previous else None,
        low=_convert_to_ratio(low, scale) or 0.0,
        high=_convert_to_ratio(high, scale),
        p_value=p_value,
    )


def _convert_to_ratio(share: float, scale: float) -> float | None:
    """Return the ratio of rates that gives the newer period this share; None without bound.

    Two of three events are the newer ones: a ratio of 2, where both times are as long (`scale` 1).
    """
    ratio = share / (1 - share) * scale if share < 1 else math.inf
    return ratio if math.isfinite(ratio) else None


def bound_share(part: float, rest: float, level: float) -> tuple[float, float]:
    """Return the bounds of the share of `part` in `part` and `rest` (Clopper and Pearson)."""
    # They are quantiles of the beta distribution. `binomtest` looks for them step by step, which
    # takes a screen of neighbourhoods a second.
    tail = (1 - level) / 2
    low = float(special.betaincinv(part, rest + 1, tail)) if part else 0.0
    return low, float(special.betainccinv(part + 1, rest, tail)) if rest else 1.0


def _test_share(
    current: int, previous: int, expected: float, dispersion: Dispersion | None, level: float
) -> tuple[float, float, float]:
    """Return the bounds of the newer period's share of all events, and a p-value.

    That is of the share `expected` where nothing changed: a half, of two periods as long.
    """
    total = current + previous
    if total == 0:
        return 0.0, 1.0, 1.0
    low, high = bound_share(current, previous, level)
    # Twice the smaller tail: the test of which that interval is the inversion. (The other
    # two-sided test, by likelihood, can contradict the interval where exposures differ.)
    at_most = float(special.bdtr(current, total, expected))
    at_least = float(special.bdtrc(current - 1, total, expected)) if current else 1.0
    p_value = min(1.0, 2 * min(at_most, at_least))
    if dispersion is None or not dispersion.is_clustered:
        return low, high, p_value
    wide_low, wide_high, wide_p = _widen_for_clusters(current, total, expected, dispersion, level)
    # Few events can make the widened interval, an approximation, the narrower of the two.
    return min(low, wide_low), max(high, wide_high), max(p_value, wide_p)


def _widen_for_clusters(
    current: int, total: int, expected: float, dispersion: Dispersion, level: float
) -> tuple[float, float, float]:
    """Return what `_test_share` does, for counts whose variance is φ times that of chance alone."""
    # Dividing counts by φ divides the score statistic by its root. Wilson's interval, with
    # Student's quantile in the place of the normal one.
    weight, share = total / dispersion.phi, current / total
    squared = dispersion.compute_critical_value(level) ** 2 / weight
    middle = (share + squared / 2) / (1 + squared)
    reach = math.sqrt(squared * (share * (1 - share) + squared / 4)) / (1 + squared)
    statistic = abs(share - expected) / math.sqrt(expected * (1 - expected) / weight)
    p_value = 2 * float(special.stdtr(dispersion.degrees, -statistic))
    return max(0.0, middle - reach), min(1.0, middle + reach), p_value
