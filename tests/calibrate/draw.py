"""Counts that cluster: negative binomial, or shootings that answer shootings."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
YEAR = 365
WITHIN = 21  # days in which a shooting is answered


def negative_binomial(
    random: np.random.Generator, mean: float | npt.NDArray[np.float64], phi: float, size: object
) -> Ints:
    """Counts of this mean and variance φ × mean; Poisson at φ = 1."""
    if phi == 1:
        return random.poisson(mean, size)
    return random.negative_binomial(np.asarray(mean) / (phi - 1), 1 / phi, size)


def near_repeat(
    random: np.random.Generator, a_year: float, answered: float, years: int, size: int
) -> Ints:
    """Yearly counts, shape (size, years), of shootings each answered `answered` times on average.

    Answers come within WITHIN days and are answered themselves, so that φ of long windows
    tends to 1 / (1 − answered)². A year is run in before the first.
    """
    days = (years + 1) * YEAR
    counts = np.zeros((size, years), dtype=np.int64)
    for world in range(size):
        day = near_repeat_days(random, a_year, answered, days)
        year = day // YEAR - 1
        counts[world] = np.bincount(year[year >= 0], minlength=years)[:years]
    return counts


def near_repeat_days(
    random: np.random.Generator, a_year: float, answered: float, days: int
) -> Ints:
    """The days, from 0, of such shootings; more in summer."""
    first = random.poisson(a_year * (1 - answered) * days / YEAR)
    day = random.integers(0, days, 2 * first + 20)
    summer = 1 - 0.3 * np.cos(2 * np.pi * (day % YEAR) / YEAR)
    day = day[random.random(day.size) * 1.3 < summer][:first]
    every = [day]
    while day.size:
        day = np.repeat(day, random.poisson(answered, day.size))
        day = day + random.integers(1, WITHIN + 1, day.size)
        day = day[day < days]
        every.append(day)
    return np.concatenate(every)
