"""Simulated days of shootings that cluster, what is tried in them, and the table of it."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from longevity.stats.comparison import Outcome
from longevity.stats.dispersion import SLICE_DAYS, SLICES, Dispersion, estimate_dispersion

HEAD = "| what | data | found | promised | runs |\n|---|---|---|---|---|"


class Promise(NamedTuple):
    """The most a share may be (a false-alarm rate), or the least (a coverage)."""

    share: float
    at_least: bool = False


class Trial(NamedTuple):
    """One trial in one simulated world."""

    what: str
    promised: Promise | None
    hit: bool


@dataclass(frozen=True)
class Row:
    """A share found by simulation, next to the one promised; None: it is for comparison."""

    what: str
    data: str
    hits: int
    runs: int
    promised: Promise | None = None

    @property
    def share(self) -> float:
        """The share found."""
        return self.hits / self.runs

    @property
    def is_worse(self) -> bool:
        """Whether it misses its promise by more than 2.6 standard errors of the simulation."""
        if self.promised is None:
            return False
        share, at_least = self.promised
        short = share - self.share if at_least else self.share - share
        return short > 2.576 * math.sqrt(share * (1 - share) / self.runs)

    def __str__(self) -> str:
        """The row as Markdown."""
        promised = ""
        if self.promised is not None:
            promised = f"{'≥' if self.promised.at_least else '≤'} {100 * self.promised.share:.1f} %"
        found = f"{100 * self.share:.1f} %{' **off**' if self.is_worse else ''}"
        return f"| {self.what} | {self.data} | {found} | {promised} | {self.runs:,} |"


def simulate(
    runs: int,
    seed: list[int] | np.random.Generator,
    data: str,
    try_world: Callable[[np.random.Generator], Iterable[Trial]],
) -> Iterator[Row]:
    """Simulate so many worlds, and yield a row for each thing that was tried in them."""
    random = np.random.default_rng(seed)
    trials = defaultdict(list)
    for _ in range(runs):
        for trial in try_world(random):
            trials[trial.what, trial.promised].append(bool(trial.hit))
    for (what, promised), hits in trials.items():
        yield Row(what, data, sum(hits), len(hits), promised)


# --- days of shootings: several on a night, or shootings that answer shootings ----------

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


def swing(*series: Ints) -> Dispersion | None:
    """Estimate the dispersion of series of days, as long as each other, up to their last."""
    whole = min(SLICES, len(series[0]) // SLICE_DAYS)
    newest = np.array(series)[:, len(series[0]) - whole * SLICE_DAYS :]
    return estimate_dispersion(newest.reshape(len(series), whole, -1).sum(axis=2).tolist())


def is_within(low: float | None, value: float, high: float | None) -> bool:
    """Whether an interval, open where there is no bound, holds a value."""
    return (low is None or low <= value) and (high is None or value <= high)


CHANGED = (Outcome.UP, Outcome.DOWN)
ALARMS, COVERED = Promise(0.06), Promise(0.94, at_least=True)
