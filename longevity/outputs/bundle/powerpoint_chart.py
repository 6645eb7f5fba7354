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


def add_chart(slide: Any, made: Native, box: tuple[Any, Any, Any, Any]) -> Any:
    """Put the chart on a slide, in `box` (left, top, width, height); returns its frame."""
    kind = KINDS[made.kind, made.joined if made.kind == "points" else made.stacked]
    frame = slide.shapes.add_chart(kind, *box, _data(made))
    chart = frame.chart
    chart.font.size, chart.font.name = Pt(SMALLEST), TYPE
    chart.font.color.rgb = _rgb(LIGHT.ink)
    chart.has_title = False
    chart.has_legend = len(made.series) > 1
    if chart.has_legend:
        chart.legend.position = XL_LEGEND_POSITION.TOP
        chart.legend.include_in_layout = False
        chart.legend.font.size = Pt(14)
    _axes(chart, made)
    colours = [series.colour for series in made.series]
    for own, series in zip(chart.plots[0].series, made.series, strict=True):
        # A pattern tells apart what a colour does not.
        pattern = series.pattern if colours.count(series.colour) > 1 else ""
        _style(own, series, made, pattern)
    if made.kind in ("bars", "columns"):
        chart.plots[0].gap_width = 40
        # Stacked bars stand on each other; grouped ones beside each other.
        chart.plots[0].overlap = 100 if made.stacked else 0
        _labels(chart.plots[0], made)
    return frame


def _data(made: Native) -> Any:
    if made.kind == "points":
        points = XyChartData(number_format=made.number_format)
        for series in made.series:
            own = points.add_series(series.name)
            for x, y in zip(series.x, series.values, strict=True):
                own.add_data_point(x, y)
        return points
    data = CategoryChartData(number_format=made.number_format)
    data.categories = list(made.categories)
    for series in made.series:
        data.add_series(series.name, series.values)
    return data


def _axes(chart: Any, made: Native) -> None:
    value, other = chart.value_axis, chart.category_axis
    value.has_major_gridlines = True
    value.major_gridlines.format.line.color.rgb = _rgb(LIGHT.grid)
    value.format.line.fill.background()
    other.has_major_gridlines = False
    other.format.line.color.rgb = _rgb(LIGHT.quiet)
    titles = ((value, made.value_title, made.number_format), (other, made.category_title, ""))
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
    if made.kind == "points":
        other.tick_labels.number_format = made.x_format
        other.tick_labels.number_format_is_linked = False
    else:
        other.reverse_order = made.reversed
        if made.reversed:  # the amounts stay at the foot
            other.crosses = XL_AXIS_CROSSES.MAXIMUM
    lowest = [v for series in made.series for v in series.values if v is not None]
    if made.kind != "points" and min(lowest, default=0) >= 0:
        value.minimum_scale = 0
    elif not made.reversed:
        other.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    ends = [
        value + more
        for series in made.series
        for value, more in zip(series.values, series.above, strict=False)
        if value is not None and more is not None
    ]
    if made.kind != "points" and ends and max(ends) > 0:
        # The axis is drawn for the bars alone, and would cut their intervals.
        step = 10 ** math.floor(math.log10(max(ends))) / 5
        value.maximum_scale = math.ceil(max(ends) / step) * step
    _skip(other, made)


def _skip(axis: Any, made: Native) -> None:
    """Not more names under the axis than can stand there."""
    every = -(-len(made.categories) // MOST_TICKS)
    if made.kind in ("columns", "lines") and every > 1:
        if made.categories[0].split(" ")[-1].isdigit() and every > 3:
            every = -(-every // 3) * 3  # quarters rather than fives of months
        for tag in ("c:tickLblSkip", "c:tickMarkSkip"):
            element = etree.SubElement(axis._element, qn(tag))
            element.set("val", str(every))
            # The schema wants them before this one.
            last = axis._element.find(qn("c:noMultiLvlLbl"))
            if last is not None:
                last.addprevious(element)


def _style(own: Any, series: Series, made: Native, pattern: str) -> None:
    colour = series.colour if series.colour.startswith("#") else LIGHT.cities[0]
    if made.kind in ("bars", "columns"):
        _fill(own.format.fill, colour, pattern)
        own.invert_if_negative = False
        for at, named in enumerate(series.colours):
            if named.startswith("#"):
                _fill(own.points[at].format.fill, named, pattern)
        for at, faint in enumerate(series.faint):
            if faint:  # a part of a period is hollow
                point = own.points[at].format
                point.fill.solid()
                point.fill.fore_color.rgb = _rgb(LIGHT.ground)
                point.line.color.rgb, point.line.width = _rgb(colour), Pt(1.5)
    else:
        _line(own, series, made, colour)
    if series.above or series.below:
        _error_bars(own, series, made)


def _line(own: Any, series: Series, made: Native, colour: str) -> None:
    """A line or points: their marks, hollow where a part of a period is told."""
    own.marker.style = next(
        (style for name, style in SYMBOLS.items() if series.symbol.startswith(name)),
        XL_MARKER_STYLE.CIRCLE,
    )
    own.marker.size = 8
    if made.joined or len(made.categories) > MOST_LABELS:
        own.marker.style = XL_MARKER_STYLE.NONE
    _fill(own.marker.format.fill, colour, "")
    own.marker.format.line.color.rgb = _rgb(colour)
    for at, faint in enumerate(series.faint):
        if faint:
            _fill(own.points[at].marker.format.fill, LIGHT.ground, "")
            own.points[at].marker.format.line.color.rgb = _rgb(colour)
    if made.kind == "lines" or made.joined:
        own.smooth = False
        own.format.line.color.rgb, own.format.line.width = _rgb(colour), Pt(2.5)
        if series.dash in DASHES:
            own.format.line.dash_style = DASHES[series.dash]
    else:
        own.format.line.fill.background()


def _fill(fill: Any, colour: str, pattern: str) -> None:
    if pattern in PATTERNS:
        fill.patterned()
        fill.pattern = PATTERNS[pattern]
        fill.fore_color.rgb, fill.back_color.rgb = _rgb(colour), _rgb(LIGHT.ground)
    else:
        fill.solid()
        fill.fore_color.rgb = _rgb(colour)


def _labels(plot: Any, made: Native) -> None:
    if not made.labelled or len(made.series) * len(made.categories) > MOST_LABELS:
        return
    plot.has_data_labels = True
    labels = plot.data_labels
    labels.show_value = True
    labels.font.size = Pt(SMALLEST)
    labels.number_format, labels.number_format_is_linked = made.number_format, False
    if not made.stacked:
        labels.position = XL_LABEL_POSITION.OUTSIDE_END


def _error_bars(own: Any, series: Series, made: Native) -> None:
    """Intervals as PowerPoint's own error bars, of the lengths in the figure."""
    bars = etree.Element(qn("c:errBars"))
    if made.kind == "points":
        etree.SubElement(bars, qn("c:errDir")).set("val", "y")
    etree.SubElement(bars, qn("c:errBarType")).set("val", "both")
    etree.SubElement(bars, qn("c:errValType")).set("val", "cust")
    etree.SubElement(bars, qn("c:noEndCap")).set("val", "0")
    for tag, lengths in (("c:plus", series.above), ("c:minus", series.below)):
        etree.SubElement(bars, qn(tag)).append(_literals(lengths))
    before = own._element.find(qn("c:xVal" if made.kind == "points" else "c:cat"))
    before.addprevious(bars)


def _literals(lengths: tuple[Number, ...]) -> Any:
    held = etree.Element(qn("c:numLit"))
    etree.SubElement(held, qn("c:formatCode")).text = "General"
    etree.SubElement(held, qn("c:ptCount")).set("val", str(len(lengths)))
    for at, length in enumerate(lengths):
        if length is not None:
            point = etree.SubElement(held, qn("c:pt"))
            point.set("idx", str(at))
            etree.SubElement(point, qn("c:v")).text = repr(length)
    return held


def _rgb(colour: str) -> RGBColor:
    return RGBColor.from_string(colour[1:])
