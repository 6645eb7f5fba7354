"""Rows of stacked bars: each label above its bar, so that nothing is cut on a narrow screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from longevity.charts.chart import Drawing, Figure
from longevity.charts.theme import DONE_COLOURS, DONE_PATTERNS, MARK_ROOM, city_colour, layout
from longevity.text import wording

Row = dict[Any, Any]  # a line of a frame, by column
ROW = 46  # pixels a row takes, its label and its bar
HEADING = 30
TICKS = 26  # the scale below the bars, where there is one
LEGEND_LINE = 18  # on a narrow screen each part of it takes one
BAR = 0.46  # of a row
ROOM_FOR_A_DIGIT = 0.032  # of the width, so that a number stands inside its bar


@dataclass(frozen=True)
class Part:
    """One part of each bar: its column, its words, and whether that was done (`style.DONE`)."""

    column: str
    name: str
    done: str


def bars(
    rows: pd.DataFrame | list[Row],
    parts: Sequence[Part],
    drawing: Drawing,
    against_standard: bool = False,
) -> Figure:
    """Horizontal bars, one a row, of `parts` side by side.

    `rows`, a frame or its lines: label, note (words at the right), city (its id where a row
    begins a city's, else ""), and each part's column with its amount, missing where it is not
    told. `against_standard`:
    the amounts are shares from 0 to 1 and a line across stands at 100 %.
    """
    told: list[Row] = rows.to_dict("records") if isinstance(rows, pd.DataFrame) else rows
    places, depth = _places(told)
    parts = [part for part in parts if any(_amount(row, part) for row in told)] or parts[:1]
    totals = [sum(_amount(row, part) for part in parts) for row in told]
    end = 1.0 if against_standard else max([1e-9, *totals])
    notes = [*drawing.marks(), *_labels(told, places, drawing, against_standard)]
    notes += [] if against_standard else _numbers(told, parts, places, end, drawing)
    ticks = TICKS if against_standard else 0
    scale = {"range": [0, end * 1.001], "visible": False}
    if against_standard:
        scale |= {
            "range": [0, 1.04],
            "visible": True,
            "tickvals": [0, 0.25, 0.5, 0.75, 1],
            "ticktext": ["0", "25\u00a0%", "50\u00a0%", "75\u00a0%", "<b>100\u00a0%</b>"],
            "ticks": "outside",
            "zeroline": False,
        }
    below = ticks + 26 + LEGEND_LINE * len(parts)
    height = depth * ROW + below + MARK_ROOM
    return {
        "data": [_trace(told, part, places, drawing) for part in parts],
        "layout": layout(
            drawing.theme,
            round(height),
            annotations=notes,
            shapes=[_standard(drawing)] if against_standard else [],
            barmode="stack",
            showlegend=len(parts) > 1,
            legend={
                "orientation": "h",
                "x": 0,
                "y": -(8 + ticks) / (depth * ROW),
                "yanchor": "top",
                "traceorder": "normal",
                "itemclick": False,
                "itemdoubleclick": False,
            },
            xaxis=scale,
            # Not seen here: a slide's own chart takes the rows' names from it.
            yaxis={
                "range": [-depth, 0],
                "visible": False,
                "tickvals": [-(place + 0.72) for place in places],
                "ticktext": _named(told, drawing),
            },
            margin={"l": 4, "r": 4, "t": MARK_ROOM, "b": below},
        ),
    }


def _amount(row: Row, part: Part) -> float:
    """How much a part of a bar is; nothing where it is not told."""
    value = row[part.column]
    return 0.0 if pd.isna(value) else float(value)


def _places(rows: list[Row]) -> tuple[list[float], float]:
    """How far down each bar stands, in rows, and how deep all of them go."""
    at, places = 0.0, []
    for row in rows:
        at += HEADING / ROW if row["city"] and row["label"] else 0
        places.append(at)
        at += 1
    return places, max(at, 1)


def _named(rows: list[Row], drawing: Drawing) -> list[str]:
    """Each row in words: its city where there are several, its label, and its note."""
    several = sum(row["city"] != "" for row in rows) > 1
    city, named = "", []
    # What is said of every row alike stands over the chart.
    alike = several and len({row["label"] for row in rows}) == 1
    for row in rows:
        city = row["city"] or city
        name = drawing.cities[city] if city and (several or not row["label"]) else ""
        words = (name, "" if alike else row["label"], row["note"])
        named.append(": ".join(word for word in words if word))
    return named


def _trace(
    rows: list[Row], part: Part, places: Sequence[float], drawing: Drawing
) -> dict[str, Any]:
    amounts = [None if pd.isna(row[part.column]) else float(row[part.column]) for row in rows]
    return {
        "type": "bar",
        "orientation": "h",
        "x": amounts,
        "y": [-(place + 0.72) for place in places],
        "width": BAR,
        "name": part.name,
        "marker": look(part.done, drawing, [each or 0 for each in amounts]),
        "customdata": [[row["label"], _said(row, part)] for row in rows],
        "hovertemplate": "%{customdata[0]}: %{customdata[1]}<extra>" + part.name + "</extra>",
    }


def look(done: str, drawing: Drawing, amounts: Sequence[float]) -> dict[str, Any]:
    """The marker of bars that say whether something was done; a bar of nothing has no edge."""
    return {
        "color": DONE_COLOURS[drawing.theme.name][done],
        "line": {"color": drawing.theme.ground, "width": [1 if each else 0 for each in amounts]},
        "pattern": {
            "shape": DONE_PATTERNS[done],
            "fillmode": "overlay",
            "fgcolor": drawing.theme.ground,
            "size": 6,
            "solidity": 0.25,
        },
    }


def _said(row: Row, part: Part) -> str:
    """What a bar's part stands for, in words: `said_COLUMN` where a row has it."""
    said = f"said_{part.column}"
    if said in row:
        return str(row[said])
    return "not told" if pd.isna(row[part.column]) else wording.format_number(row[part.column])


def _labels(
    rows: list[Row], places: Sequence[float], drawing: Drawing, before_line: bool
) -> list[dict[str, Any]]:
    """City, label and note of each row; notes end before the line of the standard."""
    notes = []
    for row, place in zip(rows, places, strict=True):
        city, label = row["city"], row["label"]
        if city:
            colour = city_colour(drawing.theme, drawing.position(city))
            heading = f"<b>{drawing.cities[city]}</b>"
            down = place - HEADING / ROW / 2 + 0.1 if label else place + 0.26
            notes.append(_words(heading, 0, down, "left", 15, colour))
        notes.append(_words(label, 0, place + 0.26, "left", 14, drawing.theme.ink))
        note = _words(row["note"], 1, place + 0.26, "right", 13, drawing.theme.quiet)
        notes.append(note | ({"xref": "x", "x": 0.985} if before_line else {}))
    return [note for note in notes if note["text"]]


def _words(text: str, x: float, down: float, anchor: str, size: int, colour: str) -> dict[str, Any]:
    return {
        "text": text,
        "x": x,
        "xref": "paper",
        "xanchor": anchor,
        "y": -down,
        "yanchor": "middle",
        "showarrow": False,
        "font": {"size": size, "color": colour},
    }


def _numbers(
    rows: list[Row], parts: Sequence[Part], places: Sequence[float], end: float, drawing: Drawing
) -> list[dict[str, Any]]:
    """The amount inside each part wide enough to hold it."""
    notes = []
    for row, place in zip(rows, places, strict=True):
        start = 0.0
        for part in parts:
            amount = _amount(row, part)
            text = wording.format_number(amount)
            if amount and amount / end >= ROOM_FOR_A_DIGIT * (len(text) + 0.6):
                colour = DONE_COLOURS[drawing.theme.name][part.done]
                note = _words(text, start + amount / 2, place + 0.72, "center", 13, colour)
                note |= {"xref": "x", "font": {"size": 13, "color": drawing.theme.ground}}
                # A pattern would run through the number: a solid ground stands behind it.
                note |= {"bgcolor": colour, "borderpad": 0} if DONE_PATTERNS[part.done] else {}
                notes.append(note)
            start += amount
    return notes


def _standard(drawing: Drawing) -> dict[str, Any]:
    return {
        "type": "line",
        "x0": 1,
        "x1": 1,
        "y0": 0,
        "y1": 1,
        "yref": "paper",
        "line": {"color": drawing.theme.ink, "width": 2.5},
    }
