"""Shootings a group-week before and after notice, and the exact interval of their ratio.

A comparison, not an effect: groups are given notice when they shoot most, and what is
high falls by itself (regression to the mean). Whoever shows the ratio warns of it: the words
are in `measures/follow_up.toml`.
"""

from __future__ import annotations

import pandas as pd

from longevity.stats.comparison import compare

COUNTED = ["incidents_after", "incidents_before", "weeks_after", "weeks_before"]


def add_rate_ratios(frame: pd.DataFrame) -> pd.DataFrame:
    """Return `before_after_by_city` with ratio, low and high; NaN for none."""
    found = [compare(*row) for row in frame[COUNTED].itertuples(index=False)]
    bounds = {
        name: pd.Series([getattr(each, name) for each in found], frame.index, dtype="float64")
        for name in ("ratio", "low", "high")
    }
    return frame.assign(**bounds)
