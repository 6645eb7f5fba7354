"""The ratio of two rates and its exact interval."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from longevity.stats.before_after import add_rate_ratios


def tail(least: int, happened: int, share: float) -> float:
    """The chance of at least so many, added up term by term."""
    return sum(
        math.comb(happened, k) * share**k * (1 - share) ** (happened - k)
        for k in range(least, happened + 1)
    )


def find_ratio(before: int, weeks_before: float, after: int, weeks_after: float) -> pd.Series:
    """The ratio, low and high of one row."""
    row = {
        "incidents_before": [before],
        "weeks_before": [weeks_before],
        "incidents_after": [after],
        "weeks_after": [weeks_after],
    }
    return add_rate_ratios(pd.DataFrame(row)).iloc[0]


@pytest.mark.parametrize(
    ("before", "weeks_before", "after", "weeks_after"),
    [(5, 100.0, 2, 400.0), (12, 52.0, 30, 104.5), (1, 10.0, 1, 10.0), (7, 3.0, 40, 200.0)],
)
def test_each_end_leaves_two_and_a_half_percent_beyond_it(before, weeks_before, after, weeks_after):
    found = find_ratio(before, weeks_before, after, weeks_after)
    assert found.ratio == pytest.approx((after / weeks_after) / (before / weeks_before))
    happened = before + after
    low, high = (
        end * weeks_after / (end * weeks_after + weeks_before) for end in (found.low, found.high)
    )
    assert tail(after, happened, low) == pytest.approx(0.025, rel=1e-6)
    assert 1 - tail(after + 1, happened, high) == pytest.approx(0.025, rel=1e-6)


def test_none_after_has_a_ratio_of_zero_and_an_upper_end():
    found = find_ratio(4, 10.0, 0, 10.0)
    assert (found.ratio, found.low) == (0.0, 0.0)
    # None of four: the upper end of the share is 1 - 0.025 ** (1 / 4).
    share = 1 - 0.025 ** (1 / 4)
    assert found.high == pytest.approx(share / (1 - share))


def test_where_nothing_happened_or_no_time_was_seen_nothing_is_said():
    assert find_ratio(0, 10.0, 0, 10.0)[["ratio", "high"]].isna().all()
    assert find_ratio(0, 0.0, 4, 10.0)[["ratio", "low", "high"]].isna().all()
