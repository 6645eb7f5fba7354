"""A table as text on the page, with headings, so that it is read out, printed and enlarged.

All its rows are sent; in a browser `page.js` shows twelve at a time and finds and sorts them.

Streamlit's own grid is painted: it cuts what does not fit, prints only what is in sight, and
keeps its letters' size and spacing whatever a reader sets. Its `st.table` has neither headings of
rows nor one way to write days, money and numbers.
"""

from __future__ import annotations

import html
import re
from datetime import date
from typing import Any

import pandas as pd
from pandas.api import types

from longevity.dates import format_short

LONGEST = 1000  # rows on a page: more take a browser seconds, and nobody reads them there
SITE = re.compile(r"^https?://(?:www\.)?([^/]+)\S*$")
MISSING = "–"
MONEY = ("Allocated", "Spent", "Per person")
YEARS = ("Year", "Fiscal year", "Began in", "Year from", "Year until")
MONTHS = ("Month",)
SIGNED = ("Difference",)


def write_table(frame: pd.DataFrame, label: str) -> str:
    """Write the table as HTML. `label`: what it is, to whoever hears it and does not see it.

    The first column names the row. Of an address of the web the site is shown.
    """
    named = [(str(name), column) for name, column in frame.items()]
    kinds = [_write_class(column) for _, column in named]
    heads = "".join(
        f'<th scope="col"{kind}>{html.escape(name)}</th>'
        if name.strip()
        else "<td></td>"  # a heading that says nothing is none
        for (name, _), kind in zip(named, kinds, strict=True)
    )
    cells = [[_write_cell(cell) for cell in write_cells(name, column)] for name, column in named]
    rows = "".join(f"<tr>{_write_row(row, kinds)}</tr>" for row in zip(*cells, strict=True))
    said = html.escape(label, quote=True)
    return (
        f'<div class="longevity-table" role="group" aria-label="{said}" tabindex="0"><table>'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


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
    if name in YEARS:
        return ".0f"
    if name in MONEY:
        return "$"
    if types.is_integer_dtype(column):
        return "+,.0f" if name in SIGNED else ",.0f"
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
        return "yes" if value else "no"
    if isinstance(value, date):
        return f"{value:%b %Y}" if is_month else format_short(value)
    if isinstance(value, float):
        return f"{value:,.3f}".rstrip("0").rstrip(".")
    return str(value)


def _write_class(column: pd.Series[Any]) -> str:
    """Write the class of a column's cells: numbers stand under each other, days stay whole."""
    if types.is_numeric_dtype(column) and not types.is_bool_dtype(column):
        return ' class="number"'
    known = column.dropna()
    return ' class="day"' if len(known) and known.map(lambda v: isinstance(v, date)).all() else ""


def _write_row(cells: tuple[str, ...], kinds: list[str]) -> str:
    head = f'<th scope="row"{kinds[0]}>{cells[0]}</th>'
    return head + "".join(
        f"<td{kind}>{cell}</td>" for cell, kind in zip(cells[1:], kinds[1:], strict=True)
    )


def _write_cell(text: str | None) -> str:
    """Write a cell as HTML: nothing in it is read as markup."""
    if text is None:
        return MISSING
    site = SITE.match(text)
    safe = html.escape(text, quote=True)
    if site is None:
        return safe
    return f'<a href="{safe}" target="_blank" rel="noopener">{html.escape(site[1])}</a>'
