"""The interval of a rate, and the limits of the funnel."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from longevity.stats import funnel_plot, rates
from tools.calibrate.change import swing
from tools.calibrate.draw import INDEPENDENT, NIGHTS, REPEATS, YEAR, World, per_day, steady
from tools.calibrate.table import Row, lines

RESIDENTS = 120_000
CITIES = 12
YEARS = 7


def report(runs: int, seed: int) -> Iterator[str]:
    """The table of this subject."""
    return lines(rows(runs, seed))


def rows(runs: int, seed: int) -> Iterator[Row]:
    """Coverage of the interval of one year's rate; places outside the funnel."""
    for mean in (12, 40, 120, 400):
        for at, world in enumerate((INDEPENDENT, NIGHTS[1], REPEATS[1])):
            yield from coverage(runs, [seed, mean, at, 1], mean, world)
    for at, world in enumerate((INDEPENDENT, NIGHTS[1])):
        yield from funnel_limits(runs, [seed, at, 3], world)


def coverage(runs: int, seed: list[int], mean: float, world: World) -> Iterator[Row]:
    random = np.random.default_rng(seed)
    truth = mean / RESIDENTS * rates.PER
    held = {"without φ": 0, "with φ": 0}
    for _ in range(runs):
        days = per_day(random, world, mean, steady(YEARS))
        frame = pd.DataFrame({"incidents": [days[-YEAR:].sum()], "population": [RESIDENTS]})
        for name, dispersion in (("without φ", None), ("with φ", swing(days))):
            row = rates.add_rate_intervals(frame, "incidents", YEAR, dispersion).iloc[0]
            # A year of these worlds has 365 days.
            held[name] += row["rate_low"] <= truth * rates.YEAR / YEAR <= row["rate_high"]
    for name, hits in held.items():
        promised = 0.94 if name == "with φ" or world.phi == 1 else None
        yield Row(
            f"95 % interval of a rate, {name}: coverage",
            f"{mean} a year, {world.name}",
            hits,
            runs,
            promised,
            at_least=True,
        )


def funnel_limits(runs: int, seed: list[int], world: World) -> Iterator[Row]:
    random = np.random.default_rng(seed)
    residents = np.geomspace(2_000, 140_000, CITIES).astype(int)
    means = residents * 30 / 100_000
    beyond = {(name, at): 0 for name in ("without φ", "with φ") for at in ("at_95", "at_998")}
    worlds = max(runs // 4, 1)
    for _ in range(worlds):
        days = np.array([per_day(random, world, mean, steady(YEARS)) for mean in means])
        frame = pd.DataFrame(
            {
                "name": range(CITIES),
                "incidents": days[:, -YEAR:].sum(axis=1),
                "population": residents,
            }
        ).astype({"name": str})
        for name, dispersion in (("without φ", None), ("with φ", swing(*days))):
            places = funnel_plot.build_funnel(frame, "incidents", YEAR, dispersion).places
            for at in ("at_95", "at_998"):
                beyond[name, at] += int((places[at] != funnel_plot.INSIDE).sum())
    for (name, at), hits in beyond.items():
        level = 0.05 if at == "at_95" else 0.002
        promised = level if name == "with φ" or world.phi == 1 else None
        limit = "95 %" if at == "at_95" else "99.8 %"
        yield Row(
            f"funnel, {name}: places beyond the {limit} limits",
            f"12 places, one rate, {world.name}",
            hits,
            worlds * CITIES,
            promised,
        )
