"""The interval of a rate, and the limits of the funnel."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from longevity.measures import funnel, rates
from longevity.measures.comparison import pooled_spread, spread_of
from tests.calibrate.draw import Ints, near_repeat, negative_binomial
from tests.calibrate.table import Row, lines

RESIDENTS = 120_000
CITIES = 12


def report(runs: int, seed: int) -> Iterator[str]:
    """The table of this subject."""
    return lines(rows(runs, seed))


def rows(runs: int, seed: int) -> Iterator[Row]:
    """Coverage of the interval of one year's rate; places outside the funnel."""
    for mean in (12, 40, 120):
        for phi in (1.0, 2.0):
            random = np.random.default_rng([seed, mean, int(10 * phi), 1])
            counts = negative_binomial(random, mean, phi, (runs, 6))
            data = f"negative binomial, {mean} a year, φ {phi:g}"
            yield from coverage(counts, mean, data, phi)
    random = np.random.default_rng([seed, 2])
    counts = near_repeat(random, 40, 0.3, 6, runs)
    yield from coverage(counts, 40, "near repeats, 40 a year, φ 2.0", 2.0)
    for phi in (1.0, 2.0):
        yield from funnel_limits(runs, seed, phi)


def coverage(counts: Ints, mean: float, data: str, phi: float) -> Iterator[Row]:
    truth = mean / RESIDENTS * rates.PER
    for name in ("without φ", "with φ"):
        held = 0
        for own in counts:
            frame = pd.DataFrame({"incidents": [own[5]], "population": [RESIDENTS]})
            spread = spread_of([int(n) for n in own[:5]]) if name == "with φ" else None
            row = rates.with_intervals(frame, "incidents", rates.YEAR, spread).iloc[0]
            held += row["rate_low"] <= truth <= row["rate_high"]
        promised = 0.95 if name == "with φ" or phi == 1 else None
        yield Row(
            f"95 % interval of a rate, {name}: coverage",
            data,
            held,
            len(counts),
            promised,
            at_least=True,
        )


def funnel_limits(runs: int, seed: int, phi: float) -> Iterator[Row]:
    random = np.random.default_rng([seed, int(10 * phi), 3])
    residents = np.geomspace(2_000, 140_000, CITIES).astype(int)
    means = residents * 30 / 100_000
    beyond = {(name, at): 0 for name in ("without φ", "with φ") for at in ("at_95", "at_998")}
    worlds = max(runs // 4, 1)
    for _ in range(worlds):
        counts = negative_binomial(random, means[:, None], phi, (CITIES, 6))
        history = pooled_spread([[int(n) for n in own[:5]] for own in counts])
        frame = pd.DataFrame(
            {"name": range(CITIES), "incidents": counts[:, 5], "population": residents}
        ).astype({"name": str})
        for name, spread in (("without φ", None), ("with φ", history)):
            places = funnel.funnel(frame, "incidents", rates.YEAR, spread).places
            for at in ("at_95", "at_998"):
                beyond[name, at] += int((places[at] != funnel.INSIDE).sum())
    for (name, at), hits in beyond.items():
        level = 0.05 if at == "at_95" else 0.002
        promised = level if name == "with φ" or phi == 1 else None
        limit = "95 %" if at == "at_95" else "99.8 %"
        yield Row(
            f"funnel, {name}: places beyond the {limit} limits",
            f"12 places, one rate, φ {phi:g}",
            hits,
            worlds * CITIES,
            promised,
        )
