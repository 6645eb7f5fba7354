"""What tests ask of a figure."""

from typing import Any

import plotly.graph_objects as go


def assert_valid(figure: dict[str, Any]) -> None:
    """Plotly itself accepts every key and value."""
    go.Figure(figure)


def is_marked(figure: dict[str, Any]) -> bool:
    """Whether the picture says SYNTHETIC."""
    notes = figure["layout"].get("annotations", [])
    return "SYNTHETIC" in [note["text"] for note in notes]


def is_coloured(trace: dict[str, Any]) -> bool:
    """Whether a trace names its colours itself, so that no template is asked for one."""
    if "colorscale" in trace:
        return True
    mode, kind = trace.get("mode", ""), trace.get("type", "scatter")
    parts = ["line"] if "lines" in mode else []
    # Marks on a line have its colour where they name none.
    parts += ["marker"] if kind == "bar" or mode.startswith("markers") else []
    parts += ["textfont"] if "text" in mode else []
    return bool(parts) and all("color" in trace.get(part, {}) for part in parts)


def squares(names: list[str]) -> dict[str, Any]:
    """Boundaries: a row of unit squares of a hundredth of a degree."""
    features = []
    for at, name in enumerate(names):
        west, south, side = 10 + at * 0.01, 40.0, 0.01
        ring = [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]
        corners = [[west + side * x, south + side * y] for x, y in ring]
        features.append(
            {
                "type": "Feature",
                "properties": {"neighbourhood": name, "label": [west + side / 2, south + side / 2]},
                "geometry": {"type": "Polygon", "coordinates": [corners]},
            }
        )
    return {"type": "FeatureCollection", "features": features}
