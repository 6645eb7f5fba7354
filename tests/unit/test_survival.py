"""Kaplan–Meier as plain loops give it, and its median as an independent program gave it."""

from __future__ import annotations

import math
import random

import pandas as pd
import pytest

from longevity.stats.survival import estimate_curve

# Days, and whether answered (1) or still awaited (0).
DAYS = (0, 0, 3, 3, 3, 5, 8, 8, 12, 15, 15, 21, 30, 30, 34, 41, 41, 55, 60, 77, 90, 91, 118, 140)
ANSWERED = (1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0)


def frame(days: list[int], answered: list[bool], episodes: list[int] | None = None) -> pd.DataFrame:
    """Rows as the query answers them."""
    return pd.DataFrame(
        {
            "days": pd.array(days, dtype="Int64"),
            "answered": pd.array(answered, dtype="boolean"),
            "episodes": pd.array(episodes or [1] * len(days), dtype="Int64"),
        }
    )


def test_the_median_and_its_interval_are_those_of_lifelines():
    found = estimate_curve(frame([*DAYS, 200], [*map(bool, ANSWERED), False]))
    # lifelines 0.30.3: median_survival_time_ and median_survival_times(confidence_interval_).
    assert (found.median.days, found.median.low, found.median.high) == (34, 12, 90)
    assert (found.episodes, found.answered) == (25, 17)


def naive(pairs: list[tuple[int, bool]], day: int, z: float = 1.959963984540054) -> list[float]:
    """The share waiting after `day` and its interval, one distinct day after the other."""
    share, variance = 1.0, 0.0
    for each in sorted({d for d, done in pairs if done and d <= day}):
        risk = sum(d >= each for d, _ in pairs)
        gone = sum(d == each and done for d, done in pairs)
        share *= 1 - gone / risk
        variance += gone / (risk * (risk - gone)) if risk > gone else math.inf
    if share in (0.0, 1.0):
        return [share, math.nan, math.nan]
    spread = z * math.sqrt(variance) / math.log(share)
    return [share, share ** math.exp(-spread), share ** math.exp(spread)]


@pytest.mark.parametrize("seed", range(20))
def test_as_plain_loops(seed):
    dice = random.Random(seed)
    pairs = [(dice.randint(0, 40), dice.random() < dice.choice([0.2, 0.7, 1.0])) for _ in range(dice.randint(1, 60))]
    found = estimate_curve(frame([d for d, _ in pairs], [done for _, done in pairs]))
    assert list(found.steps["days"]) == sorted({d for d, _ in pairs})
    for row in found.steps.itertuples():
        assert [row.waiting, row.low, row.high] == pytest.approx(naive(pairs, row.days), abs=1e-9, nan_ok=True)
    halves = [day for day in sorted({d for d, _ in pairs}) if naive(pairs, day)[0] <= 0.5]
    assert found.median.days == (halves[0] if halves else None)


def test_a_row_of_many_episodes_is_as_many_rows():
    many = estimate_curve(frame([3, 5, 5], [True, True, False], [4, 2, 3]))
    single = estimate_curve(frame([3] * 4 + [5] * 5, [True] * 4 + [True] * 2 + [False] * 3))
    pd.testing.assert_frame_equal(many.steps, single.steps)
    assert many.median == single.median


def test_nothing_yet_answered_and_nothing_at_all():
    waiting = estimate_curve(frame([4, 9], [False, False]))
    assert list(waiting.steps["waiting"]) == [1.0, 1.0]
    assert waiting.steps["low"].isna().all()
    assert waiting.median.days is None
    nothing = estimate_curve(frame([], []))
    assert (nothing.episodes, nothing.median.days) == (0, None)
