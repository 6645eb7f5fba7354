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
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special, stats

from longevity.stats.comparison import LEVEL
from longevity.text import wording

HORIZON_WEEKS = 26  # by then a week is taken for complete
HISTORY_WEEKS = 156  # how far back delays are read: habits of recording change
NEWEST_WEEKS = 8
DRAWS, SEED = 400, 1
LEAST_RELEASES = 8  # before what releases themselves show is told
# Less complete than this, and what is known of a week says too little about the rest.
LEAST_COMPLETE = 0.2
CANNOT_TELL = "so it cannot be told how much the newest weeks still grow."
NOT_RECORDED = f"The source does not give when incidents were recorded, {CANNOT_TELL}"
NO_INCIDENTS = f"There are no incidents, {CANNOT_TELL}"
NBSP = "\u00a0"
EPOCH_WEEKDAY = 3  # of January 1, 1970: a Thursday
MISSING = np.datetime64("NaT", "D").astype(np.int64)

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Provisional:
    """What weeks hold at an age, and the newest of them.

    `completeness`: age_weeks, days_after (the last day of the week), complete, low, high:
    the share of what is known `horizon` weeks after. `weeks`: week_ending, age_weeks,
    counted, complete, low, high (whole incidents the week is likely to end at). Both have
    no rows, and the sentence says why, where too few incidents are old enough.
    """

    completeness: pd.DataFrame
    weeks: pd.DataFrame
    horizon: int
    incidents: int
    sentence: str


def provisional(
    frame: pd.DataFrame,
    through: date,
    week_ends_iso: int,
    least_base: int,
    newest: int = NEWEST_WEEKS,
    level: float = LEVEL,
) -> Provisional:
    """The growth of one city's weeks as known on `through`.

    `frame`: day (of the incident), recorded_on (missing where unknown), incidents. Weeks end
    on the ISO weekday given. Rows without a recorded day are counted in their week and say
    nothing about delay.
    """
    ends = through - timedelta(days=(through.isoweekday() - week_ends_iso) % 7)
    delays = _delays(frame, through, ends, week_ends_iso)
    counted = np.bincount(delays.age, weights=delays.incidents, minlength=1).astype(float)
    known = delays.of(~np.isnan(delays.weeks))
    horizon = int(min(HORIZON_WEEKS, known.age.max() if len(known.age) else 0))
    old = known.of((known.weeks <= horizon) & (known.age <= HISTORY_WEEKS))
    whole = int(old.incidents[old.age >= horizon].sum())
    if not len(known.age):
        said = NOT_RECORDED if len(frame) else NO_INCIDENTS
        return Provisional(_no_ages(), _no_weeks(), horizon, whole, said)
    if horizon < 1 or whole < least_base:
        said = f"Too few incidents are old enough to tell how much a week still grows ({whole})."
        return Provisional(_no_ages(), _no_weeks(), horizon, whole, said)
    ages = _completeness(old, horizon, (through - ends).days, level)
    weeks = _newest(ages, counted, ends, newest, level)
    return Provisional(ages, weeks, horizon, whole, _sentence(weeks, ages, horizon))


def as_released(frame: pd.DataFrame) -> str:
    """What the releases themselves show of how much a newest week grew; empty with too few.

    `frame`: through, age_weeks, incidents_then, incidents_now, of one city: weeks as a release
    first held them and as they are counted today. At least LEAST_RELEASES releases are asked.
    """
    newest = frame[frame["age_weeks"] == 0]
    releases = newest["through"].nunique()
    now = int(newest["incidents_now"].sum())
    if releases < LEAST_RELEASES or not now:
        return ""
    then = int(newest["incidents_then"].sum())
    return (
        f"In {wording.format_number(releases)} releases the newest week held "
        f"{wording.format_number(then)} "
        f"shootings; the same weeks hold {wording.format_number(now)} today."
    )


def _no_ages() -> pd.DataFrame:
    return pd.DataFrame(columns=["age_weeks", "days_after", "complete", "low", "high"])


def _no_weeks() -> pd.DataFrame:
    return pd.DataFrame(columns=["week_ending", "age_weeks", "counted", "complete", "low", "high"])


@dataclass(frozen=True)
class _Delays:
    """Of each row the age of its week, after how many weeks it was recorded (NaN), incidents."""

    age: npt.NDArray[np.int64]
    weeks: Floats
    incidents: npt.NDArray[np.int64]

    def of(self, kept: npt.NDArray[np.bool_]) -> _Delays:
        """Those rows alone."""
        return _Delays(self.age[kept], self.weeks[kept], self.incidents[kept])


def _delays(frame: pd.DataFrame, through: date, ends: date, week_ends_iso: int) -> _Delays:
    """Age of the week of each row in weeks, and after how many weeks it was recorded.

    Ages are counted from `through`: at age a a week is seen as on through, a weeks before.
    """
    day, recorded = _days(frame["day"]), _days(frame["recorded_on"])
    weekday = (day + EPOCH_WEEKDAY) % 7  # Monday 0
    ended = day + (week_ends_iso - weekday - 1) % 7
    last = np.datetime64(ends, "D").astype(np.int64)
    unknown = recorded == MISSING
    waited = (recorded - ended - (through - ends).days) / 7
    weeks = np.where(unknown, np.nan, np.maximum(np.ceil(waited), 0.0))
    delays = _Delays((last - ended) // 7, weeks, frame["incidents"].to_numpy(dtype=np.int64))
    seen = unknown | (recorded <= np.datetime64(through, "D").astype(np.int64))
    return delays.of(seen & (delays.age >= 0))


def _days(dates: pd.Series) -> npt.NDArray[np.int64]:
    """Days since 1970, MISSING where there is none."""
    found: npt.NDArray[np.int64] = (
        pd.to_datetime(dates).to_numpy().astype("datetime64[D]").astype(np.int64)
    )
    return found


def _completeness(old: _Delays, horizon: int, offset: int, level: float) -> pd.DataFrame:
    """The share recorded by each age, of what is recorded by the horizon."""
    from statsmodels.duration.survfunc import SurvfuncRight

    # Backwards in time a delay is a survival time, and a week too young to have shown a
    # long delay enters late: the library then handles the truncation.
    found = SurvfuncRight(
        horizon - old.weeks + 1,
        np.ones(len(old.age)),
        entry=horizon - np.minimum(old.age, horizon),
        freq_weights=old.incidents,
    )
    apart = _error_between_weeks(old, horizon)
    rows = []
    for age in range(horizon + 1):
        step = int(np.searchsorted(found.surv_times, horizon - age, side="right")) - 1
        share = float(found.surv_prob[step]) if step >= 0 else 1.0
        error = max(float(found.surv_prob_se[step]) if step >= 0 else 0.0, apart[age])
        seen = float(old.incidents[old.age >= age].sum())
        # As many incidents as would give a share this error, if each were a draw.
        effective = share * (1 - share) / error**2 if 0 < share < 1 and error > 0 else seen
        rows.append((age, 7 * age + offset, share, *_interval(share, effective, 1 - level)))
    rows[-1] = (horizon, 7 * horizon + offset, 1.0, 1.0, 1.0)
    return pd.DataFrame(rows, columns=list(_no_ages().columns))


def _interval(share: float, many: float, alpha: float) -> tuple[float, float]:
    """Clopper and Pearson's: its ends are quantiles of the beta distribution."""
    counted = share * many
    if not many:
        return math.nan, math.nan
    rest = many - counted
    low = float(special.betaincinv(counted, rest + 1, alpha / 2)) if counted else 0.0
    high = float(special.betainccinv(counted + 1, rest, alpha / 2)) if counted != many else 1.0
    return low, high


def _error_between_weeks(old: _Delays, horizon: int) -> list[float]:
    """The standard error of completeness by age, from drawing whole weeks again.

    Incidents of one week are entered together more often than not; an error that takes
    each for a draw of its own is then too small.
    """
    cells = np.zeros((int(old.age.max()) + 1, horizon + 1))
    np.add.at(cells, (old.age, old.weeks.astype(int)), old.incidents)
    # Of weeks old enough for a delay: those with it, and those with it or a shorter one.
    seen = np.arange(len(cells))[:, None] >= np.arange(horizon + 1)
    at, up_to = cells * seen, cells.cumsum(axis=1) * seen
    weeks = _redrawn(len(cells))
    with np.errstate(invalid="ignore"):
        kept = 1 - np.nan_to_num((weeks @ at) / (weeks @ up_to))
    complete = np.cumprod(kept[:, :0:-1], axis=1)[:, ::-1]
    return [*complete.std(axis=0).tolist(), 0.0]


@lru_cache(maxsize=4)
def _redrawn(weeks: int) -> npt.NDArray[np.int64]:
    """How often each of so many weeks is drawn, in each of DRAWS; the same every time."""
    even = np.full(weeks, 1 / weeks)
    return np.random.default_rng(SEED).multinomial(weeks, even, size=DRAWS)


def _newest(
    ages: pd.DataFrame, counted: Floats, ends: date, newest: int, level: float
) -> pd.DataFrame:
    """The newest weeks with the band each is likely to end in.

    If every final count is as likely before any is known, those still to come, given n
    recorded of which each was recorded in time with probability F, are negative binomial
    with n + 1 and F; the ends of F's interval widen it. How incidents cluster plays no part.
    """
    shown = ages.iloc[:newest]
    now = np.zeros(len(shown), dtype=int)
    now[: len(counted)] = counted[: len(shown)]
    ends_at = [
        now + stats.nbinom.ppf(tail, now + 1, shown[end].to_numpy())
        for tail, end in (((1 - level) / 2, "high"), ((1 + level) / 2, "low"))
    ]
    told = shown["low"].to_numpy() >= LEAST_COMPLETE
    low, high = (np.where(told, end, np.nan).tolist() for end in ends_at)
    rows = [
        (ends - timedelta(weeks=age), age, many, complete, *reach)
        for age, (many, complete, *reach) in enumerate(
            zip(now.tolist(), shown["complete"].tolist(), low, high, strict=True)
        )
    ]
    weeks = pd.DataFrame(rows, columns=list(_no_weeks().columns))
    return weeks.astype({"low": "Int64", "high": "Int64"})


def _percent(share: float) -> str:
    """A share that is not all is never 100 %, nor one that is not nothing 0 %."""
    if 0.99 < share < 1:
        return f"over 99{NBSP}%"
    if 0 < share < 0.01:
        return f"under 1{NBSP}%"
    return f"{100 * share:.0f}{NBSP}%"


def _sentence(weeks: pd.DataFrame, ages: pd.DataFrame, horizon: int) -> str:
    week, at = weeks.iloc[0], ages.iloc[0]
    said = (
        f"The week to {wording.format_day(week['week_ending'])} counts "
        f"{wording.count_noun(int(week['counted']), 'incident')} so far. Weeks this new held "
        f"{_percent(at['complete'])} (95{NBSP}% interval {_percent(at['low'])} to "
        f"{_percent(at['high'])}) of what was known {horizon} weeks later"
    )
    if pd.isna(week["high"]):
        return f"{said}: too little to say where it will end. Nothing is added to the counts."
    low, high = int(week["low"]), int(week["high"])
    if low == high:
        return f"{said}, so it is likely to stay. Nothing is added to the counts."
    return (
        f"{said}, so it is likely to end between {wording.format_number(low)} and "
        f"{wording.format_number(high)}. Nothing is added to the counts."
    )
