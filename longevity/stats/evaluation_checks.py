"""What could be wrong with an evaluation: each check a frame a chart can draw.

Frames and numbers only; what they allow to be said is in `evaluation`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from longevity.stats import interrupted_time_series, monthly_series
from longevity.stats.effects import Effect
from longevity.stats.interrupted_time_series import Model, Terms
from longevity.stats.monthly_series import Span
from longevity.stats.wander import Noise

SHIFTS = 6  # months the launch is moved either way
PLACEBO_SIDE = 12  # months a placebo date has on either side
LEAST_PLACEBOS = 12  # dates; neighbours are nearly one test
LAGS = 12
COMPARED_AFTER = 6  # months a comparison city needs after the launch and before its own


class Reason(StrEnum):
    """Why a series has no estimate."""

    ENDS_TOO_EARLY = "ends_too_early"
    TOO_FEW_MONTHS = "too_few_months"
    TOO_FEW_COUNTED = "too_few_counted"
    NOT_REVIEWED = "not_reviewed"
    NOT_SHOWN = "not_shown"
    NOT_SETTLED = "not_settled"


@dataclass(frozen=True)
class Refusal:
    """Why there is no estimate.

    `side` of the launch: "before" or "after"; there are `count` months or incidents where
    `least` are needed; of reviews `whole` is the months in all, `since` the first reviewed enough.
    """

    reason: Reason
    side: str = ""
    count: int = 0
    least: int = 0
    whole: int = 0
    since: pd.Timestamp | None = None


def select_months_after(series: pd.DataFrame) -> pd.DataFrame:
    """Return the months the effect is the mean over: all from the launch on."""
    return series[series["after"]]


def find_lack(series: pd.DataFrame, span: Span) -> Refusal | None:
    """Return why there can be no model of the series; None where there can be one."""
    used = monthly_series.select_used(series)
    before, after = used[~used["after"]], used[used["after"]]
    if span.last < span.first:
        return Refusal(Reason.ENDS_TOO_EARLY)
    least_before, least_after = (
        (interrupted_time_series.LEAST_YEARS_BEFORE, interrupted_time_series.LEAST_YEARS_AFTER)
        if span.yearly
        else (interrupted_time_series.LEAST_MONTHS, interrupted_time_series.LEAST_MONTHS)
    )
    for side, rows, least in (("before", before, least_before), ("after", after, least_after)):
        if len(rows) < least:
            return Refusal(Reason.TOO_FEW_MONTHS, side, len(rows), least)
    for side, rows in (("before", before), ("after", after)):
        count = int(rows["count"].sum())
        if count < interrupted_time_series.LEAST_COUNTED:
            least = interrupted_time_series.LEAST_COUNTED
            return Refusal(Reason.TOO_FEW_COUNTED, side, count, least)
    return None


def choose_terms(span: Span, trend: bool = False, **more: bool) -> Terms:
    """Return the terms of a model of months, or of years, which have no season."""
    harmonics = 0 if span.yearly else interrupted_time_series.HARMONICS
    return Terms(harmonics, trend, **more)


def compare_with_model(model: Model, series: pd.DataFrame) -> pd.DataFrame:
    """Return `series` with what the model expects of each month.

    month, count, used, why, after; fitted, without (the program), and the interval of that,
    low and high. A month left out has its count and its expectation, and is marked.
    """
    expected = interrupted_time_series.predict_months(model, series)
    return series[["month", "count", "used", "why", "after"]].assign(
        **{name: expected[name] for name in ("fitted", "without", "low", "high")}
    )


def compute_residuals(model: Model) -> pd.DataFrame:
    """Return month, fitted and residual: Pearson's, in deviations of the scaled model."""
    counts = model.months["count"].to_numpy(dtype=float)
    deviation = np.sqrt(model.fitted * model.scale)
    return pd.DataFrame(
        {
            "month": model.months["month"].to_numpy(),
            "fitted": model.fitted,
            "residual": (counts - model.fitted) / deviation,
        }
    )


@dataclass(frozen=True)
class Autocorrelation:
    """How residuals of months follow one another.

    `lags`: lag, correlation, bound (95% of uncorrelated series lie within); `chance`:
    the p value of Ljung and Box over all lags.
    """

    lags: pd.DataFrame
    chance: float


def measure_autocorrelation(model: Model) -> Autocorrelation:
    """Measure it of residuals in the order of the months; those left out are passed over."""
    residuals = compute_residuals(model)["residual"].to_numpy()
    lag_count = min(LAGS, residuals.size // 4)
    if lag_count < 1 or not np.var(residuals) > 0:
        return Autocorrelation(pd.DataFrame(columns=["lag", "correlation", "bound"]), math.nan)
    lags = np.arange(1, lag_count + 1)
    deviations = residuals - residuals.mean()
    variance = deviations @ deviations
    correlations = np.array([deviations[lag:] @ deviations[:-lag] for lag in lags]) / variance
    statistic = (
        residuals.size * (residuals.size + 2) * (correlations**2 / (residuals.size - lags)).sum()
    )
    frame = pd.DataFrame(
        {
            "lag": lags,
            "correlation": correlations,
            "bound": special.ndtri(0.975) / math.sqrt(residuals.size),
        }
    )
    return Autocorrelation(frame, float(special.chdtrc(lag_count, statistic)))


@dataclass(frozen=True)
class PreTrend:
    """The months before the launch alone.

    `ratio` and its ends: the trend as a factor a year. `bend`: the p value of a trend that
    turns rather than going on; NaN where it cannot be told.
    """

    ratio: float
    ratio_low: float
    ratio_high: float
    bend: float
    months: int


def estimate_pre_trend(series: pd.DataFrame, span: Span) -> PreTrend | None:
    """Estimate which way the series went before the launch, and whether in a straight line."""
    before = _select_before(series)
    straight = interrupted_time_series.fit_model(
        before, span.first, choose_terms(span, trend=True, step=False)
    )
    if straight is None:
        return None
    slope = float(straight.coefficients[1])
    reach = straight.quantile * math.sqrt(straight.covariance[1, 1])
    bent = interrupted_time_series.fit_model(
        before, span.first, choose_terms(span, trend=True, step=False, bend=True)
    )
    return PreTrend(
        math.exp(slope),
        math.exp(slope - reach),
        math.exp(slope + reach),
        math.nan if bent is None else bent.compute_p_value(-1),
        len(before),
    )


def try_start_dates(series: pd.DataFrame, span: Span, noise: Noise) -> pd.DataFrame:
    """Estimate the effect had the launch been some months earlier or later.

    shift (months), month, value, low, high, told (whether it excludes nothing); a shift
    that leaves too few months on a side is not there.
    """
    shifts = list(range(-SHIFTS, SHIFTS + 1))
    steps = [span.first + shift * span.step for shift in shifts]
    effects = _estimate_at(
        monthly_series.select_used(series),
        series,
        steps,
        span,
        interrupted_time_series.LEAST_MONTHS,
        noise,
    )
    rows = [
        {"shift": shift, "month": step, **_read_effect(each)}
        for shift, step, each in zip(shifts, steps, effects, strict=True)
        if each is not None
    ]
    return _build_frame(rows, ["shift", "month"])


def try_placebo_dates(series: pd.DataFrame, span: Span, noise: Noise) -> pd.DataFrame:
    """Estimate it at dates on which nothing began, from the months before the launch alone.

    month, value, low, high, told. `noise`: that of the whole series.
    """
    before = _select_before(series)
    steps = list(before["month"])
    effects = _estimate_at(before, before, steps, span, PLACEBO_SIDE, noise)
    rows = [
        {"month": step, **_read_effect(each)}
        for step, each in zip(steps, effects, strict=True)
        if each is not None
    ]
    return _build_frame(rows, ["month"])


def compute_share_of_changes(placebos: pd.DataFrame) -> float:
    """Return the share of placebo dates with a change; NaN where there are too few dates."""
    if len(placebos) < LEAST_PLACEBOS:
        return math.nan
    return float(placebos["told"].mean())


def _select_before(series: pd.DataFrame) -> pd.DataFrame:
    used = monthly_series.select_used(series)
    return used[~used["after"]]


def _estimate_at(
    used: pd.DataFrame,
    series: pd.DataFrame,
    steps: list[pd.Timestamp],
    span: Span,
    least: int,
    noise: Noise,
) -> list[Effect | None]:
    """Estimate the effect at each of `steps`; None with fewer than `least` months on a side."""
    counts = used["count"].to_numpy(dtype=float)
    months = used["month"].to_numpy()
    after = np.array([months >= step.to_datetime64() for step in steps]).reshape(len(steps), -1)
    months_after, counts_after = after.sum(axis=1), after @ counts
    enough = np.minimum(months_after, counts.size - months_after) >= least
    enough &= (
        np.minimum(counts_after, counts.sum() - counts_after)
        >= interrupted_time_series.LEAST_COUNTED
    )
    places = np.flatnonzero(enough)
    effects: list[Effect | None] = [None] * len(steps)
    estimates = interrupted_time_series.estimate_effects_at(
        used, series, [steps[place] for place in places], choose_terms(span), noise
    )
    for place, each in zip(places, estimates, strict=True):
        effects[place] = each
    return effects


def _read_effect(effect: Effect) -> dict[str, Any]:
    return {
        "value": effect.value,
        "low": effect.low,
        "high": effect.high,
        "told": effect.excludes_zero,
    }


def _build_frame(rows: list[dict[str, Any]], keys: list[str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=[*keys, "value", "low", "high", "told"])


SHOWN, CARRIED, STEADY = "shown", "carried", "steady"
CAUTIOUS, GENEROUS = "unreviewed_after", "unreviewed_before"


def estimate_otherwise(models: Mapping[str, Model], series: pd.DataFrame) -> pd.DataFrame:
    """Estimate the effect by each of `models`: by, value, low, high, told.

    SHOWN is the model itself; CARRIED carries a trend on too; STEADY lets no level wander.
    """
    months = select_months_after(series)
    rows = []
    for name, model in models.items():
        effect = interrupted_time_series.estimate_effect(model, months)
        if effect is not None:
            rows.append({"by": name, **_read_effect(effect)})
    return _build_frame(rows, ["by"])


def bound_unreviewed(series: pd.DataFrame, span: Span, noise: Noise) -> pd.DataFrame:
    """Estimate the effect if every incident not reviewed on one side had been of the kind counted.

    by (`unreviewed_after`, `unreviewed_before`), value, low, high, told. `series` has
    incidents and reviewed; between these two lies what the reviews could have found.
    """
    used = monthly_series.select_used(series)
    rows = []
    for name, side in ((CAUTIOUS, used["after"]), (GENEROUS, ~used["after"])):
        more = (used["incidents"] - used["reviewed"]).clip(lower=0).where(side, 0)
        (effect,) = interrupted_time_series.estimate_effects_at(
            used.assign(count=used["count"] + more),
            select_months_after(series),
            [span.first],
            choose_terms(span),
            noise,
        )
        if effect is not None:
            rows.append({"by": name, **_read_effect(effect)})
    return _build_frame(rows, ["by"])


def compute_reviewed_shares(series: pd.DataFrame) -> tuple[float, float]:
    """Return the share of incidents reviewed since the first month used, before and after launch.

    Months left out for their share are in it: without them it would look steadier than it is.
    """
    shares = []
    for side in (False, True):
        rows = _select_since_used(series)
        rows = rows[rows["after"] == side]
        incidents = float(rows["incidents"].sum())
        shares.append(float(rows["reviewed"].sum()) / incidents if incidents else math.nan)
    return shares[0], shares[1]


def find_first_used(series: pd.DataFrame) -> pd.Timestamp:
    """Return the first month used."""
    return _select_since_used(series)["month"].iloc[0]


def _select_since_used(series: pd.DataFrame) -> pd.DataFrame:
    candidates = series[series["why"].isin(["", monthly_series.Omission.NOT_REVIEWED])]
    return candidates[candidates["used"].cummax()]


@dataclass(frozen=True)
class OtherPlace:
    """Another city's counts by month, and when the program came there; None for never."""

    frame: pd.DataFrame
    launched_on: Any


def compare_places(others: Mapping[str, OtherPlace], count: str, span: Span) -> pd.DataFrame:
    """Estimate the change in other places at this place's launch, only before their own.

    One row a place: place, why (empty, or a `NotCompared`), before, after
    (months used), value, low, high, told. The program had not come there, so a change
    there at that time is none of its doing.
    """
    rows = []
    for place, other in others.items():
        series = _cut_at_own_launch(other, count, span)
        used = monthly_series.select_used(series)
        after = int(used["after"].sum())
        before = len(used) - after
        row: dict[str, Any] = {"place": place, "before": before, "after": after}
        effect: Effect | None = None
        if before >= interrupted_time_series.LEAST_MONTHS and after >= COMPARED_AFTER:
            effect = _estimate_elsewhere(used, series, span)
        if effect is None:
            row["why"] = _find_why_not(other, before, after, span)
        else:
            row |= {"why": "", **_read_effect(effect)}
        rows.append(row)
    keys = ["place", "why", "before", "after"]
    table = _build_frame(rows, keys)
    return table.assign(told=table["told"].eq(True))


def _estimate_elsewhere(used: pd.DataFrame, series: pd.DataFrame, span: Span) -> Effect | None:
    """Estimate it of another place, whose level wanders in its own way."""
    counts = used.groupby(used["after"])["count"].sum()
    if counts.min() < interrupted_time_series.LEAST_COUNTED:
        return None
    steady = interrupted_time_series.fit_model(used, span.first, choose_terms(span))
    model = steady and interrupted_time_series.let_level_wander(steady)
    if model is None:
        return None
    return interrupted_time_series.estimate_effect(model, select_months_after(series))


def _cut_at_own_launch(other: OtherPlace, count: str, span: Span) -> pd.DataFrame:
    series = monthly_series.build_series(other.frame, count, span)
    if other.launched_on is None:
        return series
    launch = pd.Timestamp(other.launched_on).to_period("M").start_time
    return series[series["month"] < launch]


class NotCompared(StrEnum):
    """Why another place cannot be compared with."""

    LAUNCHED = "launched"
    TOO_FEW_AFTER = "too_few_after"
    TOO_FEW_BEFORE = "too_few_before"
    TOO_FEW_COUNTED = "too_few_counted"


def _find_why_not(other: OtherPlace, before: int, after: int, span: Span) -> NotCompared:
    if other.launched_on is not None and pd.Timestamp(other.launched_on) < span.first:
        return NotCompared.LAUNCHED
    if after < COMPARED_AFTER:
        return NotCompared.TOO_FEW_AFTER
    if before < interrupted_time_series.LEAST_MONTHS:
        return NotCompared.TOO_FEW_BEFORE
    return NotCompared.TOO_FEW_COUNTED


def estimate_difference(
    series: pd.DataFrame, others: Mapping[str, OtherPlace], count: str, span: Span
) -> Effect | None:
    """Estimate the change here over that in the places compared: difference in differences.

    One model of all of them: each its own level, trend and season, one change common to
    all at the launch, and one of this place alone, which is the effect. Over the months
    from the launch in which at least one of the others had no program yet. None where no
    place can be compared.
    """
    comparisons = compare_places(others, count, span)
    places = list(comparisons.loc[comparisons["why"] == "", "place"])
    if not places:
        return None
    parts = [
        monthly_series.select_used(_cut_at_own_launch(others[place], count, span))
        for place in places
    ]
    last = max(part["month"].max() for part in parts)
    used = monthly_series.select_used(series[series["month"] <= last])
    return interrupted_time_series.estimate_difference([used, *parts], span.first)
