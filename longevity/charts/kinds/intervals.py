"""Estimates one below the other, each with its interval and its words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd

from longevity.charts.drawing import Drawing, Figure, Words
from longevity.charts.kinds.bars import sort_by_city
from longevity.charts.template.words import draw_rule, list_marks, write_note
from longevity.charts.theme import MARK_ROOM, build_layout, find_colour, find_symbol

RATIOS = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20)
WIDEST = 8.0  # an interval of ratios that reaches further is drawn to here
FOOT = 36  # pixels under the last one for the scale
INDENT = 4  # pixels, so that the line at nought does not cross the first letter
MOST_ABOVE = 8  # more of them on paper have their words beside them


@dataclass(frozen=True)
class _Steps:
    """How many pixels a heading, an estimate and the end of a group take.

    `words`: how far down an estimate its words begin; `line`: its interval. `beside`: of the
    width, what words at the left take, 0 where they stand above.
    """

    heading: int
    estimate: int
    end: int
    words: int
    line: int
    beside: float


ABOVE = _Steps(heading=32, estimate=46, end=6, words=2, line=34, beside=0)
BESIDE = _Steps(heading=22, estimate=22, end=8, words=11, line=11, beside=0.48)


def draw_intervals(
    frame: pd.DataFrame,
    drawing: Drawing,
    words: Words,
    *,
    value: str = "value",
    low: str = "low",
    high: str = "high",
    ratio: bool = False,
    on_paper: bool = False,
) -> Figure:
    """Draw each row's value between the ends of its interval, in the colour of its city.

    Its columns `label` and `said` are the words above it, at the left where there are many on
    paper, and on hover; `heading`, `colour`, `symbol` and `sign`, if there are, of a group of rows
    and of the mark. Where `low` is missing nothing is drawn, where `high` is the interval has no
    end. `ratio`: of a ratio, around a line at 1 that is named `parts.middle`.
    """
    look, rows = drawing.theme, sort_by_city(frame, drawing)
    cities = [
        drawing.name_colour(city) if city in drawing.cities else "ink" for city in rows["city"]
    ]
    usual = {"heading": "", "sign": "", "colour": cities, "symbol": [*map(find_symbol, cities)]}
    given = {name: rows.get(name, column) for name, column in usual.items()}
    rows = rows.assign(city=cities, value=rows[value], low=rows[low], high=rows[high], **given)
    steps = BESIDE if on_paper and len(rows) > MOST_ABOVE else ABOVE
    traces, notes, at = [], list_marks(drawing), 0.0
    middle = {"yref": "y", "xshift": INDENT} | ({"yanchor": "middle"} if steps.beside else {})
    for heading, group in rows.groupby("heading", sort=False):
        if heading:
            down = at + (steps.heading / 2 if steps.beside else 4)
            ink = find_colour(look, group["city"].iloc[0])
            notes.append(
                write_note(f"<b>{heading}</b>", look, size=15, colour=ink, y=down, **middle)
            )
            at += steps.heading
        for row in group.itertuples():
            shade = find_colour(look, row.colour)
            sign = f"<span style='color:{shade}'><b>{row.sign}</b></span> " if row.sign else ""
            notes.append(write_note(f"{sign}{row.label}", look, y=at + steps.words, **middle))
            if pd.notna(row.low):
                traces.append(_draw_line(row, at + steps.line, ratio, shade))
            at += steps.estimate
        at += steps.end
    deep = max(at, float(steps.estimate))
    middle_line = draw_rule(look, x0=1, x1=1, yref="paper", y0=0, y1=1)
    beside = {"domain": [steps.beside, 1], "anchor": "y"} if steps.beside else {}
    return {
        "data": traces,
        "layout": build_layout(
            look,
            round(deep + MARK_ROOM + FOOT),
            annotations=notes,
            shapes=[middle_line] if ratio else [],
            xaxis=_scale(traces, ratio, words.get("parts.middle")) | beside,
            yaxis={"range": [deep, 0], "visible": False},
            margin={"l": 16, "r": 16, "t": MARK_ROOM, "b": FOOT},
        ),
    }


def _find_ends(row: Any, ratio: bool) -> tuple[float, float, float]:
    """Return where an interval begins, its value and where it ends, as far as it is drawn.

    Without a value it is a line to its end: only a least one is known.
    """
    low, high = float(row.low), math.inf if pd.isna(row.high) else float(row.high)
    value = None if pd.isna(row.value) else float(row.value)
    if ratio:  # which has no place for nought
        value = value if value is None else value or 1 / WIDEST
        low = min(max(low, min(1 / WIDEST, value or 1.0)), WIDEST)
        high = max(low, min(high, max(WIDEST, value or 1.0)))
    return low, high if value is None else value, high


def _draw_line(row: Any, y: float, ratio: bool, shade: str) -> Figure:
    size = 1 if pd.isna(row.value) else 11
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": [*_find_ends(row, ratio)],
        "y": [y] * 3,
        "line": {"color": shade, "width": 3},
        "marker": {"color": shade, "size": [1, size, 1], "symbol": row.symbol},
        "hovertemplate": f"{row.said}<extra></extra>",
    }


def _scale(traces: list[Figure], ratio: bool, middle: str | None) -> Figure:
    if not ratio:
        return {"rangemode": "tozero", "showgrid": True}
    ends = [x for trace in traces for x in trace["x"]]
    least, most = min([0.5, *ends]), max([2.0, *ends])
    return {
        "type": "log",
        "tickvals": list(RATIOS),
        "ticktext": [middle if at == 1 and middle else f"{at:g}×" for at in RATIOS],
        "range": [math.log10(least * 0.85), math.log10(most * 1.15)],
        "showgrid": True,
    }
