"""Tables of cities compared: twelve months at a time, and the program's reach."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd
from numpy.lib.stride_tricks import sliding_window_view

from longevity.text import availability, frames, wording

FOLLOWED = "Enforcement within 30 days of a shooting by a group with notice, all years"
REACH_QUERIES = ("call_in_funnel", "cadence_by_city", "promises", "reentry_greeting")


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


def build_program_table(
    funnel: pd.DataFrame,
    cadence: pd.DataFrame,
    promises: pd.DataFrame,
    greeting: pd.DataFrame,
    names: Mapping[str, str],
) -> pd.DataFrame:
    """Return the program's reach side by side as text: a row a question, a column a city.

    `funnel`: call_in_funnel; `cadence`: cadence_by_city; `promises`; `greeting`:
    reentry_greeting. What a city did not hand over is "not supplied", never a nought.
    """
    table = {}
    for city, name in names.items():
        of_city = {
            "funnel": funnel[funnel["city"] == city],
            "cadence": cadence[cadence["city"] == city],
            "promises": promises[(promises["city"] == city) & (promises["window_days"] == 30)],
            "greeting": greeting[greeting["city"] == city],
        }
        table[name] = {
            "Came to a call-in, of those reached": _format_attendance(of_city["funnel"]),
            "Days since the last call-in": _format_days_since(of_city["cadence"]),
            FOLLOWED: _format_promises(of_city["promises"]),
            "Met on coming home": _format_greetings(of_city["greeting"]),
        }
    frame = pd.DataFrame(table)
    return frame.rename_axis("In twelve months, unless said").reset_index()


def _format_attendance(rows: pd.DataFrame) -> str:
    if rows.empty:
        return availability.NOT_SUPPLIED
    free = rows[rows["route"] != "in_custody"]
    attended, unknown, reached = frames.sum_columns(
        free, "attended", "attended_unknown", "reachable"
    )
    text = f"{wording.format_number(attended)} of {wording.format_number(reached)}"
    return f"{text}; {wording.format_number(unknown)} unknown" if unknown else text


def _format_days_since(rows: pd.DataFrame) -> str:
    if rows.empty:
        return availability.NOT_SUPPLIED
    days = rows.iloc[0]["days_since"]
    return "none held" if pd.isna(days) else wording.format_number(days)


def _format_promises(rows: pd.DataFrame) -> str:
    if rows.empty:
        return availability.NOT_SUPPLIED
    row = rows.iloc[0]
    if not row["elapsed"] and row["unknown"]:
        return f"unknown for {wording.format_number(row['unknown'])}"
    text = (
        f"{wording.format_number(row['elapsed_kept'])} of {wording.format_number(row['elapsed'])}"
    )
    return f"{text}; {wording.format_number(row['unknown'])} unknown" if row["unknown"] else text


def _format_greetings(rows: pd.DataFrame) -> str:
    if rows.empty:
        return availability.NOT_SUPPLIED
    row = rows.iloc[0]
    text = f"{wording.format_number(row['greeted'])} of {wording.format_number(row['exits'])}"
    unknown = int(row["greeted_unknown"])
    return f"{text}; {wording.format_number(unknown)} unknown" if unknown else text
