"""A table as text on the page, with headings, so that it is read out, printed and enlarged.

All its rows are sent; in a browser `page.js` shows twelve at a time and finds and sorts them.

Streamlit's own grid is painted: it cuts what does not fit, prints only what is in sight, and
keeps its letters' size and spacing whatever a reader sets. It is kept for long tables.
"""

from __future__ import annotations

import html
import re
from datetime import date

import pandas as pd
from pandas.api import types

from longevity.ui import column_formats

LONGEST = 100  # rows; longer tables are the grid's
SITE = re.compile(r"^https?://(?:www\.)?([^/]+)\S*$")
MISSING = "–"


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
    cells = [
        [_write_cell(cell) for cell in column_formats.write_cells(name, column)]
        for name, column in named
    ]
    rows = "".join(f"<tr>{_write_row(row, kinds)}</tr>" for row in zip(*cells, strict=True))
    said = html.escape(label, quote=True)
    return (
        f'<div class="longevity-table" role="group" aria-label="{said}" tabindex="0"><table>'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _write_class(column: pd.Series) -> str:
    """Write the class of a column's cells: numbers stand under each other, days stay whole."""
    if types.is_numeric_dtype(column) and not types.is_bool_dtype(column):
        return ' class="number"'
    if isinstance(column.dtype, pd.StringDtype):
        return ""
    there = [value for value in column.tolist() if not pd.isna(value)]
    return ' class="day"' if there and all(isinstance(value, date) for value in there) else ""


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
