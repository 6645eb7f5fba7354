"""How long until enforcement follows: Kaplan–Meier, for what is still awaited is not yet known.

An episode without an answer counts for the days it has been watched and no longer
(it is censored); leaving it out, or taking it for never answered, would both be wrong.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

LEVEL = 0.95

Shares = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Median:
    """The day by which half were answered, and its interval; None where it is never reached."""

    days: int | None
    low: int | None
    high: int | None


@dataclass(frozen=True)
class Curve:
    """A Kaplan–Meier curve.

    `steps` has a row a day on which an episode was answered or left watching: days,
    at_risk, answered, censored (counts), and waiting, low, high: the share not yet
    answered after that day, with its interval (Greenwood's variance, log-log scale).
    Where nobody was answered yet, or all were, the interval is missing.
    """

    steps: pd.DataFrame
    episodes: int
    answered: int
    median: Median


def curve(frame: pd.DataFrame, level: float = LEVEL) -> Curve:
    """The curve of `frame`: days, answered, episodes (how many such); one city or several.

    Within one day answers come before those who leave watching.
    """
    many = frame["episodes"].to_numpy(dtype=np.int64)
    times = np.repeat(frame["days"].to_numpy(dtype=float), many)
    answered = np.repeat(frame["answered"].to_numpy(dtype=bool), many)
    days, inverse = np.unique(times, return_inverse=True)
    happened = np.bincount(inverse, weights=answered, minlength=days.size).astype(np.int64)
    ended = np.bincount(inverse, minlength=days.size).astype(np.int64)
    waiting, low, high = _shares(times, answered, level)
    steps = pd.DataFrame(
        {
            "days": days.astype(np.int64),
            "at_risk": times.size - (np.cumsum(ended) - ended),
            "answered": happened,
            "censored": ended - happened,
            "waiting": waiting,
            "low": low,
            "high": high,
        }
    )
    return Curve(steps, int(times.size), int(answered.sum()), _median(steps))


def _shares(times: Shares, answered: Flags, level: float) -> tuple[Shares, Shares, Shares]:
    """The share waiting after each distinct day, and the ends of its interval."""
    if not times.size:
        return times, times, times
    waiting = stats.ecdf(stats.CensoredData(times[answered], right=times[~answered])).sf
    with warnings.catch_warnings():
        # The interval does not exist before the first answer and after the last: missing here.
        warnings.simplefilter("ignore", RuntimeWarning)
        interval = waiting.confidence_interval(level, method="log-log")
    return waiting.probabilities, interval.low.probabilities, interval.high.probabilities


def _median(steps: pd.DataFrame) -> Median:
    """The first day on which the curve, or an end of its interval, is at a half or below."""
    return Median(*(_first(steps, column) for column in ("waiting", "low", "high")))


def _first(steps: pd.DataFrame, column: str) -> int | None:
    reached = steps.loc[steps[column] <= 0.5, "days"]
    return int(reached.iloc[0]) if len(reached) else None


def at(found: Curve, day: int) -> float:
    """The share not yet answered after `day`; NaN where there was no episode."""
    earlier = found.steps.loc[found.steps["days"] <= day, "waiting"]
    if found.episodes == 0:
        return math.nan
    return float(earlier.iloc[-1]) if len(earlier) else 1.0
