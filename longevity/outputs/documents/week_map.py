"""A small map of the week in black and white, as vectors: shades for 28 days, rings for 7.

A shade means the same in every week and city: its classes are those of the screen's map.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from longevity.charts.figures.maps import Scale

WIDE, TALL = 400.0, 330.0
EDGE = 8.0
SHADES = ("#ffffff", "#e6e6e6", "#cbcbcb", "#b0b0b0", "#929292", "#747474")
NUMBER = 12.0  # points at which a number is printed, a fifth less where the width is the limit
POINTS_AN_INCH = 72.0
Point = tuple[float, float]


def svg(
    boundaries: dict[str, Any],
    month: Mapping[str, int],
    week: Mapping[str, int],
    inches: float,
    shades: Scale,
) -> str:
    """The areas of a GeoJSON FeatureCollection as an SVG; empty without any.

    `month`, `week`: counts by the areas' names. `inches`: how tall it will be printed. `shades`:
    the classes of the counts in 28 days. No label stands in it, only numbers.
    """
    shapes = [(str(f["properties"]["neighbourhood"]), _rings(f)) for f in boundaries["features"]]
    points = [point for _, rings in shapes for ring in rings for point in ring]
    if not points:
        return ""
    place = _projection(points)
    size = NUMBER * TALL / (POINTS_AN_INCH * inches)
    areas, marks = [], []
    for name, rings in shapes:
        path = " ".join(_path([place(point) for point in ring]) for ring in rings)
        many, few = int(month.get(name, 0)), int(week.get(name, 0))
        areas.append(
            f'<path d="{path}" fill="{_shade(many, shades)}" stroke="#555" stroke-width="1" '
            'fill-rule="evenodd"/>'
        )
        if few:
            marks.append(_mark(place(_middle(max(rings, key=len))), few, size))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE:g} {TALL:g}" '
        f'width="{WIDE:g}" height="{TALL:g}">{"".join(areas)}{"".join(marks)}</svg>'
    )


def alt(month: Mapping[str, int], week: Mapping[str, int], noun: str) -> str:
    """The map in words, in numbers only: the list beside it has the names."""
    return (
        f"Map: {noun} of the week in {sum(1 for n in week.values() if n)} neighbourhoods, "
        f"of 28 days in {sum(1 for n in month.values() if n)}."
    )


def _rings(feature: dict[str, Any]) -> list[list[Point]]:
    shape = feature["geometry"]
    polygons = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
    return [[(x, y) for x, y, *_ in ring] for polygon in polygons for ring in polygon]


def _projection(points: list[Point]) -> Any:
    """Degrees to the picture: north up, east and west as long as they are there."""
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    squeeze = math.cos(math.radians((south + north) / 2))
    wide, tall = max((east - west) * squeeze, 1e-9), max(north - south, 1e-9)
    scale = min((WIDE - 2 * EDGE) / wide, (TALL - 2 * EDGE) / tall)
    left, top = (WIDE - wide * scale) / 2, (TALL - tall * scale) / 2

    def place(point: Point) -> Point:
        return left + (point[0] - west) * squeeze * scale, top + (north - point[1]) * scale

    return place


def _path(ring: list[Point]) -> str:
    return "M" + " L".join(f"{x:.1f},{y:.1f}" for x, y in ring) + " Z"


def _middle(ring: list[Point]) -> Point:
    from shapely import Polygon

    point = Polygon(ring).representative_point()
    return point.x, point.y


def _shade(many: int, shades: Scale) -> str:
    """White for none, else the grey of the class, the darkest for the most."""
    return SHADES[int(shades.find_colour(many, "shown").removeprefix("ramp:"))]


def _mark(at: Point, few: int, size: float) -> str:
    x, y = at
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{0.75 * size:.1f}" fill="#fff" stroke="#000" '
        f'stroke-width="{size / 6:.1f}"/><text x="{x:.1f}" y="{y + size / 3:.1f}" '
        f'font-size="{size:.1f}" font-weight="bold" font-family="Source Sans Pro" '
        f'text-anchor="middle">{few}</text>'
    )
