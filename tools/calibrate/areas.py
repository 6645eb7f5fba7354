"""Neighbourhoods: false discoveries among changes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from longevity.findings.areas import share_level
from longevity.stats.comparison import compare
from tools.calibrate.change import CHANGED, swing
from tools.calibrate.draw import (
    INDEPENDENT,
    NIGHTS,
    REPEATS,
    YEAR,
    Ints,
    World,
    per_day,
    steady,
)
from tools.calibrate.row import Promise, Row, Trial, simulate

AREAS, FALLEN = 17, 4
YEARS = 7
PROMISED = Promise(0.05)
MEANS = np.geomspace(0.8, 14, AREAS)  # a few areas hold most, as in a city


def rows(runs: int, seed: int) -> Iterator[Row]:
    """Each is many tests at once, so a fifth of the runs."""
    some = max(runs // 5, 1)
    for at, world in enumerate((INDEPENDENT, *NIGHTS[:2], *REPEATS[1:])):
        data = f"{AREAS} areas, {world.name}"
        yield from simulate(some, [seed, at, 11], data, partial(try_unchanged, world))
    data = f"{AREAS} areas, φ 1.5, four fell by 75 %"
    yield from simulate(some, [seed, 13], data, try_fallen)


def _compare_areas(days: Ints, with_phi: bool) -> tuple[list[bool], bool]:
    """Return which areas are called changed, and whether one by itself would be.

    `days`: an area a row. The newest year is compared with the one before.
    """
    now, before = days[:, -YEAR:].sum(axis=1), days[:, -2 * YEAR : -YEAR].sum(axis=1)
    pairs = [*zip(now.tolist(), before.tolist(), strict=True)]
    dispersion = swing(*days) if with_phi else None
    p_values = [compare(*pair, dispersion=dispersion).p_value for pair in pairs]
    known = [p_value for p_value in p_values if p_value is not None]
    level = share_level(known)
    found = [compare(*pair, dispersion=dispersion, level=level) for pair in pairs]
    return [one.outcome in CHANGED for one in found], min(known) < 0.05


def try_unchanged(world: World, random: np.random.Generator) -> Iterator[Trial]:
    days = np.array([per_day(random, world, mean, steady(YEARS)) for mean in MEANS])
    for name in ("without φ", "with φ"):
        called, alone = _compare_areas(days, name == "with φ")
        promised = PROMISED if name == "with φ" or world.phi == 1 else None
        what = f"neighbourhood change, {name}: some area falsely called changed"
        yield Trial(what, promised, any(called))
        yield Trial(f"the same without regard to how many, {name}", None, alone)


def try_fallen(random: np.random.Generator) -> Iterator[Trial]:
    """Of the areas called changed, those that did not, when four truly fell by three quarters."""
    fallen = steady(YEARS)
    fallen[-YEAR:] = 0.25
    levels = [steady(YEARS)] * (AREAS - FALLEN) + [fallen] * FALLEN
    days = [
        per_day(random, NIGHTS[0], 3 * m, level) for m, level in zip(MEANS, levels, strict=True)
    ]
    called, _ = _compare_areas(np.array(days), True)
    for at in np.flatnonzero(called):
        what = "neighbourhood change, with φ: false among those called changed"
        yield Trial(what, PROMISED, at < AREAS - FALLEN)
