"""Neighbourhoods: false discoveries among changes, and the map of clusters."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from longevity.stats import clusters
from longevity.stats.area_changes import compare_areas
from longevity.stats.clusters import Cluster
from longevity.stats.comparison import Outcome
from tools.calibrate.change import swing
from tools.calibrate.draw import (
    INDEPENDENT,
    NIGHTS,
    REPEATS,
    YEAR,
    Ints,
    World,
    negative_binomial,
    per_day,
    steady,
)
from tools.calibrate.table import Row, lines

AREAS = 17
YEARS = 7
CHANGED = (Outcome.UP, Outcome.DOWN)
SIDE = 4
CALLED = {Cluster.HIGH, Cluster.LOW, Cluster.HIGH_AMONG_LOW, Cluster.LOW_AMONG_HIGH}
Floats = npt.NDArray[np.float64]


def report(runs: int, seed: int) -> Iterator[str]:
    """The table of this subject."""
    return lines(rows(runs, seed))


def rows(runs: int, seed: int) -> Iterator[Row]:
    """Each is many tests at once, so a fifth of the runs."""
    some = max(runs // 5, 1)
    # A few areas hold most, as in a city.
    means = np.geomspace(0.8, 14, AREAS)
    for at, world in enumerate((INDEPENDENT, *NIGHTS[:2], *REPEATS[1:])):
        yield from changes(some, [seed, at, 11], means, world)
    yield _discoveries(some, seed, means)
    for phi in (1.0, 2.0):
        for uneven in (False, True):
            yield from maps(some, seed, phi, uneven)


def _called(days: Ints, with_phi: bool) -> tuple[list[Outcome], list[float | None]]:
    """Outcomes controlled for how many were looked at, and p-values by themselves.

    `days`: an area a row. The newest year is compared with the one before.
    """
    now, before = days[:, -YEAR:].sum(axis=1), days[:, -2 * YEAR : -YEAR].sum(axis=1)
    frame = pd.DataFrame({"current": now, "previous": before})
    found = compare_areas(frame, dispersion=swing(*days) if with_phi else None)
    each = found.comparisons.values()
    return [one.outcome for one in each], [one.p_value for one in each]


def changes(runs: int, seed: list[int], means: Floats, world: World) -> Iterator[Row]:
    """Areas of these many a year in which nothing changed."""
    random = np.random.default_rng(seed)
    names = ("without φ", "with φ")
    any_, alone = dict.fromkeys(names, 0), dict.fromkeys(names, 0)
    for _ in range(runs):
        days = np.array([per_day(random, world, mean, steady(YEARS)) for mean in means])
        for name in names:
            outcomes, p_values = _called(days, name == "with φ")
            any_[name] += any(outcome in CHANGED for outcome in outcomes)
            alone[name] += any(p is not None and p < 0.05 for p in p_values)
    data = f"{len(means)} areas, {world.name}"
    for name in names:
        promised = 0.05 if name == "with φ" or world.phi == 1 else None
        yield Row(
            f"neighbourhood change, {name}: some area falsely called changed",
            data,
            any_[name],
            runs,
            promised,
        )
        yield Row(f"the same without regard to how many, {name}", data, alone[name], runs, None)


def _discoveries(runs: int, seed: int, means: Floats) -> Row:
    """Of the areas called changed, those that did not, when four truly fell by three quarters."""
    random = np.random.default_rng([seed, 13])
    fallen = steady(YEARS)
    fallen[-YEAR:] = 0.25
    false = total = 0
    for _ in range(runs):
        days = np.array(
            [
                per_day(random, NIGHTS[0], 3 * mean, fallen if at >= AREAS - 4 else steady(YEARS))
                for at, mean in enumerate(means)
            ]
        )
        outcomes, _ = _called(days, True)
        called = [at for at, o in enumerate(outcomes) if o in CHANGED]
        total += len(called)
        false += sum(at < AREAS - 4 for at in called)
    return Row(
        "neighbourhood change, with φ: false among those called changed",
        f"{AREAS} areas, φ 1.5, four fell by 75 %",
        false,
        max(total, 1),
        0.05,
    )


def maps(runs: int, seed: int, phi: float, uneven: bool) -> Iterator[Row]:
    """Maps without any pattern, of areas alike or unlike (but not by place)."""
    random = np.random.default_rng([seed, int(10 * phi), int(uneven), 14])
    shapes = [shapely.box(k % SIDE, k // SIDE, k % SIDE + 1, k // SIDE + 1) for k in range(16)]
    names = [f"a{at:02}" for at in range(16)]
    touching = clusters.find_touching(gpd.GeoSeries(shapes, index=names))
    with_any = areas = 0
    for run in range(runs):
        residents = random.lognormal(8.6, 0.5, 16).round()
        risk = random.gamma(2, 0.5, 16) if uneven else np.ones(16)
        counts = negative_binomial(random, residents * risk * 5 * 100 / 100_000, phi, 16)
        frame = pd.DataFrame({"neighbourhood": names, "incidents": counts, "population": residents})
        found = clusters.find_clusters(frame, "incidents", touching, seed=run + 1).areas["cluster"]
        flagged = int(found.isin(CALLED).sum())
        with_any += flagged > 0
        areas += flagged
    kind = "unlike each other" if uneven else "alike"
    data = f"16 areas {kind}, no pattern, φ {phi:g}"
    yield Row("cluster map: some area falsely called a cluster", data, with_any, runs, 0.05)
    yield Row("cluster map: areas falsely called a cluster", data, areas, 16 * runs, 0.05)
