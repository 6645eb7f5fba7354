"""The kind "grid": cells in rows and columns, such as hours by weekdays; each says its number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from longevity.charts.drawing import Figure, Kind, Words
from longevity.charts.template.words import list_marks, measure_side
from longevity.charts.theme import MARK_ROOM, Theme, build_layout, find_colour, find_ink

GAP = 0.12  # of a cell's height, between two
SIDE = 0.03  # of a cell's width, at each side
FOOT = 62  # pixels under a grid for the names of its columns, in two lines
HOVER = 40  # pixels round its middle in which a cell is meant


@dataclass(frozen=True)
class Grid(Kind):
    """A cell for each row of the frame.

    `column` and `row`: the columns of the frame that name a cell's place, below and at the left.
    Each row also has `colour`, `text` (in the cell), `said` (on hover) and perhaps `broken`:
    whether its outline is dashed. Texts may have HTML's line breaks. `tall`: pixels of a cell.
    """

    frame: pd.DataFrame
    words: Words
    column: str
    row: str
    tall: int = 50

    def draw(self, *, on_paper: bool = False) -> Figure:
        """Return the grid as a Plotly figure."""
        look = self.drawing.theme
        tall = self.tall
        codes, columns = pd.factorize(self.frame[self.column])
        down, rows = pd.factorize(self.frame[self.row])
        cells = self.frame.assign(
            column=codes, top=tall * down, broken=self.frame.get("broken", False)
        )
        deep = tall * max(len(rows), 1)
        names = {"showgrid": False, "zeroline": False, "ticks": ""}
        columns_at = [at + 0.5 for at in range(len(columns))]
        rows_at = [-tall * (at + 0.44) for at in range(len(rows))]
        return {
            "data": [_write_cells(cells, tall, look)],
            "layout": build_layout(
                look,
                deep + MARK_ROOM + FOOT,
                annotations=list_marks(self.drawing),
                shapes=[*_list_shapes(cells, tall, look)],
                showlegend=False,
                hovermode="closest",
                hoverdistance=HOVER,
                xaxis=names
                | {
                    "range": [0, len(columns)],
                    "tickvals": columns_at,
                    "ticktext": columns.tolist(),
                }
                | {"tickangle": 0, "title": {"text": self.words.get("axis", ""), "standoff": 6}},
                yaxis=names
                | {"range": [-deep, 0], "rangemode": "normal"}
                | {"tickvals": rows_at, "ticktext": rows.tolist()},
                margin={"l": measure_side(rows), "r": 4, "t": MARK_ROOM, "b": FOOT},
            ),
        }


def _list_shapes(cells: pd.DataFrame, tall: int, look: Theme) -> Iterator[Figure]:
    """Yield the rectangle of each cell; those that are `broken` have a dashed outline."""
    for cell in cells.itertuples():
        line = {"color": look.quiet, "width": 2 * int(cell.broken)}
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
    """Return the trace that writes the text in each cell."""
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
