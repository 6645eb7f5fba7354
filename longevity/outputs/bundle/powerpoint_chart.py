"""Charts that PowerPoint has too: bars, stacked bars and lines, native and editable.

All else (maps, grids, bands, intervals, several panels) stands on a slide as its picture.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
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
    XL_TICK_MARK,
)
from pptx.enum.dml import MSO_LINE
from pptx.util import Pt

from longevity.charts.spec import Axis, Plot, Row, Rows, Series, Spec
from longevity.charts.template.rows import list_kinds
from longevity.charts.theme import LIGHT, find_colour, find_dash, find_edge

TEXT = 18  # points
MOST_LABELS = 40  # numbers on bars
TYPE = "Arial"  # on every machine that opens a deck
KINDS = {
    ("columns", False): XL_CHART_TYPE.COLUMN_CLUSTERED,
    ("columns", True): XL_CHART_TYPE.COLUMN_STACKED,
    ("bars", False): XL_CHART_TYPE.BAR_CLUSTERED,
    ("bars", True): XL_CHART_TYPE.BAR_STACKED,
    ("lines", False): XL_CHART_TYPE.LINE_MARKERS,
}
DASHES = {"dash": MSO_LINE.DASH, "dot": MSO_LINE.ROUND_DOT, "dashdot": MSO_LINE.DASH_DOT}


@dataclass(frozen=True)
class NativeSeries:
    """One series: a number a category (None where missing), and where it is hollow.

    `edge`: around its bars, which else may have the colour of the ground.
    """

    name: str
    values: tuple[float | None, ...]
    colour: str
    edge: str
    dash: str = ""
    hollow: tuple[bool, ...] = ()


@dataclass(frozen=True)
class Native:
    """A chart of `kind` bars, columns or lines. `downward`: the first category is uppermost."""

    kind: str
    categories: tuple[str, ...]
    series: tuple[NativeSeries, ...]
    stacked: bool = False
    labelled: bool = False
    downward: bool = False
    form: str = "General"


def build_native(spec: Spec) -> Native | None:
    """Return the chart PowerPoint has of a spec; None where it has none."""
    if isinstance(spec, Rows):
        return _build_rows(spec)
    return _build_plot(spec) if isinstance(spec, Plot) else None


def _build_rows(spec: Rows) -> Native | None:
    """Return bars of parts; None where words stand below each."""
    if not spec.rows or any(row.below for row in spec.rows):
        return None
    kinds = list_kinds(spec)
    amounts = [{part.kind: part.amount for part in row.parts} for row in spec.rows]
    series = tuple(
        NativeSeries(
            spec.kinds[kind],
            tuple(amount_of.get(kind) for amount_of in amounts),
            find_colour(LIGHT, kind),
            find_edge(LIGHT, kind),
        )
        for kind in kinds
    )
    names = tuple(_name_rows(spec.rows))
    form = "0%" if spec.shares else "General"
    return Native("bars", names, series, len(kinds) > 1, downward=True, form=form)


def _name_rows(rows: Sequence[Row]) -> list[str]:
    """Return each row in words: its heading where there are several, its label, and its note."""
    several = sum(row.heading != "" for row in rows) > 1
    # What is said of every row alike stands over the chart.
    alike = several and len({row.label for row in rows}) == 1
    heading, names = "", []
    for row in rows:
        heading = row.heading or heading
        words = (heading if several or not row.label else "", "" if alike else row.label, row.note)
        names.append(": ".join(word for word in words if word))
    return names


def _build_plot(plot: Plot) -> Native | None:
    """Return bars or lines; None for bands, steps, panels, and several things at once."""
    series = [one for panel in plot.panels for one in panel.series if any(map(_is_number, one.y))]
    kinds = {one.kind for one in series}
    # A legend must tell them apart.
    is_named = len(series) == 1 or len({one.name for one in series} - {""}) == len(series)
    is_finer = any(
        one.stepped or one.low or any(one.pale) or not isinstance(one.colour, str) for one in series
    )
    if len(plot.panels) != 1 or len(kinds) != 1 or not kinds <= {"bar", "line"}:
        return None
    places = _sort_places([x for one in series for x in one.x])
    if is_finer or not is_named or ("line" in kinds and not _are_even(places)):
        return None
    return Native(
        "lines" if "line" in kinds else "bars" if plot.lying else "columns",
        tuple(_name_places(places, plot)),
        tuple(_read_series(one, places, len(series) > 1) for one in series),
        stacked=plot.stacked and len(series) > 1,
        labelled=any(one.labels for one in series),
        downward=plot.lying,
        form=_read_format(plot.y),
    )


def _sort_places(places: Sequence[Any]) -> list[Any]:
    """Return every place once: numbers and days in order, names as they come."""
    names = list(dict.fromkeys(places))
    ordered = all(_is_number(name) for name in names) or all(map(_read_day, names))
    return sorted(names) if ordered else names


def _read_series(series: Series, places: Sequence[Any], several: bool) -> NativeSeries:
    """Return a series with a value for each place, None where it has none."""
    values: Mapping[Any, Any] = dict(zip(series.x, series.y, strict=True))
    hollow: Mapping[Any, bool] = dict(zip(series.x, series.hollow, strict=False))
    role = str(series.colour)
    return NativeSeries(
        series.name or "Series 1",
        tuple(value if _is_number(value := values.get(place)) else None for place in places),
        find_colour(LIGHT, role),
        find_edge(LIGHT, role),
        series.dash or (find_dash(role) if several else ""),
        tuple(bool(hollow.get(place)) for place in places),
    )


def _name_places(places: Sequence[Any], plot: Plot) -> list[str]:
    """Return the name of each place, and what an upright label says instead of a bar."""
    instead = {n.x: f" {n.text}" for panel in plot.panels for n in panel.labels if n.upright}
    days = list(map(_read_day, places))
    names = [str(plot.x.ticks.get(place, place)).replace("<br>", " ") for place in places]
    if all(day is not None and day.day == 1 for day in days):
        names = [f"{day:%b %Y}" for day in days if day is not None]
    return [f"{name}{instead.get(x, '')}" for name, x in zip(names, places, strict=True)]


def _are_even(places: Sequence[Any]) -> bool:
    """Return whether steps between places are alike: a line over them is not bent."""
    days = list(map(_read_day, places))
    steps = [
        (b.toordinal() - a.toordinal()) / 30 if a and b else after - before
        for (a, before), (b, after) in pairwise(zip(days, places, strict=True))
        if (a and b) or (_is_number(before) and _is_number(after))
    ]
    # Months and quarters are not equally long.
    return not steps or max(steps) <= 1.2 * min(steps)


def _read_format(axis: Axis) -> str:
    """Return the number format of an axis, as spreadsheets write it."""
    digits = axis.form.partition(".")[2][:1]
    places = "." + "0" * int(digits) if digits.isdigit() and int(digits) else ""
    form = f"#,##0{places}" if axis.form or axis.before or axis.after else "General"
    return "".join(
        (f'"{axis.before}"' * bool(axis.before), form, f'"{axis.after}"' * bool(axis.after))
    )


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
    chart = frame.chart
    chart.font.size, chart.font.name = Pt(TEXT), TYPE
    chart.font.color.rgb = _parse_colour(LIGHT.ink)
    chart.has_title = False
    chart.has_legend = len(native.series) > 1
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
        chart.legend.font.size = Pt(TEXT)
    _style_axes(chart, native)
    for shape, series in zip(chart.plots[0].series, native.series, strict=True):
        _style_series(shape, series, native)
    if native.kind != "lines":
        chart.plots[0].gap_width = 40
        # Stacked bars stand on each other; grouped ones next to each other.
        chart.plots[0].overlap = 100 if native.stacked else 0
        if native.labelled and len(native.series) * len(native.categories) <= MOST_LABELS:
            labels = chart.plots[0].data_labels
            chart.plots[0].has_data_labels = labels.show_value = True
            labels.font.size = Pt(TEXT)
    return frame


def _style_axes(chart: Any, native: Native) -> None:
    value, other = chart.value_axis, chart.category_axis
    value.has_major_gridlines, other.has_major_gridlines = True, False
    value.major_gridlines.format.line.color.rgb = _parse_colour(LIGHT.grid)
    value.format.line.fill.background()
    other.format.line.color.rgb = _parse_colour(LIGHT.quiet)
    for axis in (value, other):
        axis.major_tick_mark = axis.minor_tick_mark = XL_TICK_MARK.NONE
    value.tick_labels.number_format, value.tick_labels.number_format_is_linked = native.form, False
    other.reverse_order = native.downward
    if native.downward:  # the amounts stay at the foot
        other.crosses = XL_AXIS_CROSSES.MAXIMUM
    if min((v for one in native.series for v in one.values if v is not None), default=0) >= 0:
        value.minimum_scale = 0
    else:
        other.tick_label_position = XL_TICK_LABEL_POSITION.LOW


def _style_series(shape: Any, series: NativeSeries, native: Native) -> None:
    colour = _parse_colour(series.colour)
    if native.kind == "lines":
        shape.smooth = False
        shape.marker.style = XL_MARKER_STYLE.NONE
        shape.format.line.color.rgb, shape.format.line.width = colour, Pt(2.5)
        if series.dash in DASHES:
            shape.format.line.dash_style = DASHES[series.dash]
        return
    _fill(shape.format, colour)
    shape.format.line.color.rgb, shape.format.line.width = _parse_colour(series.edge), Pt(1)
    shape.invert_if_negative = False
    for at, is_hollow in enumerate(series.hollow):
        if is_hollow:  # a part of a period
            point = shape.points[at].format
            _fill(point, _parse_colour(LIGHT.ground))
            point.line.color.rgb, point.line.width = colour, Pt(1.5)


def _fill(form: Any, colour: RGBColor) -> None:
    form.fill.solid()
    form.fill.fore_color.rgb = colour


def _parse_colour(colour: str) -> RGBColor:
    return RGBColor.from_string(colour[1:])
