"""Provisional weeks: whether the band holds what a week ends at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
import pandas as pd

from longevity.stats.reporting_delay import HORIZON_WEEKS, estimate_reporting_delay
from tools.calibrate.draw import Ints, World, per_day
from tools.calibrate.table import Row

THROUGH = date(2026, 11, 22)  # a Sunday
WEEKS = 170
AGES = (0, 1, 3)


def rows(runs: int, seed: int) -> Iterator[Row]:
    """Each world is a history of its own, so a fifth of the runs."""
    some = max(runs // 5, 1)
    for a_year in (60, 150, 600):
        for answered in (0.0, 0.3):
            data = f"{a_year} incidents a year, {'near repeats' if answered else 'independent'}"
            yield from bands(some, [seed, a_year, int(10 * answered)], a_year, answered, data)
    yield from bands(some, [seed, 5], 150, 0.3, "150 a year, a week entered as one", batch=True)


def bands(
    runs: int, seed: list[int], a_year: float, answered: float, data: str, batch: bool = False
) -> Iterator[Row]:
    random = np.random.default_rng(seed)
    held = dict.fromkeys(AGES, 0)
    drawn = share_held = 0
    for _ in range(runs):
        frame, final = _world(random, a_year, answered, batch)
        found = estimate_reporting_delay(frame, THROUGH, 7, 30)
        if found.weeks["high"].isna().any() or found.weeks.empty:
            continue
        drawn += 1
        at = found.completeness.iloc[1]
        share_held += at["low"] <= TRUE_SHARE <= at["high"]
        for age in AGES:
            week = found.weeks.iloc[age]
            held[age] += int(week["low"]) <= final[age] <= int(week["high"])
    for age, hits in held.items():
        what = f"95 % band of a week of age {age}: coverage"
        yield Row(what, data, hits, drawn, 0.95, at_least=True)
    what = "95 % interval of completeness at age 1: coverage"
    yield Row(what, data, share_held, drawn, 0.95, at_least=True)


def _world(
    random: np.random.Generator, a_year: float, answered: float, batch: bool
) -> tuple[pd.DataFrame, list[int]]:
    """The record as known on THROUGH, and what the newest weeks end at."""
    days = 7 * WEEKS
    counts = per_day(random, World("", answered=answered), a_year, np.ones(days))
    day = np.repeat(np.arange(days), counts)
    week = day // 7
    recorded = day + (_waits(random, WEEKS)[week] if batch else _waits(random, day.size))
    # What is known HORIZON_WEEKS after a week of age a: the band's target.
    in_time = recorded <= 7 * (week + 1) - 1 + 7 * HORIZON_WEEKS
    final = [int(((week == WEEKS - 1 - age) & in_time).sum()) for age in range(max(AGES) + 1)]
    known = recorded < days
    start = np.datetime64(THROUGH - timedelta(days=days - 1))
    frame = pd.DataFrame(
        {
            "day": (start + day[known]).astype("datetime64[s]"),
            "recorded_on": (start + recorded[known]).astype("datetime64[s]"),
            "incidents": 1,
        }
    )
    return frame, final


def _waits(random: np.random.Generator, size: int) -> Ints:
    """Days until an incident is entered: mostly one or two, one in eight weeks."""
    quick = random.geometric(0.6, size)
    slow = random.geometric(1 / 25, size)
    return np.where(random.random(size) < 0.125, slow, quick)


def _entered_by(days_after: int) -> float:
    """The share of a week that is entered so many days after it."""
    waits = np.arange(7) + days_after
    return float(np.mean(0.875 * (1 - 0.4**waits) + 0.125 * (1 - (1 - 1 / 25) ** waits)))


TRUE_SHARE = _entered_by(7) / _entered_by(7 * HORIZON_WEEKS)
