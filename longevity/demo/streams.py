"""Seeded uniform numbers, and the day numbers everything is counted in.

Only uniform numbers are drawn, row after row in the order of time, and turned
by an inverse distribution. So a world drawn to a later day begins with the
same rows, and the same numbers come out of every version of numpy.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from zlib import crc32

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

EPOCH = date(1970, 1, 1)
NEVER = 10_000_000  # a day number later than any
# One of many equal choices, taken so that around the first release of this program
# a week of the default seed brings late records and a wounded victim who died.
SALT = 80


def number_day(day: date) -> int:
    """Return days since 1970-01-01."""
    return (day - EPOCH).days


def find_date(days: int) -> date:
    """Return the date of a day number."""
    return EPOCH + timedelta(days=int(days))


def format_date(days: int) -> str | None:
    """Return the date of a day number as text; None for a day that never comes."""
    return None if days >= NEVER else find_date(days).isoformat()


def find_year(days: Ints) -> Ints:
    """Return calendar years of day numbers."""
    return days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970


def find_month(days: Ints) -> Ints:
    """Return months since 1970-01 of day numbers."""
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def find_first_day(months: Ints) -> Ints:
    """Return day numbers of the first days of months counted since 1970-01."""
    return months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)


def find_weekday(days: Ints) -> Ints:
    """Return ISO weekdays, Monday 1 to Sunday 7."""
    return (days + 3) % 7 + 1


@dataclass(frozen=True)
class Streams:
    """The streams of one city in one world; a stream has a purpose."""

    seed: int
    world: int
    city: str

    def uniform(self, purpose: str, *shape: int) -> Floats:
        """Return uniform numbers in [0, 1) of this shape; a longer one begins with the shorter."""
        key = [SALT, self.seed, self.world, crc32(f"{self.city}/{purpose}".encode())]
        bits = np.random.PCG64(np.random.SeedSequence(key))
        return np.random.Generator(bits).random(shape)


def draw_index(uniform: Floats, weights: Floats | tuple[float, ...]) -> Ints:
    """Draw indices with these weights."""
    edges = np.cumsum(np.asarray(weights, dtype=float))
    edges /= edges[-1]
    indices = np.searchsorted(edges, uniform, side="right")
    return np.minimum(indices, edges.size - 1).astype(np.int64)


def draw_between(uniform: Floats, least: int, most: int) -> Ints:
    """Draw whole numbers from `least` to `most`, both included."""
    return least + np.floor(uniform * (most - least + 1)).astype(np.int64)


def draw_wait(uniform: Floats, mean: float) -> Ints:
    """Draw whole days of waiting, from 0 on, falling off exponentially with this mean."""
    return np.floor(-np.log1p(-uniform) * mean).astype(np.int64)


def draw_poisson(uniform: Floats, mean: Floats) -> Ints:
    """Draw Poisson counts by inversion; means of a few units at most."""
    count = np.zeros(mean.shape, dtype=np.int64)
    share = np.exp(-mean)
    below = share.copy()
    for k in range(1, 200):
        more = uniform > below
        if not more.any():
            break
        count += more
        share = share * mean / k
        below += share
    return count
