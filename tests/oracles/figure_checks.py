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


def list_areas(figure: dict[str, Any]) -> list[dict[str, Any]]:
    """The traces of a map that are areas; none of any other chart."""
    return [trace for trace in figure["data"] if trace.get("hoveron") == "fills"]


def find_colours(figure: dict[str, Any]) -> dict[str, str]:
    """The colour each area of a map is drawn in, as Plotly reads the trace."""
    return {trace["name"]: trace["fillcolor"] for trace in list_areas(figure)}


def find_names(figure: dict[str, Any]) -> dict[str, tuple[float, float]]:
    """Each name in a map and where its middle is."""
    notes = [note for note in figure["layout"]["annotations"] if note.get("yref") == "y"]
    return {note["text"]: (note["x"], note["y"]) for note in notes}
