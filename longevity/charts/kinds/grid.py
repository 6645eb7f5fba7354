"""Cells in columns and rows: each says in words what its colour says."""

from __future__ import annotations

import pandas as pd

from longevity.charts.drawing import Drawing, Shown, Words
from longevity.charts.kinds.rows import sort_by_city
from longevity.charts.spec import Block, Cell, Grid


def show_grid(
    frame: pd.DataFrame,
    drawing: Drawing,
    words: Words,
    *,
    colour: str,
    text: str,
    said: str,
    column: str = "",
    row: str = "",
    block: str = "",
    broken: str = "",
    across: int = 0,
    tall: int = 50,
) -> Shown:
    """Show a cell a row, named at the left and below by its `column` and `row`.

    Or, `across` cells in a line, in blocks of a city and of the words of `block`. Words may have
    the line breaks and bold signs of HTML.
    """
    columns, rows = ([*dict.fromkeys(frame[key])] if key else [] for key in (column, row))
    blocks = []
    ordered = sort_by_city(frame, drawing)
    for place, cells in ordered.groupby(["city", block], sort=False) if block else [("", frame)]:
        made = tuple(
            Cell(
                columns.index(cell[column]) if column else at % across,
                rows.index(cell[row]) if row else at // across,
                cell[colour],
                cell[text],
                cell[said],
                bool(cell[broken]) if broken else False,
            )
            for at, cell in enumerate(cells.to_dict("records"))
        )
        city, after = map(str, place) if block else ("", "")
        name, shade = (drawing.cities[city], drawing.name_colour(city)) if city else ("", "ink")
        blocks.append(Block(made, name, after, shade))
    key = {
        name.removeprefix("parts."): written
        for name, written in words.items()
        if name.startswith("parts.")
    }
    names = tuple(columns) or ("",) * across
    return Grid(tuple(blocks), names, tuple(rows), words.get("axis", ""), key, tall), ""
