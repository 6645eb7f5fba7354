"""How soon a promise is answered, and how often groups shot before and after notice."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from longevity.charts.chart import Chart, Drawing, hand_drawn
from longevity.charts.frames import list_numbers
from longevity.charts.spec import Axis, Panel, Plot, Series
from longevity.charts.theme import CITY_SYMBOLS, MARK_ROOM, city_colour, layout
from longevity.text import wording

SHOWN_DAYS = 120  # late answers go on for years; the promise is about the first 90 days
LEGEND = 24
RATIOS = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20)


def draw_days_to_action(curves: pd.DataFrame, drawing: Drawing, title: str) -> Chart:
    """Draw the share of episodes answered by each day, with its interval.

    `curves`: city, day, answered, low, high (0 to 1): steps of one minus the
    Kaplan–Meier survival.
    """
    lines = [
        _draw_curve(own, drawing.cities[city], drawing.name_colour(city))
        for city, own in drawing.split_by_city(curves)
    ]
    return Chart(
        name="days-to-action",
        title=title,
        subtitle="Share of episodes met by enforcement on the group by each day, with the "
        "95 % interval (Kaplan–Meier; open episodes are censored).",
        spec=Plot(
            (Panel(tuple(lines)),),
            x=Axis(
                title="days since the shooting",
                ticks={day: str(day) for day in (0, 30, 60, 90)},
                ends=(0, SHOWN_DAYS),
            ),
            y=Axis(ends=(0, 102), after="\u00a0%", hover=".0f"),
            tall=270,
            keyed=True,
        ),
        drawing=drawing,
        alt=_days_alt(curves, drawing),
        table=curves,
    )


def _cities(frame: pd.DataFrame, drawing: Drawing) -> list[str]:
    return [city for city, _ in drawing.split_by_city(frame)]


def _draw_curve(own: pd.DataFrame, name: str, colour: str) -> Series:
    # The steps in sight and the next, to which the last one holds: the axis ends there.
    seen = own.head(int((own["day"] <= SHOWN_DAYS).sum()) + 1)
    return Series(
        name,
        "line",
        seen["day"].tolist(),
        list_numbers(100 * seen["answered"]),
        colour,
        low=list_numbers(100 * seen["low"]),
        high=list_numbers(100 * seen["high"]),
        hover="{y}\u00a0% answered by day {x}",
        stepped=True,
    )


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
