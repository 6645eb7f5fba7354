"""Tables of cities compared: twelve months at a time, and the program's reach."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd
from numpy.lib.stride_tricks import sliding_window_view


def sum_twelve_months(
    months: pd.DataFrame, measure: str, launch_dates: Mapping[str, date | None]
) -> pd.DataFrame:
    """Sum twelve whole months that end with each month: city, month, `measure`, launched.

    `months`: city, month, `measure`, complete. Missing where a month of the twelve is not
    there or not whole.
    """
    parts = []
    for city, rows in months.groupby("city", sort=False, observed=True):
        counted = rows["month"].to_numpy("datetime64[M]")
        every = np.arange(counted.min(), counted.max() + 1)
        if len(every) < 12:
            continue
        values = np.full(len(every), np.nan)
        whole = rows[measure].astype("float64").where(rows["complete"].astype(bool))
        values[(counted - every[0]).astype(int)] = whole
        sums = sliding_window_view(values, 12).sum(axis=1)
        month = every[11:].astype("datetime64[us]")
        part = pd.DataFrame({"city": city, "month": month, measure: sums})
        launch = launch_dates.get(str(city))
        part["launched"] = pd.Timestamp(launch.replace(day=1)) if launch else pd.NaT
        parts.append(part)
    columns = ["city", "month", measure, "launched"]
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    return table.astype({measure: "Int64"})[columns]


def add_residents(counts: pd.DataFrame, residents: pd.DataFrame) -> pd.DataFrame:
    """Return counts with each city's residents as `population`. `residents`: city, residents."""
    people = residents[["city", "residents"]].rename(columns={"residents": "population"})
    return counts.merge(people, on="city", how="left")
