"""What could be wrong with an estimate: each check, and how it came out.

The first three are asked before a change is reported at all, the others before it may be called
the program's doing (`evaluation`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from enum import StrEnum

import pandas as pd

from longevity.stats import judged_series
from longevity.stats.interrupted_time_series import (
    BEND,
    STEP,
    TREND,
    Effect,
    Model,
    estimate_effect,
    fit_model,
)
from longevity.stats.judged_series import LEAST_COUNTED, JudgedSeries
from longevity.stats.monthly_series import Omission

PLACEBO_SIDE = 12  # months a placebo date has on either side
LEAST_PLACEBOS = 12  # dates; neighbours are nearly one test
PLACEBOS_WITH_CHANGE = 0.20  # of the placebo dates, at most
LAGS = 12
CARRIED_CHANCE = 0.10  # of the same change, where a trend is carried on, at most
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


def try_placebo_dates(model: Model) -> list[bool]:
    """Return whether a change is found at each date on which nothing began.

    From the months before the launch alone, with the noise of the whole series.
    """
    before = model.months.loc[~model.months["after"], ["month", "days", "count"]]
    found = []
    for at in range(PLACEBO_SIDE, len(before) - PLACEBO_SIDE + 1):
        earlier, later = before.iloc[:at], before.iloc[at:]
        if min(earlier["count"].sum(), later["count"].sum()) >= LEAST_COUNTED:
            placebo = fit_model(before, later["month"].iloc[0], model.noise)
            effect = estimate_effect(placebo, later)
            found += [effect.excludes_zero] if effect is not None else []
    return found


def check_placebos(placebos: Sequence[bool]) -> State:
    """Raise where changes are found at too many dates on which nothing began."""
    if len(placebos) < LEAST_PLACEBOS:
        return State.UNTESTED
    return _raise_if(sum(placebos) > PLACEBOS_WITH_CHANGE * len(placebos))


def check_runs(model: Model) -> State:
    """Raise where what a level that keeps still would leave comes in runs (Ljung and Box).

    In the order of the months; those left out are passed over.
    """
    from statsmodels.stats.diagnostic import acorr_ljungbox

    steady = fit_model(model.months, model.step)
    if steady is None:
        return State.UNTESTED
    residuals = ((steady.months["count"] - steady.mean) / steady.mean**0.5).to_numpy()
    lags = min(LAGS, len(residuals) // 4)
    chance = float(acorr_ljungbox(residuals, lags=[lags])["lb_pvalue"].iloc[0])
    return State.UNTESTED if math.isnan(chance) else _raise_if(chance < CHANCE)


def check_trend(model: Model, effect: Effect) -> State:
    """Raise where the trend before had turned, or would undo the change if it went on."""
    before = model.months[~model.months["after"]]
    bent = fit_model(before, model.step, terms=(TREND, BEND))
    carried = fit_model(model.months, model.step, model.noise, (TREND, STEP))
    if bent is None or carried is None:
        return State.UNTESTED
    is_same_way = carried.coefficients[-1] * effect.value > 0
    is_left = is_same_way and carried.compute_p_value() <= CARRIED_CHANCE
    return _raise_if((effect.excludes_zero and not is_left) or bent.compute_p_value() < CHANCE)


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
    shares = sums["reviewed"] / sums["incidents"]
    return float(shares[False]), float(shares[True])


def check_share_reviewed(series: pd.DataFrame, model: Model, effect: Effect) -> State:
    """Raise where the share reviewed moved, or the incidents not reviewed could undo the change.

    They could where every one on one side had been of the kind counted: between these two lies
    what the reviews could have found.
    """
    before, after = compute_reviewed_shares(series)
    used, bounds = model.months, []
    for side in (used["after"], ~used["after"]):
        more = (used["incidents"] - used["reviewed"]).clip(lower=0).where(side, 0)
        most = fit_model(used.assign(count=used["count"] + more), model.step, model.noise)
        bounds.append(estimate_effect(most, series[series["after"]]))
    could_undo = any(bound is None or bound.sign * effect.value <= 0 for bound in bounds)
    return _raise_if(abs(after - before) > REVIEWED_MOVES or could_undo)


def check_all_shootings(frame: pd.DataFrame, whole: JudgedSeries, effect: Effect) -> State:
    """Raise unless all shootings moved with it, and the rest not against it.

    Were incidents only called by another name, those with group members would move one way
    and the rest the other, and all together not at all.
    """
    if whole.effect is None:
        return State.UNTESTED
    counts = frame[["incidents", "confirmed"]].apply(pd.to_numeric)
    rest = frame.assign(rest=counts["incidents"] - counts["confirmed"])
    other = judged_series.judge_series(rest, "rest", whole.span, "reviewed").effect
    opposed = other is not None and is_opposed(other, effect)
    return _raise_if(opposed or whole.effect.sign != effect.sign)


def is_opposed(rest: Effect, effect: Effect) -> bool:
    """Whether the other shootings moved the other way, clearly or by a good part of the change."""
    against = rest.value * effect.value < 0
    return against and (rest.excludes_zero or abs(rest.value) > REST_OPPOSES * abs(effect.value))
