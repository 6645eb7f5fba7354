"""Small charts as SVG, drawn from a chart's own traces: no browser is needed.

Lines over years and bars by month; of any other picture there is none, and its table stands
in its place.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from typing import Any

from longevity.charts import fonts
from longevity.charts.chart import Chart
from longevity.charts.theme import LIGHT

DASHES = {"dash": "5 3", "dot": "1.5 2.5", "dashdot": "5 2 1.5 2", "longdash": "8 3"}
TEXT = 8.5  # points
LABEL_ROOM, AXIS_ROOM, FOOT = 92.0, 26.0, 14.0


def drawn(chart: Chart, wide: float, tall: float) -> str:
    """The chart's traces as SVG of so many points; empty where there is nothing it can draw."""
    traces = chart.figure["data"]
    kinds = {trace["type"] for trace in traces}
    if kinds == {"bar"} and all(trace.get("orientation") != "h" for trace in traces):
        body = _bars(traces, wide, tall)
    elif kinds == {"scatter"} and all(_is_over_years(trace) for trace in traces):
        body = _lines(traces, wide, tall)
    else:
        return ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:g} {tall:g}" '
        f'width="{wide:g}pt" height="{tall:g}pt" font-family="{fonts.FAMILY}" font-size="{TEXT}">'
        f"{body}</svg>"
    )


def _is_over_years(trace: Mapping[str, Any]) -> bool:
    return "name" in trace and all(isinstance(year, int) for year in trace["x"])


def _lines(traces: Sequence[Mapping[str, Any]], wide: float, tall: float) -> str:
    """One line a trace over years, its name and last value at its end."""
    years = sorted({x for trace in traces for x in trace["x"]})
    if not years:
        return ""
    top = round_above([y for trace in traces for y in trace["y"]])
    left, right, foot = AXIS_ROOM, wide - LABEL_ROOM, tall - FOOT
    span = max(1, years[-1] - years[0])

    def at_x(year: float) -> float:
        return left + (right - left) * ((year - years[0]) / span if len(years) > 1 else 0.5)

    def at_y(value: float) -> float:
        return foot - (foot - TEXT) * value / top

    parts = [_scale(top, at_y, left, right)]
    step = math.ceil(span / 10)
    shown = range(years[-1], years[0] - 1, -step)
    parts += [_text(str(year), at_x(year), tall - 2, "middle", LIGHT.quiet) for year in shown]
    heights = _apart({n: at_y(trace["y"][-1]) for n, trace in enumerate(traces)}, tall - FOOT)
    for n, trace in enumerate(traces):
        colour = trace["line"]["color"]
        points = " ".join(
            f"{at_x(x):.1f},{at_y(y):.1f}" for x, y in zip(trace["x"], trace["y"], strict=True)
        )
        dash = DASHES.get(trace["line"].get("dash", ""), "")
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        parts.append(
            f'<polyline points="{points}" fill="none" stroke="{colour}" '
            f'stroke-width="1.6"{dashed}/>'
        )
        end = f"{trace['name']} {int(trace['y'][-1])}"
        x = at_x(trace["x"][-1])
        parts.append(
            f'<circle cx="{x:.1f}" cy="{at_y(trace["y"][-1]):.1f}" r="2.2" fill="{colour}"/>'
        )
        parts.append(_text(end, x + 6, heights[n] + 3, "start", colour, bold=True))
    return "".join(parts)


def _bars(traces: Sequence[Mapping[str, Any]], wide: float, tall: float) -> str:
    """Bars by month, a row a trace on one scale; a month that is not whole is hollow."""
    top = round_above([y for trace in traces for y in trace["y"]])
    months = sorted({x for trace in traces for x in trace["x"]})
    if not months:
        return ""
    left, right = AXIS_ROOM, wide - 4
    each = (right - left) / len(months)
    row = (tall - FOOT) / len(traces)
    parts = []
    for n, trace in enumerate(traces):
        head, foot = n * row + TEXT + 5, (n + 1) * row - 3

        def at_y(value: float, head: float = head, foot: float = foot) -> float:
            return foot - (foot - head) * value / top

        parts.append(_scale(top, at_y, left, right, few=True))
        colour = trace["marker"]["line"]["color"]
        parts.append(_text(trace["name"], left, head - 3, "start", colour, bold=True))
        whole = [w == 0 for w in trace["marker"]["line"]["width"]]
        for x, y, is_whole in zip(trace["x"], trace["y"], whole, strict=True):
            at = left + months.index(x) * each
            fill = colour if is_whole else LIGHT.ground
            parts.append(
                f'<rect x="{at + each * 0.1:.1f}" y="{at_y(y):.1f}" width="{each * 0.8:.1f}" '
                f'height="{foot - at_y(y):.1f}" fill="{fill}" stroke="{colour}" '
                f'stroke-width="{0 if is_whole else 0.8}"/>'
            )
    for n, month in enumerate(months):
        day = date.fromisoformat(month)
        if day.month == 1 or n == 0:
            at = left + n * each
            parts.append(_text(f"{day:%B %Y}", at, tall - 2, "start", LIGHT.quiet))
    return "".join(parts)


def round_above(values: Sequence[float]) -> float:
    """A round number above every value."""
    most = max([1.0, *(float(value) for value in values)])
    unit: float = 10.0 ** math.floor(math.log10(most))
    return next(unit * step for step in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if unit * step >= most)


def _scale(top: float, at_y: Any, left: float, right: float, few: bool = False) -> str:
    """The zero line, a few more, and their numbers: whole ones, half a person is none."""
    parts = []
    steps = 1 if few else next((n for n in (2, 3, 5) if top % n == 0), 1)
    for value in (top * step / steps for step in range(steps + 1)):
        colour, y = (LIGHT.quiet if value == 0 else LIGHT.grid), at_y(value)
        parts.append(
            f'<line x1="{left:.1f}" x2="{right:.1f}" y1="{y:.1f}" y2="{y:.1f}" '
            f'stroke="{colour}" stroke-width="0.6"/>'
        )
        parts.append(_text(f"{value:g}", left - 4, y + 3, "end", LIGHT.quiet))
    return "".join(parts)


def _apart(heights: Mapping[int, float], lowest: float) -> dict[int, float]:
    """Heights of labels, moved up so that none covers another."""
    placed: dict[int, float] = {}
    ceiling = lowest
    for key, height in sorted(heights.items(), key=lambda item: -item[1]):
        placed[key] = min(height, ceiling)
        ceiling = placed[key] - TEXT - 2
    return placed


def _text(words: str, x: float, y: float, anchor: str, colour: str, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}"{weight}>'
        f"{escape(words)}</text>"
    )
