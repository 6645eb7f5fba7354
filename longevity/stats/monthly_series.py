"""A series of monthly counts made ready for evaluation: which months are used, and why others not.

A month that was not reported, is not over, is split by the launch or is not reviewed
enough is kept with its reason and left out of the model: never read as zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Days = npt.NDArray[np.datetime64]

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
    """When the program came and to which month it is judged; `yearly` for yearly counts."""

    launched_on: date
    until: date
    yearly: bool = False

    @cached_property
    def first(self) -> pd.Timestamp:
        """The first whole month (year) with the program."""
        begun = pd.Timestamp(self.launched_on)
        whole = begun.to_period(self._grain).start_time
        return whole if whole == begun else whole + self.step

    @cached_property
    def last(self) -> pd.Timestamp:
        """The last month (year) that is judged, by its first day."""
        return pd.Timestamp(self.until).to_period(self._grain).start_time

    @cached_property
    def split(self) -> pd.Timestamp | None:
        """The month (year) within which the program began; None where it began on its first day."""
        whole = pd.Timestamp(self.launched_on).to_period(self._grain).start_time
        return None if whole == self.first else whole

    @property
    def step(self) -> pd.DateOffset:
        """One month, or one year."""
        return pd.DateOffset(years=1) if self.yearly else pd.DateOffset(months=1)

    @property
    def unit(self) -> str:
        """What one row of the series is, "month" or "year"."""
        return "year" if self.yearly else "month"

    @property
    def _grain(self) -> str:
        return "Y" if self.yearly else "M"


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
    last_month = last.get(city)
    if until is None and launched_on < SEEN_WITHOUT_THE_WAVE:
        until = BEFORE_THE_WAVE
    if last_month is None:
        return until or launched_on
    if until is None:
        ends = [m for c, m in last.items() if c == city or m.date() >= launched_on]
        common = min(ends)
        until = date(common.year if common.month == 12 else common.year - 1, 12, 1)
    last_day: date = last_month.date()
    return min(until, last_day)


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
    when = pd.to_datetime(frame["month"])
    if when.duplicated().any():
        raise ValueError("a month has two rows: give one city's counts")
    dates = when.to_numpy().astype("datetime64[us]")
    rows = np.flatnonzero(dates <= span.last.to_datetime64())
    months, days = _list_months(dates[rows], span.yearly)
    # Where each month stands in `frame`; the last of `place_values`, none, where it does not.
    order = rows[np.argsort(dates[rows])]
    positions = np.searchsorted(dates[order], months)
    place = np.full(months.size, len(frame))
    is_there = positions < order.size
    is_there[is_there] = dates[order][positions[is_there]] == months[is_there]
    place[is_there] = order[positions[is_there]]

    def place_values(column: str) -> Floats:
        values = pd.to_numeric(frame[column]).to_numpy(dtype=float, na_value=np.nan)
        result: Floats = np.append(values, np.nan)[place]
        return result

    counts, after = place_values(count), months >= span.first.to_datetime64()
    why = np.full(months.size, "", dtype=object)
    if "complete" in frame:
        why[place_values("complete") == 0] = Omission.NOT_COMPLETE
    why[np.isnan(counts)] = Omission.NOT_REPORTED
    if span.split is not None:
        why[months == span.split.to_datetime64()] = Omission.SPLIT
    columns = {"month": months, "days": days, "count": counts, "after": after, "why": why}
    if reviewed is not None:
        incidents, reviews = (
            np.nan_to_num(place_values("incidents")),
            np.nan_to_num(place_values(reviewed)),
        )
        share = _compute_shares(incidents, reviews, after)
        why[~(share >= REVIEWED_AT_LEAST) & (why == "")] = Omission.NOT_REVIEWED
        columns |= {"incidents": incidents, "reviewed": reviews, "share": share}
    return pd.DataFrame({**columns, "why": pd.array(why, dtype="str"), "used": why == ""})


def _list_months(dates: Days, yearly: bool) -> tuple[Days, npt.NDArray[np.int64]]:
    """List every month (year) from the first to the last of `dates`, by first day, and its days."""
    unit = "datetime64[Y]" if yearly else "datetime64[M]"
    if not dates.size:
        return dates, np.array([], dtype=np.int64)
    first, last = dates.min().astype(unit), dates.max().astype(unit)
    if first.astype(dates.dtype) < dates.min():
        first += 1
    grid = np.arange(first, last + 1)
    starts = grid.astype("datetime64[D]")
    days = ((grid + 1).astype("datetime64[D]") - starts).astype(np.int64)
    return starts.astype(dates.dtype), days


def _compute_shares(
    incidents: npt.NDArray[np.float64], reviews: npt.NDArray[np.float64], after: Bools
) -> npt.NDArray[np.float64]:
    """Return the share reviewed of each month; a quiet month is judged with its neighbours.

    One open review among four incidents is 75%: taken by itself it would leave out just
    the quiet months, and so raise the mean of what is left. Neighbours are added on both
    sides until ten incidents are together, never across the launch.
    """
    share = np.full(incidents.size, np.nan)
    for side in (False, True):
        at = np.flatnonzero(after == side)
        if not at.size:
            continue
        first, beyond = int(at[0]), int(at[-1]) + 1
        for month in at:
            reach = 0
            while True:
                low, high = max(first, month - reach), min(beyond, month + reach + 1)
                together = incidents[low:high].sum()
                if together >= JUDGED_ON or (low == first and high == beyond):
                    break
                reach += 1
            if together > 0:
                share[month] = reviews[low:high].sum() / together
    return share


def select_used(series: pd.DataFrame) -> pd.DataFrame:
    """Return the months of a series that the model sees."""
    return series[series["used"]]


def count_omissions(series: pd.DataFrame) -> dict[Omission, int]:
    """Count the months left out, by reason, most first."""
    counts = series.loc[~series["used"], "why"].value_counts()
    return {Omission(why): int(count) for why, count in counts.items()}
