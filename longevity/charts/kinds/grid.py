"""Grids of cells: each says in words what its colour says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from longevity.charts.drawing import Drawing, Figure, Words
from longevity.charts.template.words import (
    draw_key_entry,
    list_marks,
    measure_key,
    place_key,
    write_note,
)
from longevity.charts.theme import MARK_ROOM, Theme, build_layout, find_colour, find_ink

HEAD, END = 30, 10  # pixels of a heading, and after a block
GAP = 0.12  # of a cell's height, between two
SIDE = 0.03  # of a cell's width, at each side
FOOT = 62  # pixels under a grid for the names of its columns, in two lines
BLOCK = ["city", "block"]
HOVER = 40  # pixels round its middle in which a cell is meant


def draw_grid(
    frame: pd.DataFrame,
    drawing: Drawing,
    words: Words,
    *,
    column: str = "",
    row: str = "",
    across: int = 0,
    part: str = "",
    colours: Mapping[str, str] | None = None,
    tall: int = 50,
    on_paper: bool = False,
) -> Figure:
    """Draw a cell a row in its `colour`, with its `text`; `said`: on hover. `tall`: its pixels.

    `colours`: what each value of the column `part` means, in place of a colour, with a key.

    It is named at the left and below by its `column` and `row`; or `across` cells are in a line,
    in blocks of a city and of the words of `block`, those `broken` with a broken outline. Words
    may have the line breaks and bold signs of HTML.
    """
    look, colours = drawing.theme, colours or {}
    cells = drawing.sort_by_city(frame) if across else frame
    if part:
        cells = cells.assign(colour=[f"done:{colours[of]}" for of in cells[part]])
    cells = cells.assign(broken=cells.get("broken", False))
    columns, rows = pd.Index([]), pd.Index([])
    if across:
        at = cells.groupby(BLOCK, sort=False).cumcount()
        cells = cells.assign(column=at % across, row=at // across)
    else:
        codes, columns = pd.factorize(cells[column])
        down, rows = pd.factorize(cells[row])
        cells = cells.assign(city="", block="", column=codes, row=down)
    notes, placed, deep = list_marks(drawing), [], 0.0
    for (city, block), group in cells.groupby(BLOCK, sort=False):
        if city:
            said = f"<b>{drawing.cities[city]}</b>" + (f", {block}" if block else "")
            colour = find_colour(look, drawing.name_colour(city))
            notes.append(write_note(said, look, size=14, yref="y", y=-deep - 4, colour=colour))
            deep += HEAD
        placed.append(group.assign(top=deep + tall * group["row"]))
        deep += tall * (group["row"].max() + 1) + (END if city else 0)
    cells, deep = pd.concat(placed or [cells.assign(top=0)]), max(deep, float(tall))
    found = {*cells[part]} if part else ()
    key = {f"done:{kind}": words[f"parts.{of}"] for of, kind in colours.items() if of in found}
    foot = (FOOT if len(rows) else 8) + measure_key([*key.values()])
    names = {"showgrid": False, "zeroline": False, "ticks": "", "visible": bool(len(rows))}
    columns_at = [at + 0.5 for at in range(len(columns))]
    rows_at = [-tall * (at + 0.44) for at in range(len(rows))]
    edge = {"color": look.quiet, "width": 1}
    entries = [
        draw_key_entry(words, find_colour(look, colour), line=edge) for colour, words in key.items()
    ]
    return {
        "data": [*entries, _write_cells(cells, tall, look)],
        "layout": build_layout(
            look,
            round(deep + MARK_ROOM + foot),
            annotations=notes,
            shapes=[*_list_shapes(cells, tall, bool(colours), look)],
            showlegend=bool(key),
            legend=place_key(8, deep),
            hovermode="closest",
            hoverdistance=HOVER,
            xaxis=names
            | {
                "range": [0, across or len(columns)],
                "tickvals": columns_at,
                "ticktext": columns.tolist(),
            }
            | {"tickangle": 0, "title": {"text": words.get("axis", ""), "standoff": 6}},
            yaxis=names
            | {"range": [-deep, 0], "rangemode": "normal"}
            | {"tickvals": rows_at, "ticktext": rows.tolist()},
            margin={"l": 4, "r": 4, "t": MARK_ROOM, "b": foot},
        ),
    }


def _list_shapes(cells: pd.DataFrame, tall: int, edged: bool, look: Theme) -> Iterator[Figure]:
    for cell in cells.itertuples():
        line = {"color": look.quiet, "width": 2 if cell.broken else int(edged)}
        yield {
            "type": "rect",
            "layer": "below",
            "x0": cell.column + SIDE,
            "x1": cell.column + 1 - SIDE,
            "y0": -cell.top,
            "y1": -(cell.top + tall * (1 - GAP)),
            "fillcolor": find_colour(look, cell.colour),
            "line": line | {"dash": "dash" if cell.broken else "solid"},
        }


def _write_cells(cells: pd.DataFrame, tall: int, look: Theme) -> Figure:
    return {
        "type": "scatter",
        "mode": "text",
        "x": (cells["column"] + 0.5).tolist(),
        "y": (-cells["top"] - tall * (1 - GAP) / 2).tolist(),
        "text": cells["text"].tolist(),
        "textfont": {"size": 11.5, "color": [find_ink(look, name) for name in cells["colour"]]},
        "hovertext": cells["said"].tolist(),
        "hovertemplate": "%{hovertext}<extra></extra>",
        "showlegend": False,
    }
