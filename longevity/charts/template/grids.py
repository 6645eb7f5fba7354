"""Grids of cells: each says in words what its colour says."""

from __future__ import annotations

from collections.abc import Iterator

from longevity.charts.spec import Block, Cell, Grid
from longevity.charts.template.words import (
    Made,
    draw_key_entry,
    list_marks,
    measure_key,
    measure_side,
    place_key_above,
    write_note,
)
from longevity.charts.theme import MARK_ROOM, Theme, build_layout, find_colour, find_ink

HEAD, END = 30, 10  # pixels of a heading, and after a block
GAP = 0.12  # of a cell's height, between two
SIDE = 0.03  # of a cell's width, at each side
FOOT = 62  # pixels under a grid for the names of its columns, in two lines
HOVER = 40  # pixels round its middle in which a cell is meant


def draw_grid(grid: Grid, look: Theme, synthetic: bool) -> Made:
    """Return the cells as rectangles with their words, one pixel to a step upwards."""
    tops, deep = _place_blocks(grid)
    placed = [
        (cell, top + grid.tall * cell.row)
        for block, top in zip(grid.blocks, tops, strict=True)
        for cell in block.cells
    ]
    used = {cell.colour for cell, _ in placed}
    key = {colour: words for colour, words in grid.key.items() if colour in used}
    above = measure_key(list(key.values()))
    foot = FOOT if grid.rows else 8
    top = MARK_ROOM + above
    names = {"showgrid": False, "zeroline": False, "ticks": ""}
    across: Made = {"range": [0, len(grid.columns)], "visible": bool(grid.rows), **names}
    down: Made = {"range": [-deep, 0], "visible": bool(grid.rows), "rangemode": "normal", **names}
    if grid.rows:
        across |= {"tickvals": [at + 0.5 for at in range(len(grid.columns))], "tickangle": 0}
        across |= {"ticktext": list(grid.columns)}
        font = {"size": 13, "color": look.quiet}
        across["title"] = {"text": grid.title, "font": font, "standoff": 6}
        down |= {"tickvals": [-grid.tall * (at + 0.44) for at in range(len(grid.rows))]}
        down |= {"ticktext": list(grid.rows)}
    return {
        "data": [
            *(
                draw_key_entry(
                    words, find_colour(look, colour), line={"color": look.quiet, "width": 1}
                )
                for colour, words in key.items()
            ),
            _write_cells(placed, grid.tall, look),
        ],
        "layout": build_layout(
            look,
            round(deep + top + foot),
            annotations=[*list_marks(look, synthetic), *_list_heads(grid, tops, look)],
            shapes=list(_list_shapes(placed, grid, look)),
            showlegend=bool(key),
            legend=place_key_above(MARK_ROOM, deep),
            hovermode="closest",
            hoverdistance=HOVER,
            xaxis=across,
            yaxis=down,
            margin={"l": measure_side(grid.rows) if grid.rows else 4, "r": 4, "t": top, "b": foot},
        ),
    }


def _place_blocks(grid: Grid) -> tuple[list[float], float]:
    """Return how far down the cells of each block begin, and how deep all of them go."""
    at, tops = 0.0, []
    for block in grid.blocks:
        at += HEAD if block.heading else 0
        tops.append(at)
        rows = max((cell.row for cell in block.cells), default=-1) + 1
        at += grid.tall * rows + (END if block.heading else 0)
    return tops, max(at, float(grid.tall))


def _list_heads(grid: Grid, tops: list[float], look: Theme) -> list[Made]:
    return [
        _write_head(block, top - HEAD + 4, look)
        for block, top in zip(grid.blocks, tops, strict=True)
        if block.heading
    ]


def _write_head(block: Block, down: float, look: Theme) -> Made:
    words = f"<b>{block.heading}</b>" + (f", {block.words}" if block.words else "")
    colour = find_colour(look, block.colour)
    return write_note(words, look, size=14, colour=colour, yref="y", y=-down)


def _list_shapes(placed: list[tuple[Cell, float]], grid: Grid, look: Theme) -> Iterator[Made]:
    for cell, top in placed:
        line = {"color": look.quiet, "width": 2 if cell.broken else 1 if grid.key else 0}
        yield {
            "type": "rect",
            "layer": "below",
            "x0": cell.column + SIDE,
            "x1": cell.column + 1 - SIDE,
            "y0": -top,
            "y1": -(top + grid.tall * (1 - GAP)),
            "fillcolor": find_colour(look, cell.colour),
            "line": line | {"dash": "dash" if cell.broken else "solid"},
        }


def _write_cells(placed: list[tuple[Cell, float]], tall: int, look: Theme) -> Made:
    inks = [find_ink(look, cell.colour) for cell, _ in placed]
    return {
        "type": "scatter",
        "mode": "text",
        "x": [cell.column + 0.5 for cell, _ in placed],
        "y": [-(top + tall * (1 - GAP) / 2) for _, top in placed],
        "text": [cell.text for cell, _ in placed],
        "textfont": {"size": 11.5, "color": inks},
        "hovertext": [cell.hover for cell, _ in placed],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "showlegend": False,
    }
