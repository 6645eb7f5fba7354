"""Days of shootings that cluster: several on a night, or shootings that answer shootings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
YEAR = 365
WITHIN = 21  # days in which a shooting is answered
SUMMER = 0.3  # more than on average in summer, and fewer in winter


@dataclass(frozen=True)
class World:
    """How shootings come: `night` (a φ of their own on each night) or `answered` on average."""

    name: str
    night: float = 1.0
    answered: float = 0.0

    @property
    def phi(self) -> float:
        """The variance of a long window's count over its mean."""
        return self.night / (1 - self.answered) ** 2


INDEPENDENT = World("independent")
NIGHTS = tuple(World(f"several on a night, φ {phi:g}", night=phi) for phi in (1.5, 2.0, 3.0))
REPEATS = tuple(
    World(f"near repeats, φ {1 / (1 - answered) ** 2:.1f}", answered=answered)
    for answered in (0.2, 0.3, 0.35)
)
WORLDS = (INDEPENDENT, *NIGHTS, *REPEATS)


def per_day(random: np.random.Generator, world: World, a_year: float, level: Floats) -> Ints:
    """How many happened on each day, at a level of so many a year times `level` of each day.

    There are more in summer. The counts of several on a night are negative binomial. Answers
    come within WITHIN days and are answered themselves; the first year of `level` is run in.
    """
    day = np.arange(len(level))
    season = 1 - SUMMER * np.cos(2 * np.pi * day / 365.25)
    mean = a_year * (1 - world.answered) / YEAR * level * season
    counts = negative_binomial(random, mean, world.night, len(mean))
    asked = counts
    while world.answered and asked.any():
        parents = np.repeat(day, asked)
        answers = np.repeat(parents, random.poisson(world.answered, len(parents)))
        answers = answers + random.integers(1, WITHIN + 1, len(answers))
        asked = np.bincount(answers[answers < len(day)], minlength=len(day))
        counts = counts + asked
    return counts


def steady(years: int) -> Floats:
    """One level of so many years."""
    return np.ones(years * YEAR)


def negative_binomial(
    random: np.random.Generator, mean: float | Floats, phi: float, size: int | tuple[int, ...]
) -> Ints:
    """Counts of this mean and variance φ × mean; Poisson at φ = 1."""
    if phi == 1:
        return random.poisson(mean, size)
    return random.negative_binomial(np.asarray(mean) / (phi - 1), 1 / phi, size)
