"""The kinds of charts: each takes a frame and the names of its columns, and draws it.

A measure's TOML names one (`kind = "rows"`) and gives it its options, the fields of its class.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from longevity.charts.drawing import Kind
from longevity.charts.kinds.bars import Rows
from longevity.charts.kinds.grid import Grid
from longevity.charts.kinds.intervals import Intervals
from longevity.charts.kinds.plots import Plot

MAP = "map"  # the kind that is drawn by code alone: it needs boundaries and a place
KINDS: Mapping[str, Callable[..., Kind]] = {
    "rows": Rows,
    "plot": Plot,
    "intervals": Intervals,
    "grid": Grid,
}
