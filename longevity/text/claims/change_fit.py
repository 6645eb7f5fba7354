"""Whether a claim of a change holds against one comparison. The rules: docs/claim-check.md."""

from __future__ import annotations

from enum import StrEnum

from longevity.stats.comparison import Comparison, Outcome
from longevity.text.change_wording import BY_CHANCE
from longevity.text.claims.form import Amount, Bound, Says, Size, Way, require_part

# "About", or a word ("halved", "a third"): the ratio within this much of the one it says.
WORD_TOLERANCE = 0.025
CLEAR = {Way.UP: Outcome.UP, Way.DOWN: Outcome.DOWN}


class Fit(StrEnum):
    """How a claim fares against one baseline."""

    HOLDS = "it holds"
    MISSING = "there is no count to compare with"
    OPPOSITE = "it is the other way"
    SLIGHTLY_OPPOSITE = f"it is the other way, though {BY_CHANCE}"
    EQUAL = "there are as many"
    CHANCE = BY_CHANCE
    FEW = "too few to give a percentage"
    ZERO = "nothing happened before, so there is no percentage"
    UNKNOWN = "it depends on those of whom it is not known"
    NUMBER = "it is another number"
    RATE = "the two times are not as long, so only a direction or a percentage can be said"
    SIZE = "the direction is right, the size is not"
    DIFFERS = "there are not as many"
    CLEAR = "the difference is more than chance would explain"
    OPEN = "these counts cannot show that nothing changed"


def find_fit(says: Says, comparison: Comparison, least_base: int, unchanged_within: float) -> Fit:
    """Return how the claim fares against one comparison. The rules: docs/claim-check.md."""
    difference = comparison.difference
    if difference is None or comparison.outcome is Outcome.UNKNOWN:
        return Fit.MISSING
    if comparison.exposure != 1 and (
        says.way is Way.SAME or (says.size and says.size.amount is not Amount.PERCENT)
    ):
        return Fit.RATE
    signed_difference = -difference if says.way is Way.DOWN else difference
    if says.is_negated or says.way not in CLEAR:
        return _find_fit_of_no_change(says, signed_difference, comparison, unchanged_within)
    if signed_difference <= 0:
        return Fit.OPPOSITE if signed_difference < 0 else Fit.EQUAL
    fit = _find_fit_of_size(says.size, comparison, signed_difference, least_base)
    is_clear = comparison.outcome is CLEAR[says.way]
    return Fit.CHANCE if fit is Fit.HOLDS and not is_clear else fit


def _find_fit_of_no_change(
    says: Says, signed_difference: float, comparison: Comparison, within: float
) -> Fit:
    """Return how a claim of no rise, no fall or no change fares.

    "As many" is the same count; "not up" is that there are not more. The rest has to be shown.
    """
    if says.way is Way.SAME:
        return Fit.HOLDS if signed_difference == 0 else Fit.DIFFERS
    if says.way is Way.UNCLEAR or says.beyond_chance:
        return find_fit_of_no_clear_change(says.way, comparison, within)
    if signed_difference <= 0:
        return Fit.HOLDS
    is_clear = comparison.outcome in CLEAR.values()
    return Fit.OPPOSITE if is_clear else Fit.SLIGHTLY_OPPOSITE


def find_fit_of_no_clear_change(way: Way, comparison: Comparison, within: float) -> Fit:
    """Return how "no clear change", or not clearly one `way`, fares: it must be shown.

    That no change is seen shows none where few are counted. The interval, and what was counted,
    have to leave out a change of more than `within`, a share.
    """
    ways = CLEAR.values() if way is Way.UNCLEAR else (CLEAR[way],)
    if comparison.outcome in ways:
        return Fit.CLEAR
    low, high, ratio = comparison.low, comparison.high, comparison.ratio
    if low is None or high is None or ratio is None:
        return Fit.OPEN
    excludes = {
        Outcome.UP: max(high, ratio) <= 1 + within,
        Outcome.DOWN: min(low, ratio) >= 1 - within,
    }
    return Fit.HOLDS if all(excludes[outcome] for outcome in ways) else Fit.OPEN


def _find_fit_of_size(
    size: Size | None, comparison: Comparison, signed_difference: float, least_base: int
) -> Fit:
    if size is None:
        return Fit.HOLDS
    base, current = require_part(comparison.base), require_part(comparison.current)
    if size.amount is Amount.PERCENT:
        if base < least_base or not base:
            return Fit.FEW if base else Fit.ZERO
        # Said roughly: the ratio within so much of the one it says.
        meant_ratio = 1 + (1 if current >= base else -1) * size.value / 100
        about = 100 * WORD_TOLERANCE * meant_ratio
        fits = is_number_match(size, 100 * signed_difference / base, about=about)
    elif size.amount is Amount.CASES:
        # A mean is not whole: the number is what it rounds to.
        fits = is_number_match(size, signed_difference, 0.0 if base == round(base) else 0.5)
    else:
        fits = is_number_match(size, current)
        if size.other is not None:
            fits = fits and base == size.other
    return Fit.HOLDS if fits else Fit.SIZE


def is_number_match(
    size: Size, observed: float, slack: float = 0.0, about: float | None = None
) -> bool:
    """Return whether a count, or a change in percent (above zero), is the one that is claimed.

    `slack`: how far a mean may be from a whole number; `about`: how far what is said roughly.
    """
    value = size.value
    near = max(slack, WORD_TOLERANCE * value if about is None else about)
    checks = {
        Bound.EXACT: abs(observed - value) <= max(slack, size.rounded) + 1e-9,
        Bound.ABOUT: abs(observed - value) <= near,
        Bound.NEARLY: 0 <= value - observed <= near,
        Bound.OVER: observed > value,
        Bound.UNDER: observed < value,
        Bound.AT_LEAST: observed >= value,
        Bound.AT_MOST: observed <= value,
    }
    return checks[size.bound]
