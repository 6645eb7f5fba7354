"""One series against the model: its estimate, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from longevity.stats import interrupted_time_series, monthly_series
from longevity.stats.interrupted_time_series import Effect, Model
from longevity.stats.monthly_series import Omission, Span

MONTHS_A_YEAR = 12
LEAST_MONTHS = 24  # a model needs on either side
LEAST_COUNTED = 10  # incidents on either side


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

    `series`: as of `monthly_series.build_series`; `effect`: the mean over all months from the
    launch on. With an effect there is its model.
    """

    measure: str
    span: Span
    series: pd.DataFrame
    refusal: Refusal | None = None
    model: Model | None = None
    effect: Effect | None = None

    @property
    def last(self) -> pd.Timestamp:
        """The last month judged."""
        months = self.series["month"]
        return months.max() if len(months) else monthly_series.find_month(self.span.until)

    @property
    def used(self) -> pd.DataFrame:
        """The months that the model sees."""
        return self.series[self.series["used"]]

    def compare_by_year(self) -> pd.DataFrame:
        """Return each year's count with what is expected without the program, of the same months.

        Columns: year, months, count, without, after (at least half of them are from the launch
        on). A month is in neither sum if it is not reported, not complete or not reviewed enough;
        that of the launch is in both. A year without any has a row, but for those before the first
        that has. Empty without a model.
        """
        if self.model is None:
            return pd.DataFrame()
        series = self.series
        is_known = series["used"] | series["why"].eq(Omission.SPLIT)
        expected = interrupted_time_series.predict_months(self.model, series)
        months = series[["count"]].assign(without=expected["without"]).where(is_known)
        months = months.assign(months=is_known, after=is_known & series["after"])
        years = months.groupby(series["month"].dt.year.rename("year")).sum(min_count=1)
        years["count"] = years["count"].astype("Int64")
        years["after"] = years["after"] >= (years["months"] / 2).clip(lower=0.5)
        return years.loc[years["months"].ne(0).idxmax() :].reset_index()


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
    steady = interrupted_time_series.fit_model(series[series["used"]], span.first)
    model = steady and interrupted_time_series.let_level_wander(steady)
    effect = interrupted_time_series.estimate_effect(model, series[series["after"]])
    if effect is None:
        return JudgedSeries(measure, span, series, Refusal(NoEstimate.NOT_SETTLED))
    return JudgedSeries(measure, span, series, None, model, effect)


def _find_lack(series: pd.DataFrame, least_after: int) -> Refusal | None:
    """Return why there can be no model of the series; None where there can be one."""
    for side, least in (("before", LEAST_MONTHS), ("after", least_after)):
        rows = series[series["after"] == (side == "after")]
        used = rows[rows["used"]]
        if len(used) < least:
            # Reviews that began with the program: what was not confirmed before is not known.
            unreviewed = side == "before" and rows["why"].eq(Omission.NOT_REVIEWED).any()
            reason = NoEstimate.NOT_REVIEWED if unreviewed else NoEstimate.TOO_FEW_MONTHS
            return Refusal(reason, side, len(used), least)
        count = int(used["count"].sum())
        if count < LEAST_COUNTED:
            return Refusal(NoEstimate.TOO_FEW_COUNTED, side, count, LEAST_COUNTED)
    return None
