"""Shootings a group-week before and after notice, and the exact interval of their ratio.

A comparison, not an effect: groups are given notice when they shoot most, and what is
high falls by itself (regression to the mean). Whoever shows the ratio warns of it: the words
are in `measures/follow_up.toml`.
"""

from __future__ import annotations

import pandas as pd

from longevity.stats.comparison import compare


def add_rate_ratios(frame: pd.DataFrame) -> pd.DataFrame:
    """Return `before_after_by_city` with ratio, low and high; NaN for none."""
    found = [
        compare(
            int(row.incidents_after),
            int(row.incidents_before),
            float(row.weeks_after),
            float(row.weeks_before),
        )
        for row in frame.itertuples()
    ]
    return frame.assign(
        ratio=pd.Series([each.ratio for each in found], index=frame.index, dtype="float64"),
        low=pd.Series([each.low for each in found], index=frame.index, dtype="float64"),
        high=pd.Series([each.high for each in found], index=frame.index, dtype="float64"),
    )
