"""The two-sided ledger as a picture: a line a group, from its notice to today."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pandas as pd

from longevity.charts.chart import Chart, Drawing, hand_drawn
from longevity.charts.theme import (
    MARK_ROOM,
    STATE_COLOURS,
    STATE_PATTERNS,
    STATES,
    city_colour,
    layout,
)
from longevity.dates import format_short
from longevity.text.promise_text import LEDGER_ORDER

Row = dict[str, Any]  # a line of a frame, by column
DAY = 86_400_000  # milliseconds, as Plotly counts the length of a bar
LINE = 24  # pixels a group takes
WINDOW = 90
LEGEND = 64  # pixels of a legend that takes three rows on a phone


def ledger(
    groups: pd.DataFrame,
    episodes: pd.DataFrame,
    unrestrained: pd.DataFrame,
    drawing: Drawing,
    through: date,
    title: str,
    of_all: int = 0,
) -> Chart:
    """One line a group over time: notice, episodes by what became of them, broken restraint.

    `groups`: city, group_id, name, today (a word), notice_on (NaT without), in the
    order they are drawn. `episodes`: city, group_id, violated_on, first_action_on (NaT
    while unanswered), state. `unrestrained`: city, group_id, acted_on, the group-scope
    actions that answer no episode. A group that passed on has a line of its own,
    without the notice its successor took over. `of_all`: how many lines there are, drawn or not.
    """
    marks = episodes.to_dict("records")
    broke = unrestrained.to_dict("records")
    lines = _lines(groups.to_dict("records"), [*marks, *broke], drawing)
    rows = {(line["city"], line["group_id"]): line["row"] for line in lines}
    traces = [_waiting(lines, through, drawing)]
    traces += [_episodes(marks, rows, state, drawing) for state in STATES]
    ink = drawing.theme.ink
    traces += [
        _points(lines, rows, "notice_on", "notice", "line-ns-open", 14, ink),
        _points(broke, rows, "acted_on", "unprovoked", "triangle-up-open", 11, ink),
    ]
    counts = Counter(mark["state"] for mark in marks)
    said = ", ".join(f"{counts[state]} {state}" for state in STATES)
    return hand_drawn(
        drawing=drawing,
        name="two-sided-ledger",
        title=title,
        subtitle="A line a group from its notice on, and what it stands at today. A bar is an "
        "episode: from the shooting to the action on the group, or to day 90. An unprovoked "
        f"action is one on a group that had not shot.{_left_out(len(lines), of_all)}",
        figure={"data": traces, "layout": _layout(lines, drawing, through)},
        alt=f"Timeline of {len(lines)} groups with {len(marks)} episodes: {said}; "
        f"{len(broke)} actions on groups that had not shot.",
        table=episodes,
    )


def _left_out(drawn: int, of_all: int) -> str:
    """Which lines are drawn, where not all are."""
    if of_all <= drawn:
        return ""
    return f" Drawn are {drawn:,} of {of_all:,} groups, {LEDGER_ORDER}."


def _lines(groups: list[Row], marks: list[Row], drawing: Drawing) -> list[Row]:
    """Every group that has something to show, by city, those without notice last; with its row.

    Rows are counted downwards from 0 and leave one free above each city for its name.
    """
    known = {(group["city"], group["group_id"]): group for group in groups}
    others = {(mark["city"], mark["group_id"]) for mark in marks} - known.keys()
    order = {key: at for at, key in enumerate(known)}
    lines: list[Row] = []
    row, before = -1, None
    for key in sorted(
        [*known, *others],
        key=lambda each: (drawing.position(each[0]), order.get(each, len(order)), each[1]),
    ):
        row += 1 + (key[0] != before)
        before = key[0]
        group = known.get(key, {"name": key[1], "today": "passed on", "notice_on": pd.NaT})
        said = {name: group[name] for name in ("name", "today", "notice_on")}
        lines.append({"city": key[0], "group_id": key[1], "row": row, **said})
    return lines


def _waiting(lines: list[Row], through: date, drawing: Drawing) -> dict[str, Any]:
    """A thin line from notice to today: the promise stands."""
    x: list[Any] = []
    y: list[Any] = []
    for line in lines:
        if not pd.isna(line["notice_on"]):
            x += [line["notice_on"].date().isoformat(), through.isoformat(), None]
            y += [line["row"], line["row"], None]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "line": {"color": drawing.theme.grid, "width": 2},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _episodes(
    marks: list[Row], rows: Mapping[tuple[str, str], int], state: str, drawing: Drawing
) -> dict[str, Any]:
    own = [mark for mark in marks if mark["state"] == state]
    base, spans, told = [], [], []
    for mark in own:
        shot, action = mark["violated_on"], mark["first_action_on"]
        answered = not pd.isna(action)
        base.append(shot.date().isoformat())
        spans.append(max(3, (action - shot).days if answered else WINDOW) * DAY)
        told.append(
            [format_short(shot), format_short(action) if answered else "–", mark["group_id"]]
        )
    return {
        "type": "bar",
        "orientation": "h",
        "width": 0.6,
        "base": base,
        "x": spans,
        "y": [rows[mark["city"], mark["group_id"]] for mark in own],
        "name": state,
        "marker": {
            "color": STATE_COLOURS[drawing.theme.name][state],
            "pattern": {
                "shape": STATE_PATTERNS[state],
                "fillmode": "overlay",
                "fgcolor": drawing.theme.ground,
                "size": 5,
            },
        },
        "customdata": told,
        "hovertemplate": "%{customdata[2]}: shot %{customdata[0]}, action %{customdata[1]}"
        f"<extra>{state}</extra>",
    }


def _points(
    marks: list[Row],
    rows: Mapping[tuple[str, str], int],
    column: str,
    name: str,
    symbol: str,
    size: int,
    colour: str,
) -> dict[str, Any]:
    own = [mark for mark in marks if not pd.isna(mark[column])]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [mark[column].date().isoformat() for mark in own],
        "y": [rows[mark["city"], mark["group_id"]] for mark in own],
        "name": name,
        "marker": {"symbol": symbol, "size": size, "color": colour, "line": {"width": 2.5}},
        "customdata": [mark["group_id"] for mark in own],
        "hovertemplate": "%{customdata}: " + name + " %{x|%b %-d, %Y}<extra></extra>",
    }


def _layout(lines: list[Row], drawing: Drawing, through: date) -> dict[str, Any]:
    noticed = [line["notice_on"].date() for line in lines if not pd.isna(line["notice_on"])]
    start = min(noticed, default=through - timedelta(days=365))
    deepest = max((line["row"] for line in lines), default=0)
    return layout(
        drawing.theme,
        max(200, LINE * (deepest + 2) + MARK_ROOM + LEGEND + 30),
        annotations=[*drawing.marks(above=LEGEND), *_city_names(lines, drawing)],
        barmode="overlay",
        showlegend=True,
        legend={
            "orientation": "h",
            "x": 0,
            "y": 1.0,
            "yanchor": "bottom",
            "font": {"size": 12},
            "entrywidth": 58,  # two beside each other on a phone
            "itemclick": False,
        },
        xaxis={
            "type": "date",
            "range": [
                (start - timedelta(days=60)).isoformat(),
                (through + timedelta(days=30)).isoformat(),
            ],
            "showgrid": True,
            "side": "bottom",
        },
        yaxis={
            "range": [deepest + 0.7, -0.5],
            "showgrid": False,
            "zeroline": False,
            "tickfont": {"size": 12},
            "tickmode": "array",
            "tickvals": [line["row"] for line in lines],
            "ticktext": [_label(line, drawing) for line in lines],
        },
        margin={"l": 8, "r": 8, "t": MARK_ROOM + LEGEND, "b": 8},
    )


def _label(line: Row, drawing: Drawing) -> str:
    """A group's name and, in the colour of its state and in words, what it stands at."""
    colours = STATE_COLOURS[drawing.theme.name]
    colour = {"waits": colours["open"], "unanswered": colours["broken"]}.get(
        line["today"].split(" ")[0], drawing.theme.quiet
    )
    # A tick takes a little HTML, and a code name comes from a file we were handed.
    name = html.escape(line["name"], quote=False)
    return (
        f"<span style='color:{drawing.theme.ink}'>{name}</span> "
        f"<span style='color:{colour}'>{line['today']}</span>"
    )


def _city_names(lines: list[Row], drawing: Drawing) -> list[dict[str, Any]]:
    firsts: dict[str, int] = {}
    for line in lines:
        firsts.setdefault(line["city"], line["row"])
    return [
        {
            "text": f"<b>{drawing.cities[city]}</b>",
            "xref": "paper",
            "x": 0,
            "y": row - 1,
            "xanchor": "left",
            "showarrow": False,
            "font": {"size": 14, "color": city_colour(drawing.theme, drawing.position(city))},
        }
        for city, row in firsts.items()
    ]
