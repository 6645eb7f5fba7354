"""The change of a city: coverage of the ratio's interval, false alarms, and a wave."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from longevity.stats.comparison import Comparison, Outcome, compare
from longevity.stats.dispersion import SLICE_DAYS, SLICES, Dispersion, estimate_dispersion
from tools.calibrate.draw import (
    INDEPENDENT,
    NIGHTS,
    REPEATS,
    WORLDS,
    YEAR,
    Ints,
    World,
    per_day,
    steady,
)
from tools.calibrate.row import Promise, Row, Trial, simulate

CHANGED = (Outcome.UP, Outcome.DOWN)
ALARMS, COVERED = Promise(0.06), Promise(0.94, at_least=True)
A_YEAR = (12, 40, 120, 400, 1000)
# The year run in, and nearly six for the dispersion.
YEARS = 8
BASES = {1: "last year", 3: "the mean of 3 years"}
# Days that are compared with the same days of years before, and the day of the year they end on.
WINDOWS = {"a year": (YEAR, YEAR), "the year to May": (150, 150), "28 days": (28, YEAR)}
# A level of 1; in a quarter of a year up to 1.5, for two years; in two years down to 0.75.
WAVE = np.interp(
    np.arange(11 * YEAR), np.array([0, 6, 6.25, 8, 10, 11]) * YEAR, [1, 1, 1.5, 1.5, 0.75, 0.75]
)
# What is compared in the wave: the year it ends with, the years it is compared with, and how
# many lie between.
RISE, RISEN, FALLEN = 7, 8, 11
IN_THE_WAVE = (
    ("rise, its first year against last year", RISE, 1, 0, Outcome.UP),
    ("rise, its first year against the mean of 3 years", RISE, 3, 0, Outcome.UP),
    ("rise, its second year against the last before it", RISEN, 1, 1, Outcome.UP),
    ("fall, its last year against the peak", FALLEN, 1, 2, Outcome.DOWN),
    ("fall, its last year against the mean of 3 years", FALLEN, 3, 0, Outcome.DOWN),
    ("fall, its last year against last year", FALLEN, 1, 0, Outcome.DOWN),
)


def rows(runs: int, seed: int) -> Iterator[Row]:
    """False alarms with nothing changed, coverage with something changed, then the wave."""
    for a_year in A_YEAR:
        for at, world in enumerate(WORLDS):
            trying = partial(try_windows, a_year, world)
            yield from simulate(runs, [seed, a_year, at], f"{a_year} a year, {world.name}", trying)
    for years in (2, 3, 4):
        for world in (INDEPENDENT, NIGHTS[1], REPEATS[2]):
            key = [seed, years, 1, int(10 * world.phi)]
            trying = partial(try_short_record, years, world)
            yield from simulate(runs, key, f"120 a year, {world.name}", trying)
    for ratio in (0.6, 1.0, 1.7):
        for at, world in enumerate((INDEPENDENT, NIGHTS[1], REPEATS[1])):
            key, data = [seed, int(10 * ratio), at, 2], f"40 a year, {world.name}"
            trying = partial(try_ratio, ratio, world)
            yield from simulate(runs, key, f"{data}, true ratio {ratio:g}", trying)
    for a_year in (100, 1000):
        for at, world in enumerate((INDEPENDENT, *REPEATS)):
            key, data = [seed, a_year, at, 3], f"{a_year} a year, {world.name}"
            yield from simulate(max(runs // 2, 1), key, data, partial(try_wave, a_year, world))


def swing(*series: Ints) -> Dispersion | None:
    """Estimate the dispersion of series of days, as long as each other, up to their last."""
    whole = min(SLICES, len(series[0]) // SLICE_DAYS)
    newest = np.array(series)[:, len(series[0]) - whole * SLICE_DAYS :]
    return estimate_dispersion(newest.reshape(len(series), whole, -1).sum(axis=2).tolist())


def compare_years(
    days: Ints, years: int, dispersion: Dispersion | None, window: int = YEAR, back: int = 0
) -> Comparison:
    """Compare the newest days with the same of `years` years before, from `back` more on."""
    ends = [len(days) - year * YEAR for year in (0, *range(back + 1, back + years + 1))]
    now, *before = [int(days[end - window : end].sum()) for end in ends]
    return compare(now, sum(before), 1, years, dispersion)


def try_windows(a_year: float, world: World, random: np.random.Generator) -> Iterator[Trial]:
    drawn = per_day(random, world, a_year, steady(YEARS))
    for name, (window, ends) in WINDOWS.items():
        # The newest year is cut on the day its window ends.
        days = drawn[: len(drawn) - YEAR + ends]
        found = swing(days)
        for years, base in BASES.items():
            for how, used in (("without", None), ("with", found)):
                promised = ALARMS if how == "with" or world.phi == 1 else None
                is_alarm = compare_years(days, years, used, window).outcome in CHANGED
                yield Trial(f"{name} against {base}, {how} φ: false alarms", promised, is_alarm)


def try_short_record(years: int, world: World, random: np.random.Generator) -> Iterator[Trial]:
    """Try data that reach back so few years."""
    days = per_day(random, world, 120, steady(years + 1))[YEAR:]
    what = f"a year against last year, {years} years of data, with φ: false alarms"
    yield Trial(what, ALARMS, compare_years(days, 1, swing(days)).outcome in CHANGED)


def try_ratio(ratio: float, world: World, random: np.random.Generator) -> Iterator[Trial]:
    """Try whether the interval holds a true ratio, the newest year having another level."""
    level = steady(YEARS)
    level[-YEAR:] = ratio
    days = per_day(random, world, 40, level)
    found = swing(days)
    for years, base in BASES.items():
        compared = compare_years(days, years, found)
        what = f"ratio of a year to {base}"
        covered = is_within(compared.low, ratio, compared.high)
        yield Trial(f"{what}, 95 % interval: coverage", COVERED, covered)
        if ratio != 1:
            yield Trial(f"{what}: seen", None, compared.outcome in CHANGED)


def try_wave(a_year: float, world: World, random: np.random.Generator) -> Iterator[Trial]:
    """Try how often rise and fall are seen; and how often if φ were known, which is the most."""
    drawn = per_day(random, world, a_year, WAVE)
    swings = {year: swing(drawn[: year * YEAR]) for year in (RISE, RISEN, FALLEN)}
    for name, year, years, back, way in IN_THE_WAVE:
        known = Dispersion(world.phi, 1e9)
        for how, used in (("with φ", swings[year]), ("if φ were known", known)):
            found = compare_years(drawn[: year * YEAR], years, used, back=back)
            yield Trial(f"wave: {name}, {how}: seen", None, found.outcome is way)


def is_within(low: float | None, value: float, high: float | None) -> bool:
    """Whether an interval, open where there is no bound, holds a value."""
    return (low is None or low <= value) and (high is None or value <= high)
