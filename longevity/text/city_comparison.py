"""Tables of cities compared: twelve months at a time, and the program's reach."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd


def sum_twelve_months(
    months: pd.DataFrame, measure: str, launch_dates: Mapping[str, date | None]
) -> pd.DataFrame:
    """Sum twelve whole months that end with each month: city, month, `measure`, launched.

    `months`: city, month, `measure`, complete. Missing where a month of the twelve is not
    there or not whole.
    """
    parts = []
    for city, rows in months.groupby("city", sort=False, observed=True):
        whole = rows[measure].astype("float64").where(rows["complete"].astype(bool))
        by_month = whole.set_axis(rows["month"]).asfreq("MS")
        launch = launch_dates.get(str(city))
        part = by_month.rolling(12).sum().iloc[11:].rename(measure).reset_index()
        launched = pd.Timestamp(launch.replace(day=1)) if launch else pd.NaT
        parts.append(part.assign(city=city, launched=launched))
    columns = ["city", "month", measure, "launched"]
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    return table.astype({measure: "Int64"})[columns]
