"""The safety gap: the rates of the most and of the least affected fifth, a panel a city."""

from __future__ import annotations

from typing import Any

import pandas as pd

from longevity.charts.chart import Chart, Drawing, hand_drawn
from longevity.charts.figures import panels
from longevity.charts.theme import MARK_ROOM, city_colour, layout
from longevity.text import safety_gap as words

LABEL_ROOM = 130  # pixels for the words at the ends of the lines
APART = 0.17  # of a panel's height, that these words take
PALE = 0.18
# The column of each fifth, its words at the end of its line, and the line's dash.
FIFTHS = (("most", "most affected", "solid"), ("least", "least affected", "dash"))


def draw_safety_gap(table: pd.DataFrame, drawing: Drawing, title: str) -> Chart:
    """Draw the rates of both fifths by year with their intervals, cities on one scale.

    `table`: as `stats.safety_gap.build_table` returns it; a year without a gap has no point.
    """
    with_gap = table[table["ratio_low"].notna()]
    cities = [city for city in drawing.cities if city in set(with_gap["city"])]
    most = panels.highest(with_gap["most_rate_high"])
    traces: list[dict[str, Any]] = []
    axes: dict[str, Any] = {}
    notes = drawing.marks()
    for _, city, top, axis, name in panels.places(cities):
        rows = with_gap[with_gap["city"] == city]
        for fifth, label, dash in FIFTHS:
            traces += _draw_fifth(rows, city, fifth, label, dash, axis, drawing)
        axes[name] = panels.scale(drawing, top, len(cities), most)
        notes += [panels.heading(city, top, drawing), *_label_ends(rows, axis, most, drawing)]
    height = panels.PANEL * max(1, len(cities)) + MARK_ROOM + 40
    return hand_drawn(
        drawing=drawing,
        name="safety-gap",
        title=title,
        subtitle="People shot per 10,000 residents a year in the most and the least affected fifth "
        f"of each city, ranked by the years before, with the 95 % interval{panels.alike(cities)}.",
        figure={
            "data": traces,
            "layout": layout(
                drawing.theme,
                height,
                annotations=notes,
                xaxis={
                    "range": _find_range(with_gap["year"]),
                    "tickformat": "d",
                    "nticks": 8,
                    "anchor": "y" if len(cities) <= 1 else f"y{len(cities)}",
                },
                margin={"l": 8, "r": LABEL_ROOM, "t": MARK_ROOM, "b": 30},
                **axes,
            ),
        },
        alt=_describe(with_gap, cities, drawing),
        table=table,
    )


def _find_range(years: pd.Series) -> list[float]:
    """Return where the axis begins and ends: left to itself it makes room for words as well."""
    return [float(years.min()) - 0.3, float(years.max()) + 0.3] if len(years) else [0.0, 1.0]


def _draw_fifth(
    rows: pd.DataFrame, city: str, fifth: str, label: str, dash: str, axis: str, drawing: Drawing
) -> list[dict[str, Any]]:
    """Draw one fifth of a city: the lower and the upper edge of its band, then its line."""
    colour = city_colour(drawing.theme, drawing.position(city))
    name = f"{drawing.cities[city]}, {label}"
    years = [int(year) for year in rows["year"]]
    rate = f"{fifth}_rate"
    base = {"type": "scatter", "mode": "lines", "x": years, "yaxis": axis, "name": name}
    edge = base | {"line": {"width": 0, "color": colour}, "hoverinfo": "skip"}
    return [
        edge | {"y": rows[f"{rate}_low"].round(3).tolist()},
        edge
        | {
            "y": rows[f"{rate}_high"].round(3).tolist(),
            "fill": "tonexty",
            "fillcolor": _make_pale(colour),
        },
        base
        | {
            "y": rows[rate].round(3).tolist(),
            "line": {"color": colour, "width": 2.5, "dash": dash},
            "customdata": [
                [victims, times]
                for victims, times in zip(
                    rows[f"{fifth}_victims"].tolist(), _format_ratios(rows), strict=True
                )
            ],
            "hovertemplate": "%{x}: %{y:.1f} per 10,000 residents, %{customdata[0]} people shot"
            f"<br>%{{customdata[1]}}<extra>{name}</extra>",
        },
    ]


def _format_ratios(rows: pd.DataFrame) -> list[str]:
    """Return the gap of each year in words."""
    columns = (rows[name].tolist() for name in ("ratio", "ratio_low", "ratio_high"))
    return [words.format_gap(*bounds) for bounds in zip(*columns, strict=True)]


def _make_pale(colour: str) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, {PALE})"


def _label_ends(
    rows: pd.DataFrame, axis: str, most: float, drawing: Drawing
) -> list[dict[str, Any]]:
    """Return the words at the end of both lines, apart where the lines are not."""
    newest = rows.iloc[-1]
    # Above the axis, which would strike them through.
    low = max(float(newest["least_rate"]), APART / 2 * most)
    heights = {"least": low, "most": max(float(newest["most_rate"]), low + APART * most)}
    return [
        {
            "text": f"{label} <b>{words.format_rate(float(newest[f'{fifth}_rate']))}</b>",
            "x": int(newest["year"]),
            "y": heights[fifth],
            "yref": axis,
            "xanchor": "left",
            "xshift": 8,
            "showarrow": False,
            "font": {"size": 12, "color": drawing.theme.ink},
        }
        for fifth, label, _ in FIFTHS
    ]


def _describe(with_gap: pd.DataFrame, cities: list[str], drawing: Drawing) -> str:
    parts = []
    for city in cities:
        newest = with_gap[with_gap["city"] == city].iloc[-1]
        (gap,) = _format_ratios(with_gap[with_gap["city"] == city].tail(1))
        parts.append(
            f"{drawing.cities[city]} {words.format_rate(newest['most_rate'])} and "
            f"{words.format_rate(newest['least_rate'])} in {int(newest['year'])}, {gap}"
        )
    return (
        "Lines of people shot per 10,000 residents a year in the most and the least affected "
        f"fifth: {'; '.join(parts) or 'no data'}."
    )
