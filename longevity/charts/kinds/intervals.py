"""The kind "intervals": estimates one below the other, each with its interval and its words.

For example: times as many people shot as last year, with the 95% interval, for each city.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd

from longevity.charts.drawing import Figure, Kind, Words
from longevity.charts.template.rows import ABOVE, AT_THE_LEFT, order_rows, place_rows
from longevity.charts.template.words import draw_rule, list_marks
from longevity.charts.theme import MARK_ROOM, Theme, build_layout, find_colour, find_symbol

RATIOS = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20)  # written along a scale of ratios
WIDEST = 8.0  # an interval of ratios that reaches further is drawn to here
FOOT = 36  # pixels under the last interval for the scale


@dataclass(frozen=True)
class Intervals(Kind):
    """A line for each row, along its interval, with a mark at its value.

    `value`, `low`, `high`: columns of the frame. Where `low` is missing nothing is drawn; where
    `high` is, the interval has no end. Columns `label` and `said` are the words above it (at the
    left on paper) and on hover; `heading`, `colour` and `symbol` may be there. `ratio`: values are
    ratios, drawn around a line at 1, which the words name `parts.middle`.
    """

    frame: pd.DataFrame
    words: Words
    value: str = "value"
    low: str = "low"
    high: str = "high"
    ratio: bool = False

    def draw(self, *, on_paper: bool = False) -> Figure:
        """Return the lines as a Plotly figure."""
        look = self.drawing.theme
        rows = order_rows(self.frame, self.drawing)
        steps = AT_THE_LEFT if on_paper else ABOVE
        middles, notes, deep = place_rows(rows, look, steps)
        usual = {"colour": rows["ink"], "symbol": rows["ink"].map(find_symbol)}
        rows = rows.assign(
            value=rows[self.value].astype("float64"),
            low=rows[self.low].astype("float64"),
            high=rows[self.high].astype("float64").fillna(math.inf),
            at=middles,
            **{name: rows.get(name, column) for name, column in usual.items()},
        )
        drawn = rows[rows["low"].notna()].itertuples()
        traces = [_draw_interval(row, self.ratio, look) for row in drawn]
        middle = draw_rule(look, x0=1, x1=1, yref="paper", y0=0, y1=1)
        scale = (
            _scale(traces, self.words.get("parts.middle", "1×"))
            if self.ratio
            else {"rangemode": "tozero"}
        )
        return {
            "data": traces,
            "layout": build_layout(
                look,
                round(deep + MARK_ROOM + FOOT),
                annotations=[*list_marks(self.drawing), *notes],
                shapes=[middle] if self.ratio else [],
                xaxis={"showgrid": True, "domain": [steps.side, 1], **scale},
                yaxis={"range": [deep, 0], "visible": False},
                margin={"l": 16, "r": 16, "t": MARK_ROOM, "b": FOOT},
            ),
        }


def _draw_interval(row: Any, ratio: bool, look: Theme) -> Figure:
    """Return the trace of one row's interval.

    It has no mark where the value is not known, only the least it may be or the most.
    """
    has_mark = pd.notna(row.value)
    value, low, high = row.value if has_mark else row.high, row.low, row.high
    if ratio:  # the scale of ratios is logarithmic, and has no place for 0
        value = max(value, 1 / WIDEST) if has_mark else min(value, WIDEST)
        least, most = min(1 / WIDEST, value), max(WIDEST, value)
        low, high = (min(max(end, least), most) for end in (low, high))
    shade = find_colour(look, row.colour)
    sizes = [1, 11 if has_mark else 1, 1]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": [low, value, high],
        "y": [row.at] * 3,
        "line": {"color": shade, "width": 3},
        "marker": {"color": shade, "size": sizes, "symbol": row.symbol},
        "hovertemplate": f"{row.said}<extra></extra>",
    }


def _scale(traces: list[Figure], middle: str) -> Figure:
    """Return an axis of ratios with room for what is drawn; `middle` are the words at 1."""
    ends = [x for trace in traces for x in trace["x"]]
    return {
        "type": "log",
        "tickvals": [*RATIOS],
        "ticktext": [middle if ratio == 1 else f"{ratio:g}×" for ratio in RATIOS],
        "range": [math.log10(min([0.5, *ends]) * 0.85), math.log10(max([2, *ends]) * 1.15)],
    }
