"""When in the week: incidents by hour and weekday."""

from __future__ import annotations

import pandas as pd

from longevity.charts.chart import Chart, Drawing, hand_drawn
from longevity.charts.theme import MARK_ROOM, RAMP, ZERO, layout
from longevity.text import wording

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
FULL_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
BLOCK = 3  # hours in one cell: single hours are too thin for one neighbourhood


def has_hours(frame: pd.DataFrame) -> bool:
    """Whether any incident of `frame` (hour, incidents) has a known hour."""
    return bool(frame.loc[frame["hour"].notna(), "incidents"].sum())


def hours_and_weekdays(frame: pd.DataFrame, drawing: Drawing, title: str, topic: str) -> Chart:
    """A grid of weekday by three-hour block.

    `frame`: weekday (ISO 1 to 7), hour (0 to 23, missing where unknown),
    incidents. `topic`: of where and when. Incidents without an hour are said in the
    subtitle, never drawn at midnight.
    """
    known = frame[frame["hour"].notna()]
    grid = [[0] * (24 // BLOCK) for _ in DAYS]
    for row in known.itertuples():
        grid[int(row.weekday) - 1][int(row.hour) // BLOCK] += int(row.incidents)
    unknown = int(frame.loc[frame["hour"].isna(), "incidents"].sum())
    total = int(frame["incidents"].sum())
    spans = [f"{h:02d}–{(h + BLOCK) % 24:02d}" for h in range(0, 24, BLOCK)]
    most = max(max(row) for row in grid)
    steps = [[0.0, ZERO], [1e-9, RAMP[0]]]
    steps += [[(i + 1) / (len(RAMP) - 1), c] for i, c in enumerate(RAMP[1:])]
    figure = {
        "data": [
            {
                "type": "heatmap",
                "x": spans,
                "y": list(DAYS),
                "z": grid,
                "zmin": 0,
                "zmax": max(1, most),
                "colorscale": steps,
                "showscale": False,
                "xgap": 2,
                "ygap": 2,
                "text": [[str(v) if v else "" for v in row] for row in grid],
                "texttemplate": "%{text}",
                "hovertemplate": "%{y} %{x}, shooting incidents: %{z}<extra></extra>",
            }
        ],
        "layout": layout(
            drawing.theme,
            300,
            annotations=drawing.marks(),
            yaxis={"autorange": "reversed", "showgrid": False, "zeroline": False},
            xaxis={
                "side": "bottom",
                "type": "category",
                "tickangle": 0,
                "tickvals": spans,
                "ticktext": [span[:2] for span in spans],  # three cities stand side by side
                "title": {"text": "from this hour on"},
            },
            margin={"l": 8, "r": 8, "t": MARK_ROOM, "b": 8},
        ),
    }
    said = f" The hour is unknown for {unknown} of {total}." if unknown else ""
    return hand_drawn(
        drawing=drawing,
        name="incidents-by-hour-and-weekday",
        title=title,
        subtitle=f"{topic}. Shooting incidents by weekday and hour of the day, local time.{said}",
        figure=figure,
        alt=_alt(grid, spans, unknown, total),
        table=frame,
    )


def _alt(grid: list[list[int]], spans: list[str], unknown: int, total: int) -> str:
    cells = [(v, d, s) for d, row in enumerate(grid) for s, v in enumerate(row)]
    most, day, span = max(cells)
    if not most:
        return f"No shooting incident with a known hour, of {total}."
    when = f"{FULL_DAYS[day]} {spans[span]} hours"
    return (
        "Grid of weekday by three hours of the day, "
        f"{wording.count_noun(total, 'shooting incident')}. "
        f"Most on {when}: {most}. Hour unknown for {unknown}."
    )
