"""Cities side by side: twelve months at a time, rates, a funnel instead of a league table."""

from __future__ import annotations

import html
from typing import Any

import pandas as pd

from longevity.charts.chart import MEASURES, Chart, Drawing
from longevity.charts.figures import panels
from longevity.charts.theme import CITY_SYMBOLS, MARK_ROOM, city_colour, layout
from longevity.stats.funnel_plot import FunnelPlot
from longevity.text import wording
from longevity.text.funnel_plot import describe_funnel

LEGEND = 26


def twelve_months(frame: pd.DataFrame, drawing: Drawing, measure: str, title: str) -> Chart:
    """The twelve months that end with each month, a panel a city on one scale.

    `frame`: city, month, `measure` (the sum of twelve whole months; missing where one of
    them is not whole), launched (the month the program began, or missing).
    """
    cities = [city for city in drawing.cities if city in set(frame["city"])]
    most = panels.highest(frame[measure]) * 1.25  # room for words above the line
    traces: list[dict[str, Any]] = []
    axes: dict[str, Any] = {}
    notes, shapes = drawing.marks(), []
    for _, city, top, axis, name in panels.places(cities):
        own = frame[frame["city"] == city]
        traces.append(_line(own, drawing, measure, city, axis))
        axes[name] = panels.scale(drawing, top, len(cities), most)
        notes.append(panels.heading(city, top, drawing))
        launched = own["launched"].dropna()
        if len(launched):
            shapes.append(_launch(launched.iloc[0], axis, most, drawing))
            notes.append(_launch_words(launched.iloc[0], axis, most, drawing))
    return Chart(
        name=f"{measure}-in-twelve-months",
        title=title,
        subtitle=f"{MEASURES[measure].capitalize()} in the twelve whole months that end with each "
        f"month{panels.alike(cities)}. A gap: a month of the twelve is not known.",
        figure={
            "data": traces,
            "layout": layout(
                drawing.theme,
                panels.PANEL * max(1, len(cities)) + MARK_ROOM + 40,
                annotations=notes,
                shapes=shapes,
                xaxis={"type": "date", "anchor": "y" if len(cities) <= 1 else f"y{len(cities)}"},
                margin={"l": 8, "r": 8, "t": MARK_ROOM, "b": 30},
                **axes,
            ),
        },
        alt=_twelve_alt(frame, drawing, measure, cities),
        table=frame.drop(columns=["launched"]),
    )


def _line(
    own: pd.DataFrame, drawing: Drawing, measure: str, city: str, axis: str
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [month.isoformat()[:10] for month in own["month"]],
        "y": [None if pd.isna(value) else int(value) for value in own[measure]],
        "yaxis": axis,
        "name": drawing.cities[city],
        "connectgaps": False,
        "line": {"color": city_colour(drawing.theme, drawing.position(city)), "width": 2.5},
        "hovertemplate": "twelve months to %{x|%B %Y}: %{y}"
        f"<extra>{drawing.cities[city]}</extra>",
    }


def _launch(month: pd.Timestamp, axis: str, most: float, drawing: Drawing) -> dict[str, Any]:
    day = month.isoformat()[:10]
    return {
        "type": "line",
        "x0": day,
        "x1": day,
        "y0": 0,
        "y1": most,
        "yref": axis,
        "line": {"color": drawing.theme.quiet, "width": 1.5, "dash": "dot"},
    }


def _launch_words(month: pd.Timestamp, axis: str, most: float, drawing: Drawing) -> dict[str, Any]:
    return {
        "text": "program begins",
        "x": month.isoformat()[:10],
        "y": most,
        "yref": axis,
        "xanchor": "left",
        "yanchor": "top",
        "xshift": 4,
        "showarrow": False,
        "font": {"size": 12, "color": drawing.theme.quiet},
    }


def _twelve_alt(frame: pd.DataFrame, drawing: Drawing, measure: str, cities: list[str]) -> str:
    parts = []
    for city in cities:
        own = frame[(frame["city"] == city) & frame[measure].notna()]
        if len(own):
            last = own.iloc[-1]
            parts.append(
                f"{drawing.cities[city]} {wording.format_number(last[measure])} in the twelve "
                "months to "
                f"{last['month']:%B %Y}, at most {wording.format_number(own[measure].max())}"
            )
    return f"Lines of {MEASURES[measure]} in twelve months: {'; '.join(parts) or 'no data'}."


def rates(frame: pd.DataFrame, drawing: Drawing, measure: str, days: int, title: str) -> Chart:
    """Each city's rate with its interval, on one scale.

    `frame`: city, `measure`, population, rate, rate_low, rate_high (per 100,000 residents
    a year; missing where there are no residents).
    """
    shown = frame[frame["rate"].notna()]
    cities = [city for city in drawing.cities if city in set(shown["city"])]
    traces = []
    for at, city in enumerate(cities):
        row = shown[shown["city"] == city].iloc[0]
        place = drawing.position(city)
        colour = city_colour(drawing.theme, place)
        traces.append(
            {
                "type": "scatter",
                "name": drawing.cities[city],
                "mode": "lines+markers+text",
                "x": [row["rate_low"], row["rate"], row["rate_high"]],
                "y": [at] * 3,
                "text": ["", f"{row['rate']:.0f}", ""],
                "textposition": "top center",
                "textfont": {"size": 14, "color": drawing.theme.ink},
                "line": {"color": colour, "width": 3},
                "marker": {"color": colour, "size": [1, 12, 1], "symbol": CITY_SYMBOLS[place % 6]},
                "hovertemplate": f"{row['rate']:.1f} ({row['rate_low']:.1f} to "
                f"{row['rate_high']:.1f})<extra>{drawing.cities[city]}</extra>",
            }
        )
    said = [
        f"{drawing.cities[row.city]} {row.rate:.0f} ({row.rate_low:.0f} to {row.rate_high:.0f})"
        for row in shown.itertuples()
    ]
    return Chart(
        name=f"{measure}-rate-by-city",
        title=title,
        subtitle=f"{MEASURES[measure].capitalize()} per 100,000 residents a year, over {days} days,"
        " with the 95 % interval.",
        figure={
            "data": traces,
            "layout": layout(
                drawing.theme,
                64 * max(1, len(cities)) + MARK_ROOM + 50,
                annotations=drawing.marks(),
                xaxis={"rangemode": "tozero", "showgrid": True},
                yaxis={
                    "range": [len(cities) - 0.4, -0.75],
                    "tickvals": list(range(len(cities))),
                    "ticktext": [drawing.cities[city] for city in cities],
                    "showgrid": False,
                    "zeroline": False,
                },
                margin={"l": 8, "r": 8, "t": MARK_ROOM, "b": 30},
            ),
        },
        alt=f"Rates of {MEASURES[measure]}: {'; '.join(said) or 'no city has residents'}.",
        table=frame,
    )


def funnel(found: FunnelPlot, drawing: Drawing, measure: str, title: str) -> Chart:
    """Each neighbourhood's rate against its residents, between the limits chance would give.

    `found.places`: city, name, population, `measure`, rate, at_95, at_998.
    """
    shown = found.places[found.places["rate"].notna()]
    traces = _limits(found, drawing)
    for city in [city for city in drawing.cities if city in set(shown["city"])]:
        own = shown[shown["city"] == city]
        place = drawing.position(city)
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": [int(people) for people in own["population"]],
                "y": own["rate"].tolist(),
                "name": drawing.cities[city],
                "customdata": [
                    [row.name_, int(getattr(row, measure))]
                    for row in own.rename(columns={"name": "name_"}).itertuples()
                ],
                "marker": {
                    "size": 10,
                    "color": city_colour(drawing.theme, place),
                    "symbol": CITY_SYMBOLS[place % 6],
                    "line": {"color": drawing.theme.ground, "width": 1},
                },
                "hovertemplate": "%{customdata[0]}: %{y:.0f} per 100,000 residents a year, "
                "%{customdata[1]} in all<extra>" + drawing.cities[city] + "</extra>",
            }
        )
    most = panels.highest(shown["rate"])
    return Chart(
        name=f"{measure}-funnel-of-neighbourhoods",
        title=title,
        subtitle="A funnel, not a league table. "
        f"{MEASURES[measure].capitalize()} per 100,000 residents a year against how many "
        "live there. Between the lines: what chance alone would give at the common rate (95 % and "
        "99.8 %).",
        figure={
            "data": traces,
            "layout": layout(
                drawing.theme,
                430,
                annotations=[*drawing.marks(above=LEGEND), *_outside(shown, drawing)],
                showlegend=True,
                legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom"},
                xaxis={"title": {"text": "residents"}, "rangemode": "tozero", "tickformat": ","},
                yaxis={"range": [0, most * 1.1]},
                margin={"l": 8, "r": 8, "t": MARK_ROOM + LEGEND, "b": 8},
            ),
        },
        alt=f"Funnel of {len(shown)} neighbourhoods. {describe_funnel(found)}",
        table=found.places,
    )


def _outside(shown: pd.DataFrame, drawing: Drawing) -> list[dict[str, Any]]:
    """The names of the places beyond the outer limits."""
    far = shown[shown["at_998"].isin(["above", "below"])]
    return [
        {
            # A name may come from a file we were handed.
            "text": html.escape(str(row["name"]), quote=False),
            "x": int(row["population"]),
            "y": float(row["rate"]),
            "xanchor": "left",
            "xshift": 8,
            "showarrow": False,
            "font": {"size": 12, "color": drawing.theme.ink},
        }
        for _, row in far.iterrows()
    ]


def _limits(found: FunnelPlot, drawing: Drawing) -> list[dict[str, Any]]:
    people = found.limits["residents"].tolist()
    if not people or found.rate is None:
        return []
    base = {"type": "scatter", "mode": "lines", "hoverinfo": "skip", "showlegend": False}
    dashes = {"95": "dot", "998": "solid"}
    traces = [
        base
        | {
            "x": people,
            "y": found.limits[f"{side}_{level}"].tolist(),
            "line": {"color": drawing.theme.quiet, "width": 1.2, "dash": dash},
        }
        for level, dash in dashes.items()
        for side in ("low", "high")
    ]
    middle = {"color": drawing.theme.quiet, "width": 1.2, "dash": "dash"}
    ends = {"x": [0, people[-1]], "y": [found.rate] * 2, "line": middle}
    return [*traces, base | ends]
