"""Turn a figure into PowerPoint's own chart, which can be edited: bars, stacked bars or lines.

All other figures (maps, grids, bands, intervals, days, several panels) become pictures.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_AXIS_CROSSES,
    XL_CHART_TYPE,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
)
from pptx.enum.dml import MSO_LINE
from pptx.oxml.ns import qn
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
MOST_LABELS = 10  # years that are written under a chart of a slide's width
UPRIGHT = -90  # the angle of words in place of a bar, such as "withheld"


@dataclass(frozen=True)
class Native:
    """A chart as PowerPoint takes it. `kind`: "bars" (the first on top), "columns" or "lines".

    `series`: the figure's traces, each with a number for every category, None where it is missing.
    `form`: the format of the numbers.
    """

    kind: str
    categories: tuple[str, ...]
    series: tuple[tuple[Figure, tuple[float | None, ...]], ...]
    form: str

    @property
    def is_stacked(self) -> bool:
        """Return whether its bars are stacked."""
        return self.kind != "lines" and len(self.series) > 1


def build_native(figure: Figure) -> Native | None:
    """Return a Plotly figure as PowerPoint's own chart, if it is bars or lines in one panel.

    None for any other: bands, intervals, maps, an axis of days, bars with words in their place, and
    series without names or of several colours.
    """
    layout, traces = figure["layout"], figure["data"]
    kinds = {trace["type"] if trace["type"] == "bar" else trace["mode"][:5] for trace in traces}
    names = {trace.get("name") for trace in traces} - {None}
    has_words = any(note.get("textangle") == UPRIGHT for note in layout["annotations"])
    if kinds not in ({"bar"}, {"lines"}) or len(names) < len(traces) or has_words:
        return None
    # Each series has one colour.
    if "yaxis2" in layout or not all(
        isinstance(trace.get("marker", {}).get("color"), str) for trace in traces
    ):
        return None
    lying = traces[0].get("orientation") == "h"
    along, value = ("y", "x") if lying else ("x", "y")
    axis = layout[f"{along}axis"]
    if axis.get("type") == "date":
        return None
    places = axis.get("tickvals")
    if places is None:  # years without a value get a place too: the axis has no gaps
        years = [year for trace in traces for year in trace[along]]
        places = range(min(years), max(years) + 1)
    words = axis.get("ticktext", places)
    form = layout[f"{value}axis"].get("tickformat", "")
    return Native(
        "lines" if kinds == {"lines"} else "bars" if lying else "columns",
        categories=tuple(str(word).replace("<br>", " ") for word in words),
        series=tuple((trace, _read_values(trace, along, value, places)) for trace in traces),
        form="0%" if form.endswith("%") else "#,##0" if form else "General",
    )


def _read_values(
    trace: Figure, along: str, value: str, places: Iterable[Any]
) -> tuple[float | None, ...]:
    """Return a series' value at each place of the axis `along`, None where it has none."""
    values = dict(zip(trace[along], trace[value], strict=True))
    return tuple(values.get(place) for place in places)


def add_chart(slide: Any, native: Native, box: tuple[Any, Any, Any, Any]) -> Any:
    """Put the chart on a slide, in `box` (left, top, width, height); return its frame."""
    data = CategoryChartData(number_format=native.form)
    data.categories = list(native.categories)
    for trace, values in native.series:
        data.add_series(trace["name"], values)
    frame = slide.shapes.add_chart(KINDS[native.kind, native.is_stacked], *box, data)
    chart, plot = frame.chart, frame.chart.plots[0]
    chart.font.size, chart.font.name = Pt(TEXT), TYPE
    chart.font.color.rgb = parse_colour(LIGHT.ink)
    chart.has_title = False
    chart.has_legend = len(native.series) > 1
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
    _style_axes(chart, native)
    for shape, (trace, _) in zip(plot.series, native.series, strict=True):
        _style_series(shape, trace)
    if native.kind != "lines":
        # Stacked bars are on each other; grouped ones next to each other.
        plot.gap_width, plot.overlap = 40, 100 if native.is_stacked else 0
    return frame


def _style_axes(chart: Any, native: Native) -> None:
    """Set grid lines, the format of numbers, and the order and labels of the categories."""
    value, other = chart.value_axis, chart.category_axis
    value.has_major_gridlines, other.has_major_gridlines = True, False
    value.major_gridlines.format.line.color.rgb = parse_colour(LIGHT.grid)
    value.format.line.fill.background()
    value.tick_labels.number_format, value.tick_labels.number_format_is_linked = native.form, False
    if native.kind == "bars":  # from above, and the amounts stay at the foot
        other.reverse_order, other.crosses = True, XL_AXIS_CROSSES.MAXIMUM
    elif len(native.categories) > MOST_LABELS:  # every second year, or they run into each other
        last = other._element.find(qn("c:noMultiLvlLbl"))
        skip = -(-len(native.categories) // MOST_LABELS)
        last.addprevious(last.makeelement(qn("c:tickLblSkip"), {"val": str(skip)}))
    value.minimum_scale = 0


def _style_series(shape: Any, trace: Figure) -> None:
    """Give a series the colour, outline or dashes of the figure's trace."""
    line = shape.format.line
    if trace["type"] == "scatter":
        shape.smooth, shape.marker.style = False, XL_MARKER_STYLE.NONE
        line.color.rgb, line.width = parse_colour(trace["line"]["color"]), Pt(2.5)
        if trace["line"]["dash"] in DASHES:
            line.dash_style = DASHES[trace["line"]["dash"]]
        return
    marker = trace["marker"]
    shape.format.fill.solid()
    shape.format.fill.fore_color.rgb = parse_colour(marker["color"])
    # With an outline a fill near the background's colour is still seen.
    line.color.rgb, line.width = parse_colour(marker["line"]["color"]), Pt(1)


def parse_colour(colour: str) -> RGBColor:
    """Return a colour such as "#0067A5" as PowerPoint's."""
    return RGBColor.from_string(colour[1:])
