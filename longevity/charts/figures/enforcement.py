"""How soon a promise is answered, and how often groups shot before and after notice."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from longevity.charts.chart import Chart, Drawing, hand_drawn
from longevity.charts.theme import CITY_DASHES, CITY_SYMBOLS, MARK_ROOM, city_colour, layout
from longevity.text import wording

SHOWN_DAYS = 120  # late answers go on for years; the promise is about the first 90 days
LEGEND = 24
RATIOS = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20)


def days_to_action(curves: pd.DataFrame, drawing: Drawing, title: str) -> Chart:
    """The share of episodes answered by each day, with its interval.

    `curves`: city, day, answered, low, high (0 to 1): steps of one minus the
    Kaplan–Meier survival.
    """
    traces: list[dict[str, Any]] = []
    for city in _cities(curves, drawing):
        traces += _curve(curves[curves["city"] == city], city, drawing)
    figure = {
        "data": traces,
        "layout": layout(
            drawing.theme,
            360,
            annotations=drawing.marks(above=LEGEND),
            showlegend=True,
            # Plotly turns the order round where areas are filled to the next line.
            legend={
                "orientation": "h",
                "x": 0,
                "y": 1.0,
                "yanchor": "bottom",
                "traceorder": "normal",
            },
            xaxis={
                "title": {"text": "days since the shooting"},
                "tickvals": [0, 30, 60, 90],
                "range": [0, SHOWN_DAYS],
            },
            yaxis={"range": [0, 102], "ticksuffix": "\u00a0%"},
            margin={"l": 8, "r": 8, "t": MARK_ROOM + LEGEND, "b": 8},
        ),
    }
    return hand_drawn(
        drawing=drawing,
        name="days-to-action",
        title=title,
        subtitle="Share of episodes met by enforcement on the group by each day, with the "
        "95 % interval (Kaplan–Meier; open episodes are censored).",
        figure=figure,
        alt=_days_alt(curves, drawing),
        table=curves,
    )


def _cities(frame: pd.DataFrame, drawing: Drawing) -> list[str]:
    return [city for city in drawing.cities if city in set(frame["city"])]


def _curve(own: pd.DataFrame, city: str, drawing: Drawing) -> list[dict[str, Any]]:
    place = drawing.position(city)
    colour = city_colour(drawing.theme, place)
    # The steps in sight and the next, to which the last one holds: the axis ends there.
    own = own.head(int((own["day"] <= SHOWN_DAYS).sum()) + 1)
    days = own["day"].tolist()
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "x": days,
            "y": [100 * value for value in own[column].tolist()],
            "line": {
                "shape": "hv",
                "color": colour,
                "width": 2.5 if column == "answered" else 0,
                "dash": CITY_DASHES[place % len(CITY_DASHES)],
            },
            "fill": "tonexty" if column == "high" else "none",
            "fillcolor": f"rgba{(*_rgb(colour), 0.12)}",
            "name": drawing.cities[city],
            "showlegend": column == "answered",
            "hoverinfo": "all" if column == "answered" else "skip",
            "hovertemplate": "%{y:.0f}\u00a0% answered by day %{x}<extra>"
            f"{drawing.cities[city]}</extra>",
        }
        for column in ("low", "high", "answered")
    ]


def _days_alt(curves: pd.DataFrame, drawing: Drawing) -> str:
    parts = []
    for city in _cities(curves, drawing):
        own = curves[(curves["city"] == city) & (curves["day"] <= 30)]
        if len(own):
            parts.append(f"{drawing.cities[city]} {100 * own['answered'].iloc[-1]:.0f} % by day 30")
    return f"Curves of episodes answered by day: {wording.join_words(parts)}."


def before_and_after(rates: pd.DataFrame, drawing: Drawing, title: str) -> Chart:
    """The rate of shootings after notice over that before, a city a line, with its interval.

    `rates`: city, ratio, low, high as `before_after.compared` gives them (NaN for none).
    A city without a ratio is left out of the picture; the sentences tell of it.
    """
    drawable = rates[rates["ratio"].notna() & (rates["ratio"] > 0)]
    cities = _cities(drawable, drawing)
    traces: list[dict[str, Any]] = []
    for at, city in enumerate(cities):
        row = drawable[drawable["city"] == city].iloc[0]
        low = row["low"] if pd.notna(row["low"]) and row["low"] > 0 else RATIOS[0]
        high = row["high"] if pd.notna(row["high"]) else RATIOS[-1]
        place = drawing.position(city)
        colour = city_colour(drawing.theme, place)
        traces.append(
            {
                "type": "scatter",
                "mode": "lines+markers+text",
                "x": [low, row["ratio"], high],
                "y": [at] * 3,
                "text": ["", f"{row['ratio']:.2f}", ""],
                "textposition": "top center",
                "textfont": {"size": 14, "color": drawing.theme.ink},
                "line": {"color": colour, "width": 3},
                "marker": {
                    "color": colour,
                    "size": [1, 12, 1],
                    "symbol": CITY_SYMBOLS[place % len(CITY_SYMBOLS)],
                },
                "hovertemplate": f"{row['ratio']:.2f} times as often"
                f" ({low:.2f} to {high:.2f})<extra>{drawing.cities[city]}</extra>",
            }
        )
    spans = [value for trace in traces for value in (trace["x"][0], trace["x"][2])]
    figure = {
        "data": traces,
        "layout": _ratio_layout(cities, spans, drawing),
    }
    return hand_drawn(
        drawing=drawing,
        name="shootings-before-and-after-notice",
        title=title,
        subtitle="Confirmed shootings by the group a week after notice, as a multiple of those "
        "before it; groups seen both before and after, with the exact 95 % interval.",
        figure=figure,
        alt=_ratio_alt(drawable, drawing),
        table=rates,
    )


def _ratio_layout(cities: list[str], spans: list[float], drawing: Drawing) -> dict[str, Any]:
    least, most = min([0.5, *spans]), max([2.0, *spans])
    return layout(
        drawing.theme,
        max(170, 70 * len(cities) + 100),
        annotations=[
            *drawing.marks(above=LEGEND),
            {
                "text": "as often as before",
                "x": 0,  # log10 of 1
                "y": 1,
                "yref": "paper",
                "yanchor": "bottom",
                "showarrow": False,
                "font": {"size": 13, "color": drawing.theme.quiet},
            },
        ],
        shapes=[
            {
                "type": "line",
                "x0": 1,
                "x1": 1,
                "yref": "paper",
                "y0": 0,
                "y1": 1,
                "line": {"color": drawing.theme.quiet, "width": 1.5, "dash": "dot"},
            }
        ],
        xaxis={
            "type": "log",
            "tickvals": list(RATIOS),
            "ticktext": [f"{value:g}×" for value in RATIOS],
            "range": [math.log10(least * 0.8), math.log10(most * 1.25)],
            "showgrid": True,
        },
        yaxis={
            "range": [len(cities) - 0.5, -0.7],
            "tickvals": list(range(len(cities))),
            "ticktext": [drawing.cities[city] for city in cities],
            "showgrid": False,
            "zeroline": False,
        },
        margin={"l": 8, "r": 8, "t": MARK_ROOM + LEGEND, "b": 8},
    )


def _ratio_alt(drawable: pd.DataFrame, drawing: Drawing) -> str:
    said = [f"{drawing.cities[row.city]} {row.ratio:.2f} times" for row in drawable.itertuples()]
    if not said:
        return "No city has shootings to compare before and after notice."
    return f"Shootings a group-week after notice, of those before: {wording.join_words(said)}."


def _rgb(colour: str) -> tuple[int, int, int]:
    return (int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16))
