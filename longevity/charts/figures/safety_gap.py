"""The safety gap: the rates of the most and of the least affected fifth, a panel a city."""

from __future__ import annotations

import pandas as pd

from longevity.charts.chart import Chart, Drawing
from longevity.charts.figures.panels import note_one_scale
from longevity.charts.frames import build_year_axis, list_numbers
from longevity.charts.spec import Axis, Label, Panel, Plot, Series
from longevity.measures import wording

LABEL_ROOM = 130  # pixels for the words at the ends of the lines
APART = 0.17  # of a panel's height, that these words take
LEAST_RATIO = 0.005  # what is below is "under 0.01"
ROUND_FROM = 9.95  # what is from here on is written without decimals
# The column of each fifth, its words at the end of its line, and the line's dash.
FIFTHS = (("most", "most affected", "solid"), ("least", "least affected", "dash"))


def draw_safety_gap(table: pd.DataFrame, drawing: Drawing, title: str) -> Chart:
    """Draw the rates of both fifths by year with their intervals, cities on one scale.

    `table`: as `stats.safety_gap.build_table` returns it; a year without a gap has no point.
    """
    with_gap = table[table["ratio_low"].notna()]
    split = drawing.split_by_city(with_gap)
    most = float(with_gap["most_rate_high"].max()) if len(with_gap) else 1.0
    panels = [_draw_city(rows, city, most, drawing) for city, rows in split]
    return Chart(
        name="safety-gap",
        title=title,
        subtitle="People shot per 10,000 residents a year in the most and the least affected fifth "
        f"of each city, ranked by the years before, with the 95% interval{note_one_scale(split)}.",
        spec=Plot(
            tuple(panels),
            x=build_year_axis(with_gap["year"], margin=0.3),
            y=Axis(hover=".1f"),
            label_room=LABEL_ROOM,
        ),
        drawing=drawing,
        alt=_describe_gaps(split, drawing),
        table=table,
    )


def _draw_city(rows: pd.DataFrame, city: str, most: float, drawing: Drawing) -> Panel:
    name, colour = drawing.cities[city], drawing.name_colour(city)
    lines = [
        Series(
            f"{name}, {label}",
            "line",
            run["year"].tolist(),
            list_numbers(run[f"{fifth}_rate"], 3),
            colour,
            low=list_numbers(run[f"{fifth}_rate_low"], 3),
            high=list_numbers(run[f"{fifth}_rate_high"], 3),
            dash=dash,
            markers=len(run) == 1,
            # With the year, each line is said alone: all of them together would hide the picture.
            hover=f"{{x}}, {label}: {{y}} per 10,000 residents, {{0}} people shot<br>{{1}}",
            details=list(zip(run[f"{fifth}_victims"].tolist(), _format_ratios(run), strict=True)),
        )
        # A line over a year without a gap would say that there is one.
        for _, run in rows.groupby((rows["year"].diff() != 1).cumsum())
        for fifth, label, dash in FIFTHS
    ]
    return Panel(tuple(lines), name, colour, labels=tuple(_label_ends(rows, most)))


def _format_ratios(rows: pd.DataFrame) -> list[str]:
    """Return the gap of each year in words."""
    columns = (rows[name].tolist() for name in ("ratio", "ratio_low", "ratio_high"))
    return [format_gap(*bounds) for bounds in zip(*columns, strict=True)]


def _label_ends(rows: pd.DataFrame, most: float) -> list[Label]:
    """Return the words at the end of both lines, apart where the lines are not."""
    newest = rows.iloc[-1]
    # Above the axis, which would strike them through.
    low = max(float(newest["least_rate"]), APART / 2 * most)
    heights = {"least": low, "most": max(float(newest["most_rate"]), low + APART * most)}
    return [
        Label(
            f"{label} <b>{format_rate(float(newest[f'{fifth}_rate']))}</b>",
            int(newest["year"]),
            heights[fifth],
        )
        for fifth, label, _ in FIFTHS
    ]


def _describe_gaps(split: list[tuple[str, pd.DataFrame]], drawing: Drawing) -> str:
    parts = []
    for city, rows in split:
        newest = rows.iloc[-1]
        (gap,) = _format_ratios(rows.tail(1))
        parts.append(
            f"{drawing.cities[city]} {format_rate(newest['most_rate'])} and "
            f"{format_rate(newest['least_rate'])} in {int(newest['year'])}, {gap}"
        )
    return (
        "Lines of people shot per 10,000 residents a year in the most and the least affected "
        f"fifth: {'; '.join(parts) or 'no data'}."
    )


def format_gap(ratio: float, low: float, high: float) -> str:
    """Return the gap of a year: "27 times the rate (7.2 to 105)"; NaN where there is none."""
    if pd.notna(ratio):
        bounds = f" ({format_times(low)} to {format_times(high)})" if pd.notna(high) else ""
        return f"{format_times(ratio)} times the rate{bounds}"
    return f"at least {format_times(low)} times the rate" if low > 0 else "none shot in either"


def format_times(value: float) -> str:
    """Return a ratio: one decimal under ten, two under one, and more where it would become 1."""
    if value >= ROUND_FROM:
        return f"{value:,.0f}"
    if value < LEAST_RATIO:
        return "under 0.01" if value else "0"
    for decimals in range(1 if value > 1 else 2, 4):
        if value == 1 or round(value, decimals) != 1:
            return f"{value:.{decimals}f}"
    return "just over 1" if value > 1 else "just under 1"


def format_rate(value: float) -> str:
    """Return a rate or a difference of rates: whole from ten on, with a decimal below."""
    size = abs(value)
    if 0 < size < 0.05:
        return "under 0.1" if value > 0 else "0.0"
    sign = wording.MINUS if value < 0 else ""
    return f"{sign}{size:,.0f}" if size >= ROUND_FROM else f"{sign}{size:.1f}"
