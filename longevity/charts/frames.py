"""Columns of a frame as a spec has them: plain values, None for what is missing."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from longevity.charts.spec import Axis, Value

FEW_YEARS = 8


def list_numbers(column: pd.Series, digits: int | None = None) -> list[Value]:
    """Return the numbers of a column, whole ones as they are, others to so many digits."""
    return [
        None
        if pd.isna(value)
        else value
        if isinstance(value, int) or digits is None
        else round(float(value), digits)
        for value in column.tolist()
    ]


def list_days(column: pd.Series) -> list[Value]:
    """Return the days of a column as ISO text."""
    days = np.datetime_as_string(column.to_numpy("datetime64[D]"))
    return [None if day == "NaT" else day for day in days.tolist()]


def are_part(complete: pd.Series) -> list[bool]:
    """Return for each row whether it is of a part of its period: drawn hollow."""
    return [not whole for whole in complete.astype(bool)]


def build_year_axis(years: Iterable[int], margin: float | None = None, each: bool = False) -> Axis:
    """Return an axis of whole years only: few of them would have ticks, and names, between.

    `margin`: years before the first and after the last, which words beside a line must not
    stretch; as the data ask where it is None. `each`: every year is named, however many.
    """
    ordered = sorted({int(year) for year in years}) or [0]
    ends = None if margin is None else (ordered[0] - margin, ordered[-1] + margin)
    step = 1 if each or ordered[-1] - ordered[0] < FEW_YEARS else None
    return Axis(form="d", step=step, first=ordered[0], ends=ends)


def name_groups(frame: pd.DataFrame) -> list[str]:
    """Return each group's code name, or its code without the id of its city where it has none."""
    rows = zip(frame["label"], frame["group_id"], frame["city"], strict=True)
    return [
        str(label) if pd.notna(label) and str(label).strip() else code.removeprefix(f"{city}-")
        for label, code, city in rows
    ]
