"""A picture of a spec: on the screen, and on paper."""

from __future__ import annotations

from typing import Any

from longevity.charts.kinds import timeline
from longevity.charts.spec import AreaMap, Grid, Intervals, Plot, Rows, Spec, Timeline
from longevity.charts.template import grids, intervals, maps, plots, rows
from longevity.charts.template.words import PAPER
from longevity.charts.theme import Theme

TEMPLATES: dict[type, Any] = {
    Plot: plots.draw_plot,
    Rows: rows.draw_rows,
    Intervals: intervals.draw_intervals,
    Timeline: timeline.draw_timeline,
    Grid: grids.draw_grid,
    AreaMap: maps.draw_map,
}


def draw_figure(spec: Spec, look: Theme, synthetic: bool) -> dict[str, Any]:
    """Return the spec as a Plotly figure in the colours of `look`.

    `synthetic`: whether the picture says so. KeyError for what is no spec.
    """
    figure: dict[str, Any] = TEMPLATES[type(spec)](spec, look, synthetic)
    return figure


def draw_on_paper(spec: Spec, look: Theme, synthetic: bool) -> dict[str, Any] | None:
    """Return the figure for paper; None where the screen's serves."""
    if isinstance(spec, AreaMap):
        return maps.draw_printed_map(spec, look, synthetic)
    if isinstance(spec, Intervals):
        return intervals.draw_beside(spec, look, synthetic)
    if isinstance(spec, Plot) and spec.keyed:
        # Paper is wide, so the key takes few lines and the panels the rest.
        return plots.draw_plot(spec, look, synthetic, PAPER)
    return None
