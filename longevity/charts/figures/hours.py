"""When in the week: incidents by hour and weekday."""

from __future__ import annotations

import math

import pandas as pd

from longevity.charts.chart import Chart, Drawing, name_measure
from longevity.charts.spec import Block, Cell, Grid
from longevity.charts.theme import RAMP
from longevity.measures.nouns import MEASURES

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
BLOCK = 3  # hours in one cell: single hours are too thin for one neighbourhood


def has_hours(frame: pd.DataFrame) -> bool:
    """Whether any incident of `frame` (hour, incidents) has a known hour."""
    return bool(frame.loc[frame["hour"].notna(), "incidents"].sum())


def draw_hours(
    frame: pd.DataFrame, drawing: Drawing, title: str, topic: str, measure: str
) -> Chart:
    """Draw a grid of weekday by three-hour block.

    `frame`: weekday (ISO 1 to 7), hour (0 to 23, missing where unknown),
    `measure`. `topic`: of where and when. What has no hour is said in the
    subtitle, never drawn at midnight.
    """
    noun = MEASURES[measure]
    by_hour = frame[frame["hour"].notna()]
    grid = [[0] * (24 // BLOCK) for _ in DAYS]
    for row in by_hour.itertuples():
        grid[int(row.weekday) - 1][int(row.hour) // BLOCK] += int(getattr(row, measure))
    unknown = int(frame.loc[frame["hour"].isna(), measure].sum())
    total = int(frame[measure].sum())
    spans = [f"{h:02d}–{(h + BLOCK) % 24:02d}" for h in range(0, 24, BLOCK)]
    most = max(max(row) for row in grid)
    cells = [
        Cell(
            column,
            row,
            f"ramp:{math.ceil(len(RAMP) * count / most) if count else 0}",
            str(count) if count else "",
            f"{DAYS[row]} {spans[column]}, {noun}: {count}",
        )
        for row, counts in enumerate(grid)
        for column, count in enumerate(counts)
    ]
    note = f"; the hour is unknown for {unknown} of {total}" if unknown else ""
    return Chart(
        name=f"{'incidents' if measure == 'incidents' else name_measure(measure)}"
        "-by-hour-and-weekday",
        title=title,
        subtitle=f"{topic}, local time{note}.",
        spec=Grid(
            (Block(tuple(cells)),),
            columns=tuple(span[:2] for span in spans),  # three cities stand side by side
            rows=DAYS,
            title="from this hour on",
            tall=32,
        ),
        drawing=drawing,
        alt=f"{title}.",
        table=frame,
    )
