"""Charts over time: by month, and the same days of each year."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from longevity.charts.chart import MEASURES, Chart, Drawing, Figure
from longevity.charts.figures.panels import alike
from longevity.charts.theme import CITY_DASHES, CITY_SYMBOLS, MARK_ROOM, city_colour, layout
from longevity.text import wording

ROW_HEIGHT = 170
OUTLINE = 1.5  # pixels round a bar that is hollow
MOST_TICKS = 8


def months(frame: pd.DataFrame, drawing: Drawing, measure: str, title: str) -> Chart:
    """Bars by month, one row a city, on one scale.

    `frame`: city, month (date), `measure`, complete (bool); one row a city and
    month. A month that is not complete is drawn hollow and said so.
    """
    cities = [city for city in drawing.cities if city in set(frame["city"])]
    most = max(1, int(frame[measure].max() if len(frame) else 0))
    traces: list[dict[str, Any]] = []
    axes: dict[str, Any] = {}
    notes = drawing.marks()
    gap = 0.09 if len(cities) > 1 else 0.0
    tall = (1 - gap * (len(cities) - 1)) / max(1, len(cities))
    for row, city in enumerate(cities):
        top = 1 - row * (tall + gap)
        own = frame[frame["city"] == city]
        axis = "y" if row == 0 else f"y{row + 1}"
        traces.append(_month_bars(own, drawing, measure, city, axis))
        axes["yaxis" if row == 0 else f"yaxis{row + 1}"] = {
            "domain": [max(0.0, top - tall), top],
            "range": [0, most * 1.12],
            "gridcolor": drawing.theme.grid,
            "zerolinecolor": drawing.theme.quiet,
            "tickfont": {"size": 13, "color": drawing.theme.quiet},
            "fixedrange": True,
            "nticks": 4,
        }
        notes.append(
            _row_label(
                drawing.cities[city], city_colour(drawing.theme, drawing.position(city)), top
            )
        )
    look = layout(
        drawing.theme,
        max(220, ROW_HEIGHT * len(cities) + 30),
        annotations=notes,
        bargap=0.12,
        xaxis={"type": "date", "anchor": "y" if len(cities) <= 1 else f"y{len(cities)}"},
        margin={"l": 8, "r": 8, "t": MARK_ROOM, "b": 8},
        **axes,
    )
    cut = sorted(set(frame.loc[~frame["complete"].astype(bool), "month"]))
    part = _not_whole([f"{month:%B %Y}" for month in cut])
    return Chart(
        name=f"{measure}-by-month",
        title=title,
        subtitle=f"{MEASURES[measure].capitalize()} by month{alike(cities)}.{part}",
        figure={"data": traces, "layout": look},
        alt=_months_alt(frame, drawing, measure, cities),
        table=frame,
    )


def _month_bars(
    own: pd.DataFrame, drawing: Drawing, measure: str, city: str, axis: str
) -> dict[str, Any]:
    colour = city_colour(drawing.theme, drawing.position(city))
    whole = own["complete"].tolist()
    return {
        "type": "bar",
        "x": [month.isoformat()[:10] for month in own["month"]],
        "y": own[measure].tolist(),
        "yaxis": axis,
        "name": drawing.cities[city],
        "marker": _solid_or_hollow(colour, [not w for w in whole], drawing),
        "customdata": ["" if w else " (not complete)" for w in whole],
        "hovertemplate": "%{x|%B %Y}, " + MEASURES[measure] + ": %{y}%{customdata}"
        f"<extra>{drawing.cities[city]}</extra>",
    }


def _solid_or_hollow(colour: str, hollow: list[bool], drawing: Drawing) -> dict[str, Any]:
    """Bars filled with their colour; those of a part of a period are only outlined with it."""
    return {
        "color": [drawing.theme.ground if h else colour for h in hollow],
        "line": {"color": colour, "width": [OUTLINE if h else 0 for h in hollow]},
    }


def _row_label(name: str, colour: str, top: float) -> dict[str, Any]:
    return {
        "text": f"<b>{name}</b>",
        "xref": "paper",
        "yref": "paper",
        "x": 0,
        "y": top,
        "xanchor": "left",
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"size": 14, "color": colour},
    }


def _months_alt(frame: pd.DataFrame, drawing: Drawing, measure: str, cities: list[str]) -> str:
    parts = []
    for city in cities:
        own = frame[(frame["city"] == city) & frame["complete"]]
        if len(own):
            peak = own.loc[own[measure].idxmax()]
            last = own.iloc[-1]
            parts.append(
                f"{drawing.cities[city]}: {int(last[measure])} in {last['month']:%B %Y}, "
                f"at most {int(peak[measure])} in {peak['month']:%B %Y}"
            )
    return f"Bars of {MEASURES[measure]} by month. {'; '.join(parts)}."


def same_days(
    frame: pd.DataFrame, drawing: Drawing, measure: str, title: str, through: date
) -> Chart:
    """One line a city over years, each point the same days of its year.

    `frame`: city, year, `measure`: from January 1 to `through`'s month and day.
    """
    last = wording.format_day_without_year(through)
    days = last if (through.month, through.day) == (1, 1) else f"January 1 to {last}"
    cities = [city for city in drawing.cities if city in set(frame["city"])]
    most = frame[measure].max() if len(frame) else 0
    newest = {city: _last(frame, city, measure) for city in cities}
    ends = _spread({city: float(count) for city, (_, count) in newest.items()}, most)
    traces, notes = [], drawing.marks()
    for city in cities:
        own = frame[frame["city"] == city].sort_values("year")
        place = drawing.position(city)
        traces.append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "x": own["year"].tolist(),
                "y": own[measure].tolist(),
                "name": drawing.cities[city],
                "line": {
                    "color": city_colour(drawing.theme, place),
                    "width": 2.5,
                    "dash": CITY_DASHES[place % 6],
                },
                "marker": {"size": 8, "symbol": CITY_SYMBOLS[place % 6]},
                "hovertemplate": f"{days} %{{x}}, {MEASURES[measure]}: %{{y}}"
                f"<extra>{drawing.cities[city]}</extra>",
            }
        )
        year, count = newest[city]
        notes.append(
            {
                "text": f"<b>{drawing.cities[city]} {count}</b>",
                "x": year,
                "y": ends[city],
                "xanchor": "left",
                "xshift": 10,
                "showarrow": False,
                "font": {"size": 14, "color": city_colour(drawing.theme, place)},
            }
        )
    figure: Figure = {
        "data": traces,
        "layout": layout(
            drawing.theme,
            340,
            annotations=notes,
            margin={"l": 8, "r": 120, "t": MARK_ROOM, "b": 8},
            xaxis=_years_axis(frame) | {"range": _year_range(frame)},
        ),
    }
    years = sorted(frame["year"].unique())
    parts = [f"{drawing.cities[city]}: {count} in {year}" for city, (year, count) in newest.items()]
    return Chart(
        name=f"{measure}-same-days-each-year",
        title=title,
        subtitle=f"{MEASURES[measure].capitalize()}, {days} of each year.",
        figure=figure,
        alt=f"Lines of {MEASURES[measure]} from {days}, {years[0]} to {years[-1]}. "
        f"{'; '.join(parts)}."
        if years
        else "No data.",
        table=frame,
    )


def _years_axis(frame: pd.DataFrame) -> dict[str, Any]:
    """Whole years only: left to itself the axis of a few puts ticks, and names, between them."""
    years = sorted({int(year) for year in frame["year"]})
    if years and years[-1] - years[0] < MOST_TICKS:
        return {"tickformat": "d", "tick0": years[0], "dtick": 1}
    return {"tickformat": "d", "nticks": MOST_TICKS}


def _year_range(frame: pd.DataFrame) -> list[float]:
    """The years with a little room: labels to the right must not stretch the axis."""
    if frame.empty:
        return [0.0, 1.0]
    return [float(frame["year"].min()) - 0.4, float(frame["year"].max()) + 0.4]


def _last(frame: pd.DataFrame, city: str, measure: str) -> tuple[int, int]:
    """The newest year of a city, and its count."""
    own = frame[frame["city"] == city]
    at = int(own["year"].to_numpy().argmax())
    return int(own["year"].iloc[at]), int(own[measure].iloc[at])


def _spread(values: dict[str, float], most: float) -> dict[str, float]:
    """Heights for end labels, moved apart so that none covers another."""
    apart = max(1.0, float(most)) * 0.075
    placed: dict[str, float] = {}
    for key, value in sorted(values.items(), key=lambda item: item[1]):
        floor = max(placed.values(), default=float("-inf")) + apart
        placed[key] = max(value, floor)
    return placed


def years(frame: pd.DataFrame, drawing: Drawing, measure: str, title: str, colour: str) -> Chart:
    """Bars by year for one place; a year that is not whole is hollow.

    `frame`: year, `measure`, complete (bool).
    """
    hollow = [not whole for whole in frame["complete"]]
    figure: Figure = {
        "data": [
            {
                "type": "bar",
                "x": frame["year"].tolist(),
                "y": frame[measure].tolist(),
                "text": [wording.format_number(v) for v in frame[measure]],
                "textposition": "outside",
                "cliponaxis": False,
                "textfont": {"size": 12, "color": drawing.theme.ink},
                "marker": _solid_or_hollow(colour, hollow, drawing),
                "customdata": [" (not whole)" if h else "" for h in hollow],
                "hovertemplate": "%{x}%{customdata}, "
                + MEASURES[measure]
                + ": %{y}<extra></extra>",
            }
        ],
        "layout": layout(
            drawing.theme,
            260,
            annotations=drawing.marks(),
            margin={"l": 8, "r": 8, "t": MARK_ROOM, "b": 8},
            xaxis=_years_axis(frame),
        ),
    }
    cut = [str(year) for year, h in zip(frame["year"], hollow, strict=True) if h]
    part = _not_whole(cut)
    return Chart(
        name=f"{measure}-by-year",
        title=title,
        subtitle=f"{MEASURES[measure].capitalize()} by year.{part}",
        figure=figure,
        alt=_years_alt(frame, measure),
        table=frame,
    )


def _not_whole(periods: list[str]) -> str:
    """What a subtitle says of the periods the data hold only in part."""
    if not periods:
        return ""
    verb = "is" if len(periods) == 1 else "are"
    return f" {wording.join_words(periods)} {verb} not whole and drawn hollow."


def _years_alt(frame: pd.DataFrame, measure: str) -> str:
    if frame.empty:
        return "No data."
    high = frame.loc[frame[measure].idxmax()]
    if not high[measure]:
        return f"Bars of {MEASURES[measure]} by year, none in any."
    most = f"most in {int(high['year'])} with {int(high[measure])}"
    return f"Bars of {MEASURES[measure]} by year, {most}."
