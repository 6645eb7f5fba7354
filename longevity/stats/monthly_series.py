"""A series of monthly counts against the model: its months, its estimate, or why there is none.

A month that was not reported, is not over, is split by the launch or is not reviewed
enough is kept with its reason and left out of the model: never read as zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

import numpy as np
import pandas as pd

from longevity.stats import interrupted_time_series
from longevity.stats.interrupted_time_series import Effect, Model

# From 2020 on shootings rose across the country and fell again. A trend from before the
# launch knows nothing of that: a program that came before 2017, and so was seen for three
# years without, is judged to the end of 2019.
WAVE_BEGINS = pd.Timestamp(2020, 1, 1)
BEFORE_THE_WAVE = date(2019, 12, 1)
SEEN_WITHOUT_THE_WAVE = date(2017, 1, 1)  # a launch before this day was seen without the wave
REVIEWED_AT_LEAST = 0.80  # of the incidents of a month
MONTHS_A_YEAR = 12
LEAST_MONTHS = 24  # that a model needs on either side of the launch
LEAST_COUNTED = 10  # incidents that a model needs on either side
JUDGED_ON = 10  # incidents; a quieter month is judged together with its neighbours


class Omission(StrEnum):
    """Why a month is left out of the model."""

    NOT_KNOWN = "not_known"  # not reported, not over, or cut
    SPLIT = "split"  # the program began within it
    NOT_REVIEWED = "not_reviewed"  # not enough of its incidents are


@dataclass(frozen=True)
class Span:
    """When the program came, and the last month that its evaluation looks at."""

    launched_on: date
    until: date

    @property
    def first(self) -> pd.Timestamp:
        """The first whole month with the program."""
        return pd.offsets.MonthBegin().rollforward(pd.Timestamp(self.launched_on))


def find_month(day: date) -> pd.Timestamp:
    """Return the first day of a day's month."""
    return pd.Timestamp(day).to_period("M").start_time


def choose_end_month(
    frame: pd.DataFrame, city: str, launched_on: date, until: date | None = None
) -> date:
    """Choose the last month of the evaluation of `city`, by its first day; never one not known.

    `frame`: city, month, incidents, complete. Without `until` it is the end of
    2019 where the program came before 2017, else the last December known of this city and of
    all those whose months reach beyond its launch, so that cities are compared over one span.
    """
    whole = frame[frame["complete"].eq(True) & frame["incidents"].notna()]
    last = whole.groupby("city")["month"].max().dt.date
    own: date = last.get(city, launched_on)
    if until is None and launched_on < SEEN_WITHOUT_THE_WAVE:
        until = BEFORE_THE_WAVE
    if until is None:
        common = min([own, *last[last >= launched_on]])
        until = date(common.year if common.month == 12 else common.year - 1, 12, 1)
    return min(until, own)


def select_without_program(frame: pd.DataFrame, launched_on: date | None) -> pd.DataFrame:
    """Return the months before the month of the launch; all of them where there was no launch."""
    return frame if launched_on is None else frame[frame["month"] < find_month(launched_on)]


def build_series(
    frame: pd.DataFrame, measure: str, span: Span, reviewed: bool = False
) -> pd.DataFrame:
    """Build a row for each month from the first in `frame` to the last that is evaluated.

    `frame`: month, the column `measure` names, `complete` if known and, where only months
    reviewed enough are used (`reviewed`), incidents and reviewed. Columns of the answer:
    month, days, count (NaN where not reported), after, used, why not (the first reason that
    holds; empty where used), and with `reviewed` also incidents, reviewed and share. ValueError
    when a month has two rows.
    """
    rows = frame.assign(month=pd.to_datetime(frame["month"])).set_index("month").sort_index()
    if rows.index.has_duplicates:
        raise ValueError("a month has two rows: give one city's counts")
    rows = rows[: find_month(span.until)].asfreq("MS").reset_index()
    names = ["count", "incidents", "reviewed"] if reviewed else ["count"]
    series = rows.rename(columns={measure: "count"})[names].astype("float64")
    months = rows["month"]
    after = months >= span.first
    series = series.assign(month=months, days=months.dt.days_in_month, after=after)
    is_known = series["count"].notna()
    if "complete" in rows:
        is_known &= rows["complete"].eq(True).fillna(False)
    why = {
        Omission.SPLIT: ~after & (months >= find_month(span.launched_on)),
        Omission.NOT_KNOWN: ~is_known,
    }
    if reviewed:
        series = series.fillna({"incidents": 0, "reviewed": 0})
        series["share"] = _compute_shares(series)
        why[Omission.NOT_REVIEWED] = ~(series["share"] >= REVIEWED_AT_LEAST)
    series["why"] = np.select([*why.values()], [*why], "")
    return series.assign(used=series["why"].eq(""))


def _compute_shares(series: pd.DataFrame) -> pd.Series:
    """Return the share reviewed of each month; a quiet month is judged with its neighbours.

    One open review among four incidents is 75%: taken by itself it would leave out just
    the quiet months, and so raise the mean of what is left. Neighbours are added on both
    sides until ten incidents are together, never across the launch.
    """
    share = pd.Series(np.nan, series.index)
    for _, side in series.groupby("after")[["incidents", "reviewed"]]:
        enough = min(JUDGED_ON, side["incidents"].sum())
        for reach in range(len(side)):
            near = side.rolling(2 * reach + 1, center=True, min_periods=1).sum()
            is_enough = near["incidents"] >= enough
            share = share.fillna((near["reviewed"] / near["incidents"])[is_enough])
            if is_enough.all():
                break
    return share


@dataclass(frozen=True)
class Refusal:
    """Why there is no estimate. On a `side` of the launch ("before", "after") there are `count`
    months or incidents, where `least` are needed.
    """

    reason: Literal["too_few_months", "too_few_counted", "not_reviewed", "not_shown", "not_settled"]
    side: str = ""
    count: int = 0
    least: int = 0


@dataclass(frozen=True)
class JudgedSeries:
    """One series and its estimate. `measure`: the column counted; `refusal`: why no estimate.

    `series`: as `build_series` makes it; `effect`: the mean over all months from the
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
        """The last month that the evaluation looks at."""
        return self.series["month"].max() if len(self.series) else find_month(self.span.until)

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
        of_year = months.groupby(series["month"].dt.year.rename("year"))
        years = of_year[["months", "count", "without", "after"]].sum(min_count=1)
        years["count"] = years["count"].astype("Int64")
        years["after"] = years["after"] >= (years["months"] / 2).clip(lower=0.5)
        return years.loc[years["months"].ne(0).idxmax() :].reset_index()


def judge_series(
    frame: pd.DataFrame,
    measure: str,
    span: Span,
    reviewed: bool = False,
    least_after: int = LEAST_MONTHS,
) -> JudgedSeries:
    """Judge one series, of what `build_series` takes.

    `least_after`: the months it takes from the launch on.
    """
    series = build_series(frame, measure, span, reviewed)
    refusal = _find_lack(series, least_after)
    if refusal is not None:
        return JudgedSeries(measure, span, series, refusal)
    steady = interrupted_time_series.fit_model(series[series["used"]], span.first)
    model = steady and interrupted_time_series.let_level_wander(steady)
    effect = interrupted_time_series.estimate_effect(model, series[series["after"]])
    if effect is None:
        return JudgedSeries(measure, span, series, Refusal("not_settled"))
    return JudgedSeries(measure, span, series, None, model, effect)


def _find_lack(series: pd.DataFrame, least_after: int) -> Refusal | None:
    """Return why a series is too short or has too few counts for a model; None where it is not."""
    for side, least in (("before", LEAST_MONTHS), ("after", least_after)):
        rows = series[series["after"] == (side == "after")]
        used = rows[rows["used"]]
        if len(used) < least:
            # Reviews that began with the program: what was not confirmed before is not known.
            unseen = side == "before" and rows["why"].eq(Omission.NOT_REVIEWED).any()
            return Refusal("not_reviewed" if unseen else "too_few_months", side, len(used), least)
        count = int(used["count"].sum())
        if count < LEAST_COUNTED:
            return Refusal("too_few_counted", side, count, LEAST_COUNTED)
    return None
