"""How much the newest week still grows, and the band it is likely to end in.

Incidents are recorded late. How complete a week is as soon as it is seen is read from weeks of
which all that comes is there. The band is told beside the count; nothing is ever added to it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import numpy as np
import pandas as pd
from scipy import stats

from longevity.stats.comparison import LEVEL, bound_share

HORIZON_WEEKS = 26  # by then a week is taken for complete
HISTORY_WEEKS = 156  # how far back delays are read: habits of recording change
# Less complete than this, and what is known of a week says too little about the rest.
LEAST_COMPLETE = 0.2


class Lack(StrEnum):
    """Why nothing can be told of how much a week still grows."""

    NO_INCIDENTS = "no_incidents"
    NOT_RECORDED = "not_recorded"
    TOO_FEW = "too_few"


@dataclass(frozen=True)
class NewestWeek:
    """The newest whole week, as it is known.

    `complete`: the share of what will be known of it after HORIZON_WEEKS, with its interval.
    `low` and `high`: whole incidents it is likely to end at, None where too few are known.
    Where there is a `lack` nothing is known of either. `incidents`: those it is read from.
    """

    ending: date
    counted: int
    incidents: int
    lack: Lack | None = None
    complete: tuple[float, float, float] = (math.nan, math.nan, math.nan)
    low: int | None = None
    high: int | None = None


def estimate_growth(
    frame: pd.DataFrame, through: date, week_ends_iso: int, least_base: int
) -> NewestWeek:
    """Estimate how one city's newest week still grows, as known on `through`.

    `frame`: day (of the incident), recorded_on (missing where unknown), incidents. Weeks end
    on the ISO weekday given. Rows without a recorded day are counted in their week and say
    nothing about delay.
    """
    ending = through - timedelta(days=(through.isoweekday() - week_ends_iso) % 7)
    day, recorded = (pd.to_datetime(frame[name]) for name in ("day", "recorded_on"))
    ended = day + pd.to_timedelta((week_ends_iso - 1 - day.dt.day_of_week) % 7, unit="D")
    weeks_ago = (pd.Timestamp(ending) - ended).dt.days // 7
    # Days after the week was as old as the newest one is now.
    late = (recorded - ended).dt.days - (through - ending).days
    is_visible = recorded.isna() | (recorded <= pd.Timestamp(through))
    counted = int(frame.loc[is_visible & (weeks_ago == 0), "incidents"].sum())
    is_whole = weeks_ago.between(HORIZON_WEEKS, HISTORY_WEEKS) & (late <= 7 * HORIZON_WEEKS)
    counts = frame["incidents"].where(is_whole, 0).groupby(weeks_ago).sum()
    on_time = frame["incidents"].where(is_whole & (late <= 0), 0).groupby(weeks_ago).sum()
    total = int(counts.sum())
    if not recorded.le(pd.Timestamp(through)).any():
        lack = Lack.NO_INCIDENTS if frame.empty else Lack.NOT_RECORDED
        return NewestWeek(ending, counted, total, lack)
    if total < least_base:
        return NewestWeek(ending, counted, total, Lack.TOO_FEW)
    share = float(on_time.sum()) / total
    # Incidents of one week are entered together more often than not: as many are taken to be
    # drawn as would give the error between whole weeks.
    squared = float(((on_time - share * counts) ** 2).sum()) / total**2
    drawn = min(total, share * (1 - share) / squared) if squared else total
    low, high = bound_share(share * drawn, (1 - share) * drawn, LEVEL)
    band = _project(counted, low, high) if low >= LEAST_COMPLETE else (None, None)
    return NewestWeek(ending, counted, total, None, (share, low, high), *band)


def _project(counted: int, low: float, high: float) -> tuple[int, int]:
    """Return the band a week of so many recorded incidents is likely to end in.

    If every final count is as likely before any is known, those still to come, given n
    recorded of which each was recorded in time with probability F, are negative binomial
    with n + 1 and F; the ends of F's interval widen it. How incidents cluster plays no part.
    """
    tails = np.array([1 - LEVEL, 1 + LEVEL]) / 2
    fewest, most = stats.nbinom.ppf(tails, counted + 1, [high, low])
    return counted + int(fewest), counted + int(most)
