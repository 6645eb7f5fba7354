"""A series of monthly counts made ready for evaluation: which months are used, and why others not.

A month that was not reported, is not over, is split by the launch or is not reviewed
enough is kept with its reason and left out of the model: never read as zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import pandas as pd

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

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

    NOT_REPORTED = "not_reported"
    NOT_COMPLETE = "not_complete"  # not over, or cut
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

    @property
    def last(self) -> pd.Timestamp:
        """The last month that is judged, by its first day."""
        return find_month(self.until)


def find_month(day: date) -> pd.Timestamp:
    """Return the first day of a day's month."""
    return pd.Timestamp(day).to_period("M").start_time


def find_last_months(frame: pd.DataFrame) -> dict[str, pd.Timestamp]:
    """Return the last whole month known of each city. `frame`: city, month, incidents, complete."""
    whole = frame[frame["complete"].eq(True) & frame["incidents"].notna()]
    return {str(city): month for city, month in whole.groupby("city")["month"].max().items()}


def choose_end_month(
    last: Mapping[str, pd.Timestamp], city: str, launched_on: date, until: date | None = None
) -> date:
    """Choose the month to which `city` is judged, by its first day; never one not known.

    `last`: the last whole month known of each city. Without `until` it is the end of
    2019 where the program came before 2017, else the last December known of this city and of
    all those whose months reach beyond its launch, so that cities are compared over one span.
    """
    if until is None and launched_on < SEEN_WITHOUT_THE_WAVE:
        until = BEFORE_THE_WAVE
    if city not in last:
        return until or launched_on
    days: dict[str, date] = {name: month.date() for name, month in last.items()}
    if until is None:
        common = min(day for name, day in days.items() if name == city or day >= launched_on)
        until = date(common.year if common.month == 12 else common.year - 1, 12, 1)
    return min(until, days[city])


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
    when `reviewed` is given, share: reviewed ÷ incidents of the months judged together.
    ValueError when a month has two rows.
    """
    rows = frame.set_index(pd.to_datetime(frame["month"])).sort_index()
    if rows.index.has_duplicates:
        raise ValueError("a month has two rows: give one city's counts")
    rows = rows[: span.last].asfreq("MS")
    months = pd.DatetimeIndex(rows.index)

    def list_values(column: str) -> Floats:
        values: Floats = pd.to_numeric(rows[column]).to_numpy(dtype=float, na_value=np.nan)
        return values

    counts, after = list_values(count), np.asarray(months >= span.first)
    why = np.full(months.size, "", dtype=object)
    if "complete" in frame:
        why[list_values("complete") == 0] = Omission.NOT_COMPLETE
    why[np.isnan(counts)] = Omission.NOT_REPORTED
    why[~after & (months >= find_month(span.launched_on))] = Omission.SPLIT
    series = pd.DataFrame(
        {"month": months, "days": months.days_in_month, "count": counts, "after": after}
    )
    if reviewed is not None:
        incidents, reviews = (np.nan_to_num(list_values(c)) for c in ("incidents", reviewed))
        share = _compute_shares(incidents, reviews, after)
        why[~(share >= REVIEWED_AT_LEAST) & (why == "")] = Omission.NOT_REVIEWED
        series = series.assign(incidents=incidents, reviewed=reviews, share=share)
    return series.assign(why=pd.array(why, dtype="str"), used=why == "")


def _compute_shares(incidents: Floats, reviews: Floats, after: Bools) -> Floats:
    """Return the share reviewed of each month; a quiet month is judged with its neighbours.

    One open review among four incidents is 75%: taken by itself it would leave out just
    the quiet months, and so raise the mean of what is left. Neighbours are added on both
    sides until ten incidents are together, never across the launch.
    """
    share = np.full(incidents.size, np.nan)
    for side in (False, True):
        at = np.flatnonzero(after == side)
        for month in at:
            for reach in range(at.size):
                near = at[np.abs(at - month) <= reach]
                if incidents[near].sum() >= JUDGED_ON:
                    break
            if incidents[near].sum() > 0:
                share[month] = reviews[near].sum() / incidents[near].sum()
    return share


def select_used(series: pd.DataFrame) -> pd.DataFrame:
    """Return the months of a series that the model sees."""
    return series[series["used"]]
