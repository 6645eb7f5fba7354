"""Simulates worlds in which something is tried, and makes the rows of a table of it."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

SUMMER = 0.3  # more shootings than on average in summer, and fewer in winter
HEAD = "| what | data | found | promised | runs |\n|---|---|---|---|---|"


class Promise(NamedTuple):
    """What a statistic promises: a share of at most this (false alarms), or at least (coverage)."""

    share: float
    at_least: bool = False


class Trial(NamedTuple):
    """One trial in one simulated world: what was tried, and whether it was a hit."""

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
        """The share of runs that were hits."""
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
    seed: list[int],
    data: str,
    try_world: Callable[[np.random.Generator], Iterable[Trial]],
) -> Iterator[Row]:
    """Simulate so many worlds, and yield a row for each thing that was tried in them.

    `try_world` draws a world and yields its trials; `data` says what kind of world it is.
    """
    random = np.random.default_rng(seed)
    trials = defaultdict(list)
    for _ in range(runs):
        for trial in try_world(random):
            trials[trial.what, trial.promised].append(bool(trial.hit))
    for (what, promised), hits in trials.items():
        yield Row(what, data, sum(hits), len(hits), promised)
