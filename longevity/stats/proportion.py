"""A share with its interval."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from scipy.stats import binomtest

from longevity.stats.comparison import LEVEL


@dataclass(frozen=True)
class ShareInterval:
    """A share with its Wilson interval, each from 0 to 1; missing when it is of none."""

    part: int
    whole: int
    share: float | None
    low: float | None
    high: float | None


@lru_cache(maxsize=4096)
def compute_wilson_interval(part: int, whole: int) -> ShareInterval:
    """Return a share with its Wilson interval. ValueError when `part` is not among `whole`."""
    if whole == 0 and part == 0:
        return ShareInterval(0, 0, None, None, None)
    if not 0 <= part <= whole:
        raise ValueError(f"{part} cannot be a part of {whole}")
    interval = binomtest(part, whole).proportion_ci(LEVEL, method="wilson")
    return ShareInterval(part, whole, part / whole, float(interval.low), float(interval.high))
