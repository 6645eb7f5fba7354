"""Small charts as SVG, drawn from what a chart shows: no browser is needed.

Lines over years; of any other picture there is none, and its words stand in its place.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from longevity.charts import fonts
from longevity.charts.chart import Chart
from longevity.charts.spec import Plot, Series
from longevity.charts.template.plots import list_series
from longevity.charts.theme import LIGHT, find_colour, find_dash
from longevity.outputs.bundle.powerpoint import round_above

DASHES = {"dash": "5 3", "dot": "1.5 2.5", "dashdot": "5 2 1.5 2", "longdash": "8 3"}
TEXT = 8.5  # points
LABEL_ROOM, AXIS_ROOM, FOOT = 92.0, 26.0, 14.0


def draw_small_chart(chart: Chart, wide: float, tall: float) -> str:
    """Return the chart as SVG of so many points; empty where it is of a kind drawn large only."""
    plot = chart.spec
    if not isinstance(plot, Plot) or plot.lying or plot.stacked:
        return ""
    series = list_series(plot)
    if not series:
        return ""
    if not all(each.kind == "line" and not each.low for each in series) or not _is_of_years(series):
        return ""
    body = _draw_lines(series, wide, tall)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:g} {tall:g}" '
        f'width="{wide:g}pt" height="{tall:g}pt" font-family="{fonts.FAMILY}" font-size="{TEXT}">'
        f"{body}</svg>"
    )


def _is_of_years(series: Sequence[Series]) -> bool:
    return all(
        isinstance(x, int) and isinstance(y, int | float)
        for each in series
        for x, y in zip(each.x, each.y, strict=True)
    )


def _list_points(series: Series) -> list[tuple[float, float]]:
    return [(float(x or 0), float(y or 0)) for x, y in zip(series.x, series.y, strict=True)]


def _draw_lines(traces: Sequence[Series], wide: float, tall: float) -> str:
    """Draw one line a trace over years, its name and last value at its end."""
    lines = [_list_points(series) for series in traces]
    years = sorted({int(x) for points in lines for x, _ in points})
    if not years:
        return ""
    top = round_above([y for points in lines for _, y in points])
    left, right, foot = AXIS_ROOM, wide - LABEL_ROOM, tall - FOOT
    span = max(1, years[-1] - years[0])

    def place_x(year: float) -> float:
        return left + (right - left) * ((year - years[0]) / span if len(years) > 1 else 0.5)

    def place_y(value: float) -> float:
        return foot - (foot - TEXT) * value / top

    parts = [_draw_scale(top, place_y, left, right)]
    step = math.ceil(span / 10)
    shown = range(years[-1], years[0] - 1, -step)
    parts += [
        _draw_text(str(year), place_x(year), tall - 2, "middle", LIGHT.quiet) for year in shown
    ]
    heights = _separate_labels(
        {n: place_y(points[-1][1]) for n, points in enumerate(lines)}, tall - FOOT
    )
    for n, (series, line) in enumerate(zip(traces, lines, strict=True)):
        role = str(series.colour)
        colour = find_colour(LIGHT, role)
        points = " ".join(f"{place_x(x):.1f},{place_y(y):.1f}" for x, y in line)
        dash = DASHES.get(find_dash(role) if len(lines) > 1 else "", "")
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        parts.append(
            f'<polyline points="{points}" fill="none" stroke="{colour}" '
            f'stroke-width="1.6"{dashed}/>'
        )
        x, y = place_x(line[-1][0]), place_y(line[-1][1])
        end = f"{series.name} {int(line[-1][1])}"
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.2" fill="{colour}"/>')
        parts.append(_draw_text(end, x + 6, heights[n] + 3, "start", colour, bold=True))
    return "".join(parts)


def _draw_scale(top: float, place_y: Any, left: float, right: float) -> str:
    """Draw the zero line, a few more, and their numbers: whole ones, half a person is none."""
    parts = []
    steps = next((n for n in (2, 3, 5) if top % n == 0), 1)
    for value in (top * step / steps for step in range(steps + 1)):
        colour, y = (LIGHT.quiet if value == 0 else LIGHT.grid), place_y(value)
        parts.append(
            f'<line x1="{left:.1f}" x2="{right:.1f}" y1="{y:.1f}" y2="{y:.1f}" '
            f'stroke="{colour}" stroke-width="0.6"/>'
        )
        parts.append(_draw_text(f"{value:g}", left - 4, y + 3, "end", LIGHT.quiet))
    return "".join(parts)


def _separate_labels(heights: Mapping[int, float], lowest: float) -> dict[int, float]:
    """Move labels up so that none covers another; return their heights."""
    placed: dict[int, float] = {}
    ceiling = lowest
    for key, height in sorted(heights.items(), key=lambda item: -item[1]):
        placed[key] = min(height, ceiling)
        ceiling = placed[key] - TEXT - 2
    return placed


def _draw_text(words: str, x: float, y: float, anchor: str, colour: str, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}"{weight}>'
        f"{escape(words)}</text>"
    )
