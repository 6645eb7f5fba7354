"""Columns of a frame as a spec has them: plain values, None for what is missing."""

from __future__ import annotations

import pandas as pd

from longevity.charts.spec import Value


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
    return [None if pd.isna(day) else day.isoformat()[:10] for day in column]


def are_part(complete: pd.Series) -> list[bool]:
    """Return for each row whether it is of a part of its period: drawn hollow."""
    return [not whole for whole in complete.astype(bool)]
