"""The newest weeks, and the band in which late reports are likely to leave each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from longevity.charts.chart import Chart, Drawing, hand_drawn
from longevity.charts.figures import panels
from longevity.charts.theme import MARK_ROOM, city_colour, layout
from longevity.stats.reporting_delay import ReportingDelay
from longevity.text import wording


def newest(
    frame: pd.DataFrame, growth: Mapping[str, ReportingDelay], drawing: Drawing, title: str
) -> Chart:
    """Shooting incidents by week, a panel a city, with a band over the weeks that still grow.

    `frame`: city, week_ending, incidents, complete. `growth`: by city. Nothing is added to
    a bar; the band stands beside what was counted.
    """
    cities = [city for city in drawing.cities if city in set(frame["city"])]
    whole = frame[frame["complete"]]
    ends = [growth[city].weeks["high"].max() for city in cities if len(growth[city].weeks)]
    known = [float(end) for end in ends if pd.notna(end)]
    most = max([panels.highest(whole["incidents"]), *known]) * 1.1
    traces: list[dict[str, Any]] = []
    axes: dict[str, Any] = {}
    notes = drawing.marks()
    for place, city, top, axis, name in panels.places(cities):
        own = whole[whole["city"] == city]
        traces.append(_bars(own, city, axis, drawing))
        traces.append(_band(growth[city].weeks, axis, drawing, place == 0))
        axes[name] = panels.scale(drawing, top, len(cities), most)
        notes.append(panels.heading(city, top, drawing))
    height = panels.PANEL * max(1, len(cities))
    return hand_drawn(
        drawing=drawing,
        name="incidents-by-week-with-late-reports",
        title=title,
        subtitle="Shooting incidents by the city's own week, and where the newest weeks are "
        "likely to end once late reports are in (95 % interval). Nothing is added to a bar.",
        figure={
            "data": [trace for trace in traces if trace["x"]],
            "layout": layout(
                drawing.theme,
                height + MARK_ROOM + panels.LEGEND - 30,
                annotations=notes,
                bargap=0.25,
                showlegend=True,
                legend=panels.below(height, 34),
                xaxis={"type": "date", "anchor": "y" if len(cities) <= 1 else f"y{len(cities)}"},
                margin={"l": 8, "r": 8, "t": MARK_ROOM, "b": panels.LEGEND - 30},
                **axes,
            ),
        },
        alt=_alt(whole, growth, cities, drawing),
        table=_table(whole, growth, cities),
    )


def _bars(own: pd.DataFrame, city: str, axis: str, drawing: Drawing) -> dict[str, Any]:
    return {
        "type": "bar",
        "x": [week.isoformat()[:10] for week in own["week_ending"]],
        "y": [int(count) for count in own["incidents"]],
        "yaxis": axis,
        "showlegend": False,
        "marker": {"color": city_colour(drawing.theme, drawing.position(city))},
        "hovertemplate": f"week to %{{x|%B %-d, %Y}}: %{{y}}<extra>{drawing.cities[city]}</extra>",
    }


def _band(weeks: pd.DataFrame, axis: str, drawing: Drawing, first: bool) -> dict[str, Any]:
    own = weeks[weeks["high"].notna()] if len(weeks) else weeks
    x: list[Any] = []
    y: list[Any] = []
    for row in own.itertuples():
        day = row.week_ending.isoformat()[:10]
        x += [day, day, None]
        y += [int(row.low), int(row.high), None]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "yaxis": axis,
        "name": "where the week is likely to end",
        "showlegend": first,
        "line": {"color": drawing.theme.ink, "width": 5},
        "opacity": 0.55,
        "hovertemplate": "likely to end at %{y}<extra></extra>",
    }


def _alt(
    whole: pd.DataFrame, growth: Mapping[str, ReportingDelay], cities: list[str], drawing: Drawing
) -> str:
    said = []
    for city in cities:
        own = whole[whole["city"] == city]
        if len(own):
            count = wording.format_number(own.iloc[-1]["incidents"])
            said.append(f"{drawing.cities[city]} {count} in its newest week")
    return f"Bars of shooting incidents by week: {'; '.join(said) or 'no whole week'}."


def _table(
    whole: pd.DataFrame, growth: Mapping[str, ReportingDelay], cities: list[str]
) -> pd.DataFrame:
    bands = [
        growth[city].weeks[["week_ending", "low", "high"]].assign(city=city)
        for city in cities
        if len(growth[city].weeks)
    ]
    shown = whole[["city", "week_ending", "incidents"]]
    if not bands:
        return shown
    band = pd.concat(bands)
    band["week_ending"] = pd.to_datetime(band["week_ending"]).astype(shown["week_ending"].dtype)
    return shown.merge(band, on=["city", "week_ending"], how="left").rename(
        columns={"low": "likely_low", "high": "likely_high"}
    )
