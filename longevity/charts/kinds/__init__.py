"""The kinds of charts: each takes a frame and the names of its columns, and draws it.

A measure's TOML names one (`kind = "rows"`) and gives it its options, the keywords of its function.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from longevity.charts.drawing import Figure
from longevity.charts.kinds.bars import draw_rows
from longevity.charts.kinds.grid import draw_grid
from longevity.charts.kinds.intervals import draw_intervals
from longevity.charts.kinds.plots import draw_plot

KINDS: Mapping[str, Callable[..., Figure]] = {
    "rows": draw_rows,
    "plot": draw_plot,
    "intervals": draw_intervals,
    "grid": draw_grid,
}
