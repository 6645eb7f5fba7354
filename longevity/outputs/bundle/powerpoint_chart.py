"""Charts that PowerPoint has too: bars, stacked bars and lines, native and editable.

All else (maps, grids, bands, intervals, parts of periods, several panels) is a picture on a slide.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from numbers import Real
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_AXIS_CROSSES,
    XL_CHART_TYPE,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
)
from pptx.enum.dml import MSO_LINE
from pptx.util import Pt

from longevity.charts.drawing import Figure
from longevity.charts.theme import LIGHT

TEXT = 18  # points
TYPE = "Arial"  # on every machine that opens a deck
KINDS = {
    ("columns", False): XL_CHART_TYPE.COLUMN_CLUSTERED,
    ("columns", True): XL_CHART_TYPE.COLUMN_STACKED,
    ("bars", False): XL_CHART_TYPE.BAR_CLUSTERED,
    ("bars", True): XL_CHART_TYPE.BAR_STACKED,
    ("lines", False): XL_CHART_TYPE.LINE_MARKERS,
}
DASHES = {"dash": MSO_LINE.DASH, "dot": MSO_LINE.ROUND_DOT, "dashdot": MSO_LINE.DASH_DOT}
UPRIGHT = -90  # words in the place of a bar: what a withheld count is


@dataclass(frozen=True)
class NativeSeries:
    """One series: a number a category (None where missing), and its looks."""

    name: str
    values: tuple[float | None, ...]
    trace: Figure


@dataclass(frozen=True)
class Native:
    """A chart of `kind` bars, whose first category is uppermost, columns or lines."""

    kind: str
    categories: tuple[str, ...]
    series: tuple[NativeSeries, ...]
    stacked: bool = False
    form: str = "General"


def build_native(figure: Figure) -> Native | None:
    """Return the chart PowerPoint has of a figure as printed: bars or lines in one panel.

    None for bands, steps, intervals, several things at once, and what a legend cannot tell apart.
    """
    layout = figure["layout"]
    lying = any(trace.get("orientation") == "h" for trace in figure["data"])
    along, value = ("y", "x") if lying else ("x", "y")
    traces = [trace for trace in figure["data"] if any(map(_is_number, trace.get(value, ())))]
    kinds = {trace["type"] if trace["type"] == "bar" else trace["mode"][:5] for trace in traces}
    names = {trace.get("name", "") for trace in traces}
    is_panelled = f"{value}axis2" in layout or f"{along}axis2" in layout
    if is_panelled or len(kinds) != 1 or not kinds <= {"bar", "lines"}:
        return None
    is_over = layout.get("barmode") == "overlay"
    has_words = any(note.get("textangle") == UPRIGHT for note in layout["annotations"])
    if is_over or has_words or len(names) < len(traces) or not all(map(_is_plain, traces)):
        return None
    axis, kind = layout[f"{along}axis"], kinds.pop()
    places = axis.get("categoryarray") or (axis.get("tickvals", []) if lying else [])
    places = places[::-1] if lying else places or sorted({x for each in traces for x in each["x"]})
    if not places or (kind == "lines" and not _are_even(places)):
        return None
    return Native(
        kind if kind == "lines" else "bars" if lying else "columns",
        tuple(_name_places(places, axis)),
        tuple(_read_trace(trace, along, value, places) for trace in traces),
        stacked=layout.get("barmode") == "stack" and len(traces) > 1,
        form=_read_format(layout[f"{value}axis"]),
    )


def _is_plain(trace: Figure) -> bool:
    """Return whether a series is one colour along one line, or bars from nought."""
    marker, line = trace.get("marker", {}), trace.get("line", {})
    if trace["type"] == "bar":
        colours = marker["color"], marker.get("line", {}).get("color", "")
        is_one = all(isinstance(colour, str) for colour in colours)
        return is_one and "base" not in trace and "opacity" not in marker
    return isinstance(marker.get("size"), int) and line.get("shape") != "hv"


def _read_trace(trace: Figure, along: str, value: str, places: Sequence[Any]) -> NativeSeries:
    """Return a series with a value for each place, None where it has none."""
    values = dict(zip(trace[along], trace[value], strict=True))
    numbers = (values.get(place) for place in places)
    known = tuple(number if _is_number(number) else None for number in numbers)
    return NativeSeries(trace.get("name") or "Series 1", known, trace)


def _name_places(places: Sequence[Any], axis: Figure) -> Iterator[str]:
    """Yield the name of each place."""
    ticks = dict(zip(axis.get("tickvals", ()), axis.get("ticktext", ()), strict=False))
    days = list(map(_read_day, places))
    are_months = all(day is not None and day.day == 1 for day in days)
    for place, day in zip(places, days, strict=True):
        name = f"{day:%b %Y}" if are_months else str(ticks.get(place, place))
        yield name.replace("<br>", " ")


def _are_even(places: Sequence[Any]) -> bool:
    """Return whether steps between places are alike: a line over them is not bent.

    Months are, and not equally long.
    """
    numbers = [place for place in places if _is_number(place)]
    return len({after - before for before, after in pairwise(numbers)}) <= 1


def _read_format(axis: Figure) -> str:
    """Return the number format of an axis, as spreadsheets write it."""
    form, after = axis.get("tickformat", ""), axis.get("ticksuffix", "")
    if form.endswith("%"):
        return "0%"
    number = "#,##0" if form else "General"
    return f'{number}"{after}"' if after else number


def _is_number(value: Any) -> bool:
    return not isinstance(value, bool) and isinstance(value, Real) and math.isfinite(value)


def _read_day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def add_chart(slide: Any, native: Native, box: tuple[Any, Any, Any, Any]) -> Any:
    """Put the chart on a slide, in `box` (left, top, width, height); return its frame."""
    data = CategoryChartData(number_format=native.form)
    data.categories = list(native.categories)
    for series in native.series:
        data.add_series(series.name, series.values)
    frame = slide.shapes.add_chart(KINDS[native.kind, native.stacked], *box, data)
    chart, plot = frame.chart, frame.chart.plots[0]
    chart.font.size, chart.font.name = Pt(TEXT), TYPE
    chart.font.color.rgb = _parse_colour(LIGHT.ink)
    chart.has_title = False
    chart.has_legend = len(native.series) > 1
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
    _style_axes(chart, native)
    for shape, series in zip(plot.series, native.series, strict=True):
        _style_series(shape, series.trace)
    if native.kind != "lines":
        # Stacked bars are on each other; grouped ones next to each other.
        plot.gap_width, plot.overlap = 40, 100 if native.stacked else 0
    return frame


def _style_axes(chart: Any, native: Native) -> None:
    value, other = chart.value_axis, chart.category_axis
    value.has_major_gridlines, other.has_major_gridlines = True, False
    value.major_gridlines.format.line.color.rgb = _parse_colour(LIGHT.grid)
    value.format.line.fill.background()
    value.tick_labels.number_format, value.tick_labels.number_format_is_linked = native.form, False
    if native.kind == "bars":  # from above, and the amounts stay at the foot
        other.reverse_order, other.crosses = True, XL_AXIS_CROSSES.MAXIMUM
    if min(v for series in native.series for v in series.values if v is not None) >= 0:
        value.minimum_scale = 0
    else:
        other.tick_label_position = XL_TICK_LABEL_POSITION.LOW


def _style_series(shape: Any, trace: Figure) -> None:
    line = shape.format.line
    if trace["type"] == "scatter":
        shape.smooth, shape.marker.style = False, XL_MARKER_STYLE.NONE
        line.color.rgb, line.width = _parse_colour(trace["line"]["color"]), Pt(2.5)
        if trace["line"]["dash"] in DASHES:
            line.dash_style = DASHES[trace["line"]["dash"]]
        return
    marker = trace["marker"]
    shape.format.fill.solid()
    shape.format.fill.fore_color.rgb = _parse_colour(marker["color"])
    # What is near the ground has an outline.
    line.color.rgb = _parse_colour(marker.get("line", {}).get("color", LIGHT.ground))
    line.width, shape.invert_if_negative = Pt(1), False


def _parse_colour(colour: str) -> RGBColor:
    return RGBColor.from_string(colour[1:])
