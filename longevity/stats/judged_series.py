"""One series against the model: its estimate, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import pandas as pd

from longevity.stats import interrupted_time_series, monthly_series
from longevity.stats.interrupted_time_series import Effect, Model, Terms
from longevity.stats.monthly_series import Omission, Span

MONTHS_A_YEAR = 12
LEAST_MONTHS = 24  # a model needs on either side
LEAST_COUNTED = 10  # incidents on either side
CARRIED_CHANCE = 0.10  # of the same change, where a trend is carried on, at most


class NoEstimate(StrEnum):
    """Why a series has no estimate."""

    TOO_FEW_MONTHS = "too_few_months"
    TOO_FEW_COUNTED = "too_few_counted"
    NOT_REVIEWED = "not_reviewed"
    NOT_SHOWN = "not_shown"
    NOT_SETTLED = "not_settled"


@dataclass(frozen=True)
class Refusal:
    """Why there is no estimate.

    On a `side` of the launch ("before", "after") there are `count` months or incidents, where
    `least` are needed.
    """

    reason: NoEstimate
    side: str = ""
    count: int = 0
    least: int = 0


@dataclass(frozen=True)
class JudgedSeries:
    """One series and its estimate. `measure`: the column counted; `refusal`: why no estimate.

    `steady`: the model with a level that keeps still, on whose residuals `model` rests.
    """

    measure: str
    span: Span
    series: pd.DataFrame
    refusal: Refusal | None = None
    steady: Model | None = None
    model: Model | None = None
    effect: Effect | None = None

    @property
    def last(self) -> pd.Timestamp:
        """The last month judged."""
        return self.series["month"].max() if len(self.series) else self.span.last

    @property
    def months_after(self) -> pd.DataFrame:
        """The months the effect is the mean over: all from the launch on."""
        return self.series[self.series["after"]]

    @cached_property
    def carried(self) -> Model | None:
        """The same model with a trend carried on."""
        if self.model is None:
            return None
        terms = Terms(trend=True)
        return interrupted_time_series.fit_model(
            self.model.months, self.span.first, terms, self.model.noise
        )

    @property
    def is_left_with_trend(self) -> bool:
        """Whether the change is still found where a trend is carried on."""
        if self.carried is None or self.effect is None:
            return False
        has_same_sign = self.carried.fit.coefficients[-1] * self.effect.value > 0
        return has_same_sign and self.carried.compute_p_value() <= CARRIED_CHANCE

    def compare_with_model(self) -> pd.DataFrame:
        """Return the series with what the model expects: fitted, without (the program), low, high.

        A month left out has its count and its expectation, and is marked. Empty without a model.
        """
        if self.model is None:
            return pd.DataFrame()
        expected = interrupted_time_series.predict_months(self.model, self.series)
        columns = ["month", "count", "used", "why", "after"]
        return self.series[columns].join(expected[["fitted", "without", "low", "high"]])

    def compare_by_year(self) -> pd.DataFrame:
        """Return each year's count with what is expected without the program, of the same months.

        Columns: year, months, count, without, after (at least half of them are from the launch
        on). A month is in neither sum if it is not reported, not complete or not reviewed enough;
        that of the launch is in both. A year without any has a row. Empty without a model.
        """
        months = self.compare_with_model()
        if months.empty:
            return months
        known = months[months["used"] | months["why"].eq(Omission.SPLIT)]
        of_year = known.groupby(known["month"].dt.year)[["count", "without", "after"]]
        every = range(known["month"].min().year, known["month"].max().year + 1)
        years = of_year.sum().assign(months=of_year.size()).reindex(every)
        counted = years["months"].fillna(0).astype("int64")
        years = years.assign(
            months=counted,
            count=years["count"].astype("Int64"),
            after=(years["after"] >= counted / 2) & (counted > 0),
        )
        return years[["months", "count", "without", "after"]].reset_index(names="year")


def judge_series(
    frame: pd.DataFrame,
    measure: str,
    span: Span,
    reviewed: str | None = None,
    least_after: int = LEAST_MONTHS,
) -> JudgedSeries:
    """Judge one series. `frame`: month, `measure`, complete if known; incidents with `reviewed`.

    `least_after`: the months it takes from the launch on.
    """
    series = monthly_series.build_series(frame, measure, span, reviewed)
    refusal = _find_lack(series, least_after)
    if refusal is not None:
        return JudgedSeries(measure, span, series, refusal)
    used, months = monthly_series.select_used(series), series[series["after"]]
    steady = interrupted_time_series.fit_model(used, span.first)
    model = steady and interrupted_time_series.let_level_wander(steady)
    effect = interrupted_time_series.estimate_effect(model, months)
    if effect is None:
        return JudgedSeries(measure, span, series, Refusal(NoEstimate.NOT_SETTLED))
    return JudgedSeries(measure, span, series, None, steady, model, effect)


def _find_lack(series: pd.DataFrame, least_after: int) -> Refusal | None:
    """Return why there can be no model of the series; None where there can be one."""
    for side, least in (("before", LEAST_MONTHS), ("after", least_after)):
        rows = series[series["after"] == (side == "after")]
        used = monthly_series.select_used(rows)
        if len(used) < least:
            # Reviews that began with the program: what was not confirmed before is not known.
            unreviewed = side == "before" and rows["why"].eq(Omission.NOT_REVIEWED).any()
            reason = NoEstimate.NOT_REVIEWED if unreviewed else NoEstimate.TOO_FEW_MONTHS
            return Refusal(reason, side, len(used), least)
        count = int(used["count"].sum())
        if count < LEAST_COUNTED:
            return Refusal(NoEstimate.TOO_FEW_COUNTED, side, count, LEAST_COUNTED)
    return None
