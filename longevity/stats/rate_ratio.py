"""Shootings a group-week before and after notice, and the exact interval of their ratio.

A comparison, not an effect: groups are given notice when they shoot most, and what is
high falls by itself (regression to the mean). Whoever shows the ratio warns of it: the words
are in `text/rates.py`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd
from scipy import stats

from longevity.stats.comparison import LEVEL


@dataclass(frozen=True)
class RateRatio:
    """The rate after over the rate before, with its exact interval.

    `ratio` is None where nothing happened before, or there was no time before or
    after; `high` is None where no bound can be given, `low` then may be 0.
    """

    ratio: float | None
    low: float | None
    high: float | None


def compute_rate_ratio(
    incidents_before: int,
    weeks_before: float,
    incidents_after: int,
    weeks_after: float,
) -> RateRatio:
    """Compute the ratio of two Poisson rates, conditional on their sum (Clopper–Pearson).

    Given how many happened in all, those after notice are binomial; the bounds of
    that share give the bounds of the ratio.
    """
    if weeks_before <= 0 or weeks_after <= 0:
        return RateRatio(None, None, None)
    total = incidents_before + incidents_after
    if total == 0:
        return RateRatio(None, 0.0, None)
    interval = stats.binomtest(incidents_after, total).proportion_ci(LEVEL, "exact")
    scale = weeks_before / weeks_after

    def convert_to_ratio(share: float) -> float | None:
        ratio = share / (1 - share) * scale if share < 1 else math.inf
        return ratio if math.isfinite(ratio) else None

    ratio = incidents_after / incidents_before * scale if incidents_before else None
    return RateRatio(
        ratio, convert_to_ratio(float(interval.low)), convert_to_ratio(float(interval.high))
    )


def add_rate_ratios(frame: pd.DataFrame) -> pd.DataFrame:
    """Return `before_after_by_city` with ratio, low and high; NaN for none."""
    ratios = [
        compute_rate_ratio(
            int(row.incidents_before),
            float(row.weeks_before),
            int(row.incidents_after),
            float(row.weeks_after),
        )
        for row in frame.itertuples()
    ]
    return frame.assign(
        ratio=pd.Series([each.ratio for each in ratios], index=frame.index, dtype="float64"),
        low=pd.Series([each.low for each in ratios], index=frame.index, dtype="float64"),
        high=pd.Series([each.high for each in ratios], index=frame.index, dtype="float64"),
    )
