"""How much the newest weeks still grow, and the band they are likely to end in.

Incidents are recorded late. How complete a week is at an age is read from weeks old enough
to have been seen at it: an incident counts towards a delay only where its week is at least
that old (right truncation), by the product-limit estimate run backwards from the oldest
age. The band is drawn beside a week; nothing is ever added to a count.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special, stats

from longevity.stats.comparison import LEVEL

HORIZON_WEEKS = 26  # by then a week is taken for complete
HISTORY_WEEKS = 156  # how far back delays are read: habits of recording change
NEWEST_WEEKS = 8
DRAWS, SEED = 400, 1
# Less complete than this, and what is known of a week says too little about the rest.
LEAST_COMPLETE = 0.2
AGES = ["age_weeks", "days_after", "complete", "low", "high"]
WEEKS = ["week_ending", "age_weeks", "counted", "complete", "low", "high"]


class Lack(StrEnum):
    """Why nothing can be told of how much a week still grows."""

    NO_INCIDENTS = "no_incidents"
    NOT_RECORDED = "not_recorded"
    TOO_FEW = "too_few"


@dataclass(frozen=True)
class ReportingDelay:
    """What weeks hold at an age, and the newest of them.

    `completeness`: age_weeks, days_after (the last day of the week), complete, low, high:
    the share of what is known `horizon` weeks after. `weeks`: week_ending, age_weeks,
    counted, complete, low, high (whole incidents the week is likely to end at). Both have
    no rows, and `lack` says why, where too few incidents are old enough.
    """

    completeness: pd.DataFrame
    weeks: pd.DataFrame
    horizon: int
    incidents: int
    lack: Lack | None = None


def estimate_reporting_delay(
    frame: pd.DataFrame,
    through: date,
    week_ends_iso: int,
    least_base: int,
) -> ReportingDelay:
    """Estimate how one city's weeks still grow, as known on `through`.

    `frame`: day (of the incident), recorded_on (missing where unknown), incidents. Weeks end
    on the ISO weekday given. Rows without a recorded day are counted in their week and say
    nothing about delay.
    """
    ends = through - timedelta(days=(through.isoweekday() - week_ends_iso) % 7)
    delays = _measure_delays(frame, through, ends, week_ends_iso)
    counts = np.bincount(delays["age"], weights=delays["incidents"], minlength=1)
    recorded = delays[delays["weeks"].notna()]
    horizon = int(min(HORIZON_WEEKS, recorded["age"].max())) if len(recorded) else 0
    old = recorded[(recorded["weeks"] <= horizon) & (recorded["age"] <= HISTORY_WEEKS)]
    whole = int(old.loc[old["age"] >= horizon, "incidents"].sum())
    lack = None
    if recorded.empty:
        lack = Lack.NO_INCIDENTS if frame.empty else Lack.NOT_RECORDED
    elif horizon < 1 or whole < least_base:
        lack = Lack.TOO_FEW
    if lack is not None:
        no_ages, no_weeks = (pd.DataFrame(columns=columns) for columns in (AGES, WEEKS))
        return ReportingDelay(no_ages, no_weeks, horizon, whole, lack)
    ages = _estimate_completeness(old, horizon, (through - ends).days)
    return ReportingDelay(ages, _project_newest(ages, counts, ends), horizon, whole)


def _measure_delays(
    frame: pd.DataFrame, through: date, ends: date, week_ends_iso: int
) -> pd.DataFrame:
    """Return of each row the age of its week, after how many weeks it was recorded, incidents.

    Ages are counted from `through`: at age a a week is seen as on through, a weeks before.
    """
    day, recorded = (pd.to_datetime(frame[name]) for name in ("day", "recorded_on"))
    ended = day + pd.to_timedelta((week_ends_iso - 1 - day.dt.day_of_week) % 7, unit="D")
    waited = ((recorded - ended).dt.days - (through - ends).days) / 7
    delays = pd.DataFrame(
        {
            "age": (pd.Timestamp(ends) - ended).dt.days // 7,
            "weeks": np.ceil(waited).clip(lower=0),
            "incidents": frame["incidents"].astype("int64"),
        }
    )
    is_visible = recorded.isna() | (recorded <= pd.Timestamp(through))
    return delays[is_visible & (delays["age"] >= 0)]


def _estimate_completeness(old: pd.DataFrame, horizon: int, offset: int) -> pd.DataFrame:
    """Estimate the share recorded by each age, of what is recorded by the horizon."""
    from statsmodels.duration.survfunc import SurvfuncRight

    # Backwards in time a delay is a survival time, and a week too young to have shown a
    # long delay enters late: the library then handles the truncation.
    curve = SurvfuncRight(
        horizon - old["weeks"] + 1,
        np.ones(len(old)),
        entry=horizon - np.minimum(old["age"], horizon),
        freq_weights=old["incidents"],
    )
    error_between = _estimate_error_between_weeks(old, horizon)
    rows = []
    for age in range(horizon + 1):
        step = int(np.searchsorted(curve.surv_times, horizon - age, side="right")) - 1
        share = float(curve.surv_prob[step]) if step >= 0 else 1.0
        error = max(float(curve.surv_prob_se[step]) if step >= 0 else 0.0, error_between[age])
        at_risk = float(old["incidents"][old["age"] >= age].sum())
        # As many incidents as would give a share this error, if each were a draw.
        effective = share * (1 - share) / error**2 if 0 < share < 1 and error > 0 else at_risk
        rows.append((age, 7 * age + offset, share, *_bound_share(share, effective)))
    rows[-1] = (horizon, 7 * horizon + offset, 1.0, 1.0, 1.0)
    return pd.DataFrame(rows, columns=AGES)


def _bound_share(share: float, total: float) -> tuple[float, float]:
    """Return Clopper and Pearson's interval: its ends are quantiles of the beta distribution."""
    count = share * total
    if not total:
        return math.nan, math.nan
    rest, tail = total - count, (1 - LEVEL) / 2
    low = float(special.betaincinv(count, rest + 1, tail)) if count else 0.0
    high = float(special.betainccinv(count + 1, rest, tail)) if count != total else 1.0
    return low, high


def _estimate_error_between_weeks(old: pd.DataFrame, horizon: int) -> list[float]:
    """Estimate the standard error of completeness by age, from drawing whole weeks again.

    Incidents of one week are entered together more often than not; an error that takes
    each for a draw of its own is then too small.
    """
    cells = np.zeros((int(old["age"].max()) + 1, horizon + 1))
    np.add.at(cells, (old["age"], old["weeks"].astype(int)), old["incidents"])
    # Of weeks old enough for a delay: those with it, and those with it or a shorter one.
    is_old_enough = np.arange(len(cells))[:, None] >= np.arange(horizon + 1)
    at_delay, up_to = cells * is_old_enough, cells.cumsum(axis=1) * is_old_enough
    weeks = _redraw_weeks(len(cells))
    with np.errstate(invalid="ignore"):
        remaining = 1 - np.nan_to_num((weeks @ at_delay) / (weeks @ up_to))
    complete = np.cumprod(remaining[:, :0:-1], axis=1)[:, ::-1]
    return [*complete.std(axis=0).tolist(), 0.0]


@lru_cache(maxsize=4)
def _redraw_weeks(weeks: int) -> npt.NDArray[np.int64]:
    """Return how often each of so many weeks is drawn, in each of DRAWS; always the same."""
    even = np.full(weeks, 1 / weeks)
    return np.random.default_rng(SEED).multinomial(weeks, even, size=DRAWS)


def _project_newest(ages: pd.DataFrame, counts: npt.NDArray[Any], ends: date) -> pd.DataFrame:
    """Return the newest weeks with the band each is likely to end in.

    If every final count is as likely before any is known, those still to come, given n
    recorded of which each was recorded in time with probability F, are negative binomial
    with n + 1 and F; the ends of F's interval widen it. How incidents cluster plays no part.
    """
    youngest = ages.iloc[:NEWEST_WEEKS]
    now = np.zeros(len(youngest), dtype=int)
    now[: len(counts)] = counts[: len(youngest)]
    ends_at = [
        now + stats.nbinom.ppf(tail, now + 1, youngest[end].to_numpy())
        for tail, end in (((1 - LEVEL) / 2, "high"), ((1 + LEVEL) / 2, "low"))
    ]
    is_known = youngest["low"].to_numpy() >= LEAST_COMPLETE
    low, high = (np.where(is_known, end, np.nan) for end in ends_at)
    ending = [ends - timedelta(weeks=age) for age in range(len(youngest))]
    weeks = youngest.assign(week_ending=ending, counted=now, low=low, high=high)[WEEKS]
    return weeks.astype({"low": "Int64", "high": "Int64"})
