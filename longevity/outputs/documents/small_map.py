"""A small map in greys as SVG, drawn from what a map shows: no browser is needed.

No name stands in it, only the counts in rings: the list beside it has the names.
"""

from __future__ import annotations

from longevity.charts import fonts
from longevity.charts.spec import AreaMap
from longevity.charts.template.maps import find_label, find_view, list_rings
from longevity.charts.theme import BORDER, LIGHT, find_colour

EDGE = 3.0  # points around the areas
NUMBER = 9.5  # points
LINE = 0.6  # points


def draw_small_map(spec: AreaMap, wide: float, tall: float) -> str:
    """Return the map as SVG of so many points; empty where there is no area to draw."""
    features = {each["properties"]["neighbourhood"]: each for each in spec.boundaries["features"]}
    areas = [area for area in spec.areas if area.name in features]
    if not areas:
        return ""
    place_point = find_view(spec).fit_into(wide, tall, EDGE)
    shapes, rings = [], []
    for area in areas:
        outlines = [
            [place_point(*point) for point in ring] for ring in list_rings(features[area.name])
        ]
        shapes.append(_draw_area(outlines, find_grey(area.colour)))
        if area.ring:
            lon, lat, _ = find_label(features[area.name])
            rings.append(_draw_ring(area.ring, *place_point(lon, lat)))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:g} {tall:g}" '
        f'width="{wide:g}pt" height="{tall:g}pt" font-family="{fonts.FAMILY}" '
        f'font-size="{NUMBER:g}">{"".join(shapes)}{"".join(rings)}</svg>'
    )


def find_grey(colour: str) -> str:
    """Return the grey a colour's name is printed in; those of the ramp are in even steps."""
    fill = find_colour(LIGHT, colour)
    red, green, blue = (int(fill[at : at + 2], 16) for at in (1, 3, 5))
    grey = round(0.299 * red + 0.587 * green + 0.114 * blue)
    return "#" + f"{grey:02x}" * 3


def _draw_area(outlines: list[list[tuple[float, float]]], grey: str) -> str:
    path = " ".join(
        f"M{' L'.join(f'{x:.1f},{y:.1f}' for x, y in outline)} Z" for outline in outlines
    )
    return (
        f'<path d="{path}" fill="{grey}" stroke="{find_grey(BORDER)}" stroke-width="{LINE}" '
        'fill-rule="evenodd"/>'
    )


def _draw_ring(words: str, x: float, y: float) -> str:
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{0.75 * NUMBER:g}" fill="#fff" stroke="#000" '
        f'stroke-width="1.2"/><text x="{x:.1f}" y="{y + NUMBER / 3:.1f}" font-weight="bold" '
        f'text-anchor="middle">{words}</text>'
    )
