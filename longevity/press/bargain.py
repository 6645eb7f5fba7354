"""Charts of the bargain: the two-sided ledger and the days to enforcement."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd

from longevity.measures import wording
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
SHOWN_DAYS = 120  # late answers go on for years; the promise is about the first 90 days


def ledger(
    groups: pd.DataFrame,
    episodes: pd.DataFrame,
    unrestrained: pd.DataFrame,
    drawing: Drawing,
    through: date,
    title: str,
) -> Chart:
    """One line a group over time: notice, episodes by what became of them, broken restraint.

    `groups`: city, group_id, notice_on (NaT without). `episodes`: city, group_id,
    violated_on, first_action_on (NaT while unanswered), state. `unrestrained`: city,
    group_id, acted_on, the group-scope actions that answer no episode. A group that
    passed on has a line of its own, without the notice its successor took over.
    """
    order = _lines(groups, episodes, unrestrained, drawing)
    names = order["group_id"].tolist()
    traces = [_waiting(order, through, drawing)]
    traces += [_episodes(episodes, state, drawing) for state in STATES]
    traces += [
        _points(order, "notice_on", "notice", "line-ns-open", 14, drawing.theme.ink),
        _points(
            unrestrained,
            "acted_on",
            "action without a shooting",
            "triangle-up-open",
            11,
            drawing.theme.ink,
        ),
    ]
    first = order["notice_on"].min()
    start = first.date() if pd.notna(first) else through - timedelta(days=365)
    figure = {
        "data": traces,
        "layout": layout(
            drawing.theme,
            max(200, LINE * len(names) + 110),
            annotations=drawing.marks(),
            barmode="overlay",
            bargap=0.4,
            showlegend=True,
            legend={"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom", "itemclick": False},
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
                "type": "category",
                "categoryorder": "array",
                "categoryarray": names[::-1],
                "showgrid": False,
                "tickfont": {"size": 12},
                "dtick": 1,
            },
            margin={"l": 8, "r": 8, "t": MARK_ROOM + 40, "b": 8},
        ),
    }
    counts = episodes["state"].value_counts()
    said = ", ".join(f"{int(counts.get(state, 0))} {state}" for state in STATES)
    return Chart(
        name="two-sided-ledger",
        title=title,
        subtitle="A line a group from its notice on. A bar is an episode: from the shooting to the "
        "action on the group, or to day 90. A triangle is an action on a group that had not shot.",
        figure=figure,
        alt=f"Timeline of {len(names)} groups with {len(episodes)} episodes: {said}; "
        f"{len(unrestrained)} actions on groups that had not shot.",
        table=episodes,
    )


def _lines(
    groups: pd.DataFrame, episodes: pd.DataFrame, unrestrained: pd.DataFrame, drawing: Drawing
) -> pd.DataFrame:
    """Every group that has something to show, by city and code."""
    known = groups[["city", "group_id", "notice_on"]]
    others = pd.concat([episodes, unrestrained])[["city", "group_id"]].drop_duplicates()
    every = others.merge(known, on=["city", "group_id"], how="outer")
    number = every["group_id"].str.extract(r"(\d+)$")[0].fillna("0").astype(int)
    place = every["city"].map(drawing.position)
    return every.assign(place=place, number=number).sort_values(["place", "number", "group_id"])


def _waiting(groups: pd.DataFrame, through: date, drawing: Drawing) -> dict[str, Any]:
    """A thin line from notice to today: the promise stands."""
    x: list[Any] = []
    y: list[Any] = []
    for row in groups[groups["notice_on"].notna()].itertuples():
        x += [row.notice_on.date().isoformat(), through.isoformat(), None]
        y += [row.group_id, row.group_id, None]
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
        "base": [day.date().isoformat() for day in own["violated_on"]],
        "x": [span.days * 86_400_000 for span in last - own["violated_on"]],
        "y": own["group_id"].tolist(),
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
            [v.date().isoformat(), "–" if pd.isna(a) else a.date().isoformat()]
            for v, a in zip(own["violated_on"], own["first_action_on"], strict=True)
        ],
        "hovertemplate": "%{y}: shot %{customdata[0]}, action %{customdata[1]}"
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
        "y": own["group_id"].tolist(),
        "name": name,
        "marker": {"symbol": symbol, "size": size, "color": colour, "line": {"width": 2.5}},
        "hovertemplate": "%{y}: " + name + " %{x|%Y-%m-%d}<extra></extra>",
    }


def days_to_action(curves: pd.DataFrame, drawing: Drawing, title: str) -> Chart:
    """The share of episodes answered by each day, with its interval.

    `curves`: city, day, answered, low, high (0 to 1): steps of one minus the
    Kaplan–Meier survival.
    """
    traces: list[dict[str, Any]] = []
    for city in [c for c in drawing.cities if c in set(curves["city"])]:
        own = curves[curves["city"] == city]
        colour = city_colour(drawing.theme, drawing.position(city))
        days = own["day"].tolist()
        for column, hover in (("low", False), ("high", False), ("answered", True)):
            traces.append(
                {
                    "type": "scatter",
                    "mode": "lines",
                    "x": days,
                    "y": [100 * value for value in own[column]],
                    "line": {"shape": "hv", "color": colour, "width": 2.5 if hover else 0},
                    "fill": "tonexty" if column == "high" else "none",
                    "fillcolor": f"rgba{(*_rgb(colour), 0.15)}",
                    "name": drawing.cities[city],
                    "showlegend": hover,
                    "hoverinfo": "all" if hover else "skip",
                    "hovertemplate": "%{y:.0f}\u00a0% answered by day %{x}<extra>"
                    f"{drawing.cities[city]}</extra>",
                }
            )
    figure = {
        "data": traces,
        "layout": layout(
            drawing.theme,
            340,
            annotations=drawing.marks(),
            showlegend=True,
            legend={"orientation": "h", "x": 0, "y": 1.0, "yanchor": "bottom"},
            xaxis={
                "title": {"text": "days since the shooting"},
                "tickvals": [0, 30, 60, 90],
                "range": [0, SHOWN_DAYS],
            },
            yaxis={"range": [0, 102], "ticksuffix": "\u00a0%"},
            margin={"l": 8, "r": 8, "t": MARK_ROOM + 20, "b": 8},
        ),
    }
    return Chart(
        name="days-to-action",
        title=title,
        subtitle="Share of episodes met by enforcement on the group by each day, with the "
        "95 % interval (Kaplan–Meier; open episodes are censored).",
        figure=figure,
        alt=_days_alt(curves, drawing),
        table=curves,
    )


def _days_alt(curves: pd.DataFrame, drawing: Drawing) -> str:
    parts = []
    for city in [c for c in drawing.cities if c in set(curves["city"])]:
        own = curves[(curves["city"] == city) & (curves["day"] <= 30)]
        if len(own):
            parts.append(f"{drawing.cities[city]} {100 * own['answered'].iloc[-1]:.0f} % by day 30")
    return f"Curves of episodes answered by day: {wording.listed(parts)}."


def _rgb(colour: str) -> tuple[int, int, int]:
    return (int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16))
