"""Charts of program reach: the funnel, attendance over time, coverage of groups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from longevity.measures import wording
from longevity.press.chart import Chart, Drawing
from longevity.press.style import MARK_ROOM, RAMP, city_colour, layout

BAR = 54  # pixels a stage of the funnel takes
CELL = 40  # pixels a group takes in the grid
RECENCY = {
    "within": ("within 12 months", RAMP[3], "circle"),
    "before": ("over 12 months ago", RAMP[1], "diamond"),
    "none": ("no notice", "rgba(0,0,0,0)", "circle-open"),
}


def funnel(
    stages: Sequence[tuple[str, int]], losses: Sequence[str], drawing: Drawing, title: str
) -> Chart:
    """Stages from most to least, each with the loss that led to it in words.

    `stages`: name and count of persons; `losses`: one sentence for each stage
    after the first. The bars share a zero line, so that lengths compare.
    """
    names = [name for name, _ in stages]
    counts = [count for _, count in stages]
    words = ["", *losses]
    colour = city_colour(drawing.theme, 0)
    figure = {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "y": names,
                "x": counts,
                "marker": {"color": colour},
                "text": [
                    f"<b>{wording.number(count)}</b>  {loss}"
                    for count, loss in zip(counts, words, strict=True)
                ],
                "textposition": "outside",
                "cliponaxis": False,
                "textfont": {"size": 14, "color": drawing.theme.ink},
                "hovertemplate": "%{y}: %{x}<extra></extra>",
            }
        ],
        "layout": layout(
            drawing.theme,
            BAR * len(stages) + 48,
            annotations=drawing.marks(),
            bargap=0.35,
            xaxis={"range": [0, max([1, *counts]) * 1.9], "visible": False},
            yaxis={"autorange": "reversed", "showgrid": False, "tickfont": {"size": 14}},
            margin={"l": 8, "r": 8, "t": MARK_ROOM, "b": 8},
        ),
    }
    said = "; ".join(
        f"{name} {wording.number(count)}{f' ({loss})' if loss else ''}"
        for (name, count), loss in zip(stages, words, strict=True)
    )
    return Chart(
        name="call-in-funnel",
        title=title,
        subtitle="People invited, and how many went on to each next step.",
        figure=figure,
        alt=f"Funnel of {len(stages)} steps: {said}.",
        table=pd.DataFrame(stages, columns=["step", "people"]),
    )


def attendance(frame: pd.DataFrame, drawing: Drawing, title: str) -> Chart:
    """Attendance over time: a point with its Wilson interval, and what `unknown` could make of it.

    `frame`: period (text, in order), low, share, high (the interval, 0 to 1),
    most (share if every unknown had come), attended, unknown, reachable.
    """
    ink = city_colour(drawing.theme, 0)
    percent = [100 * share for share in frame["share"]]
    figure = {
        "data": [
            {
                "type": "bar",
                "x": frame["period"].tolist(),
                "base": percent,
                "y": [100 * (m - s) for m, s in zip(frame["most"], frame["share"], strict=True)],
                "width": 0.5,
                "marker": {"color": ink, "opacity": 0.22},
                "name": "if everyone unknown had come",
                "hoverinfo": "skip",
            },
            {
                "type": "scatter",
                "mode": "markers",
                "x": frame["period"].tolist(),
                "y": percent,
                "error_y": {
                    "type": "data",
                    "symmetric": False,
                    "array": [
                        100 * (h - s) for h, s in zip(frame["high"], frame["share"], strict=True)
                    ],
                    "arrayminus": [
                        100 * (s - w) for s, w in zip(frame["share"], frame["low"], strict=True)
                    ],
                    "color": ink,
                    "thickness": 1.5,
                    "width": 4,
                },
                "marker": {"color": ink, "size": 9},
                "customdata": frame[["attended", "reachable", "unknown"]].to_numpy().tolist(),
                "hovertemplate": "%{x}: %{customdata[0]} of %{customdata[1]} came"
                ", unknown for %{customdata[2]}<extra></extra>",
                "name": "attended",
            },
        ],
        "layout": layout(
            drawing.theme,
            320,
            annotations=drawing.marks(),
            barmode="overlay",
            yaxis={"range": [0, 105], "ticksuffix": "\u00a0%"},
            xaxis={"type": "category", "nticks": 12, "tickangle": 0},
            margin={"l": 8, "r": 8, "t": MARK_ROOM, "b": 8},
        ),
    }
    return Chart(
        name="attendance",
        title=title,
        subtitle="Attended ÷ reachable and not in custody, with the 95 % Wilson interval. "
        "The pale bar reaches to where it would be if everyone unknown had come.",
        figure=figure,
        alt=_attendance_alt(frame),
        table=frame,
    )


def _attendance_alt(frame: pd.DataFrame) -> str:
    if frame.empty:
        return "No session to show."
    last = frame.iloc[-1]
    return (
        f"Attendance over {len(frame)} periods. Last, {last['period']}: {int(last['attended'])} of "
        f"{int(last['reachable'])} came, unknown for {int(last['unknown'])}."
    )


def coverage(frame: pd.DataFrame, drawing: Drawing, title: str, across: int = 12) -> Chart:
    """A grid with one cell a group: notice, and how long since somebody of it came.

    `frame`: city, group_id, recency (within, before, none), said (hover), in order.
    """
    cities = [city for city in drawing.cities if city in set(frame["city"])]
    places: list[tuple[float, float]] = []
    notes = drawing.marks()
    row = 0.0
    for city in cities:
        own = int((frame["city"] == city).sum())
        notes.append(_city_label(drawing, city, row))
        places += [(n % across, row + 1 + n // across) for n in range(own)]
        row += 2 + (own - 1) // across
    placed = frame.sort_values("city", key=lambda c: c.map(drawing.position), kind="stable")
    placed = placed.assign(x=[x for x, _ in places], y=[y for _, y in places])
    traces: list[dict[str, Any]] = []
    for recency, (words, colour, symbol) in RECENCY.items():
        own_state = placed[placed["recency"] == recency]
        traces.append(
            {
                "type": "scatter",
                "mode": "markers+text",
                "x": own_state["x"].tolist(),
                "y": own_state["y"].tolist(),
                "text": own_state["group_id"].str.rsplit("-", n=1).str[-1].tolist(),
                "textposition": "bottom center",
                "textfont": {"size": 12, "color": drawing.theme.ink},
                "hovertext": own_state["said"].tolist(),
                "hovertemplate": "%{hovertext}<extra></extra>",
                "name": words,
                "marker": {
                    "symbol": symbol,
                    "size": 18,
                    "color": drawing.theme.quiet if recency == "none" else colour,
                    "line": {"color": drawing.theme.quiet, "width": 1.5},
                },
            }
        )
    hidden = {"visible": False, "fixedrange": True}
    figure = {
        "data": traces,
        "layout": layout(
            drawing.theme,
            max(160, int(CELL * (row + 1))) + 60,
            annotations=notes,
            showlegend=True,
            legend={"orientation": "h", "x": 0, "y": -0.02, "yanchor": "top", "itemclick": False},
            xaxis=hidden | {"range": [-0.6, across - 0.4]},
            yaxis=hidden | {"range": [row, -0.6]},
            margin={"l": 8, "r": 8, "t": MARK_ROOM, "b": 40},
        ),
    }
    counts = frame["recency"].value_counts()
    said = ", ".join(f"{int(counts.get(k, 0))} {words}" for k, (words, _, _) in RECENCY.items())
    return Chart(
        name="group-coverage",
        title=title,
        subtitle="One mark a group on an audit: whether a member attended a call-in, and when.",
        figure=figure,
        alt=f"Grid of {len(frame)} groups: {said}.",
        table=frame.drop(columns=["said"]),
    )


def _city_label(drawing: Drawing, city: str, row: float) -> dict[str, Any]:
    return {
        "text": f"<b>{drawing.cities[city]}</b>",
        "x": -0.5,
        "y": row,
        "xanchor": "left",
        "yanchor": "middle",
        "showarrow": False,
        "font": {"size": 14, "color": city_colour(drawing.theme, drawing.position(city))},
    }
