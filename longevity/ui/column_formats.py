"""How the columns of a table are written: one way for days, counts, money and other numbers.

`write_cells` writes the cells of a column set as text. In a grid the cells stay what they are, so
that it sorts by them; `configure_columns` sets their writing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from longevity.dates import format_short

DAY, MONTH = "MMM D, YYYY", "MMM YYYY"
SITE = r"^https?://(?:www\.)?([^/]+)"  # what a link is shown as
LINKS = ("Source", "Source url")
MONEY = ("Allocated", "Spent", "Per person")
YEARS = ("Year", "Fiscal year", "Began in", "Year from", "Year until")
MONTHS = ("Month",)
SIGNED = ("Difference",)


def configure_columns(frame: pd.DataFrame) -> dict[Any, Any]:
    """Return the configuration of `st.dataframe` for a frame with columns named for reading."""
    configs = {name: _configure_column(str(name), frame[name]) for name in frame.columns}
    return {name: config for name, config in configs.items() if config is not None}


def _configure_column(name: str, column: pd.Series[Any]) -> Any:
    if name in LINKS:
        return st.column_config.LinkColumn(display_text=SITE)
    if pd.api.types.is_bool_dtype(column):
        return None
    if pd.api.types.is_numeric_dtype(column):
        return st.column_config.NumberColumn(format=find_number_format(name, column))
    values = column.dropna()
    if len(values) and isinstance(values.iloc[0], date):
        return st.column_config.DateColumn(format=MONTH if name in MONTHS else DAY)
    return None


def write_cells(name: str, column: pd.Series[Any]) -> list[str | None]:
    """Write one column as text; what is missing is None."""
    write = _find_writer(name, column)
    return [None if pd.isna(cell) else write(cell) for cell in column.tolist()]


def _find_writer(name: str, column: pd.Series[Any]) -> Callable[[Any], str]:
    if pd.api.types.is_bool_dtype(column):
        return lambda value: "yes" if value else "no"
    if pd.api.types.is_numeric_dtype(column):
        form = find_number_format(name, column)
        if form == "dollar":
            return lambda value: f"${value:,.2f}".removesuffix(".00")
        form = form.removeprefix("%").replace("d", ".0f")
        return lambda value: format(value, form).replace("-", "−")
    return lambda value: _write_cell(value, name in MONTHS)


def _write_cell(value: Any, month: bool) -> str:
    """Write a day, or what stands in a column of several kinds."""
    if isinstance(value, date):
        return f"{value:%b %Y}" if month else format_short(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.3f}".rstrip("0").rstrip(".")
    return str(value)


def find_number_format(name: str, column: pd.Series[Any]) -> str:
    """Return the format of a column of numbers: no more digits than tell anything."""
    if name in YEARS:
        return "%d"
    if name in MONEY:
        return "dollar"
    if pd.api.types.is_integer_dtype(column):
        return "%+,d" if name in SIGNED else "%,d"
    values = column.dropna().to_numpy(dtype=float)
    if not values.size or (values % 1 == 0).all():
        return "%,d"
    most = float(abs(values).max())
    digits = 1 if most >= 10 else 2 if most >= 1 else 3
    return f"%,.{digits}f"
