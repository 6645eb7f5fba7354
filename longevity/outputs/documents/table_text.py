"""A table as text, for slides and pages: what is missing is a dash, never a nought."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from longevity.measures import wording


@dataclass(frozen=True)
class TableText:
    """The columns of a table and the cells of its rows, as they are set."""

    columns: list[str]
    rows: list[list[str]]


def write_table(frame: pd.DataFrame) -> TableText:
    """Return a table as text."""
    columns = [_name_column(str(name)) for name in frame.columns]
    rows = [[write_cell(value) for value in row] for row in frame.itertuples(index=False)]
    return TableText(columns, rows)


def write_cell(value: Any) -> str:
    """Return one cell as text."""
    if pd.isna(value):
        return "–"
    return value if isinstance(value, str) else wording.format_number(value)


def _name_column(name: str) -> str:
    return name.replace("_", " ").capitalize() if name.isidentifier() else name
