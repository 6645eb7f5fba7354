"""The safety gap by plain loops over counts; no code shared with it."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from scipy import optimize

Counts = Mapping[tuple[str, int], int]  # by area and year
Pair = tuple[int, int]  # people shot, residents


class Naive(NamedTuple):
    """The areas of both fifths, and their people shot and residents."""

    most_areas: set[str]
    least_areas: set[str]
    most: Pair
    least: Pair


def take(order: list[str], residents: Mapping[str, int]) -> list[str]:
    """Return the first areas nearest to a fifth of the residents; of two as near the more."""
    everybody = sum(residents.values())
    best: list[str] = []
    nearest = Fraction(2)
    for many in range(1, len(order) + 1):
        share = Fraction(sum(residents[area] for area in order[:many]), everybody)
        if abs(share - Fraction(1, 5)) <= nearest:
            best, nearest = order[:many], abs(share - Fraction(1, 5))
    return best


def find_naive(residents: Mapping[str, int], shot: Counts, year: int) -> Naive | None:
    """Return the fifths of a year by up to five years before; None with under three."""
    first = min(of for _, of in shot)
    before = range(max(first, year - 5), year)
    if len(before) < 3:
        return None

    def rate(area: str) -> Fraction:
        return Fraction(sum(shot[area, one] for one in before), residents[area])

    order = sorted(residents, key=lambda area: (-rate(area), residents[area], area))
    sides = [take(order, residents), take(order[::-1], residents)]
    counted = [
        (sum(shot[area, year] for area in side), sum(residents[area] for area in side))
        for side in sides
    ]
    return Naive(set(sides[0]), set(sides[1]), counted[0], counted[1])


def bound_ratio(most: Pair, least: Pair, phi: float, critical: float) -> tuple[float, float]:
    """Return the score interval of the ratio of two rates under a variance φ times as large.

    The shares of all at which the score statistic is `critical`, looked for by halving.
    """
    everyone = most[0] + least[0]
    seen = most[0] / everyone

    def excess(share: float) -> float:
        variance = phi * share * (1 - share) / everyone
        return abs(seen - share) - critical * variance**0.5

    low = optimize.bisect(excess, 1e-12, seen) if most[0] else 0.0
    high = optimize.bisect(excess, seen, 1 - 1e-12) if least[0] else 1.0
    scale = least[1] / most[1]
    return low / (1 - low) * scale, high / (1 - high) * scale if high < 1 else float("inf")
