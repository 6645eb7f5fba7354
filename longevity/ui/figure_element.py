"""Hand a figure to Streamlit so that it is neither rebuilt on the server nor drawn twice.

Given a dict, Streamlit has Plotly rebuild and check the figure each time a page runs, which takes
longer than making it. `Picture` is a Plotly figure that is not checked; a test checks all instead.

In the browser Streamlit passes each chart to Plotly twice. Plotly draws it a second time unless
`datarevision` says that the data are the same and the figure has no template. So the little that
we need of Streamlit's template is written into the figure. See docs/decisions/0038.
"""

from __future__ import annotations

from typing import Any

from plotly.basedatatypes import BaseFigure

from longevity.charts.drawing import Figure

THE_SAME = 1  # any constant: a chart's data never change, as another figure is another element


class Picture(BaseFigure):  # type: ignore[misc]  # Plotly has no types
    """A finished figure for `st.plotly_chart`; it can be shown, and nothing else.

    `clicked`: whether its points can be clicked. What Streamlit would set for that after drawing is
    set before, as it would draw again otherwise.
    """

    def __init__(self, figure: Figure, clicked: bool = False) -> None:
        self._figure, self._clicked = figure, clicked

    def to_dict(self) -> dict[str, Any]:
        """Return the figure as plain data."""
        layout = {"datarevision": THE_SAME, **self._figure["layout"]}
        if self._clicked:
            layout |= {"clickmode": "event+select", "hovermode": "closest", "dragmode": "pan"}
        data = list(map(_hide_outlines, self._figure["data"]))
        return {**self._figure, "data": data, "layout": layout}


def _hide_outlines(trace: dict[str, Any]) -> dict[str, Any]:
    """Return a trace as Streamlit's template would draw it: markers without an outline."""
    marker = trace.get("marker")
    if trace.get("type", "scatter") != "scatter" or "markers" not in trace.get("mode", "markers"):
        return trace
    line = (marker or {}).get("line", {})
    return trace | {"marker": {**(marker or {}), "line": {"width": 0, **line}}}
