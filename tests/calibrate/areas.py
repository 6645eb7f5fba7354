"""Neighbourhoods: false discoveries among changes, and the map of clusters."""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from longevity.measures import clusters
from longevity.measures.area_changes import area_changes
from longevity.measures.clusters import Cluster
from longevity.measures.comparison import Outcome, pooled_spread
from tests.calibrate.draw import Ints, near_repeat, negative_binomial
from tests.calibrate.table import Row, lines

AREAS = 17
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
    for phi in (1.0, 1.5, 2.0):
        random = np.random.default_rng([seed, int(10 * phi), 11])
        counts = negative_binomial(random, means, phi, (some, 6, AREAS))
        yield from changes(counts, f"{AREAS} areas, negative binomial, φ {phi:g}", phi)
    random = np.random.default_rng([seed, 12])
    repeats = np.stack([near_repeat(random, mean, 0.3, 6, some) for mean in means], axis=2)
    yield from changes(repeats, f"{AREAS} areas, near repeats, φ 2.0", 2.0)
    yield _discoveries(some, seed, means)
    for phi in (1.0, 2.0):
        for uneven in (False, True):
            yield from maps(some, seed, phi, uneven)


def _called(counts: Ints, with_phi: bool) -> tuple[list[Outcome], list[float | None]]:
    """Outcomes controlled for how many were looked at, and p-values by themselves."""
    spread = pooled_spread([[int(n) for n in own[:5]] for own in counts.T]) if with_phi else None
    frame = pd.DataFrame({"current": counts[5], "previous": counts[4]})
    found = area_changes(frame, spread=spread)
    each = found.comparisons.values()
    return [one.outcome for one in each], [one.p_value for one in each]


def changes(counts: Ints, data: str, phi: float) -> Iterator[Row]:
    runs = len(counts)
    for name in ("without φ", "with φ"):
        any_, alone = 0, 0
        for own in counts:
            outcomes, p_values = _called(own, name == "with φ")
            any_ += any(outcome in (Outcome.UP, Outcome.DOWN) for outcome in outcomes)
            alone += any(p is not None and p < 0.05 for p in p_values)
        promised = 0.05 if name == "with φ" or phi == 1 else None
        yield Row(
            f"neighbourhood change, {name}: some area falsely called changed",
            data,
            any_,
            runs,
            promised,
        )
        yield Row(f"the same without regard to how many, {name}", data, alone, runs, None)


def _discoveries(runs: int, seed: int, means: Floats) -> Row:
    """Of the areas called changed, those that did not, when four truly fell by three quarters."""
    random = np.random.default_rng([seed, 13])
    false = total = 0
    for _ in range(runs):
        counts = negative_binomial(random, 3 * means, 1.5, (6, AREAS))
        counts[5, -4:] = negative_binomial(random, 0.75 * means[-4:], 1.5, 4)
        outcomes, _ = _called(counts, True)
        called = [at for at, o in enumerate(outcomes) if o in (Outcome.UP, Outcome.DOWN)]
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
    boundaries = gpd.GeoSeries(shapes, index=names)
    with_any = areas = 0
    for run in range(runs):
        residents = random.lognormal(8.6, 0.5, 16).round()
        risk = random.gamma(2, 0.5, 16) if uneven else np.ones(16)
        counts = negative_binomial(random, residents * risk * 5 * 100 / 100_000, phi, 16)
        frame = pd.DataFrame({"neighbourhood": names, "incidents": counts, "population": residents})
        found = clusters.clusters(frame, "incidents", boundaries, seed=run + 1).areas["cluster"]
        flagged = int(found.isin(CALLED).sum())
        with_any += flagged > 0
        areas += flagged
    kind = "unlike each other" if uneven else "alike"
    data = f"16 areas {kind}, no pattern, φ {phi:g}"
    yield Row("cluster map: some area falsely called a cluster", data, with_any, runs, 0.05)
    yield Row("cluster map: areas falsely called a cluster", data, areas, 16 * runs, 0.05)
