"""Whether a TopoJSON file hangs together: GDAL leaves out an arc that is missing and closes rings.

Areas share their borders in such a file: a list of arcs, and of each ring the numbers of the
arcs that make it, in order; ~n is arc n walked backwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Ends = tuple[tuple[float, ...], tuple[float, ...]]


def find_topology_problem(content: dict[str, Any]) -> str:
    """Return what is wrong with a parsed topology, to follow its name; "" when it is whole.

    Raises KeyError, TypeError, ValueError or IndexError where it is not built as one.
    """
    ends = [_find_ends(arc, "transform" in content) for arc in content["arcs"]]
    for geometry in content["objects"].values():
        for ring in _list_rings(geometry):
            if any(not -len(ends) <= number < len(ends) for number in ring):
                return "names a border that is not in it"
            borders = [ends[number] if number >= 0 else ends[~number][::-1] for number in ring]
            successors = [*borders[1:], *borders[:1]]
            if any(
                border[1] != other[0] for border, other in zip(borders, successors, strict=True)
            ):
                return "has an outline that does not close"
    return ""


def _find_ends(arc: list[list[float]], is_delta: bool) -> Ends:
    """Return the first and the last position of an arc; of whole steps, where it is in deltas."""
    if not is_delta:
        return tuple(arc[0][:2]), tuple(arc[-1][:2])
    return tuple(arc[0][:2]), (sum(step[0] for step in arc), sum(step[1] for step in arc))


def _list_rings(geometry: dict[str, Any]) -> Iterator[list[int]]:
    kind = geometry.get("type")
    if kind == "GeometryCollection":
        for each in geometry["geometries"]:
            yield from _list_rings(each)
    elif kind == "Polygon":
        yield from geometry["arcs"]
    elif kind == "MultiPolygon":
        for polygon in geometry["arcs"]:
            yield from polygon
