"""The limits of the funnel: how many places of one rate lie beyond them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from longevity.stats import funnel_plot
from tools.calibrate.change import swing
from tools.calibrate.draw import INDEPENDENT, NIGHTS, YEAR, World, per_day, steady
from tools.calibrate.table import Row

PLACES = 12
YEARS = 7
NAMES = ("without φ", "with φ")
LIMITS = {"at_95": ("95 %", 0.05), "at_998": ("99.8 %", 0.002)}


def rows(runs: int, seed: int) -> Iterator[Row]:
    """Places of one rate that lie beyond the limits; each world is twelve places."""
    for at, world in enumerate((INDEPENDENT, NIGHTS[1])):
        yield from funnel_limits(max(runs // 4, 1), [seed, at, 3], world)


def funnel_limits(runs: int, seed: list[int], world: World) -> Iterator[Row]:
    random = np.random.default_rng(seed)
    residents = np.geomspace(2_000, 140_000, PLACES).astype(int)
    means = residents * 30 / 100_000
    names = [str(at) for at in range(PLACES)]
    beyond = {(name, at): 0 for name in NAMES for at in LIMITS}
    for _ in range(runs):
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
        yield Row(what, f"12 places, one rate, {world.name}", hits, runs * PLACES, promised)
