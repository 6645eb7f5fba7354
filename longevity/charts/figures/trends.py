"""Charts over time: by month, and the same days of each year."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd

from longevity.charts.chart import Chart, Drawing, name_measure
from longevity.charts.figures.panels import build_panels, note_one_scale
from longevity.charts.frames import are_part, build_year_axis, list_numbers
from longevity.charts.spec import Label, Panel, Plot, Series
from longevity.measures import wording
from longevity.measures.nouns import MEASURES

APART = 0.075  # of the scale, that names at the ends of lines take
LABEL_ROOM = 120


def draw_same_days(
    frame: pd.DataFrame, drawing: Drawing, measure: str, title: str, through: date
) -> Chart:
    """Draw one line a city over years, each point the same days of its year.

    `frame`: city, year, `measure`: from January 1 to `through`'s month and day.
    """
    last = wording.format_day_without_year(through)
    days = last if (through.month, through.day) == (1, 1) else f"January 1 to {last}"
    split = [(city, rows.sort_values("year")) for city, rows in drawing.split_by_city(frame)]
    lines = [
        Series(
            drawing.cities[city],
            "line",
            rows["year"].tolist(),
            list_numbers(rows[measure]),
            drawing.name_colour(city),
            markers=True,
        )
        for city, rows in split
    ]
    heights = _spread_labels(
        {line.name: float(line.y[-1] or 0) for line in lines}, frame[measure].max()
    )
    labels = [
        Label(
            f"<b>{line.name} {line.y[-1]}</b>", line.x[-1], heights[line.name], str(line.colour), 14
        )
        for line in lines
    ]
    return Chart(
        name=f"{name_measure(measure)}-same-days-each-year",
        title=title,
        subtitle=f"{MEASURES[measure].capitalize()}, {days} of each year.",
        spec=Plot(
            (Panel(tuple(lines), labels=tuple(labels)),),
            x=build_year_axis(frame["year"], margin=0.4),
            hover=f"{days} {{x}}, {MEASURES[measure]}",
            tall=290,
            label_room=LABEL_ROOM,
        ),
        drawing=drawing,
        alt=f"{title}.",
        table=frame,
    )


def _spread_labels(values: dict[str, float], most: float) -> dict[str, float]:
    """Return heights for end labels, moved apart so that none covers another."""
    apart = max(1.0, float(most)) * APART if values else 0.0
    placed: dict[str, float] = {}
    for key, value in sorted(values.items(), key=lambda item: item[1]):
        floor = max(placed.values(), default=float("-inf")) + apart
        placed[key] = max(value, floor)
    return placed


def draw_years(
    frame: pd.DataFrame, drawing: Drawing, measure: str, title: str, through: date
) -> Chart:
    """Draw bars by year, a panel a city on one scale; a year that is not whole is hollow.

    `frame`: city, year, `measure`, complete (bool). `through`: the last day counted.
    """
    panels = build_panels(
        frame, drawing, lambda rows, _name, colour: [_draw_years(rows, measure, colour)]
    )
    several = len(panels) > 1
    partial = [
        f"{year} (to {wording.format_day_without_year(through)})"
        if year == through.year
        else str(year)
        for year in sorted({*frame.loc[~frame["complete"].astype(bool), "year"]})
    ]
    return Chart(
        name=f"{name_measure(measure)}-by-year",
        title=title,
        subtitle=f"{MEASURES[measure].capitalize()} by year{note_one_scale(panels)}"
        f"{_not_whole(partial)}.",
        spec=Plot(
            panels if several else tuple(replace(panel, heading="") for panel in panels),
            x=build_year_axis(frame["year"]),
            tall=150 if several else 200,
        ),
        drawing=drawing,
        alt=f"{title}.",
        table=frame,
    )


def _draw_years(rows: pd.DataFrame, measure: str, colour: str) -> Series:
    hollow = are_part(rows["complete"])
    return Series(
        MEASURES[measure],
        "bar",
        rows["year"].tolist(),
        list_numbers(rows[measure]),
        colour,
        hollow=hollow,
        labels=[wording.format_number(count) for count in rows[measure]],
        hover=f"{{x}}{{0}}, {MEASURES[measure]}: {{y}}",
        details=[" (not whole)" if part else "" for part in hollow],
    )


def _not_whole(periods: list[str]) -> str:
    """Return what a subtitle says of the periods the data hold only in part.

    In its first sentence, which is the one in sight: a part of a period looks like a fall.
    """
    if not periods:
        return ""
    verb = "is" if len(periods) == 1 else "are"
    return f"; {wording.join_words(periods)} {verb} not whole and drawn hollow"
