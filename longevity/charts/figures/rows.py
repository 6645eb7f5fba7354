"""Rows of bars from a frame whose columns say how much was done, and how much was not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from longevity.charts.chart import Chart, Drawing
from longevity.charts.spec import Part, Row, Rows
from longevity.measures import wording


@dataclass(frozen=True)
class Column:
    """One part of each bar: its column, its words, and its name in `theme.DONE_COLOURS`."""

    column: str
    name: str
    kind: str


def draw_rows(
    name: str,
    title: str,
    subtitle: str,
    lines: Sequence[dict[Any, Any]],
    columns: Sequence[Column],
    drawing: Drawing,
    table: pd.DataFrame,
    shares: bool = False,
) -> Chart:
    """Draw a bar a line (`build_rows`), in words one after the other. `table`: the rows behind."""
    rows = build_rows(lines, columns, drawing, shares)
    return Chart(
        name=name,
        title=title,
        subtitle=subtitle,
        spec=rows,
        drawing=drawing,
        alt=_describe_rows(rows, columns) or f"{title}.",
        table=table,
    )


def _describe_rows(rows: Rows, columns: Sequence[Column]) -> str:
    """Return each bar in words: "East, within 30 days: 6 on time, 1 missed (6 of 7 on time)"."""
    lines, city = [], ""
    for row in rows.rows:
        city = row.heading or city
        parts = [
            f"{part.words} {column.name}"
            for part, column in zip(row.parts, columns, strict=True)
            if part.amount or part.amount is None
        ]
        where = ", ".join(filter(None, (city, row.label)))
        said = ", ".join(parts) or row.note or "none"
        note = f" ({row.note})" if row.note and row.note not in said else ""
        lines.append(f"{where}: {said}{note}")
    return f"Bars. {'; '.join(lines)}." if lines else ""


def build_rows(
    lines: Sequence[dict[Any, Any]],
    columns: Sequence[Column],
    drawing: Drawing,
    shares: bool = False,
) -> Rows:
    """Return a bar a line, of the columns side by side.

    `lines`: label, note (words at the right), city (its id where a line begins a city's, else
    ""), and each column with its amount, missing where it is not shown; `words_COLUMN` are its
    words where a number is not enough. `shares`: amounts are shares from 0 to 1.
    """
    return Rows(
        tuple(_build_row(line, columns, drawing) for line in lines),
        {f"done:{column.kind}": column.name for column in columns},
        shares,
    )


def _build_row(line: dict[Any, Any], columns: Sequence[Column], drawing: Drawing) -> Row:
    city = line["city"]
    return Row(
        tuple(_build_part(line, column) for column in columns),
        heading=drawing.cities[city] if city else "",
        colour=drawing.name_colour(city) if city else "ink",
        label=line["label"],
        note=line["note"],
    )


def _build_part(line: dict[Any, Any], column: Column) -> Part:
    amount = line[column.column]
    is_known = not pd.isna(amount)
    words = line.get(f"words_{column.column}") or (
        wording.format_number(amount) if is_known else "not shown"
    )
    return Part(f"done:{column.kind}", float(amount) if is_known else None, words)
