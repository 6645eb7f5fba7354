"""What tests ask of a figure; and how its colours look: to every eye, to colour-blind ones, printed grey.

Contrast as WCAG 2.2 defines it; difference in OKLab (Ottosson 2020, in CSS Color 4), a hundredfold:
about 2 is just seen; colour blindness as Machado, Oliveira and Fernandes (2009) simulate it at full
severity, on linear light.
"""

from math import dist
from typing import Any

import numpy as np
import plotly.graph_objects as go


def assert_valid(figure: dict[str, Any]) -> None:
    go.Figure(figure)


def is_marked(figure: dict[str, Any]) -> bool:
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


GREY = (0.2126, 0.7152, 0.0722)
SEEN = {
    "all colours": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
    "printed grey": (GREY, GREY, GREY),
}
CONES = ((0.4122215, 0.5363325, 0.0514460), (0.2119035, 0.6806995, 0.1073970), (0.0883025, 0.2817188, 0.6299787))
OKLAB = ((0.2104543, 0.7936178, -0.0040720), (1.9779985, -2.4285922, 0.4505937), (0.0259040, 0.7827718, -0.8086758))


def light_of(colour: str) -> list[float]:
    """Linear light of "#rrggbb"."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def contrast(one: str, other: str) -> float:
    low, high = sorted(np.dot(GREY, light_of(colour)) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def difference(one: str, other: str, eyes: str = "all colours") -> float:
    """How far apart two colours look to these eyes."""
    seen = (np.clip(np.array(SEEN[eyes]) @ light_of(colour), 0, 1) for colour in (one, other))
    return 100 * dist(*(np.array(OKLAB) @ np.cbrt(np.array(CONES) @ light) for light in seen))
