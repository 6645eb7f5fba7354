"""Whether a claim of a change holds against one comparison. The rules: docs/claims.md."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache

from longevity.stats.comparison import Comparison, Outcome, compare
from longevity.text.claims.claim import Bound, Claim, Direction, Size, Unit, given

# A word ("halved", "a third"), or "about": the ratio within this much of the one it says.
SPOKEN = 0.025
# The bounds of an interval cost milliseconds, and a screen asks for the same ones at each run.
compared = lru_cache(maxsize=4096)(compare)
CLEAR = {Direction.UP: Outcome.UP, Direction.DOWN: Outcome.DOWN}


class Found(StrEnum):
    """How a claim fares against one baseline."""

    HOLDS = "holds"
    MISSING = "there is no count to compare with"
    OPPOSITE = "it is the other way"
    EQUAL = "there are as many"
    CHANCE = "chance alone could explain the difference"
    FEW = "too few to give a percentage"
    SIZE = "the direction is right, the size is not"
    DIFFERS = "there are not as many"
    CLEAR = "the difference is more than chance would explain"
    OPEN = "these counts cannot show that nothing changed"


def find(
    claim: Claim,
    compared: Comparison,
    by_incident: Comparison | None,
    least_base: int,
    unchanged_within: float,
) -> Found:
    """How the claim fares against one comparison. The rules: docs/claims.md."""
    difference = compared.difference
    if difference is None or compared.outcome is Outcome.UNKNOWN:
        return Found.MISSING
    each = [one for one in (compared, by_incident) if one is not None]
    signed = -difference if claim.direction is Direction.DOWN else difference
    if claim.negated or claim.direction not in CLEAR:
        return _no_change(claim, signed, each, unchanged_within)
    if signed <= 0:
        return Found.OPPOSITE if signed < 0 else Found.EQUAL
    outcomes = [one.outcome for one in each]
    if any(outcome is not CLEAR[given(claim.direction)] for outcome in outcomes):
        return Found.CHANCE
    return _size(claim.size, compared, signed, least_base)


def _no_change(claim: Claim, signed: float, each: list[Comparison], within: float) -> Found:
    """ "As many": the same count. "Not up": there are not more. The rest has to be shown."""
    if claim.direction is Direction.SAME:
        return Found.HOLDS if signed == 0 else Found.DIFFERS
    if claim.direction is Direction.UNCLEAR or claim.beyond_chance:
        return not_clear(given(claim.direction), each, within)
    return Found.HOLDS if signed <= 0 else Found.OPPOSITE


def not_clear(way: Direction, each: Sequence[Comparison], within: float) -> Found:
    """ "No clear change", or not clearly one `way`: it must be shown, not only be possible.

    That no change is seen shows none where few are counted. The interval of each comparison
    has to leave out a change of more than `within`, a share.
    """
    ways = CLEAR.values() if way is Direction.UNCLEAR else (CLEAR[way],)
    if any(one.outcome in ways for one in each):
        return Found.CLEAR
    shown = {
        Outcome.UP: all(one.high is not None and one.high <= 1 + within for one in each),
        Outcome.DOWN: all(one.low is not None and one.low >= 1 - within for one in each),
    }
    return Found.HOLDS if all(shown[outcome] for outcome in ways) else Found.OPEN


def _size(size: Size | None, compared: Comparison, signed: float, least_base: int) -> Found:
    if size is None:
        return Found.HOLDS
    base, current = given(compared.base), given(compared.current)
    if size.unit is Unit.PERCENT:
        if base < least_base or not base:
            return Found.FEW
        fits = percent_fits(size, 100 * signed / base, 1 if current >= base else -1)
    elif size.unit is Unit.CASES:
        # A mean is not whole: the number is what it rounds to.
        fits = number_fits(size, signed, 0.0 if base == round(base) else 0.5)
    else:
        fits = number_fits(size, current)
        if size.unit is Unit.FROM_TO:
            fits = fits and base == size.start
    return Found.HOLDS if fits else Found.SIZE


def percent_fits(size: Size, observed: float, way: int) -> bool:
    """Whether an observed change in percent (above zero) is the one that is claimed."""
    said = size.value
    if size.bound is Bound.OVER:
        return observed > said
    if size.bound is Bound.AT_LEAST:
        return observed >= said
    if size.bound is Bound.UNDER:
        return observed < said
    if size.bound is Bound.AT_MOST:
        return observed <= said
    if size.spoken or size.bound in (Bound.ABOUT, Bound.NEARLY):
        meant, is_ = 1 + way * said / 100, 1 + way * observed / 100
        near = abs(is_ - meant) <= SPOKEN * meant
        return near and (size.bound is not Bound.NEARLY or observed <= said)
    return abs(observed - said) <= 0.5 * 10.0**-size.decimals + 1e-9


def number_fits(size: Size, observed: float, slack: float = 0.0) -> bool:
    """Whether a count is the one that is claimed."""
    said = size.value
    checks = {
        Bound.EXACT: abs(observed - said) <= slack,
        Bound.ABOUT: abs(observed - said) <= max(slack, SPOKEN * said),
        Bound.NEARLY: 0 <= said - observed <= max(slack, SPOKEN * said),
        Bound.OVER: observed > said,
        Bound.UNDER: observed < said,
        Bound.AT_LEAST: observed >= said,
        Bound.AT_MOST: observed <= said,
    }
    return checks[size.bound]
