"""Simulates counts and rates of a city and its areas: do intervals hold, are there false alarms?

The days of shootings cluster: several on a night, or shootings that answer shootings.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd

from longevity.findings.areas import share_level
from longevity.stats import rates
from longevity.stats.comparison import Comparison, Outcome, compare
from longevity.stats.dispersion import SLICE_DAYS, SLICES, Dispersion, estimate_dispersion
from tools.calibrate.simulate import SUMMER, Promise, Row, Trial, simulate

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
YEAR = 365
WITHIN = 21  # days after a shooting in which others answer it


@dataclass(frozen=True)
class World:
    """How simulated shootings cluster.

    `night`: the variance of a night's count over its mean, 1 where it is chance alone. `answered`:
    how many more shootings each one sets off, on average. φ in a name is the variance of a long
    window's count over its mean.
    """

    name: str
    night: float = 1.0
    answered: float = 0.0


INDEPENDENT = World("independent")
NIGHTS = tuple(World(f"several on a night, φ {phi:g}", night=phi) for phi in (1.5, 2.0, 3.0))
REPEATS = tuple(
    World(f"near repeats, φ {1 / (1 - answered) ** 2:.1f}", answered=answered)
    for answered in (0.2, 0.3, 0.35)
)
WORLDS = (INDEPENDENT, *NIGHTS, *REPEATS)


def per_day(random: np.random.Generator, world: World, a_year: float, level: Floats) -> Ints:
    """Draw how many shootings there are on each day, `a_year` of them in a year on average.

    `level`: what that is multiplied by on each day, such as 0.25 after a fall; there are more in
    summer. Those on one night are negative binomial. Answers come within WITHIN days and are
    answered themselves; the first year is for that to settle, and is not used.
    """
    day = np.arange(len(level))
    season = 1 - SUMMER * np.cos(2 * np.pi * day / 365.25)
    mean = a_year * (1 - world.answered) / YEAR * level * season
    if world.night == 1:
        counts = random.poisson(mean)
    else:
        counts = random.negative_binomial(mean / (world.night - 1), 1 / world.night)
    asked = counts
    while world.answered and asked.any():
        parents = np.repeat(day, asked)
        answers = np.repeat(parents, random.poisson(world.answered, len(parents)))
        answers = answers + random.integers(1, WITHIN + 1, len(answers))
        asked = np.bincount(answers[answers < len(day)], minlength=len(day))
        counts = counts + asked
    return counts


def steady(years: int) -> Floats:
    """Return the level of each day of `years` years in which nothing changes."""
    return np.ones(years * YEAR)


def swing(*series: Ints) -> Dispersion | None:
    """Estimate how much counts swing by chance (the dispersion), as the screens do.

    `series`: shootings by day, of one place or several, all as long.
    """
    whole = min(SLICES, len(series[0]) // SLICE_DAYS)
    newest = np.array(series)[:, len(series[0]) - whole * SLICE_DAYS :]
    return estimate_dispersion(newest.reshape(len(series), whole, -1).sum(axis=2).tolist())


# --- what is tried in them ---------------------------------------------------------------

CHANGED = (Outcome.UP, Outcome.DOWN)
ALARMS, COVERED = Promise(0.06), Promise(0.94, at_least=True)
YEARS = 8  # the year run in, and nearly six for the dispersion
BASES = {1: "last year", 3: "the mean of 3 years"}
WINDOWS = {"a year": YEAR, "28 days": 28}  # days compared with the same days of years before
AREAS, FALLEN = 17, 4  # the areas of a city, and those whose counts fell
MEANS = np.geomspace(0.8, 14, AREAS)  # a few areas hold most, as in a city
DISCOVERIES = Promise(0.05)
RESIDENTS = 120_000


def measure_changes(runs: int, seed: int) -> Iterator[Row]:
    """Yield how often a change is reported where there is none, in each kind of world.

    Then, where a change is real, how often the interval holds it.
    """
    for a_year in (12, 40, 120, 400, 1000):
        for at, world in enumerate(WORLDS):
            trying = partial(_try_windows, a_year, world)
            yield from simulate(runs, [seed, a_year, at], f"{a_year} a year, {world.name}", trying)
    for ratio in (0.6, 1.0, 1.7):
        for at, world in enumerate((INDEPENDENT, NIGHTS[1], REPEATS[1])):
            key, data = [seed, int(10 * ratio), at, 2], f"40 a year, {world.name}"
            trying = partial(_try_ratio, ratio, world)
            yield from simulate(runs, key, f"{data}, true ratio {ratio:g}", trying)


def _compare_years(
    days: Ints, years: int, dispersion: Dispersion | None, window: int = YEAR
) -> Comparison:
    """Compare the newest days with the same of `years` years before."""
    ends = [len(days) - year * YEAR for year in range(years + 1)]
    now, *before = [int(days[end - window : end].sum()) for end in ends]
    return compare(
        current=now, previous=sum(before), exposure=1, exposure_before=years, dispersion=dispersion
    )


def _try_windows(a_year: float, world: World, random: np.random.Generator) -> Iterator[Trial]:
    """Compare windows in which nothing changed: each change that is reported is a false alarm."""
    days = per_day(random, world, a_year, steady(YEARS))
    found = swing(days)
    for name, window in WINDOWS.items():
        for years, base in BASES.items():
            is_alarm = _compare_years(days, years, found, window).outcome in CHANGED
            yield Trial(f"{name} against {base}: false alarms", ALARMS, is_alarm)


def _try_ratio(ratio: float, world: World, random: np.random.Generator) -> Iterator[Trial]:
    """Try whether the interval holds the true ratio, the newest year having another level."""
    level = steady(YEARS)
    level[-YEAR:] = ratio
    days = per_day(random, world, 40, level)
    found = swing(days)
    for years, base in BASES.items():
        compared = _compare_years(days, years, found)
        # An interval without an upper bound has no end.
        high = math.inf if compared.high is None else compared.high
        covered = (compared.low or 0) <= ratio <= high
        what = f"ratio of a year to {base}"
        yield Trial(f"{what}, 95 % interval: coverage", COVERED, covered)
        if ratio != 1:
            yield Trial(f"{what}: seen", None, compared.outcome in CHANGED)


def measure_areas(runs: int, seed: int) -> Iterator[Row]:
    """Yield how often areas are falsely called changed.

    Each run makes many tests, so only a fifth of the runs are made.
    """
    some = max(runs // 5, 1)
    for at, world in enumerate((INDEPENDENT, *NIGHTS[:2], *REPEATS[1:])):
        data = f"{AREAS} areas, {world.name}"
        yield from simulate(some, [seed, at, 11], data, partial(_try_unchanged, world))
    data = f"{AREAS} areas, φ 1.5, four fell by 75 %"
    yield from simulate(some, [seed, 13], data, _try_fallen)


def _find_changed(days: Ints) -> list[bool]:
    """Return which areas are called changed, tested together as on the screen *Map*.

    `days`: an area a row, its newest year last.
    """
    now, before = days[:, -YEAR:].sum(axis=1), days[:, -2 * YEAR : -YEAR].sum(axis=1)
    pairs = [*zip(now.tolist(), before.tolist(), strict=True)]
    dispersion = swing(*days)
    p_values = [compare(*pair, dispersion=dispersion).p_value for pair in pairs]
    level = share_level([p_value for p_value in p_values if p_value is not None])
    found = (compare(*pair, dispersion=dispersion, level=level) for pair in pairs)
    return [compared.outcome in CHANGED for compared in found]


def _try_unchanged(world: World, random: np.random.Generator) -> Iterator[Trial]:
    days = np.array([per_day(random, world, mean, steady(YEARS - 1)) for mean in MEANS])
    what = "neighbourhood change: some area falsely called changed"
    yield Trial(what, DISCOVERIES, any(_find_changed(days)))


def _try_fallen(random: np.random.Generator) -> Iterator[Trial]:
    """Let four areas fall by three quarters, and try each area called changed: has it?"""
    fallen = steady(YEARS - 1)
    fallen[-YEAR:] = 0.25
    levels = [steady(YEARS - 1)] * (AREAS - FALLEN) + [fallen] * FALLEN
    days = [per_day(random, NIGHTS[0], 3 * m, at) for m, at in zip(MEANS, levels, strict=True)]
    for at in np.flatnonzero(_find_changed(np.array(days))):
        what = "neighbourhood change: false among those called changed"
        yield Trial(what, DISCOVERIES, at < AREAS - FALLEN)


def measure_rates(runs: int, seed: int) -> Iterator[Row]:
    """Yield how often the interval of a year's rate holds the true one."""
    for mean in (12, 40, 120, 400):
        for at, world in enumerate((INDEPENDENT, NIGHTS[1], REPEATS[1])):
            key, data = [seed, mean, at, 1], f"{mean} a year, {world.name}"
            yield from simulate(runs, key, data, partial(_try_rate, mean, world))


def _try_rate(mean: float, world: World, random: np.random.Generator) -> Iterator[Trial]:
    """Try whether the interval of the newest year's rate holds the true one."""
    days = per_day(random, world, mean, steady(YEARS - 1))
    # A year of these worlds has 365 days.
    truth = mean / RESIDENTS * rates.PER * rates.YEAR / YEAR
    frame = pd.DataFrame({"incidents": [days[-YEAR:].sum()], "population": [RESIDENTS]})
    row = rates.add_rate_intervals(frame, "incidents", YEAR, swing(days)).iloc[0]
    covered = row["rate_low"] <= truth <= row["rate_high"]
    yield Trial("95 % interval of a rate: coverage", COVERED, bool(covered))
