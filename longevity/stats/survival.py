"""How long until enforcement follows: Kaplan–Meier, for what is still awaited is not yet known.

An episode without an answer counts for the days it has been watched and no longer
(it is censored); leaving it out, or taking it for never answered, would both be wrong.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special

from longevity.stats.comparison import LEVEL

Shares = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Median:
    """The day by which half were answered, and its interval; None where it is never reached."""

    days: int | None
    low: int | None
    high: int | None


@dataclass(frozen=True)
class SurvivalCurve:
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


def estimate_curve(frame: pd.DataFrame) -> SurvivalCurve:
    """Estimate the curve of `frame`: days, answered, episodes; one city or several.

    Within one day answers come before those who leave watching. Episodes are never written
    out one by one: a row of a thousand costs what a row of one does.
    """
    many = frame["episodes"].to_numpy(dtype=np.int64)
    answers = np.where(frame["answered"].to_numpy(dtype=bool), many, 0)
    days, at = np.unique(frame["days"].to_numpy(dtype=np.int64), return_inverse=True)
    ended = np.bincount(at, weights=many, minlength=days.size).astype(np.int64)
    happened = np.bincount(at, weights=answers, minlength=days.size).astype(np.int64)
    at_risk = int(many.sum()) - (np.cumsum(ended) - ended)
    waiting, low, high = _compute_shares(at_risk, happened, ended)
    steps = pd.DataFrame(
        {
            "days": days,
            "at_risk": at_risk,
            "answered": happened,
            "censored": ended - happened,
            "waiting": waiting,
            "low": low,
            "high": high,
        }
    )
    return SurvivalCurve(steps, int(many.sum()), int(answers.sum()), _find_median(steps))


def _compute_shares(
    at_risk: Counts, answered: Counts, ended: Counts
) -> tuple[Shares, Shares, Shares]:
    """Return the share waiting after each day, and the ends of its interval, as scipy's ecdf.

    The interval does not exist before the first answer and after the last: missing there.
    """
    waiting = _compute_waiting(at_risk, answered, ended)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.cumsum(answered / (at_risk * (at_risk - answered)))
        error = float(special.ndtri((1 + LEVEL) / 2)) * np.sqrt(1 / np.log(waiting) ** 2 * spread)
        middle = np.log(-np.log(waiting))
        low, high = np.exp(-np.exp(middle + error)), np.exp(-np.exp(middle - error))
    return waiting, np.clip(low, 0, 1), np.clip(high, 0, 1)


def _compute_waiting(at_risk: Counts, answered: Counts, ended: Counts) -> Shares:
    if (answered == ended).all():  # nobody left watching: shares of a whole, exactly
        return (1 - np.cumsum(answered) / max(1, int(ended.sum()))).astype(np.float64)
    return np.cumprod((at_risk - answered) / at_risk).astype(np.float64)


def _find_median(steps: pd.DataFrame) -> Median:
    """Find the first day on which the curve, or an end of its interval, is at a half or below."""
    return Median(*(_find_first(steps, column) for column in ("waiting", "low", "high")))


def _find_first(steps: pd.DataFrame, column: str) -> int | None:
    rows = np.flatnonzero(steps[column].to_numpy() <= 0.5)
    return int(steps["days"].iloc[rows[0]]) if len(rows) else None
