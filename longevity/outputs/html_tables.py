"""A table as text on the page, with headings, so that it is read out, printed and enlarged.

All its rows are sent; in a browser `page.js` sorts them.

Streamlit's own grid is painted: it cuts what does not fit, prints only what is in sight, and
keeps its letters' size and spacing whatever a reader sets. Its `st.table` has neither headings of
rows nor one way to write days, money and numbers.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pandas as pd
from pandas.api import types

from longevity.dates import format_short
from longevity.language import translate
from longevity.outputs import typesetting

LONGEST = 1000  # rows on a page: more take a browser seconds, and no one reads them there
IN_SIGHT = 5  # rows that are in sight everywhere: of more a phone shows some
SITE = re.compile(r"^https?://(?:www\.)?([^/]+)\S*$")
MONEY = ("Allocated", "Spent", "Per person")
YEARS = ("Year", "Fiscal year", "Began in", "Year from", "Year until")
MONTHS = ("Month",)
SIGNED = ("Difference",)


def say_no_rows() -> str:
    """Say that there is no table, as it has no row."""
    return translate("No row of this release answers this question, so there is no table.")


def write_table(frame: pd.DataFrame, label: str) -> str:
    """Write the table as HTML. `label`: what it is, to a reader who hears it and does not see it.

    The first column names the row. Of an address of the web the site is shown.
    """
    named = [(str(name), _name_kind(column), column) for name, column in frame.items()]
    columns = (
        [(cell, kind, _find_site(cell or "")) for cell in write_cells(name, column)]
        for name, kind, column in named
    )
    heads, rows = [(name, kind) for name, kind, _ in named], zip(*columns, strict=True)
    return typesetting.fill_template("table.html", label=label, heads=heads, rows=rows)


def _find_site(text: str) -> str:
    """Find the site in an address of the web; "" in any other text."""
    site = SITE.match(text)
    return site[1] if site else ""


def write_text(frame: pd.DataFrame) -> list[list[str]]:
    """Write the table as rows of text, the heading first; what is missing is a dash."""
    shown = tidy_columns(frame)
    columns = [write_cells(str(name), column) for name, column in shown.items()]
    rows = [["–" if cell is None else cell for cell in row] for row in zip(*columns, strict=True)]
    return [[str(name) for name in shown.columns], *rows]


def write_cells(name: str, column: pd.Series[Any]) -> list[str | None]:
    """Write one column as text, days, money and numbers each one way; what is missing is None."""
    form = find_number_format(name, column)
    return [
        None if pd.isna(value) else _write_value(value, form, name in MONTHS)
        for value in column.tolist()
    ]


def find_number_format(name: str, column: pd.Series[Any]) -> str:
    """Return how Python formats a column of numbers, with no more digits than say anything.

    "$" of money; "" of a column of anything else.
    """
    if not types.is_numeric_dtype(column) or types.is_bool_dtype(column):
        return ""
    if name in YEARS or name == translate("Year"):
        return ".0f"
    if name in MONEY:
        return "$"
    if types.is_integer_dtype(column):
        return "+,.0f" if name in (*SIGNED, translate("Difference")) else ",.0f"
    values = column.dropna().to_numpy(dtype=float)
    if (values % 1 == 0).all():
        return ",.0f"
    most = float(abs(values).max())
    digits = 1 if most >= 10 else 2 if most >= 1 else 3
    return f",.{digits}f"


def _write_value(value: Any, form: str, is_month: bool) -> str:
    """Write a value by its column's format, or by what it is in a column of several kinds."""
    if form == "$":
        return f"${value:,.2f}".removesuffix(".00")
    if form:
        return format(value, form).replace("-", "−")
    if isinstance(value, bool):
        return translate("yes" if value else "no")
    if isinstance(value, date):
        return f"{value:%b %Y}" if is_month else format_short(value)
    if isinstance(value, float):
        return f"{value:,.3f}".rstrip("0").rstrip(".")
    return str(value)


def _name_kind(column: pd.Series[Any]) -> str:
    """Name a column's kind: numbers are under each other, days stay whole."""
    if types.is_numeric_dtype(column) and not types.is_bool_dtype(column):
        return "number"
    known = column.dropna()
    return "day" if len(known) and known.map(lambda v: isinstance(v, date)).all() else ""


def tidy_columns(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with words for column names, for reading; names made of words stay."""
    return table.rename(
        columns=lambda name: name.replace("_", " ").capitalize() if name.isidentifier() else name
    )
