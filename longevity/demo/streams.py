"""Seeded uniform numbers, and the day numbers everything is counted in.

Rows are drawn in the order of time, from uniform numbers turned by an inverse
distribution: so a world drawn to a later day begins with the same rows.
"""

from __future__ import annotations

from datetime import date
from zlib import crc32

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

NEVER = 10_000_000  # a day number later than any
# One of many equal choices, taken so that around the first release of this program
# a week of the default seed brings late records and a wounded victim who died.
SALT = 80


def number_day(day: date) -> int:
    """Return days since 1970-01-01."""
    return (day - date(1970, 1, 1)).days


def find_month(days: Ints) -> Ints:
    """Return months since 1970-01 of day numbers."""
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def find_year(days: Ints) -> Ints:
    """Return calendar years of day numbers."""
    return find_month(days) // 12 + 1970


def find_first_day(months: Ints) -> Ints:
    """Return day numbers of the first days of months counted since 1970-01."""
    return months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)


def open_dice(seed: int, world: int, city: str, purpose: str) -> np.random.Generator:
    """Return the random numbers of one city in one world for one purpose."""
    key = [SALT, seed, world, crc32(f"{city}/{purpose}".encode())]
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(key)))


def draw_index(uniform: Floats, weights: tuple[float, ...]) -> Ints:
    """Draw indices with these weights."""
    edges = np.cumsum(weights)
    return np.searchsorted(edges / edges[-1], uniform, side="right")
