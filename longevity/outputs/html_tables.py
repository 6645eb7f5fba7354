"""Write a table as HTML or as text, with one way to write days, money and numbers.

HTML can be read aloud, printed and enlarged; in a browser `page.js` sorts it. Streamlit's own grid
is painted: it cuts what does not fit, prints only what is in sight, and ignores a reader's size of
letters. Its `st.table` has no headings for rows.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pandas as pd
from pandas.api import types

from longevity.outputs import typesetting
from longevity.words.dates import format_short, shorten_month
from longevity.words.language import translate

LONGEST = 1000  # rows on a page: more take a browser seconds
IN_SIGHT = 5  # rows that even a phone shows without scrolling
SITE = re.compile(r"^https?://(?:www\.)?([^/]+)\S*$")
MONEY = ("Allocated", "Spent", "Per person")
YEARS = ("Year", "Fiscal year", "Began in", "Year from", "Year until")
MONTHS = ("Month",)
SIGNED = ("Difference",)


def say_no_rows() -> str:
    """Return the sentence to show in place of a table without rows."""
    return translate("No row of this release answers this question, so there is no table.")


def write_table(frame: pd.DataFrame, label: str) -> str:
    """Write a table as HTML. `label`: what it is, for screen readers.

    The first column is the heading of its row. A web address becomes a link that shows its site.
    """
    named = [(str(name), _name_kind(column), column) for name, column in frame.items()]
    columns = (
        [(cell, kind, _find_site(cell or "")) for cell in write_cells(name, column)]
        for name, kind, column in named
    )
    heads, rows = [(name, kind) for name, kind, _ in named], zip(*columns, strict=True)
    return typesetting.fill_template("table.html", label=label, heads=heads, rows=rows)


def _find_site(text: str) -> str:
    """Return the site of a web address, "ct.gov"; "" for any other text."""
    site = SITE.match(text)
    return site[1] if site else ""


def write_text(frame: pd.DataFrame) -> list[list[str]]:
    """Write a table as rows of text, the heading first; a missing value is a dash."""
    shown = tidy_columns(frame)
    columns = [write_cells(str(name), column) for name, column in shown.items()]
    rows = [["–" if cell is None else cell for cell in row] for row in zip(*columns, strict=True)]
    return [[str(name) for name in shown.columns], *rows]


def write_cells(name: str, column: pd.Series[Any]) -> list[str | None]:
    """Write the values of a column (`name`) as text; a missing value is None."""
    form = find_number_format(name, column)
    return [
        None if pd.isna(value) else _write_value(value, form, name in MONTHS)
        for value in column.tolist()
    ]


def find_number_format(name: str, column: pd.Series[Any]) -> str:
    """Return the format for a column of numbers, such as ",.1f"; larger numbers get fewer digits.

    "$" for money, "" for a column that is not of numbers.
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
    """Write a value in the format of its column, else by its own type: yes, Nov 22, 2026."""
    if form == "$":
        return f"${value:,.2f}".removesuffix(".00")
    if form:
        return format(value, form).replace("-", "−")
    if isinstance(value, bool):
        return translate("yes" if value else "no")
    if isinstance(value, date):
        return shorten_month(value) if is_month else format_short(value)
    if isinstance(value, float):
        return f"{value:,.3f}".rstrip("0").rstrip(".")
    return str(value)


def _name_kind(column: pd.Series[Any]) -> str:
    """Return how a column is styled: "number" (aligned right), "day" (never broken) or ""."""
    if types.is_numeric_dtype(column) and not types.is_bool_dtype(column):
        return "number"
    known = column.dropna()
    return "day" if len(known) and known.map(lambda v: isinstance(v, date)).all() else ""


def tidy_columns(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with words for column names: `shot_on` becomes "Shot on"."""
    return table.rename(
        columns=lambda name: name.replace("_", " ").capitalize() if name.isidentifier() else name
    )
