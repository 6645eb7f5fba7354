"""The two-sided ledger as a picture: a line a group, from its notice to today."""

from __future__ import annotations

import html
from datetime import date, timedelta
from typing import Any

import pandas as pd

from longevity.days import short
from longevity.measures.bargain import LEDGER_ORDER
from longevity.press.chart import Chart, Drawing
from longevity.press.style import (
    MARK_ROOM,
    STATE_COLOURS,
    STATE_PATTERNS,
    STATES,
    city_colour,
    layout,
)

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
    lines = _lines(groups, episodes, unrestrained, drawing)
    rows = dict(zip(zip(lines["city"], lines["group_id"], strict=True), lines["row"], strict=True))
    traces = [_waiting(lines, through, drawing)]
    traces += [_episodes(_placed(episodes, rows), state, drawing) for state in STATES]
    traces += [
        _points(lines, "notice_on", "notice", "line-ns-open", 14, drawing.theme.ink),
        _points(
            _placed(unrestrained, rows),
            "acted_on",
            "unprovoked",
            "triangle-up-open",
            11,
            drawing.theme.ink,
        ),
    ]
    counts = episodes["state"].value_counts()
    said = ", ".join(f"{int(counts.get(state, 0))} {state}" for state in STATES)
    return Chart(
        name="two-sided-ledger",
        title=title,
        subtitle="A line a group from its notice on, and what it stands at today. A bar is an "
        "episode: from the shooting to the action on the group, or to day 90. An unprovoked "
        f"action is one on a group that had not shot.{_left_out(len(lines), of_all)}",
        figure={"data": traces, "layout": _layout(lines, drawing, through)},
        alt=f"Timeline of {len(lines)} groups with {len(episodes)} episodes: {said}; "
        f"{len(unrestrained)} actions on groups that had not shot.",
        table=episodes,
    )


def _left_out(drawn: int, of_all: int) -> str:
    """Which lines are drawn, where not all are."""
    if of_all <= drawn:
        return ""
    return f" Drawn are {drawn:,} of {of_all:,} groups, {LEDGER_ORDER}."


def _lines(
    groups: pd.DataFrame, episodes: pd.DataFrame, unrestrained: pd.DataFrame, drawing: Drawing
) -> pd.DataFrame:
    """Every group that has something to show, by city, those without notice last; with its row.

    Rows are counted downwards from 0 and leave one free above each city for its name.
    """
    known = groups[["city", "group_id", "name", "today", "notice_on"]]
    others = pd.concat([episodes, unrestrained])[["city", "group_id"]].drop_duplicates()
    every = known.merge(others, on=["city", "group_id"], how="outer", sort=False)
    order = {key: at for at, key in enumerate(zip(groups["city"], groups["group_id"], strict=True))}
    keys = list(zip(every["city"], every["group_id"], strict=True))
    every = every.assign(
        name=every["name"].fillna(every["group_id"]),
        today=every["today"].fillna("passed on"),
        place=every["city"].map(drawing.position),
        order=[order.get(key, len(order)) for key in keys],
    ).sort_values(["place", "order", "group_id"], ignore_index=True)
    city_number = every["city"].ne(every["city"].shift()).cumsum()
    return every.assign(row=every.index + city_number)


def _placed(frame: pd.DataFrame, rows: dict[tuple[str, str], int]) -> pd.DataFrame:
    keys = zip(frame["city"], frame["group_id"], strict=True)
    return frame.assign(row=[rows[key] for key in keys], name=frame["group_id"])


def _waiting(lines: pd.DataFrame, through: date, drawing: Drawing) -> dict[str, Any]:
    """A thin line from notice to today: the promise stands."""
    x: list[Any] = []
    y: list[Any] = []
    for row in lines[lines["notice_on"].notna()].itertuples():
        x += [row.notice_on.date().isoformat(), through.isoformat(), None]
        y += [row.row, row.row, None]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "line": {"color": drawing.theme.grid, "width": 2},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _episodes(episodes: pd.DataFrame, state: str, drawing: Drawing) -> dict[str, Any]:
    own = episodes[episodes["state"] == state]
    ends = own["first_action_on"].fillna(own["violated_on"] + pd.Timedelta(days=WINDOW))
    last = pd.concat([ends, own["violated_on"] + pd.Timedelta(days=3)], axis=1).max(axis=1)
    return {
        "type": "bar",
        "orientation": "h",
        "width": 0.6,
        "base": [day.date().isoformat() for day in own["violated_on"]],
        "x": [span.days * 86_400_000 for span in last - own["violated_on"]],
        "y": own["row"].tolist(),
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
        "customdata": [
            [short(v), "–" if pd.isna(a) else short(a), group]
            for v, a, group in zip(
                own["violated_on"], own["first_action_on"], own["group_id"], strict=True
            )
        ],
        "hovertemplate": "%{customdata[2]}: shot %{customdata[0]}, action %{customdata[1]}"
        f"<extra>{state}</extra>",
    }


def _points(
    frame: pd.DataFrame, column: str, name: str, symbol: str, size: int, colour: str
) -> dict[str, Any]:
    own = frame[frame[column].notna()]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [day.date().isoformat() for day in own[column]],
        "y": own["row"].tolist(),
        "name": name,
        "marker": {"symbol": symbol, "size": size, "color": colour, "line": {"width": 2.5}},
        "customdata": own["group_id"].tolist(),
        "hovertemplate": "%{customdata}: " + name + " %{x|%b %-d, %Y}<extra></extra>",
    }


def _layout(lines: pd.DataFrame, drawing: Drawing, through: date) -> dict[str, Any]:
    first = lines["notice_on"].min()
    start = first.date() if pd.notna(first) else through - timedelta(days=365)
    deepest = int(lines["row"].max()) if len(lines) else 0
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
            "tickvals": lines["row"].tolist(),
            "ticktext": [_label(row, drawing) for row in lines.itertuples()],
        },
        margin={"l": 8, "r": 8, "t": MARK_ROOM + LEGEND, "b": 8},
    )


def _label(row: Any, drawing: Drawing) -> str:
    """A group's name and, in the colour of its state and in words, what it stands at."""
    colours = STATE_COLOURS[drawing.theme.name]
    colour = {"waits": colours["open"], "unanswered": colours["broken"]}.get(
        row.today.split(" ")[0], drawing.theme.quiet
    )
    # A tick takes a little HTML, and a code name comes from a file we were handed.
    name = html.escape(row.name, quote=False)
    return (
        f"<span style='color:{drawing.theme.ink}'>{name}</span> "
        f"<span style='color:{colour}'>{row.today}</span>"
    )


def _city_names(lines: pd.DataFrame, drawing: Drawing) -> list[dict[str, Any]]:
    firsts = lines.groupby("city", sort=False)["row"].min()
    return [
        {
            "text": f"<b>{drawing.cities[city]}</b>",
            "xref": "paper",
            "x": 0,
            "y": int(row) - 1,
            "xanchor": "left",
            "showarrow": False,
            "font": {"size": 14, "color": city_colour(drawing.theme, drawing.position(str(city)))},
        }
        for city, row in firsts.items()
    ]
