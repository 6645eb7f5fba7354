"""A picture of a spec: on the screen, and on paper."""

from __future__ import annotations

from typing import Any

from longevity.charts.spec import Grid, Intervals, Plot, Raw, Rows, Spec, Timeline
from longevity.charts.template import grids, intervals, plots, rows, timelines
from longevity.charts.template.words import PAPER
from longevity.charts.theme import Theme


def draw_figure(spec: Spec, look: Theme, synthetic: bool) -> dict[str, Any]:
    """Return the spec as a Plotly figure in the colours of `look`.

    `synthetic`: whether the picture says so. TypeError for what is no spec.
    """
    if isinstance(spec, Raw):
        return spec.figure
    if isinstance(spec, Plot):
        return plots.draw_plot(spec, look, synthetic)
    if isinstance(spec, Rows):
        return rows.draw_rows(spec, look, synthetic)
    if isinstance(spec, Intervals):
        return intervals.draw_intervals(spec, look, synthetic)
    if isinstance(spec, Timeline):
        return timelines.draw_timeline(spec, look, synthetic)
    if isinstance(spec, Grid):
        return grids.draw_grid(spec, look, synthetic)
    raise TypeError(type(spec))


def draw_on_paper(spec: Spec, look: Theme, synthetic: bool) -> dict[str, Any] | None:
    """Return the figure for paper; None where the screen's serves."""
    if isinstance(spec, Plot) and spec.keyed:
        # Paper is wide, so the key takes few lines and the panels the rest.
        return plots.draw_plot(spec, look, synthetic, PAPER)
    if isinstance(spec, Intervals):
        return intervals.draw_beside(spec, look, synthetic)
    return spec.printed if isinstance(spec, Raw) else None
