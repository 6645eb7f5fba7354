"""The kinds of charts: each takes a frame and the names of its columns, and says what to draw."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from longevity.charts.drawing import Shown
from longevity.charts.kinds.bars import show_rows
from longevity.charts.kinds.grid import show_grid
from longevity.charts.kinds.intervals import show_intervals
from longevity.charts.kinds.series import show_plot
from longevity.charts.kinds.timeline import show_timeline

KINDS: Mapping[str, Callable[..., Shown]] = {
    "rows": show_rows,
    "plot": show_plot,
    "intervals": show_intervals,
    "grid": show_grid,
    "timeline": show_timeline,
}
