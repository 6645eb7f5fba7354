"""The interval of a rate."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
import pandas as pd

from longevity.stats import rates
from tools.calibrate.change import COVERED, swing
from tools.calibrate.draw import INDEPENDENT, NIGHTS, REPEATS, YEAR, World, per_day, steady
from tools.calibrate.row import Row, Trial, simulate

RESIDENTS = 120_000
YEARS = 7


def rows(runs: int, seed: int) -> Iterator[Row]:
    """Coverage of the interval of one year's rate."""
    for mean in (12, 40, 120, 400):
        for at, world in enumerate((INDEPENDENT, NIGHTS[1], REPEATS[1])):
            key, data = [seed, mean, at, 1], f"{mean} a year, {world.name}"
            yield from simulate(runs, key, data, partial(try_rate, mean, world))


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
