"""Neighbourhoods: false discoveries among changes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from longevity.findings.areas import share_level
from longevity.stats.comparison import Outcome, compare
from tools.calibrate.change import swing
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
from tools.calibrate.table import Row, lines

AREAS = 17
YEARS = 7
CHANGED = (Outcome.UP, Outcome.DOWN)
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


def _called(days: Ints, with_phi: bool) -> tuple[list[Outcome], list[float | None]]:
    """Outcomes controlled for how many were looked at, and p-values by themselves.

    `days`: an area a row. The newest year is compared with the one before.
    """
    now, before = days[:, -YEAR:].sum(axis=1), days[:, -2 * YEAR : -YEAR].sum(axis=1)
    pairs = [*zip(now.tolist(), before.tolist(), strict=True)]
    dispersion = swing(*days) if with_phi else None
    alone = [compare(*pair, dispersion=dispersion).p_value for pair in pairs]
    level = share_level([p_value for p_value in alone if p_value is not None])
    found = [compare(*pair, dispersion=dispersion, level=level) for pair in pairs]
    return [one.outcome for one in found], [one.p_value for one in found]


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
