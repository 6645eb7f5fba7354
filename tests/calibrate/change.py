"""The change of a city: coverage of the ratio's interval, false alarms of the test."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from longevity.measures.comparison import Comparison, Outcome, Spread, compare, spread_of
from tests.calibrate.draw import Ints, near_repeat, negative_binomial
from tests.calibrate.table import Row, lines

HISTORY = 5
CHANGED = (Outcome.UP, Outcome.DOWN)


def report(runs: int, seed: int) -> Iterator[str]:
    """The table of this subject."""
    return lines(rows(runs, seed))


def rows(runs: int, seed: int) -> Iterator[Row]:
    """False alarms with nothing changed, then coverage with something changed."""
    for mean in (12, 40, 120):
        for phi in (1.0, 1.5, 2.0, 3.0):
            data = f"negative binomial, {mean} a year, φ {phi:g}"
            random = np.random.default_rng([seed, mean, int(10 * phi)])
            yield from false_alarms(negative_binomial(random, mean, phi, (runs, 6)), data, phi)
    for answered in (0.2, 0.35):
        random = np.random.default_rng([seed, int(100 * answered)])
        data = f"near repeats, 40 a year, φ {1 / (1 - answered) ** 2:.1f}"
        yield from false_alarms(near_repeat(random, 40, answered, 6, runs), data, 2.0)
    for ratio in (0.6, 1.0, 1.7):
        for phi in (1.0, 2.0):
            random = np.random.default_rng([seed, int(10 * ratio), int(10 * phi), 7])
            counts = negative_binomial(random, 40, phi, (runs, 6))
            counts[:, HISTORY] = negative_binomial(random, 40 * ratio, phi, runs)
            data = f"negative binomial, 40 a year, φ {phi:g}, true ratio {ratio:g}"
            yield from coverage(counts, data, ratio)


def _compared(own: Ints, years: int, spread: Spread | None) -> Comparison:
    base = int(own[HISTORY - years : HISTORY].sum())
    return compare(int(own[HISTORY]), base, 1, years, spread)


def false_alarms(counts: Ints, data: str, phi: float) -> Iterator[Row]:
    spreads = [spread_of([int(n) for n in own[:HISTORY]]) for own in counts]
    for years, base in ((1, "last year"), (3, "mean of 3 years")):
        for name, used in (("without φ", [None] * len(counts)), ("with φ", spreads)):
            alarms = sum(
                _compared(own, years, spread).outcome in CHANGED
                for own, spread in zip(counts, used, strict=True)
            )
            promised = 0.05 if used is spreads or phi == 1 else None
            yield Row(
                f"change test against {base}, {name}: false alarms",
                data,
                alarms,
                len(counts),
                promised,
            )


def coverage(counts: Ints, data: str, ratio: float) -> Iterator[Row]:
    for years, base in ((1, "last year"), (3, "mean of 3 years")):
        held = seen = 0
        for own in counts:
            found = _compared(own, years, spread_of([int(n) for n in own[:HISTORY]]))
            assert found.low is not None
            held += found.low <= ratio and (found.high is None or ratio <= found.high)
            seen += found.outcome in CHANGED
        what = f"95 % interval of the ratio to {base}: coverage"
        yield Row(what, data, held, len(counts), 0.95, at_least=True)
        if ratio != 1:
            yield Row(f"change test against {base}, with φ: seen", data, seen, len(counts), None)
