"""A native chart drawn on a slide: its axes, colours and legend in the house style."""

from __future__ import annotations

import math
from typing import Any

from lxml import etree
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_AXIS_CROSSES,
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
    XL_TICK_MARK,
)
from pptx.enum.dml import MSO_LINE, MSO_PATTERN
from pptx.oxml.ns import qn
from pptx.util import Pt

from longevity.charts.theme import LIGHT
from longevity.outputs.bundle.powerpoint import Native, Number, Series

SMALLEST = 12  # points
MOST_LABELS = 40
MOST_TICKS = 13
TYPE = "Arial"
KINDS = {
    ("columns", False): XL_CHART_TYPE.COLUMN_CLUSTERED,
    ("columns", True): XL_CHART_TYPE.COLUMN_STACKED,
    ("bars", False): XL_CHART_TYPE.BAR_CLUSTERED,
    ("bars", True): XL_CHART_TYPE.BAR_STACKED,
    ("lines", False): XL_CHART_TYPE.LINE_MARKERS,
    ("points", False): XL_CHART_TYPE.XY_SCATTER,
    ("points", True): XL_CHART_TYPE.XY_SCATTER_LINES_NO_MARKERS,
}
DASHES = {
    "dash": MSO_LINE.DASH,
    "dot": MSO_LINE.ROUND_DOT,
    "dashdot": MSO_LINE.DASH_DOT,
    "longdash": MSO_LINE.LONG_DASH,
    "longdashdot": MSO_LINE.LONG_DASH_DOT,
}
SYMBOLS = {
    "square": XL_MARKER_STYLE.SQUARE,
    "diamond": XL_MARKER_STYLE.DIAMOND,
    "triangle": XL_MARKER_STYLE.TRIANGLE,
    "x": XL_MARKER_STYLE.X,
    "cross": XL_MARKER_STYLE.PLUS,
}
PATTERNS = {
    "/": MSO_PATTERN.WIDE_UPWARD_DIAGONAL,
    "\\": MSO_PATTERN.WIDE_DOWNWARD_DIAGONAL,
    "x": MSO_PATTERN.DIAGONAL_CROSS,
    ".": MSO_PATTERN.PERCENT_30,
    "-": MSO_PATTERN.DARK_HORIZONTAL,
}


def add_chart(slide: Any, native: Native, box: tuple[Any, Any, Any, Any]) -> Any:
    """Put the chart on a slide, in `box` (left, top, width, height); return its frame."""
    kind = KINDS[native.kind, native.joined if native.kind == "points" else native.stacked]
    frame = slide.shapes.add_chart(kind, *box, _build_data(native))
    chart = frame.chart
    chart.font.size, chart.font.name = Pt(SMALLEST), TYPE
    chart.font.color.rgb = _parse_colour(LIGHT.ink)
    chart.has_title = False
    chart.has_legend = len(native.series) > 1
    if chart.has_legend:
        chart.legend.position = XL_LEGEND_POSITION.TOP
        chart.legend.include_in_layout = False
        chart.legend.font.size = Pt(14)
    _style_axes(chart, native)
    colours = [series.colour for series in native.series]
    for shape, series in zip(chart.plots[0].series, native.series, strict=True):
        # A pattern tells apart what a colour does not.
        pattern = series.pattern if colours.count(series.colour) > 1 else ""
        _style_series(shape, series, native, pattern)
    if native.kind in ("bars", "columns"):
        chart.plots[0].gap_width = 40
        # Stacked bars stand on each other; grouped ones beside each other.
        chart.plots[0].overlap = 100 if native.stacked else 0
        _add_labels(chart.plots[0], native)
    return frame


def _build_data(native: Native) -> Any:
    if native.kind == "points":
        points = XyChartData(number_format=native.number_format)
        for series in native.series:
            added = points.add_series(series.name)
            for x, y in zip(series.x, series.values, strict=True):
                added.add_data_point(x, y)
        return points
    data = CategoryChartData(number_format=native.number_format)
    data.categories = list(native.categories)
    for series in native.series:
        data.add_series(series.name, series.values)
    return data


def _style_axes(chart: Any, native: Native) -> None:
    value, other = chart.value_axis, chart.category_axis
    value.has_major_gridlines = True
    value.major_gridlines.format.line.color.rgb = _parse_colour(LIGHT.grid)
    value.format.line.fill.background()
    other.has_major_gridlines = False
    other.format.line.color.rgb = _parse_colour(LIGHT.quiet)
    titles = ((value, native.value_title, native.number_format), (other, native.category_title, ""))
    for axis, title, form in titles:
        axis.major_tick_mark = axis.minor_tick_mark = XL_TICK_MARK.NONE
        axis.tick_labels.font.size = Pt(SMALLEST)
        axis.has_title = bool(title)
        if title:
            axis.axis_title.text_frame.text = title
            run = axis.axis_title.text_frame.paragraphs[0].runs[0].font
            run.size, run.bold = Pt(SMALLEST), False
        if form:
            axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = form, False
    if native.kind == "points":
        other.tick_labels.number_format = native.x_format
        other.tick_labels.number_format_is_linked = False
    else:
        other.reverse_order = native.reversed
        if native.reversed:  # the amounts stay at the foot
            other.crosses = XL_AXIS_CROSSES.MAXIMUM
    lowest = [v for series in native.series for v in series.values if v is not None]
    if native.kind != "points" and min(lowest, default=0) >= 0:
        value.minimum_scale = 0
    elif not native.reversed:
        other.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    ends = [
        value + more
        for series in native.series
        for value, more in zip(series.values, series.above, strict=False)
        if value is not None and more is not None
    ]
    if native.kind != "points" and ends and max(ends) > 0:
        # The axis is drawn for the bars alone, and would cut their intervals.
        step = 10 ** math.floor(math.log10(max(ends))) / 5
        value.maximum_scale = math.ceil(max(ends) / step) * step
    _skip_names(other, native)


def _skip_names(axis: Any, native: Native) -> None:
    """Leave out names where more stand under the axis than there is room for."""
    every = -(-len(native.categories) // MOST_TICKS)
    if native.kind in ("columns", "lines") and every > 1:
        if native.categories[0].split(" ")[-1].isdigit() and every > 3:
            every = -(-every // 3) * 3  # quarters rather than fives of months
        for tag in ("c:tickLblSkip", "c:tickMarkSkip"):
            element = etree.SubElement(axis._element, qn(tag))
            element.set("val", str(every))
            # The schema wants them before this one.
            last = axis._element.find(qn("c:noMultiLvlLbl"))
            if last is not None:
                last.addprevious(element)


def _style_series(shape: Any, series: Series, native: Native, pattern: str) -> None:
    colour = series.colour if series.colour.startswith("#") else LIGHT.cities[0]
    if native.kind in ("bars", "columns"):
        _fill_shape(shape.format.fill, colour, pattern)
        shape.invert_if_negative = False
        for at, point_colour in enumerate(series.colours):
            if point_colour.startswith("#"):
                _fill_shape(shape.points[at].format.fill, point_colour, pattern)
        for at, faint in enumerate(series.faint):
            if faint:  # a part of a period is hollow
                point = shape.points[at].format
                point.fill.solid()
                point.fill.fore_color.rgb = _parse_colour(LIGHT.ground)
                point.line.color.rgb, point.line.width = _parse_colour(colour), Pt(1.5)
    else:
        _style_line(shape, series, native, colour)
    if series.above or series.below:
        _add_error_bars(shape, series, native)


def _style_line(shape: Any, series: Series, native: Native, colour: str) -> None:
    """Style a line or points: their marks, hollow where a part of a period is told."""
    shape.marker.style = next(
        (style for name, style in SYMBOLS.items() if series.symbol.startswith(name)),
        XL_MARKER_STYLE.CIRCLE,
    )
    shape.marker.size = 8
    if native.joined or len(native.categories) > MOST_LABELS:
        shape.marker.style = XL_MARKER_STYLE.NONE
    _fill_shape(shape.marker.format.fill, colour, "")
    shape.marker.format.line.color.rgb = _parse_colour(colour)
    for at, faint in enumerate(series.faint):
        if faint:
            _fill_shape(shape.points[at].marker.format.fill, LIGHT.ground, "")
            shape.points[at].marker.format.line.color.rgb = _parse_colour(colour)
    if native.kind == "lines" or native.joined:
        shape.smooth = False
        shape.format.line.color.rgb, shape.format.line.width = _parse_colour(colour), Pt(2.5)
        if series.dash in DASHES:
            shape.format.line.dash_style = DASHES[series.dash]
    else:
        shape.format.line.fill.background()


def _fill_shape(fill: Any, colour: str, pattern: str) -> None:
    if pattern in PATTERNS:
        fill.patterned()
        fill.pattern = PATTERNS[pattern]
        fill.fore_color.rgb, fill.back_color.rgb = (
            _parse_colour(colour),
            _parse_colour(LIGHT.ground),
        )
    else:
        fill.solid()
        fill.fore_color.rgb = _parse_colour(colour)


def _add_labels(plot: Any, native: Native) -> None:
    if not native.labelled or len(native.series) * len(native.categories) > MOST_LABELS:
        return
    plot.has_data_labels = True
    labels = plot.data_labels
    labels.show_value = True
    labels.font.size = Pt(SMALLEST)
    labels.number_format, labels.number_format_is_linked = native.number_format, False
    if not native.stacked:
        labels.position = XL_LABEL_POSITION.OUTSIDE_END


def _add_error_bars(shape: Any, series: Series, native: Native) -> None:
    """Add intervals as PowerPoint's own error bars, of the lengths in the figure."""
    bars = etree.Element(qn("c:errBars"))
    if native.kind == "points":
        etree.SubElement(bars, qn("c:errDir")).set("val", "y")
    etree.SubElement(bars, qn("c:errBarType")).set("val", "both")
    etree.SubElement(bars, qn("c:errValType")).set("val", "cust")
    etree.SubElement(bars, qn("c:noEndCap")).set("val", "0")
    for tag, lengths in (("c:plus", series.above), ("c:minus", series.below)):
        etree.SubElement(bars, qn(tag)).append(_build_literals(lengths))
    before = shape._element.find(qn("c:xVal" if native.kind == "points" else "c:cat"))
    before.addprevious(bars)


def _build_literals(lengths: tuple[Number, ...]) -> Any:
    element = etree.Element(qn("c:numLit"))
    etree.SubElement(element, qn("c:formatCode")).text = "General"
    etree.SubElement(element, qn("c:ptCount")).set("val", str(len(lengths)))
    for at, length in enumerate(lengths):
        if length is not None:
            point = etree.SubElement(element, qn("c:pt"))
            point.set("idx", str(at))
            etree.SubElement(point, qn("c:v")).text = repr(length)
    return element


def _parse_colour(colour: str) -> RGBColor:
    return RGBColor.from_string(colour[1:])
