"""The change of a city: how often it is found where nothing changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from longevity.stats.comparison import Comparison, Outcome, compare
from longevity.stats.dispersion import SLICE_DAYS, SLICES, Dispersion, estimate_dispersion
from tools.calibrate.draw import WORLDS, YEAR, Ints, World, per_day, steady
from tools.calibrate.table import Row

CHANGED = (Outcome.UP, Outcome.DOWN)
A_YEAR = (12, 40, 120, 400, 1000)
# The year run in, and nearly six for the dispersion.
YEARS = 8
BASES = {1: "last year", 3: "the mean of 3 years"}


@dataclass(frozen=True)
class Window:
    """Days of a year that are compared with the same days of years before."""

    name: str
    days: int
    ends: int = YEAR  # day of the year it ends on


WHOLE = Window("a year", YEAR)
WINDOWS = (WHOLE, Window("the year to May", 150, 150), Window("28 days", 28))


def rows(runs: int, seed: int) -> Iterator[Row]:
    """False alarms by window, base, number and world."""
    for a_year in A_YEAR:
        for at, world in enumerate(WORLDS):
            yield from false_alarms(runs, [seed, a_year, at], a_year, world)


def swing(*series: Ints) -> Dispersion | None:
    """The dispersion of series of days, as long as each other, up to their last."""
    whole = min(SLICES, len(series[0]) // SLICE_DAYS)
    newest = np.array(series)[:, len(series[0]) - whole * SLICE_DAYS :]
    return estimate_dispersion(newest.reshape(len(series), whole, -1).sum(axis=2).tolist())


def compared(days: Ints, window: Window, years: int, dispersion: Dispersion | None) -> Comparison:
    """The newest window against the same days of `years` years before."""
    ends = [len(days) - year * YEAR for year in range(years + 1)]
    now, *before = [int(days[end - window.days : end].sum()) for end in ends]
    return compare(now, sum(before), 1, years, dispersion)


def false_alarms(runs: int, seed: list[int], a_year: float, world: World) -> Iterator[Row]:
    random = np.random.default_rng(seed)
    alarms = {(w.name, years, with_): 0 for w in WINDOWS for years in BASES for with_ in (0, 1)}
    for _ in range(runs):
        drawn = per_day(random, world, a_year, steady(YEARS))
        for window in WINDOWS:
            # The newest year is cut on the day its window ends.
            days = drawn[: len(drawn) - YEAR + window.ends]
            found = swing(days)
            for years in BASES:
                for with_, used in enumerate((None, found)):
                    outcome = compared(days, window, years, used).outcome
                    alarms[window.name, years, with_] += outcome in CHANGED
    for (name, years, with_), hits in alarms.items():
        what = f"{name} against {BASES[years]}, {'with' if with_ else 'without'} φ: false alarms"
        promised = 0.06 if with_ or world.phi == 1 else None
        yield Row(what, f"{a_year} a year, {world.name}", hits, runs, promised)
