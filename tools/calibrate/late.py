"""Provisional weeks: whether the band holds what a week ends at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
import pandas as pd

from longevity.stats.reporting_delay import HORIZON_WEEKS, estimate_reporting_delay
from tools.calibrate.draw import Ints, near_repeat_days
from tools.calibrate.table import Row, lines

THROUGH = date(2026, 11, 22)  # a Sunday
WEEKS = 170
AGES = (0, 1, 3)


def report(runs: int, seed: int) -> Iterator[str]:
    """The table of this subject."""
    return lines(rows(runs, seed))


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
    told = 0
    truth_held = 0
    for _ in range(runs):
        frame, final, complete = _world(random, a_year, answered, batch)
        found = estimate_reporting_delay(frame, THROUGH, 7, 30)
        if found.weeks["high"].isna().any() or found.weeks.empty:
            continue
        told += 1
        at = found.completeness.iloc[1]
        truth_held += at["low"] <= complete <= at["high"]
        for age in AGES:
            week = found.weeks.iloc[age]
            held[age] += int(week["low"]) <= final[age] <= int(week["high"])
    for age, hits in held.items():
        yield Row(
            f"95 % band of a week of age {age}: coverage", data, hits, told, 0.95, at_least=True
        )
    yield Row(
        "95 % interval of completeness at age 1: coverage",
        data,
        truth_held,
        told,
        0.95,
        at_least=True,
    )


def _world(
    random: np.random.Generator, a_year: float, answered: float, batch: bool
) -> tuple[pd.DataFrame, list[int], float]:
    """The record as known on THROUGH, what the newest weeks end at, and the true share at age 1."""
    days = 7 * WEEKS
    day = near_repeat_days(random, a_year, answered, days)
    week = day // 7
    wait = _waits(random, WEEKS)[week] if batch else _waits(random, day.size)
    start = np.datetime64(THROUGH - timedelta(days=days - 1))
    recorded = day + wait
    # What is known HORIZON_WEEKS after a week of age a: the band's target.
    last = 7 * (week + 1) - 1
    in_time = recorded <= last + 7 * HORIZON_WEEKS
    final = [int(((week == WEEKS - 1 - age) & in_time).sum()) for age in range(max(AGES) + 1)]
    known = recorded < days
    frame = pd.DataFrame(
        {
            "day": (start + day[known]).astype("datetime64[s]"),
            "recorded_on": (start + recorded[known]).astype("datetime64[s]"),
            "incidents": 1,
        }
    )
    return frame, final, TRUE_SHARE


def _waits(random: np.random.Generator, size: int) -> Ints:
    """Days until an incident is entered: mostly one or two, one in eight weeks."""
    quick = random.geometric(0.6, size)
    slow = random.geometric(1 / 25, size)
    return np.where(random.random(size) < 0.125, slow, quick)


def _true_share() -> float:
    """The share of a week entered by seven days after it, of that by the horizon."""

    def by(days_after: int) -> float:
        waits = np.arange(7) + days_after
        return float(np.mean(0.875 * (1 - 0.4**waits) + 0.125 * (1 - (1 - 1 / 25) ** waits)))

    return by(7) / by(7 * HORIZON_WEEKS)


TRUE_SHARE = _true_share()
