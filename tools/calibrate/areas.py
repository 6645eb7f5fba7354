"""False alarms among many that are looked at together: neighbourhoods, and places in a funnel."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from longevity.findings.areas import share_level
from longevity.stats import funnel_plot
from longevity.stats.comparison import Outcome, compare
from tools.calibrate.change import CHANGED, swing
from tools.calibrate.draw import INDEPENDENT, NIGHTS, REPEATS, YEAR, Ints, World, per_day, steady
from tools.calibrate.table import Row

AREAS, PLACES = 17, 12
YEARS = 7
NAMES = ("without φ", "with φ")
LIMITS = {"at_95": ("95 %", 0.05), "at_998": ("99.8 %", 0.002)}


def rows(runs: int, seed: int) -> Iterator[Row]:
    """Each is many tests at once, so a fifth of the runs."""
    for at, world in enumerate((INDEPENDENT, *NIGHTS[:2], *REPEATS[1:])):
        yield from changes(max(runs // 5, 1), [seed, at, 11], world)
    for at, world in enumerate((INDEPENDENT, NIGHTS[1])):
        yield from funnel_limits(max(runs // 4, 1), [seed, at, 3], world)


def _called(days: Ints, with_phi: bool) -> tuple[list[Outcome], list[float | None]]:
    """Outcomes controlled for how many were looked at, and p-values by themselves.

    `days`: an area a row. The newest year is compared with the one before.
    """
    now, before = days[:, -YEAR:].sum(axis=1), days[:, -2 * YEAR : -YEAR].sum(axis=1)
    pairs = [*zip(now.tolist(), before.tolist(), strict=True)]
    dispersion = swing(*days) if with_phi else None
    p_values = [compare(*pair, dispersion=dispersion).p_value for pair in pairs]
    level = share_level([p_value for p_value in p_values if p_value is not None])
    outcomes = [compare(*pair, dispersion=dispersion, level=level).outcome for pair in pairs]
    return outcomes, p_values


def changes(runs: int, seed: list[int], world: World) -> Iterator[Row]:
    """Areas in which nothing changed; a few hold most, as in a city."""
    random = np.random.default_rng(seed)
    means = np.geomspace(0.8, 14, AREAS)
    any_, alone = dict.fromkeys(NAMES, 0), dict.fromkeys(NAMES, 0)
    for _ in range(runs):
        days = np.array([per_day(random, world, mean, steady(YEARS)) for mean in means])
        for name in NAMES:
            outcomes, p_values = _called(days, name == "with φ")
            any_[name] += any(outcome in CHANGED for outcome in outcomes)
            alone[name] += any(p is not None and p < 0.05 for p in p_values)
    data = f"{AREAS} areas, {world.name}"
    for name in NAMES:
        promised = 0.05 if name == "with φ" or world.phi == 1 else None
        what = f"neighbourhood change, {name}: some area falsely called changed"
        yield Row(what, data, any_[name], runs, promised)
        yield Row(f"the same without regard to how many, {name}", data, alone[name], runs, None)


def funnel_limits(runs: int, seed: list[int], world: World) -> Iterator[Row]:
    """Places of one rate, as large as towns and cities, that lie beyond the limits."""
    random = np.random.default_rng(seed)
    residents = np.geomspace(2_000, 140_000, PLACES).astype(int)
    names = [str(at) for at in range(PLACES)]
    beyond = {(name, at): 0 for name in NAMES for at in LIMITS}
    for _ in range(runs):
        means = residents * 30 / 100_000
        days = np.array([per_day(random, world, mean, steady(YEARS)) for mean in means])
        counts = days[:, -YEAR:].sum(axis=1)
        frame = pd.DataFrame({"name": names, "incidents": counts, "population": residents})
        for name, dispersion in zip(NAMES, (None, swing(*days)), strict=True):
            places = funnel_plot.build_funnel(frame, "incidents", YEAR, dispersion).places
            for at in LIMITS:
                beyond[name, at] += int((places[at] != funnel_plot.INSIDE).sum())
    for (name, at), hits in beyond.items():
        limit, level = LIMITS[at]
        promised = level if name == "with φ" or world.phi == 1 else None
        what = f"funnel, {name}: places beyond the {limit} limits"
        yield Row(what, f"{PLACES} places, one rate, {world.name}", hits, runs * PLACES, promised)
