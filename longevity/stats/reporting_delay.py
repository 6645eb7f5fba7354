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
EPOCH_WEEKDAY = 3  # of January 1, 1970: a Thursday
MISSING = np.datetime64("NaT", "D").astype(np.int64)

Floats = npt.NDArray[np.float64]


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
    counts = np.bincount(delays.age, weights=delays.incidents, minlength=1).astype(float)
    with_delay = delays.select(~np.isnan(delays.weeks))
    horizon = int(min(HORIZON_WEEKS, with_delay.age.max() if len(with_delay.age) else 0))
    old = with_delay.select((with_delay.weeks <= horizon) & (with_delay.age <= HISTORY_WEEKS))
    whole = int(old.incidents[old.age >= horizon].sum())
    lack = None
    if not len(with_delay.age):
        lack = Lack.NOT_RECORDED if len(frame) else Lack.NO_INCIDENTS
    elif horizon < 1 or whole < least_base:
        lack = Lack.TOO_FEW
    if lack is not None:
        return ReportingDelay(_make_empty_ages(), _make_empty_weeks(), horizon, whole, lack)
    ages = _estimate_completeness(old, horizon, (through - ends).days)
    weeks = _project_newest(ages, counts, ends)
    return ReportingDelay(ages, weeks, horizon, whole)


def _make_empty_ages() -> pd.DataFrame:
    return pd.DataFrame(columns=["age_weeks", "days_after", "complete", "low", "high"])


def _make_empty_weeks() -> pd.DataFrame:
    return pd.DataFrame(columns=["week_ending", "age_weeks", "counted", "complete", "low", "high"])


@dataclass(frozen=True)
class _Delays:
    """Of each row the age of its week, after how many weeks it was recorded (NaN), incidents."""

    age: npt.NDArray[np.int64]
    weeks: Floats
    incidents: npt.NDArray[np.int64]

    def select(self, mask: npt.NDArray[np.bool_]) -> _Delays:
        """Return those rows alone."""
        return _Delays(self.age[mask], self.weeks[mask], self.incidents[mask])


def _measure_delays(frame: pd.DataFrame, through: date, ends: date, week_ends_iso: int) -> _Delays:
    """Measure the age of each row's week, and after how many weeks it was recorded.

    Ages are counted from `through`: at age a a week is seen as on through, a weeks before.
    """
    day, recorded = _number_days(frame["day"]), _number_days(frame["recorded_on"])
    weekday = (day + EPOCH_WEEKDAY) % 7  # Monday 0
    ended = day + (week_ends_iso - weekday - 1) % 7
    last = np.datetime64(ends, "D").astype(np.int64)
    unknown = recorded == MISSING
    waited = (recorded - ended - (through - ends).days) / 7
    weeks = np.where(unknown, np.nan, np.maximum(np.ceil(waited), 0.0))
    delays = _Delays((last - ended) // 7, weeks, frame["incidents"].to_numpy(dtype=np.int64))
    is_visible = unknown | (recorded <= np.datetime64(through, "D").astype(np.int64))
    return delays.select(is_visible & (delays.age >= 0))


def _number_days(dates: pd.Series) -> npt.NDArray[np.int64]:
    """Return days since 1970, MISSING where there is none."""
    result: npt.NDArray[np.int64] = (
        pd.to_datetime(dates).to_numpy().astype("datetime64[D]").astype(np.int64)
    )
    return result


def _estimate_completeness(old: _Delays, horizon: int, offset: int) -> pd.DataFrame:
    """Estimate the share recorded by each age, of what is recorded by the horizon."""
    from statsmodels.duration.survfunc import SurvfuncRight

    # Backwards in time a delay is a survival time, and a week too young to have shown a
    # long delay enters late: the library then handles the truncation.
    curve = SurvfuncRight(
        horizon - old.weeks + 1,
        np.ones(len(old.age)),
        entry=horizon - np.minimum(old.age, horizon),
        freq_weights=old.incidents,
    )
    error_between = _estimate_error_between_weeks(old, horizon)
    rows = []
    for age in range(horizon + 1):
        step = int(np.searchsorted(curve.surv_times, horizon - age, side="right")) - 1
        share = float(curve.surv_prob[step]) if step >= 0 else 1.0
        error = max(float(curve.surv_prob_se[step]) if step >= 0 else 0.0, error_between[age])
        at_risk = float(old.incidents[old.age >= age].sum())
        # As many incidents as would give a share this error, if each were a draw.
        effective = share * (1 - share) / error**2 if 0 < share < 1 and error > 0 else at_risk
        rows.append((age, 7 * age + offset, share, *_bound_share(share, effective)))
    rows[-1] = (horizon, 7 * horizon + offset, 1.0, 1.0, 1.0)
    return pd.DataFrame(rows, columns=list(_make_empty_ages().columns))


def _bound_share(share: float, total: float) -> tuple[float, float]:
    """Return Clopper and Pearson's interval: its ends are quantiles of the beta distribution."""
    count = share * total
    if not total:
        return math.nan, math.nan
    rest, tail = total - count, (1 - LEVEL) / 2
    low = float(special.betaincinv(count, rest + 1, tail)) if count else 0.0
    high = float(special.betainccinv(count + 1, rest, tail)) if count != total else 1.0
    return low, high


def _estimate_error_between_weeks(old: _Delays, horizon: int) -> list[float]:
    """Estimate the standard error of completeness by age, from drawing whole weeks again.

    Incidents of one week are entered together more often than not; an error that takes
    each for a draw of its own is then too small.
    """
    cells = np.zeros((int(old.age.max()) + 1, horizon + 1))
    np.add.at(cells, (old.age, old.weeks.astype(int)), old.incidents)
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


def _project_newest(ages: pd.DataFrame, counts: Floats, ends: date) -> pd.DataFrame:
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
    low, high = (np.where(is_known, end, np.nan).tolist() for end in ends_at)
    rows = [
        (ends - timedelta(weeks=age), age, count, complete, *reach)
        for age, (count, complete, *reach) in enumerate(
            zip(now.tolist(), youngest["complete"].tolist(), low, high, strict=True)
        )
    ]
    weeks = pd.DataFrame(rows, columns=list(_make_empty_weeks().columns))
    return weeks.astype({"low": "Int64", "high": "Int64"})
