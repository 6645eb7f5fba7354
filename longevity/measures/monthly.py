"""A series of monthly counts made ready for evaluation: which months are used, and why others not.

A month that was not reported, is not over, is split by the launch or is not reviewed
enough is kept with its reason and left out of the model: never read as zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

Bools = npt.NDArray[np.bool_]

UNTIL = date(2019, 12, 1)  # the last month evaluated, unless another is asked
REVIEWED_AT_LEAST = 0.80
JUDGED_ON = 10  # incidents; a quieter month is judged together with its neighbours

NOT_REPORTED = "not reported"
NOT_COMPLETE = "not over or cut"
SPLIT = "split by the launch"
NOT_REVIEWED = "under 80\u00a0% reviewed"


@dataclass(frozen=True)
class Span:
    """When the program came and to which month it is judged; `yearly` for yearly counts."""

    launched_on: date
    until: date = UNTIL
    yearly: bool = False

    @property
    def first(self) -> pd.Timestamp:
        """The first whole month (year) with the program."""
        begun = pd.Timestamp(self.launched_on)
        whole = begun.to_period(self._grain).start_time
        return whole if whole == begun else whole + self.step

    @property
    def last(self) -> pd.Timestamp:
        """The last month (year) that is judged, by its first day."""
        return pd.Timestamp(self.until).to_period(self._grain).start_time

    @property
    def split(self) -> pd.Timestamp | None:
        """The month (year) within which the program began; None where it began on its first day."""
        whole = pd.Timestamp(self.launched_on).to_period(self._grain).start_time
        return None if whole == self.first else whole

    @property
    def step(self) -> pd.DateOffset:
        """One month, or one year."""
        return pd.DateOffset(years=1) if self.yearly else pd.DateOffset(months=1)

    @property
    def per(self) -> str:
        """ "month" or "year"."""
        return "year" if self.yearly else "month"

    @property
    def _grain(self) -> str:
        return "Y" if self.yearly else "M"


def series(
    frame: pd.DataFrame, count: str, span: Span, reviewed: str | None = None
) -> pd.DataFrame:
    """One row a month from the first in `frame` to the last judged.

    `frame`: month, the counts named, and optionally `complete`; where `reviewed`
    names a column (incidents reviewed) it has `incidents` too. Columns of the answer:
    month, days, count (NaN where not reported), after, used, why (empty where used) and,
    when `reviewed` is given, share: reviewed ÷ incidents of the months judged together.
    ValueError when a month has two rows.
    """
    given = frame.assign(month=pd.to_datetime(frame["month"]))
    if given["month"].duplicated().any():
        raise ValueError("a month has two rows: give one city's counts")
    given = given[given["month"] <= span.last].set_index("month").sort_index()
    if given.empty:
        months = pd.DatetimeIndex([], dtype="datetime64[us]")
    else:
        often = "YS" if span.yearly else "MS"
        months = pd.date_range(given.index.min(), given.index.max(), freq=often, unit="us")
    laid = given.reindex(months)
    made = pd.DataFrame(
        {
            "month": months,
            "days": ((months + span.step) - months).days,
            "count": pd.to_numeric(laid[count]).astype("float64").to_numpy(),
            "after": months >= span.first,
        }
    )
    made["why"] = ""
    if "complete" in laid:
        cut = laid["complete"].notna().to_numpy() & ~laid["complete"].fillna(False).astype(bool)
        made.loc[cut.to_numpy(), "why"] = NOT_COMPLETE
    made.loc[made["count"].isna(), "why"] = NOT_REPORTED
    made.loc[made["month"] == span.split, "why"] = SPLIT
    if reviewed is not None:
        incidents = pd.to_numeric(laid["incidents"]).astype("float64").fillna(0).to_numpy()
        settled = pd.to_numeric(laid[reviewed]).astype("float64").fillna(0).to_numpy()
        made["incidents"], made["reviewed"] = incidents, settled
        made["share"] = _shares(incidents, settled, made["after"].to_numpy(dtype=bool))
        short = ~(made["share"] >= REVIEWED_AT_LEAST) & (made["why"] == "")
        made.loc[short, "why"] = NOT_REVIEWED
    made["used"] = made["why"] == ""
    return made


def _shares(
    incidents: npt.NDArray[np.float64], reviewed: npt.NDArray[np.float64], after: Bools
) -> npt.NDArray[np.float64]:
    """The share reviewed of each month; a quiet month is judged with its neighbours.

    One open review among four incidents is 75 %: taken by itself it would leave out just
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
                share[month] = reviewed[low:high].sum() / together
    return share


def used(made: pd.DataFrame) -> pd.DataFrame:
    """The months of a series that the model sees."""
    return made[made["used"]]


def left_out(made: pd.DataFrame) -> dict[str, int]:
    """How many months are left out, by reason, most first."""
    counts = made.loc[~made["used"], "why"].value_counts()
    return {str(why): int(many) for why, many in counts.items()}
