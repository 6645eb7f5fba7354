"""A figure on its way to the browser: sent as it was drawn, not checked again, and drawn once.

Given plain data, Streamlit has Plotly rebuild the figure property by property, each time the
page runs, which costs more than drawing it did. A test has Plotly check every figure instead.

In the browser Streamlit hands each new chart to Plotly twice, the second time as a copy. Plotly
then draws it all again, unless it hears that the data are the same (`datarevision`) and there is
no template, which it compares by identity. So the little that Streamlit's template says of what
is drawn here is written into the figure.
Another figure is another element, never an update. See docs/decisions/0038.
"""

from __future__ import annotations

from typing import Any

from plotly.basedatatypes import BaseFigure

from longevity.charts.drawing import Figure

THE_SAME = 1  # of one element the data never change


class Picture(BaseFigure):  # type: ignore[misc]  # Plotly has no types
    """A finished figure, for `st.plotly_chart`; it can be shown and nothing else.

    `clicked`: whether its points can be chosen. What Streamlit would then set, once it is drawn,
    is set before, or it would be drawn again for that.
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
    """Return a trace as Streamlit's template would have it: marks without an outline."""
    marker = trace.get("marker")
    if trace.get("type", "scatter") != "scatter" or "markers" not in trace.get("mode", "markers"):
        return trace
    line = (marker or {}).get("line", {})
    return trace | {"marker": {**(marker or {}), "line": {"width": 0, **line}}}
