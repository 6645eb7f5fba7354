"""The interval of a rate, and the limits of the funnel."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
import pandas as pd

from longevity.stats import funnel_plot, rates
from tools.calibrate.change import COVERED, swing
from tools.calibrate.draw import INDEPENDENT, NIGHTS, REPEATS, YEAR, World, per_day, steady
from tools.calibrate.row import Promise, Row, Trial, simulate

RESIDENTS = 120_000
PLACES = np.geomspace(2_000, 140_000, 12).astype(int)  # their residents
YEARS = 7
LIMITS = {"at_95": ("95 %", Promise(0.05)), "at_998": ("99.8 %", Promise(0.002))}


def rows(runs: int, seed: int) -> Iterator[Row]:
    """Coverage of the interval of one year's rate; places outside the funnel."""
    for mean in (12, 40, 120, 400):
        for at, world in enumerate((INDEPENDENT, NIGHTS[1], REPEATS[1])):
            key, data = [seed, mean, at, 1], f"{mean} a year, {world.name}"
            yield from simulate(runs, key, data, partial(try_rate, mean, world))
    for at, world in enumerate((INDEPENDENT, NIGHTS[1])):
        data = f"12 places, one rate, {world.name}"
        trying = partial(try_funnel, world)
        yield from simulate(max(runs // 4, 1), [seed, at, 3], data, trying)


def try_rate(mean: float, world: World, random: np.random.Generator) -> Iterator[Trial]:
    days = per_day(random, world, mean, steady(YEARS))
    # A year of these worlds has 365 days.
    truth = mean / RESIDENTS * rates.PER * rates.YEAR / YEAR
    frame = pd.DataFrame({"incidents": [days[-YEAR:].sum()], "population": [RESIDENTS]})
    for name, dispersion in (("without φ", None), ("with φ", swing(days))):
        row = rates.add_rate_intervals(frame, "incidents", YEAR, dispersion).iloc[0]
        promised = COVERED if name == "with φ" or world.phi == 1 else None
        covered = row["rate_low"] <= truth <= row["rate_high"]
        yield Trial(f"95 % interval of a rate, {name}: coverage", promised, covered)


def try_funnel(world: World, random: np.random.Generator) -> Iterator[Trial]:
    means = PLACES * 30 / 100_000
    days = np.array([per_day(random, world, mean, steady(YEARS)) for mean in means])
    frame = pd.DataFrame({"incidents": days[:, -YEAR:].sum(axis=1), "population": PLACES})
    for name, dispersion in (("without φ", None), ("with φ", swing(*days))):
        places = funnel_plot.build_funnel(frame, "incidents", YEAR, dispersion).places
        for column, (limit, level) in LIMITS.items():
            promised = level if name == "with φ" or world.phi == 1 else None
            for beyond in places[column] != funnel_plot.INSIDE:
                yield Trial(f"funnel, {name}: places beyond the {limit} limits", promised, beyond)
