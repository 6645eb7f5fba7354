"""Approximate boundaries, until a city's lines are installed.

A city gets one closed outline with straight edges, as large as its areas are
together. Within it each area gets the points that are nearer to its label point
than to any other, a large area reaching further than a small one: a power
diagram, whose weight is the square of the radius of a disc as large as the area.
Points are located a little beyond the outline too. See docs/boundaries.md for
how far this can be trusted.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Transformer
from scipy.sparse.csgraph import minimum_spanning_tree

from longevity.geography.reference_neighbourhoods import Neighbourhood

Numbers = npt.NDArray[np.float64]

# All in radii of a disc as large as the city's mean area.
# Bays of the outline narrower than twice this are filled.
FILLED = 1.5
# The outline's edges are straight: they leave the curve they are drawn along by at most this.
STRAIGHTENED = 0.25
# Every label point lies at least this deep in the outline; more than STRAIGHTENED.
LEAST_DEPTH = 0.3
# How far beyond the outline points are still located: it is only approximate. The
# least that loses no incident the official lines place, on three real cities.
BEYOND = 0.6
# Corners are set to a millimetre, so that neighbours share them exactly.
GRID = 0.001
# Halvings until the outline has its size.
_HALVINGS = 30


@dataclass(frozen=True)
class ApproximateAreas:
    """The areas of one city, twice: columns neighbourhood and geometry (metres), sorted by name.

    `simplified` fills the outline; `located` are the same areas, reaching beyond it.
    """

    simplified: gpd.GeoDataFrame
    located: gpd.GeoDataFrame


@dataclass(frozen=True)
class _Sites:
    """Label points in metres, and r² in m² of a disc as large as each area."""

    x: Numbers
    y: Numbers
    squares: Numbers

    @property
    def unit(self) -> float:
        """Return the radius in metres of a disc as large as the mean area."""
        return math.sqrt(float(self.squares.mean()))


def build_approximate_areas(areas: Sequence[Neighbourhood], projected_crs: str) -> ApproximateAreas:
    """Build the approximate areas in `projected_crs` (metres).

    Drawn areas fill one outline without a hole: none overlaps another, there is no
    gap, and each holds its own label point. Label points that coincide are set a
    little apart; an area of unknown size is taken to be of the middle size.
    """
    in_order = sorted(areas, key=lambda each: each.name)
    cells, located = _build_cells(in_order, projected_crs) if in_order else ([], [])
    names = [each.name for each in in_order]
    return ApproximateAreas(
        simplified=_frame_cells(names, cells, projected_crs),
        located=_frame_cells(names, located, projected_crs),
    )


def _frame_cells(
    names: list[str], cells: list[shapely.Geometry], projected_crs: str
) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"neighbourhood": names}, geometry=cells, crs=projected_crs).astype(
        {"neighbourhood": object}
    )


def _build_cells(
    areas: Sequence[Neighbourhood], projected_crs: str
) -> tuple[list[shapely.Geometry], list[shapely.Geometry]]:
    """Return the cells within the outline, and those that reach beyond it."""
    squares = _square_radii(areas)
    sites = _Sites(
        *_set_points_apart(*_project_label_points(areas, projected_crs), squares), squares
    )
    weight = squares * _find_weight_share(sites)
    outline = _find_outline(sites)
    widened = shapely.Polygon(
        shapely.buffer(outline, BEYOND * sites.unit, join_style="mitre").exterior
    )
    frame = shapely.box(*shapely.buffer(widened, 1000.0).bounds)
    regions = [_find_nearest_region(each, sites, weight, frame) for each in range(len(areas))]
    return (
        _share_borders(regions, sites, weight, outline),
        _share_borders(regions, sites, weight, widened),
    )


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


def _find_outline(sites: _Sites) -> shapely.Polygon:
    """Return the outline whose size is that of all areas together.

    It is drawn round discs as large as the areas, all widened or narrowed alike. Where label
    points lie so far apart that the least outline round them is larger, it is that one.
    """
    radii = np.maximum(np.sqrt(sites.squares), sites.unit / 2)
    paths = _connect_label_points(sites)
    size = math.pi * float(sites.squares.sum())
    # One disc as wide as the larger bound would hold every area twice.
    low, high = 2 * LEAST_DEPTH, 2 * math.sqrt(len(radii))
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if shapely.area(_draw_outline(sites, middle * radii, paths)) < size:
            low = middle
        else:
            high = middle
    return _draw_outline(sites, low * radii, paths)


def _connect_label_points(sites: _Sites) -> shapely.MultiLineString:
    """Return the shortest lines that join all label points, so that the outline is one."""
    points = np.column_stack([sites.x, sites.y])
    distance = np.hypot(sites.x[:, None] - sites.x, sites.y[:, None] - sites.y)
    ends = np.column_stack(minimum_spanning_tree(distance).nonzero())
    return shapely.multilinestrings(shapely.linestrings(points[ends]))


def _draw_outline(sites: _Sites, radii: Numbers, paths: shapely.MultiLineString) -> shapely.Polygon:
    """Return one polygon with few corners round discs of these radii (metres) and the paths."""
    filled = FILLED * sites.unit
    discs = shapely.buffer(shapely.points(sites.x, sites.y), radii + filled)
    along = shapely.buffer(paths, LEAST_DEPTH * sites.unit + filled)
    parts = shapely.get_parts(shapely.buffer(shapely.union_all([*discs, along]), -filled))
    largest = parts[int(shapely.area(parts).argmax())]
    return shapely.simplify(shapely.Polygon(largest.exterior), STRAIGHTENED * sites.unit)


def _find_weight_share(sites: _Sites) -> float:
    """Return how much of the weights can be used so that each area keeps its own label point.

    Area j swallows the label point of i when w_j - w_i exceeds their squared distance.
    """
    distance = (sites.x[:, None] - sites.x) ** 2 + (sites.y[:, None] - sites.y) ** 2
    ahead = sites.squares[None, :] - sites.squares[:, None]
    pairs = ahead > 0
    if not pairs.any():
        return 1.0
    return min(1.0, 0.9 * float((distance[pairs] / ahead[pairs]).min()))


def _find_nearest_region(
    area: int, sites: _Sites, weight: Numbers, frame: shapely.Polygon
) -> shapely.Geometry:
    """Return the part of `frame` whose power to `area` is the least: half planes, one a rival."""
    x, y = sites.x, sites.y
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
    regions: Sequence[shapely.Geometry], sites: _Sites, weight: Numbers, outline: shapely.Polygon
) -> list[shapely.Geometry]:
    """Return the regions within the outline, with borders shared to the last digit.

    Two neighbours' regions differ by rounding. So all borders are laid on one
    grid and noded together, and each face between them goes to the area of
    least power there.
    """
    within = shapely.intersection(list(regions), outline)
    edges = shapely.union_all(shapely.boundary(within), grid_size=GRID)
    faces = np.array(shapely.get_parts(shapely.polygonize([edges])))
    inside = shapely.point_on_surface(faces)
    in_outline = shapely.intersects(outline, inside)
    faces, inside = faces[in_outline], inside[in_outline]
    px, py = shapely.get_x(inside), shapely.get_y(inside)
    power = (px[:, None] - sites.x) ** 2 + (py[:, None] - sites.y) ** 2 - weight
    owner = power.argmin(axis=1)
    return [shapely.union_all(faces[owner == each]) for each in range(len(regions))]
