"""The safety gap: its intervals, what ranking by the same year would find, and changes of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd

from longevity.stats.dispersion import Dispersion
from longevity.stats.safety_gap import (
    MOST_YEARS_BEFORE,
    PARTS,
    PER,
    SPAN,
    Fifths,
    Gap,
    choose_fifths,
    measure_gap,
    measure_safety_gap,
)
from tools.calibrate.simulate import (
    ALARMS,
    CHANGED,
    COVERED,
    INDEPENDENT,
    NIGHTS,
    REPEATS,
    YEAR,
    Floats,
    Row,
    Trial,
    World,
    is_within,
    per_day,
    simulate,
    swing,
)

FIRST = 2001
RESIDENTS = 6_000
YEARS = MOST_YEARS_BEFORE + 1
CHANGE_YEARS = MOST_YEARS_BEFORE + SPAN
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
GAPS = (1, 5)


def rows(runs: int, seed: int) -> Iterator[Row]:
    """Coverage by world, city and gap; then changes, which take more years to simulate."""
    worlds = (INDEPENDENT, NIGHTS[1], REPEATS[1])
    for at, world in enumerate(worlds):
        for city in (SMALL, LARGE):
            for gap in GAPS:
                key = [seed, at, city.areas, gap, 21]
                yield from measure_coverage(max(runs // 2, 1), key, city, gap, world)
    for at, world in enumerate(worlds):
        for city in (SMALL, LARGE):
            key = [seed, at, city.areas, 22]
            yield from measure_changes(max(runs // 4, 1), key, city, world)


def measure_coverage(
    runs: int, seed: list[int], city: City, gap: float, world: World
) -> Iterator[Row]:
    """Measure how often the intervals of one year hold the truth, and how often 1 is excluded."""
    data = f"{city.name}, gap {gap:g}, {world.name}"
    yield from simulate(runs, seed, data, partial(_try_gap, city, gap, world))


def measure_changes(runs: int, seed: list[int], city: City, world: World) -> Iterator[Row]:
    """Measure how often a gap of 5 is called changed where it stayed, and where it went to 2."""
    random, data = np.random.default_rng(seed), f"{city.name}, {world.name}"
    smaller = np.ones((city.areas, CHANGE_YEARS * YEAR))
    smaller[:, -YEAR * SPAN // 2 :] = (city.split_by_gap(2) / city.split_by_gap(5))[:, None]
    for name, levels, promised in (
        ("it stayed at 5", np.ones_like(smaller), ALARMS),
        ("it fell from 5 to 2", smaller, None),
    ):
        what = f"three years against three, {name}: called changed"
        trying = partial(_try_change, Trial(what, promised, False), city, world, levels)
        yield from simulate(runs, random, data, trying)


def _try_change(
    trial: Trial, city: City, world: World, levels: Floats, random: np.random.Generator
) -> Iterator[Trial]:
    days = _simulate_days(random, world, city.split_by_gap(5), levels)
    found = measure_safety_gap(count_years(city, days), swing(*days))
    yield trial._replace(hit=found.outcome in CHANGED)


def _try_gap(city: City, gap: float, world: World, random: np.random.Generator) -> Iterator[Trial]:
    means, year = city.split_by_gap(gap), FIRST + MOST_YEARS_BEFORE
    days = _simulate_days(random, world, means, np.ones((city.areas, YEARS * YEAR)))
    counts, dispersion = count_years(city, days), swing(*days)
    found, bare = find_gap(counts, year, dispersion), find_gap(counts, year, None)
    itself = find_gap(rank_by_itself(counts, year), year, dispersion)
    ratio, difference = find_truth(counts, means, found)
    for name, low, value, high, promised in (
        ("ratio", found.ratio.low, ratio, found.ratio.high, COVERED),
        ("ratio without φ", bare.ratio.low, ratio, bare.ratio.high,
         None if world.phi > 1 else COVERED),
        # A year of these worlds has 365 days, one of a rate 365.25.
        ("difference", found.difference.low, difference * 365.25 / YEAR, found.difference.high,
         COVERED),
    ):  # fmt: skip
        what = f"95 % interval of the {name}: coverage"
        yield Trial(what, promised, is_within(low, value, high))
    for name, ranked, promised in (
        ("the years before", found, ALARMS if gap == 1 else None),
        ("the same year", itself, None),
    ):
        # The median gap, and that of the areas chosen.
        what = f"ranked by {name}: median gap {{}} (of the areas chosen: {{}}); called a gap"
        median = ranked.ratio.ratio or np.inf
        yield Trial(what, promised, ranked.ratio.outcome in CHANGED, (median, ratio))


def _simulate_days(
    random: np.random.Generator, world: World, means: Floats, levels: Floats
) -> Whole:
    """Return people shot by area and day. `levels`: an area a row and a day a column."""
    drawn = zip(means, levels, strict=True)
    return np.array([per_day(random, world, mean, level) for mean, level in drawn])


def count_years(city: City, days: Whole) -> pd.DataFrame:
    """Return the counts of each year, as `spread_years` does; a made-up year has 365 days."""
    victims = days.reshape(len(days), -1, YEAR).sum(axis=2).astype(np.float64)
    names = [f"Area {at:02}" for at in range(city.areas)]
    index = pd.MultiIndex.from_arrays([names, city.population])
    return pd.DataFrame(victims, index, range(FIRST, FIRST + victims.shape[1]))


def rank_by_itself(counts: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return counts whose years before are each as the year is: it is then ranked by itself."""
    return counts.apply(lambda _: counts[year])


def find_gap(counts: pd.DataFrame, year: int, dispersion: Dispersion | None) -> Gap:
    """Return the gap of a year that has one."""
    fifths = choose_fifths(counts, year)
    assert isinstance(fifths, Fifths)
    return measure_gap(fifths, dispersion)


def find_truth(counts: pd.DataFrame, means: Floats, gap: Gap) -> tuple[float, float]:
    """Return the expected ratio and difference of the areas in both fifths."""
    names, residents = (counts.index.get_level_values(at) for at in (0, 1))
    chosen = (names.isin(areas) for areas in gap.fifths.areas)
    most, least = (means[areas].sum() / residents[areas].to_numpy().sum() for areas in chosen)
    return most / least, (most - least) * PER
