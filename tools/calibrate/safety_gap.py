"""The safety gap: whether chance makes one, and whether one that stayed is called changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from longevity.stats.safety_gap import (
    MOST_YEARS_BEFORE,
    PARTS,
    SPAN,
    AreaCounts,
    Fifths,
    choose_fifths,
    measure_gaps,
    measure_safety_gap,
)
from tools.calibrate.change import CHANGED, swing
from tools.calibrate.draw import INDEPENDENT, NIGHTS, REPEATS, YEAR, Floats, World, per_day, steady
from tools.calibrate.table import Row

FIRST = 2001
RESIDENTS = 6_000
YEARS = MOST_YEARS_BEFORE + 1
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True)
class City:
    """A made-up city of areas of unlike size, with so many people shot a year in all."""

    name: str
    areas: int
    a_year: float

    @property
    def population(self) -> Whole:
        """Residents of each area, from half to one and a half times as many."""
        sizes = np.linspace(0.5, 1.5, self.areas) * RESIDENTS
        # The order of sizes has nothing to do with that of rates.
        return sizes.astype(np.int64)[np.arange(self.areas) * 7 % self.areas]

    def split_by_gap(self, gap: float) -> Floats:
        """Return people shot a year by area, where the outer fifths' rates are `gap` apart."""
        step = self.areas / PARTS
        rate = np.array([gap ** (at / (self.areas - step)) for at in range(self.areas)])
        expected = rate * self.population
        share: Floats = expected / expected.sum() * self.a_year
        return share


SMALL = City("40 a year in 12 areas", 12, 40)
LARGE = City("300 a year in 20 areas", 20, 300)


def rows(runs: int, seed: int) -> Iterator[Row]:
    """Return gaps by chance; then changes, which take more years to simulate."""
    for at, world in enumerate((INDEPENDENT, NIGHTS[1], REPEATS[1])):
        for city in (SMALL, LARGE):
            key = [seed, at, city.areas, 21]
            yield measure_gaps_by_chance(max(runs // 2, 1), key, city, world)
    for at, world in enumerate((INDEPENDENT, NIGHTS[1], REPEATS[1])):
        for city in (SMALL, LARGE):
            key = [seed, at, city.areas, 22]
            yield from measure_changes(max(runs // 4, 1), key, city, world)


def simulate_days(
    random: np.random.Generator, world: World, means: Floats, levels: Floats
) -> Whole:
    """Return people shot by area and day. `levels`: of each area (or of all) and day."""
    each = np.broadcast_to(levels, (len(means), levels.shape[-1]))
    return np.array(
        [per_day(random, world, mean, level) for mean, level in zip(means, each, strict=True)]
    )


def count_years(city: City, days: Whole) -> AreaCounts:
    """Return the counts of each year; a made-up year has 365 days."""
    victims = days.reshape(len(days), -1, YEAR).sum(axis=2).astype(np.float64)
    names = np.array([f"Area {at:02}" for at in range(city.areas)], dtype=object)
    years = list(range(FIRST, FIRST + victims.shape[1]))
    return AreaCounts(names, city.population, years, victims)


def measure_gaps_by_chance(runs: int, seed: list[int], city: City, world: World) -> Row:
    """Return how often a gap is found where all areas have one rate."""
    random = np.random.default_rng(seed)
    means, year = city.split_by_gap(1), FIRST + MOST_YEARS_BEFORE
    found = 0
    for _ in range(runs):
        days = simulate_days(random, world, means, steady(YEARS))
        fifths = choose_fifths(count_years(city, days), year)
        assert isinstance(fifths, Fifths)
        found += measure_gaps([fifths], swing(*days))[0].ratio.outcome in CHANGED
    return Row("no gap: called one", f"{city.name}, {world.name}", found, runs, 0.06)


def measure_changes(runs: int, seed: list[int], city: City, world: World) -> Iterator[Row]:
    """Return how often a gap of 5 is called changed where it stayed, and where it went to 2."""
    random = np.random.default_rng(seed)
    means, years = city.split_by_gap(5), MOST_YEARS_BEFORE + SPAN
    smaller = city.split_by_gap(2) / means
    lower = np.repeat(np.ones((city.areas, 1)), years * YEAR, axis=1)
    lower[:, -YEAR * SPAN // 2 :] = smaller[:, None]
    for name, levels, nominal in (
        ("it stayed at 5", steady(years), 0.06),
        ("it fell from 5 to 2", lower, None),
    ):
        alarms = 0
        for _ in range(runs):
            days = simulate_days(random, world, means, levels)
            alarms += measure_safety_gap(count_years(city, days), swing(*days)).outcome in CHANGED
        yield Row(
            f"three years against three, {name}: called changed",
            f"{city.name}, {world.name}",
            alarms,
            runs,
            nominal,
        )
