"""A table as text, for slides and pages: what is missing is a dash, never a nought."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from longevity.charts.spec import Spec
from longevity.outputs.bundle.powerpoint import build_native
from longevity.text import wording


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


def write_parts(spec: Spec) -> TableText | None:
    """Return a chart of bars in parts as text: a row a bar, a column a part; None of any other."""
    native = build_native(spec)
    if native is None or not native.stacked or native.kind != "bars":
        return None
    columns = ["", *(wording.start_sentence(part.name) for part in native.series)]
    bars = zip(native.categories, *(part.values for part in native.series), strict=True)
    rows = [[name, *(write_cell(value) for value in values)] for name, *values in bars]
    return TableText(columns, rows[::-1])  # PowerPoint begins below


def write_cell(value: Any) -> str:
    """Return one cell as text."""
    if pd.isna(value):
        return "–"
    return value if isinstance(value, str) else wording.format_number(value)


def _name_column(name: str) -> str:
    return name.replace("_", " ").capitalize() if name.isidentifier() else name
