"""The safety gap: its intervals, what ranking by the same year would find, and changes of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

import numpy as np
import numpy.typing as npt

from longevity.stats.comparison import Outcome
from longevity.stats.dispersion import Dispersion
from longevity.stats.safety_gap import (
    MOST_YEARS_BEFORE,
    PARTS,
    PER,
    SPAN,
    AreaCounts,
    Fifths,
    Gap,
    choose_fifths,
    measure_gap,
    measure_safety_gap,
)
from tools.calibrate.change import swing
from tools.calibrate.draw import INDEPENDENT, NIGHTS, REPEATS, YEAR, Floats, World, per_day, steady
from tools.calibrate.table import Row, lines

FIRST = 2001
RESIDENTS = 6_000
YEARS = MOST_YEARS_BEFORE + 1
NOMINAL = 0.94
CHANGED = (Outcome.UP, Outcome.DOWN)
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


def report(runs: int, seed: int) -> Iterator[str]:
    """Return the table of this subject."""
    return lines(measure_rows(runs, seed))


def measure_rows(runs: int, seed: int) -> Iterator[Row]:
    """Return coverage by world, city and gap; then changes, which take more years to simulate."""
    for at, world in enumerate((INDEPENDENT, NIGHTS[1], REPEATS[1])):
        for city in (SMALL, LARGE):
            for gap in (1, 5):
                key = [seed, at, city.areas, gap, 21]
                yield from measure_coverage(max(runs // 2, 1), key, city, gap, world)
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


def rank_by_itself(counts: AreaCounts, year: int) -> AreaCounts:
    """Return counts whose years before are each as the year is: it is then ranked by itself."""
    within = counts.victims[:, [counts.years.index(year)]]
    return AreaCounts(
        counts.names, counts.population, counts.years, np.repeat(within, len(counts.years), axis=1)
    )


def find_gap(counts: AreaCounts, year: int, dispersion: Dispersion | None) -> Gap:
    """Return the gap of a year that has one."""
    fifths = choose_fifths(counts, year)
    assert isinstance(fifths, Fifths)
    return measure_gap(fifths, dispersion)


def find_truth(counts: AreaCounts, means: Floats, gap: Gap) -> tuple[float, float]:
    """Return the expected ratio and difference of the areas in both fifths."""
    rates = [
        means[areas].sum() / counts.population[areas].sum()
        for areas in (np.isin(counts.names, names) for names in gap.fifths.areas)
    ]
    return rates[0] / rates[1], (rates[0] - rates[1]) * PER


def is_within(low: float | None, value: float, high: float | None) -> bool:
    """Return whether an interval, open where there is no bound, holds a value."""
    return (low is None or low <= value) and (high is None or value <= high)


def measure_coverage(
    runs: int, seed: list[int], city: City, gap: float, world: World
) -> Iterator[Row]:
    """Return how often the intervals of one year hold the truth, and how often 1 is excluded."""
    random = np.random.default_rng(seed)
    means, year = city.split_by_gap(gap), FIRST + MOST_YEARS_BEFORE
    hits = {"ratio": 0, "ratio without φ": 0, "difference": 0, "before": 0, "itself": 0}
    truths, ratios = [], {"before": [], "itself": []}
    for _ in range(runs):
        days = simulate_days(random, world, means, steady(YEARS))
        counts, dispersion = count_years(city, days), swing(*days)
        estimate = find_gap(counts, year, dispersion)
        ratio, difference = find_truth(counts, means, estimate)
        bare = find_gap(counts, year, None).ratio
        hits["ratio"] += is_within(estimate.ratio.low, ratio, estimate.ratio.high)
        hits["ratio without φ"] += is_within(bare.low, ratio, bare.high)
        # A year of these worlds has 365 days, one of a rate 365.25.
        true_difference = difference * 365.25 / YEAR
        hits["difference"] += is_within(
            estimate.difference.low, true_difference, estimate.difference.high
        )
        itself = find_gap(rank_by_itself(counts, year), year, dispersion)
        truths.append(ratio)
        for name, each in (("before", estimate), ("itself", itself)):
            hits[name] += each.ratio.outcome in CHANGED
            ratios[name].append(each.ratio.ratio or np.inf)
    data = f"{city.name}, gap {gap:g}, {world.name}"
    for name in ("ratio", "ratio without φ", "difference"):
        nominal = None if name == "ratio without φ" and world.phi > 1 else NOMINAL
        yield Row(f"95 % interval of the {name}: coverage", data, hits[name], runs, nominal, True)
    for name, ranked in (("before", "the years before"), ("itself", "the same year")):
        nothing_to_find = gap == 1 and name == "before"
        yield Row(
            f"ranked by {ranked}: median gap {_format(median(ratios[name]))} "
            f"(of the areas chosen: {_format(median(truths))}); called a gap",
            data,
            hits[name],
            runs,
            0.06 if nothing_to_find else None,
        )


def _format(ratio: float) -> str:
    return f"{ratio:.2f}" if np.isfinite(ratio) else "without bound"


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
