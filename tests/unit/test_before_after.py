"""The ratio of two rates and its exact interval, which is that of `comparison`."""

from __future__ import annotations

import pandas as pd
import pytest

from longevity.stats.before_after import add_rate_ratios


def find_ratio(before: int, weeks_before: float, after: int, weeks_after: float) -> pd.Series:
    """The ratio, low and high of one row."""
    row = {
        "incidents_before": [before],
        "weeks_before": [weeks_before],
        "incidents_after": [after],
        "weeks_after": [weeks_after],
    }
    return add_rate_ratios(pd.DataFrame(row)).iloc[0]


def test_none_after_has_a_ratio_of_zero_and_an_upper_end():
    found = find_ratio(4, 10.0, 0, 10.0)
    assert (found.ratio, found.low) == (0.0, 0.0)
    # None of four: the upper end of the share is 1 - 0.025 ** (1 / 4).
    share = 1 - 0.025 ** (1 / 4)
    assert found.high == pytest.approx(share / (1 - share))


def test_where_nothing_happened_or_no_time_was_seen_nothing_is_said():
    assert find_ratio(0, 10.0, 0, 10.0)[["ratio", "high"]].isna().all()
    assert find_ratio(0, 0.0, 4, 10.0)[["ratio", "low", "high"]].isna().all()
