"""A series of monthly counts made ready for evaluation: which months are used, and why others not.

A month that was not reported, is not over, is split by the launch or is not reviewed
enough is kept with its reason and left out of the model: never read as zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
import pandas as pd

# From 2020 on shootings rose across the country and fell again. A trend from before the
# launch knows nothing of that: a program that came before 2017, and so was seen for three
# years without, is judged to the end of 2019.
WAVE_BEGINS = pd.Timestamp(2020, 1, 1)
BEFORE_THE_WAVE = date(2019, 12, 1)
SEEN_WITHOUT_THE_WAVE = date(2017, 1, 1)  # launched before it
REVIEWED_AT_LEAST = 0.80
JUDGED_ON = 10  # incidents; a quieter month is judged together with its neighbours


class Omission(StrEnum):
    """Why a month is left out of the model."""

    NOT_KNOWN = "not_known"  # not reported, not over, or cut
    SPLIT = "split"  # by the launch
    NOT_REVIEWED = "not_reviewed"  # enough


@dataclass(frozen=True)
class Span:
    """When the program came and to which month it is judged."""

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
    """Choose the month to which `city` is judged, by its first day; never one not known.

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
    """Return the months before the program came, without that of the launch; all without one."""
    return frame if launched_on is None else frame[frame["month"] < find_month(launched_on)]


def build_series(
    frame: pd.DataFrame, count: str, span: Span, reviewed: str | None = None
) -> pd.DataFrame:
    """Build a row a month from the first in `frame` to the last judged.

    `frame`: month, the counts named, and optionally `complete`; where `reviewed`
    names a column (incidents reviewed) it has `incidents` too. Columns of the answer:
    month, days, count (NaN where not reported), after, used, why (empty where used) and,
    when `reviewed` is given, incidents and reviewed. ValueError when a month has two rows.
    """
    rows = frame.assign(month=pd.to_datetime(frame["month"])).set_index("month").sort_index()
    if rows.index.has_duplicates:
        raise ValueError("a month has two rows: give one city's counts")
    rows = rows[: find_month(span.until)].asfreq("MS").reset_index()
    columns = {"count": count}
    if reviewed is not None:
        columns |= {"incidents": "incidents", "reviewed": reviewed}
    counts = {name: pd.to_numeric(rows[column]) for name, column in columns.items()}
    months = rows["month"]
    after = months >= span.first
    series = pd.DataFrame(counts, dtype="float64")
    series = series.assign(month=months, days=months.dt.days_in_month, after=after)
    is_known = series["count"].notna()
    if "complete" in rows:
        is_known &= rows["complete"].eq(True).fillna(False)
    why = {
        Omission.SPLIT: ~after & (months >= find_month(span.launched_on)),
        Omission.NOT_KNOWN: ~is_known,
    }
    if reviewed is not None:
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
