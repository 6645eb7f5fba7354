"""A figure on its way to the browser: sent as it was drawn, not checked again.

Given plain data, Streamlit has Plotly rebuild the figure property by property, each time the
page runs, which costs more than drawing it did. A test has Plotly check every figure instead.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import plotly.io
from plotly.basedatatypes import BaseFigure

from longevity.press.chart import Figure


class Picture(BaseFigure):  # type: ignore[misc]  # Plotly has no types
    """A finished figure, for `st.plotly_chart`; it can be shown and nothing else."""

    def __init__(self, figure: Figure) -> None:
        self._figure = figure

    def to_dict(self) -> dict[str, Any]:
        """The figure as plain data, with what the template says of its kinds of trace."""
        kinds = frozenset(trace.get("type", "scatter") for trace in self._figure["data"])
        layout = {"template": _template(kinds), **self._figure["layout"]}
        return {**self._figure, "layout": layout}


@lru_cache(maxsize=64)
def _template(kinds: frozenset[str]) -> dict[str, Any]:
    """The part of the template that these kinds of trace use."""
    # Streamlit makes its own the default, the first time it shows a figure.
    whole = plotly.io.templates[plotly.io.templates.default].to_plotly_json()
    traces = {kind: looks for kind, looks in whole["data"].items() if kind in kinds}
    return {"data": traces, "layout": whole["layout"]}
