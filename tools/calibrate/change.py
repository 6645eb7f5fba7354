"""The change of a city: coverage of the ratio's interval, false alarms, and a wave."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from longevity.stats.comparison import Comparison, Outcome, compare
from longevity.stats.dispersion import SLICE_DAYS, SLICES, Dispersion, estimate_dispersion
from tools.calibrate.draw import (
    INDEPENDENT,
    NIGHTS,
    REPEATS,
    WORLDS,
    YEAR,
    Floats,
    Ints,
    World,
    per_day,
    steady,
)
from tools.calibrate.table import Row, lines

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


def report(runs: int, seed: int) -> Iterator[str]:
    """The table of this subject."""
    return lines(rows(runs, seed))


def rows(runs: int, seed: int) -> Iterator[Row]:
    """False alarms with nothing changed, coverage with something changed, then the wave."""
    for a_year in A_YEAR:
        for at, world in enumerate(WORLDS):
            yield from false_alarms(runs, [seed, a_year, at], a_year, world)
    for years in (2, 3, 4):
        yield from short(runs, [seed, years, 1], years)
    for ratio in (0.6, 1.0, 1.7):
        for at, world in enumerate((INDEPENDENT, NIGHTS[1], REPEATS[1])):
            yield from coverage(runs, [seed, int(10 * ratio), at, 2], ratio, world)
    for a_year in (100, 1000):
        for at, world in enumerate((INDEPENDENT, *REPEATS)):
            yield from wave(max(runs // 2, 1), [seed, a_year, at, 3], a_year, world)


def swing(*series: Ints) -> Dispersion | None:
    """The dispersion of series of days, as long as each other, up to their last."""
    whole = min(SLICES, len(series[0]) // SLICE_DAYS)
    newest = np.array(series)[:, len(series[0]) - whole * SLICE_DAYS :]
    return estimate_dispersion(newest.reshape(len(series), whole, -1).sum(axis=2).tolist())


def compared(
    days: Ints, window: Window, years: int, dispersion: Dispersion | None, back: int = 0
) -> Comparison:
    """The newest window against the same days of `years` years before (from `back` more on)."""
    ends = [len(days) - year * YEAR for year in (0, *range(back + 1, back + years + 1))]
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
        yield Row(
            f"{name} against {BASES[years]}, {'with' if with_ else 'without'} φ: false alarms",
            f"{a_year} a year, {world.name}",
            hits,
            runs,
            0.06 if with_ or world.phi == 1 else None,
        )


def short(runs: int, seed: list[int], years: int) -> Iterator[Row]:
    """False alarms where the data reach back so few years."""
    for world in (INDEPENDENT, NIGHTS[1], REPEATS[2]):
        random = np.random.default_rng([*seed, int(10 * world.phi)])
        alarms = 0
        for _ in range(runs):
            days = per_day(random, world, 120, steady(years + 1))[YEAR:]
            alarms += compared(days, WHOLE, 1, swing(days)).outcome in CHANGED
        what = f"a year against last year, {years} years of data, with φ: false alarms"
        yield Row(what, f"120 a year, {world.name}", alarms, runs, 0.06)


def coverage(runs: int, seed: list[int], ratio: float, world: World) -> Iterator[Row]:
    """Whether the interval holds a true ratio, the newest year having another level."""
    random = np.random.default_rng(seed)
    level = steady(YEARS)
    level[-YEAR:] = ratio
    held, seen = dict.fromkeys(BASES, 0), dict.fromkeys(BASES, 0)
    for _ in range(runs):
        days = per_day(random, world, 40, level)
        found = swing(days)
        for years in BASES:
            one = compared(days, WHOLE, years, found)
            assert one.low is not None
            held[years] += one.low <= ratio and (one.high is None or ratio <= one.high)
            seen[years] += one.outcome in CHANGED
    for years, base in BASES.items():
        what, data = f"ratio of a year to {base}", f"40 a year, {world.name}, true ratio {ratio:g}"
        yield Row(f"{what}, 95 % interval: coverage", data, held[years], runs, 0.94, at_least=True)
        if ratio != 1:
            yield Row(f"{what}: seen", data, seen[years], runs, None)


def wave_level() -> Floats:
    """A level of 1; in a quarter of a year up to 1.5, for two years; in two years down to 0.75."""
    at = np.array([0, 6, 6.25, 8, 10, 11]) * YEAR
    return np.interp(np.arange(11 * YEAR), at, [1, 1, 1.5, 1.5, 0.75, 0.75])


# What is compared in the wave: the year it ends with, and the years it is compared with.
RISE, RISEN, FALLEN = 7, 8, 11
IN_THE_WAVE = (
    ("rise, its first year against last year", RISE, 1, 0, Outcome.UP),
    ("rise, its first year against the mean of 3 years", RISE, 3, 0, Outcome.UP),
    ("rise, its second year against the last before it", RISEN, 1, 1, Outcome.UP),
    ("fall, its last year against the peak", FALLEN, 1, 2, Outcome.DOWN),
    ("fall, its last year against the mean of 3 years", FALLEN, 3, 0, Outcome.DOWN),
    ("fall, its last year against last year", FALLEN, 1, 0, Outcome.DOWN),
)


def wave(runs: int, seed: list[int], a_year: float, world: World) -> Iterator[Row]:
    """How often rise and fall are seen; and how often if φ were known, which is the most."""
    random = np.random.default_rng(seed)
    level = wave_level()
    seen = {(name, known): 0 for name, *_ in IN_THE_WAVE for known in (0, 1)}
    sure = Dispersion(world.phi, 1e9)
    for _ in range(runs):
        drawn = per_day(random, world, a_year, level)
        swings = {year: swing(drawn[: year * YEAR]) for year in (RISE, RISEN, FALLEN)}
        for name, year, years, back, way in IN_THE_WAVE:
            for known, used in enumerate((swings[year], sure)):
                found = compared(drawn[: year * YEAR], WHOLE, years, used, back)
                seen[name, known] += found.outcome is way
    for (name, known), hits in seen.items():
        how = "if φ were known" if known else "with φ"
        yield Row(f"wave: {name}, {how}: seen", f"{a_year} a year, {world.name}", hits, runs, None)
