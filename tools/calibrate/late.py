"""The newest week: whether the band holds what it ends at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

import numpy as np
import pandas as pd

from longevity.stats.reporting_delay import HORIZON_WEEKS, estimate_growth
from tools.calibrate.simulate import Ints, Promise, Row, Trial, World, per_day, simulate

THROUGH = date(2026, 11, 22)  # a Sunday
WEEKS = 170
PROMISED = Promise(0.95, at_least=True)


def rows(runs: int, seed: int) -> Iterator[Row]:
    """Each world is a history of its own, so a fifth of the runs."""
    some = max(runs // 5, 1)
    for a_year in (60, 150, 600):
        for answered in (0.0, 0.3):
            key = [seed, a_year, int(10 * answered)]
            data = f"{a_year} incidents a year, {'near repeats' if answered else 'independent'}"
            yield from simulate(some, key, data, partial(try_weeks, a_year, answered, False))
    data = "150 a year, a week entered as one"
    yield from simulate(some, [seed, 5], data, partial(try_weeks, 150, 0.3, True))


def try_weeks(
    a_year: float, answered: float, batch: bool, random: np.random.Generator
) -> Iterator[Trial]:
    """Try a record as known on THROUGH; nothing where no band is drawn."""
    days = 7 * WEEKS
    counts = per_day(random, World("", answered=answered), a_year, np.ones(days))
    day = np.repeat(np.arange(days), counts)
    week = day // 7
    wait = _draw_waits(random, WEEKS)[week] if batch else _draw_waits(random, day.size)
    recorded = day + wait
    # What is known HORIZON_WEEKS after the newest week: the band's target.
    final = int(((week == WEEKS - 1) & (recorded < days + 7 * HORIZON_WEEKS)).sum())
    start = np.datetime64(THROUGH - timedelta(days=days - 1))
    known = recorded < days
    frame = pd.DataFrame(
        {
            "day": (start + day[known]).astype("datetime64[s]"),
            "recorded_on": (start + recorded[known]).astype("datetime64[s]"),
            "incidents": 1,
        }
    )
    found = estimate_growth(frame, THROUGH, 7, 30)
    if found.low is None or found.high is None:
        return
    covered = found.low <= final <= found.high
    yield Trial("95 % band of the newest week: coverage", PROMISED, covered)
    _, low, high = found.complete
    what = "95 % interval of its completeness: coverage"
    yield Trial(what, PROMISED, low <= TRUE_SHARE <= high)


def _draw_waits(random: np.random.Generator, size: int) -> Ints:
    """Draw days until an incident is entered: mostly one or two, one in eight weeks."""
    quick = random.geometric(0.6, size)
    slow = random.geometric(1 / 25, size)
    return np.where(random.random(size) < 0.125, slow, quick)


def _share_entered(days_after: int) -> float:
    """Return the share of a week entered by so many days after it."""
    waits = np.arange(7) + days_after
    return float(np.mean(0.875 * (1 - 0.4**waits) + 0.125 * (1 - (1 - 1 / 25) ** waits)))


TRUE_SHARE = _share_entered(0) / _share_entered(7 * HORIZON_WEEKS)
