"""Areas as TopoJSON: each stretch of a border once, whoever shares it."""

from __future__ import annotations

import itertools
from typing import Any

import geopandas as gpd
import shapely

Corner = tuple[float, float]


def build_topology(frame: gpd.GeoDataFrame, steps: float | None = None) -> dict[str, Any]:
    """The areas of a frame in degrees; on a grid of `steps` a degree, in deltas, where given."""
    arcs: list[tuple[Corner, Corner]] = []
    numbers: dict[tuple[Corner, Corner], int] = {}

    def number(start: Corner, end: Corner) -> int:
        if (end, start) in numbers:
            return ~numbers[end, start]
        if (start, end) not in numbers:
            numbers[start, end] = len(arcs)
            arcs.append((start, end))
        return numbers[start, end]

    def ring(line: shapely.LinearRing) -> list[int]:
        corners = [tuple(corner) for corner in line.coords]
        if steps:
            corners = [(round(x * steps), round(y * steps)) for x, y in corners]
        pairs = itertools.pairwise(corners)
        return [number(one, other) for one, other in pairs if one != other]

    geometries = [
        {
            "type": "MultiPolygon",
            "arcs": [
                [ring(line) for line in (part.exterior, *part.interiors)]
                for part in shapely.get_parts(shape)
            ],
            "properties": properties,
        }
        for shape, properties in zip(
            frame.geometry, frame.drop(columns="geometry").to_dict("records"), strict=True
        )
    ]
    topology: dict[str, Any] = {
        "type": "Topology",
        "objects": {"areas": {"type": "GeometryCollection", "geometries": geometries}},
        "arcs": [[list(one), list(other)] for one, other in arcs],
    }
    if steps:
        topology["transform"] = {"scale": [1 / steps, 1 / steps], "translate": [0, 0]}
        topology["arcs"] = [
            [list(one), [other[0] - one[0], other[1] - one[1]]] for one, other in arcs
        ]
    return topology
