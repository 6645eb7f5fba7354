"""Approximate boundaries, until the official ones are installed.

Each area gets the points that are nearer to its label point than to any other,
a large area reaching further than a small one: a power diagram, whose weight is
the square of the radius of a disc as large as the area. What lies outside every
label point's disc belongs to nobody. See docs/boundaries.md for how far this
can be trusted.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Transformer

from longevity.geography.reference_neighbourhoods import Neighbourhood

Numbers = npt.NDArray[np.float64]

# The reach of an area, in radii of a disc as large as it. The least reach that
# loses no incident the official lines place, on three real cities; a larger one
# only claims ground outside the city.
REACH = 1.4
# Corners are set to a millimetre, so that neighbours share them exactly.
GRID = 0.001
# Segments in a quarter of a disc: its edge strays from a circle by under a metre.
_QUARTER = 32


def build_power_diagram(areas: Sequence[Neighbourhood], projected_crs: str) -> gpd.GeoDataFrame:
    """Build the approximate areas: columns neighbourhood and geometry, sorted by name.

    Geometry is in `projected_crs` (metres). Every area is a non-empty polygon
    that holds its own label point; no two overlap, and there is no gap between
    neighbours inside the union of the discs. Label points that coincide are
    set a little apart; an area of unknown size is taken to be of the middle size.
    """
    in_order = sorted(areas, key=lambda each: each.name)
    names = [each.name for each in in_order]
    cells = _build_cells(in_order, projected_crs) if in_order else []
    return gpd.GeoDataFrame({"neighbourhood": names}, geometry=cells, crs=projected_crs).astype(
        {"neighbourhood": object}
    )


def _build_cells(areas: Sequence[Neighbourhood], projected_crs: str) -> list[shapely.Geometry]:
    squares = _square_radii(areas)
    x, y = _set_points_apart(*_project_label_points(areas, projected_crs), squares)
    reach = shapely.union_all(
        shapely.buffer(shapely.points(x, y), REACH * np.sqrt(squares), quad_segs=_QUARTER)
    )
    weight = squares * _find_weight_share(x, y, squares)
    frame = shapely.box(*shapely.buffer(reach, 1000.0).bounds)
    drafts = [
        shapely.intersection(_find_nearest_region(each, x, y, weight, frame), reach)
        for each in range(len(x))
    ]
    return _share_borders(drafts, x, y, weight, reach)


def _project_label_points(
    areas: Sequence[Neighbourhood], projected_crs: str
) -> tuple[Numbers, Numbers]:
    to_metres = Transformer.from_crs("EPSG:4326", projected_crs, always_xy=True)
    x, y = to_metres.transform(
        [each.longitude for each in areas], [each.latitude for each in areas]
    )
    return np.asarray(x, dtype=float), np.asarray(y, dtype=float)


def _square_radii(areas: Sequence[Neighbourhood]) -> Numbers:
    """Return r² in m² of a disc as large as each area; the middle one where the size is unknown."""
    size = np.array([each.area_km2 for each in areas], dtype=float) * 1e6
    has_size = np.isfinite(size) & (size > 0)
    size[~has_size] = float(np.median(size[has_size])) if has_size.any() else 1e6
    return size / math.pi


def _set_points_apart(x: Numbers, y: Numbers, squares: Numbers) -> tuple[Numbers, Numbers]:
    """Set label points within a metre of each other on a ring a quarter radius round them."""
    x, y = x.copy(), y.copy()
    together: dict[tuple[int, int], list[int]] = {}
    for each in range(len(x)):
        together.setdefault((round(x[each]), round(y[each])), []).append(each)
    for members in together.values():
        if len(members) < 2:
            continue
        ring = 0.25 * math.sqrt(float(squares[members].min()))
        for turn, each in enumerate(members):
            angle = 2 * math.pi * turn / len(members)
            x[each] += ring * math.cos(angle)
            y[each] += ring * math.sin(angle)
    return x, y


def _find_weight_share(x: Numbers, y: Numbers, squares: Numbers) -> float:
    """Return how much of the weights can be used so that each area keeps its own label point.

    Area j swallows the label point of i when w_j - w_i exceeds their squared distance.
    """
    distance = (x[:, None] - x) ** 2 + (y[:, None] - y) ** 2
    ahead = squares[None, :] - squares[:, None]
    pairs = ahead > 0
    if not pairs.any():
        return 1.0
    return min(1.0, 0.9 * float((distance[pairs] / ahead[pairs]).min()))


def _find_nearest_region(
    area: int, x: Numbers, y: Numbers, weight: Numbers, frame: shapely.Polygon
) -> shapely.Geometry:
    """Return the part of `frame` whose power to `area` is the least: half planes, one a rival."""
    span = 4 * math.dist(frame.bounds[:2], frame.bounds[2:])
    region: shapely.Geometry = frame
    for other in range(len(x)):
        if other == area:
            continue
        dx, dy = x[other] - x[area], y[other] - y[area]
        distance = math.hypot(dx, dy)
        # Where the border crosses the line between the two, from `area`.
        at = (distance**2 + weight[area] - weight[other]) / (2 * distance)
        ux, uy = dx / distance, dy / distance
        px, py = x[area] + at * ux, y[area] + at * uy
        half = shapely.Polygon(
            [
                (px - uy * span, py + ux * span),
                (px + uy * span, py - ux * span),
                (px + (uy - ux) * span, py - (ux + uy) * span),
                (px - (uy + ux) * span, py + (ux - uy) * span),
            ]
        )
        region = shapely.intersection(region, half)
    return region


def _share_borders(
    drafts: Sequence[shapely.Geometry],
    x: Numbers,
    y: Numbers,
    weight: Numbers,
    reach: shapely.Geometry,
) -> list[shapely.Geometry]:
    """Return the drafts with their borders shared to the last digit.

    Two neighbours' drafts differ by rounding. So all borders are laid on one
    grid and noded together, and each face between them goes to the area of
    least power there.
    """
    edges = shapely.union_all([shapely.boundary(draft) for draft in drafts], grid_size=GRID)
    faces = np.array(shapely.get_parts(shapely.polygonize([edges])))
    inside = shapely.point_on_surface(faces)
    in_reach = shapely.intersects(reach, inside)
    faces, inside = faces[in_reach], inside[in_reach]
    px, py = shapely.get_x(inside), shapely.get_y(inside)
    power = (px[:, None] - x) ** 2 + (py[:, None] - y) ** 2 - weight
    owner = power.argmin(axis=1)
    return [shapely.union_all(faces[owner == each]) for each in range(len(drafts))]
