"""How much counts swing within the same level: the dispersion φ, read from weeks, not years.

φ is the variance of a count over its mean: 1 for independent events. Shootings answer shootings and
several come on a night, so counts vary more than those of independent events. That is chance; a
level that rises or falls over months is not. φ is therefore read between neighbouring blocks of
twelve weeks, which a wave of years hardly moves: half the mean squared successive difference (von
Neumann and others, 1941), without what the season explains. Blocks begin every four weeks and
overlap, which makes more of the same days. Answers that fall into the next block make neighbours
alike; what is over 1 is raised by a quarter for them. Chosen by simulation (docs/decisions/0043).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special

# What is counted: slices of four weeks, nearly six years of them. A block is three.
SLICE_DAYS = 28
SLICES = 78
IN_BLOCK = 3
# Nearly two years. With fewer the season cannot be separated from the rest.
LEAST_SLICES = 24
# By how much more than it is seen what is over 1 counts: shootings answered a block later.
ANSWERED_LATER = 1.25
# A dispersion up to here is taken for that of independent events.
INDEPENDENT = 1.1
A_YEAR = 365.25 / SLICE_DAYS

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Dispersion:
    """The variance of a count over its mean, φ, and what it was read from.

    `degrees` is how many independent differences it rests on: with few of them φ is
    itself uncertain, and the interval allows for that.
    """

    phi: float
    degrees: float

    @property
    def is_clustered(self) -> bool:
        """Whether the interval must be widened."""
        return self.phi > INDEPENDENT

    def compute_critical_value(self, level: float) -> float:
        """Return the standard errors on each side of an interval of this level (Student's t)."""
        return -float(special.stdtrit(self.degrees, (1 - level) / 2))


def sum_series(series: Sequence[Sequence[int]]) -> list[int]:
    """Sum several series that end on one day, as far back as all of them reach.

    [1, 2, 3] and [5, 5] give [7, 8].
    """
    shared = min(map(len, series), default=0)
    newest = [counts[len(counts) - shared :] for counts in series]
    return [sum(slice_) for slice_ in zip(*newest, strict=True)]


def read_slices_by_city(slices: pd.DataFrame, measure: str) -> dict[str, list[int]]:
    """Return the counts of each city, oldest first, as far back as known without a gap.

    `slices`: city, back (0 the newest) and counts, no row where a slice is not wholly covered.
    """
    by_city: dict[str, dict[int, int | None]] = {}
    columns = ("city", "back", measure)
    for city, back, count in zip(*(slices[name].tolist() for name in columns), strict=True):
        by_city.setdefault(str(city), {})[back] = count
    return {
        city: take_until_unknown(map(counts.get, range(SLICES))) for city, counts in by_city.items()
    }


def take_until_unknown(newest_first: Iterable[int | None]) -> list[int]:
    """Return the counts up to the first that is not known, oldest first."""
    counts: list[int] = []
    for count in newest_first:
        if count is None or pd.isna(count):
            break
        counts.append(int(count))
    return counts[::-1]


def estimate_dispersion(series: Sequence[Sequence[int]]) -> Dispersion | None:
    """Estimate the dispersion of several series (oldest first) together; None with too few.

    Each is measured about its own level and in its own mean, so that a large series says
    hardly more than a small one; but where less than one happens in a slice little can be
    seen, and it weighs less. The degrees of freedom are Satterthwaite's of the quadratic form.
    """
    # Series of one length share the matrices of `_build_forms`.
    of_length: dict[int, list[Sequence[int]]] = {}
    for counts in series:
        if len(counts) >= LEAST_SLICES and any(counts):
            of_length.setdefault(len(counts), []).append(counts)
    if not of_length:
        return None
    statistic = expected = squared = 0.0
    for group in of_length.values():
        matrix = np.array(group, dtype=np.float64)
        level = _estimate_level(matrix.sum(axis=0))
        without_season, variance = _build_forms(level)
        # How far neighbouring blocks lie apart, squared, against what chance alone would give.
        between = matrix @ _build_differences(len(level)).T
        squares = ((between @ without_season) * between).sum(axis=1)
        form = without_season @ variance
        mean = matrix.mean(axis=1)
        weight = mean / (mean + 1)
        statistic += float((weight * squares / mean).sum())
        expected += float(weight.sum() * np.trace(form))
        squared += float((weight**2).sum() * (form * form.T).sum())
    excess = ANSWERED_LATER * (statistic / expected - 1)
    return Dispersion(1 + max(0.0, excess), expected**2 / squared)


def _build_forms(level: Floats) -> tuple[Floats, Floats]:
    """Return what takes the season out of the differences between blocks, and their variance.

    `level`: of each slice, about 1. The variance is that of independent events, one a slice
    on average.
    """
    differences = _build_differences(len(level))
    angle = 2 * np.pi * np.arange(len(level)) / A_YEAR
    # A season is a share of the level: where more happens, it swings by more.
    season = differences @ (level * np.array([np.cos(angle), np.sin(angle)])).T
    without_season = np.eye(len(differences)) - season @ np.linalg.pinv(season)
    return without_season, (differences * level) @ differences.T


@lru_cache(maxsize=SLICES)
def _build_differences(slices: int) -> Floats:
    """Build a row for each pair of neighbouring blocks: the later block less the earlier.

    A row of it times the counts of all slices is how many more the later block has.
    """
    pair = np.repeat([-1.0, 1.0], IN_BLOCK)
    matrix = np.zeros((slices - len(pair) + 1, slices))
    for at, row in enumerate(matrix):
        row[at : at + len(pair)] = pair
    return matrix


def _estimate_level(counts: Floats) -> Floats:
    """Return the mean of the year around each slice, 1 on average; at the ends the outermost's."""
    whole = int((A_YEAR - 1) // 2) * 2 + 1  # slices wholly within the year, an odd number
    edge = (A_YEAR - whole) / 2
    weights = np.concatenate([[edge], np.ones(whole), [edge]]) / A_YEAR
    inner = np.convolve(counts, weights, mode="valid")
    level: Floats = np.pad(inner, whole // 2 + 1, mode="edge") / counts.mean()
    return level
