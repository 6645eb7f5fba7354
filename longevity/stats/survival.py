"""How long until enforcement follows: Kaplan–Meier, for what is still awaited is not yet known.

An episode without an answer counts for the days it has been watched and no longer
(it is censored); leaving it out, or taking it for never answered, would both be wrong.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd

from longevity.stats.comparison import LEVEL


@dataclass(frozen=True)
class Median:
    """The day by which half were answered, and its interval; None for an end never reached."""

    days: int | None
    low: int | None
    high: int | None


@dataclass(frozen=True)
class SurvivalCurve:
    """A Kaplan–Meier curve.

    `steps` has a row a day on which an episode was answered or left watching: days, and waiting,
    low, high: the share not yet answered after that day, with its interval (Greenwood's variance,
    log-log scale). Where none was answered yet, or all were, the interval is missing.
    """

    steps: pd.DataFrame
    episodes: int
    answered: int
    median: Median


def estimate_curve(frame: pd.DataFrame) -> SurvivalCurve:
    """Estimate the curve of `frame`: days, answered, episodes (how many); one city or several.

    A row (10, False, 3): three episodes watched for ten days, and not answered yet.

    Within one day answers come before those who leave watching.
    """
    # From a row with a number of episodes to a row for each of them.
    of_each = frame.loc[frame.index.repeat(frame["episodes"])]
    days, answered = of_each["days"].to_numpy(dtype=float), of_each["answered"].to_numpy(dtype=bool)
    if not len(days):
        steps = pd.DataFrame(columns=["days", "waiting", "low", "high"], dtype=float)
        return SurvivalCurve(steps, 0, 0, Median(None, None, None))
    from scipy import stats  # half a second, of which every other command would have nothing

    curve = stats.ecdf(stats.CensoredData(days[answered], right=days[~answered])).sf
    with warnings.catch_warnings(
        action="ignore", category=RuntimeWarning
    ):  # of an interval that cannot be had
        interval = curve.confidence_interval(LEVEL, method="log-log")
    steps = pd.DataFrame(
        {
            "days": curve.quantiles.astype(np.int64),
            "waiting": curve.probabilities,
            "low": interval.low.probabilities,
            "high": interval.high.probabilities,
        }
    )
    # The first day on which the curve, or an end of its interval, is at a half or below.
    reached = (steps.loc[steps[column] <= 0.5, "days"] for column in ("waiting", "low", "high"))
    median = Median(*(int(found.iloc[0]) if len(found) else None for found in reached))
    return SurvivalCurve(steps, len(days), int(answered.sum()), median)
