"""A picture of a spec: on the screen, and on paper."""

from __future__ import annotations

from typing import Any

from longevity.charts.kinds.grid import draw_grid
from longevity.charts.kinds.intervals import draw_intervals
from longevity.charts.kinds.timeline import draw_timeline
from longevity.charts.spec import AreaMap, Grid, Intervals, Plot, Rows, Spec, Timeline
from longevity.charts.template.maps import draw_map, draw_printed_map
from longevity.charts.template.plots import draw_plot
from longevity.charts.template.rows import draw_rows
from longevity.charts.theme import Theme

PAINTERS: dict[type, Any] = {
    Plot: draw_plot,
    Rows: draw_rows,
    Intervals: draw_intervals,
    Timeline: draw_timeline,
    Grid: draw_grid,
    AreaMap: draw_map,
}
ON_PAPER = PAINTERS | {AreaMap: draw_printed_map}
WIDER = (Plot, Intervals)  # on paper, which is wide, their key or their words take less height


def draw_figure(spec: Spec, look: Theme, synthetic: bool, on_paper: bool = False) -> dict[str, Any]:
    """Return the spec as a Plotly figure in the colours of `look`, for the screen or for paper.

    `synthetic`: whether the picture says so. KeyError for what is no spec.
    """
    wider = {"on_paper": on_paper} if isinstance(spec, WIDER) else {}
    painter = (ON_PAPER if on_paper else PAINTERS)[type(spec)]
    figure: dict[str, Any] = painter(spec, look, synthetic, **wider)
    return figure
