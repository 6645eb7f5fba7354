"""What could be wrong with an estimate: each check, and how it came out.

The first three are asked before a change is reported at all, the others before it may be called
the program's doing (`evaluation`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from enum import StrEnum

import pandas as pd

from longevity.stats import interrupted_time_series, judged_series, monthly_series
from longevity.stats.interrupted_time_series import Effect, Model, Terms
from longevity.stats.judged_series import LEAST_COUNTED, JudgedSeries
from longevity.stats.monthly_series import Omission

PLACEBO_SIDE = 12  # months a placebo date has on either side
LEAST_PLACEBOS = 12  # dates; neighbours are nearly one test
PLACEBOS_WITH_CHANGE = 0.20  # of the placebo dates, at most
LAGS = 12
CHANCE = 0.01  # below it the residuals come in runs, or the trend before had turned
REVIEWED_MOVES = 0.05  # of the share reviewed, from before to after, at most
REST_OPPOSES = 0.25  # of the change, moved the other way by the other shootings


class State(StrEnum):
    """How a check came out."""

    QUIET = "quiet"
    RAISED = "raised"
    UNTESTED = "untested"


def _raise_if(condition: bool) -> State:
    return State.RAISED if condition else State.QUIET


def try_placebo_dates(judged: JudgedSeries) -> pd.DataFrame:
    """Estimate the effect at dates on which nothing began, from the months before the launch alone.

    month, value, low, high, is_clear (whether it excludes nothing); each with the noise of the
    whole series.
    """
    used = monthly_series.select_used(judged.series)
    noise = judged.model.noise if judged.model is not None else None
    before = used.loc[~used["after"], ["month", "days", "count"]]
    rows = []
    for at in range(PLACEBO_SIDE, len(before) - PLACEBO_SIDE + 1):
        earlier, later = before.iloc[:at], before.iloc[at:]
        if min(earlier["count"].sum(), later["count"].sum()) < LEAST_COUNTED:
            continue
        month = later["month"].iloc[0]
        model = interrupted_time_series.fit_model(before, month, noise=noise)
        effect = interrupted_time_series.estimate_effect(model, later)
        if effect is not None:
            rows.append((month, effect.value, effect.low, effect.high, effect.excludes_zero))
    return pd.DataFrame(rows, columns=["month", "value", "low", "high", "is_clear"])


def check_placebos(placebos: pd.DataFrame) -> State:
    """Raise where changes are found at too many dates on which nothing began."""
    if len(placebos) < LEAST_PLACEBOS:
        return State.UNTESTED
    return _raise_if(placebos["is_clear"].mean() > PLACEBOS_WITH_CHANGE)


def compute_residuals(model: Model) -> pd.Series:
    """Return Pearson's residuals of the months of a model, in deviations of the scaled model."""
    return (model.months["count"] - model.fit.mean) / (model.fit.mean * model.noise.scale) ** 0.5


def check_runs(steady: Model) -> State:
    """Raise where what a level that keeps still would leave comes in runs (Ljung and Box).

    In the order of the months; those left out are passed over.
    """
    from statsmodels.stats.diagnostic import acorr_ljungbox

    residuals = compute_residuals(steady)
    lags = min(LAGS, len(residuals) // 4)
    chance = float(acorr_ljungbox(residuals.to_numpy(), lags=[lags])["lb_pvalue"].iloc[0])
    return State.UNTESTED if math.isnan(chance) else _raise_if(chance < CHANCE)


def check_trend(judged: JudgedSeries) -> State:
    """Raise where the trend before had turned, or would undo the change if it went on."""
    used, effect = monthly_series.select_used(judged.series), judged.effect
    bent = interrupted_time_series.fit_model(
        used[~used["after"]], judged.span.first, Terms(trend=True, bend=True, step=False)
    )
    if bent is None or judged.carried is None or effect is None:
        return State.UNTESTED
    is_undone = effect.excludes_zero and not judged.is_left_with_trend
    return _raise_if(is_undone or bent.compute_p_value() < CHANCE)


def check_other_cities(others: Mapping[str, JudgedSeries], effect: Effect) -> State:
    """Raise where a city that had no program yet changed the same way."""
    effects = [other.effect for other in others.values() if other.effect is not None]
    is_shared = any(other.sign * effect.value > 0 for other in effects)
    return _raise_if(is_shared) if effects else State.UNTESTED


def compute_reviewed_shares(series: pd.DataFrame) -> tuple[float, float]:
    """Return the share of incidents reviewed since the first month used, before and after launch.

    Months left out for their share are in it: without them it would look steadier than it is.
    """
    rows = series[series["why"].isin(["", Omission.NOT_REVIEWED]) & series["used"].cummax()]
    sums = rows.groupby("after")[["incidents", "reviewed"]].sum()
    shares = (sums["reviewed"] / sums["incidents"]).reindex([False, True])
    return float(shares[False]), float(shares[True])


def is_share_moved(judged: JudgedSeries) -> bool:
    """Whether the share reviewed moved at the launch; False of a series that asks for none."""
    if "share" not in judged.series:
        return False
    before, after = compute_reviewed_shares(judged.series)
    return abs(after - before) > REVIEWED_MOVES


def check_share_reviewed(judged: JudgedSeries) -> State:
    """Raise where the share reviewed moved, or the incidents not reviewed could undo the change.

    They could where every one on one side had been of the kind counted: between these two lies
    what the reviews could have found.
    """
    used, effect = monthly_series.select_used(judged.series), judged.effect
    if is_share_moved(judged) or judged.model is None or effect is None:
        return State.RAISED
    for side in (used["after"], ~used["after"]):
        more = (used["incidents"] - used["reviewed"]).clip(lower=0).where(side, 0)
        model = interrupted_time_series.fit_model(
            used.assign(count=used["count"] + more), judged.span.first, noise=judged.model.noise
        )
        bound = interrupted_time_series.estimate_effect(model, judged.months_after)
        if bound is None or bound.sign * effect.value <= 0:
            return State.RAISED
    return State.QUIET


def check_all_shootings(frame: pd.DataFrame, whole: JudgedSeries, effect: Effect) -> State:
    """Raise unless all shootings moved with it, and the rest not against it.

    Were incidents only called by another name, those with group members would move one way
    and the rest the other, and all together not at all.
    """
    counts = frame[["incidents", "confirmed"]].apply(pd.to_numeric)
    rest = frame.assign(rest=counts["incidents"] - counts["confirmed"])
    opposite = judged_series.judge_series(rest, "rest", whole.span, "reviewed").effect
    if whole.effect is None:
        return State.UNTESTED
    opposed = opposite is not None and is_opposed(opposite, effect)
    return _raise_if(opposed or whole.effect.sign != effect.sign)


def is_opposed(rest: Effect, effect: Effect) -> bool:
    """Whether the other shootings moved the other way, clearly or by a good part of the change."""
    against = rest.value * effect.value < 0
    return against and (rest.excludes_zero or abs(rest.value) > REST_OPPOSES * abs(effect.value))
