"""In which neighbourhood a point lies, by a city's boundaries; asked when a release is built."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Transformer

from longevity.geography.boundaries import CityBoundaries

Numbers = npt.NDArray[np.float64]
Names = npt.NDArray[np.object_]
# A city's width in degrees east is at most three times its longer side in degrees, up to 70° north.
FIRST_LOOK = 3.0


def locate_points(
    longitude: npt.ArrayLike, latitude: npt.ArrayLike, boundaries: CityBoundaries
) -> Names:
    """Return the neighbourhood of each point, or None where it lies in no area.

    `longitude` and `latitude` are degrees (WGS 84), one each a point; the answer
    has their length. Points are projected and tested against the full lines. A
    point is in at most one area: on a shared border, in the first by name.
    Missing, infinite and impossible coordinates are in no area.
    """
    names: Names = np.full(np.shape(longitude), None, dtype=object)
    near, x, y = _project_near(longitude, latitude, boundaries, share=0.1)
    # The first by name is written last, so it has the point.
    areas = boundaries.full.sort_values("neighbourhood", ascending=False)
    for name, area in zip(areas["neighbourhood"], areas.geometry, strict=True):
        # Prepared, a polygon answers in an eighth of the time that a tree of points needs.
        shapely.prepare(area)
        names[near[shapely.intersects_xy(area, x, y)]] = name
    return names


def find_far(
    longitude: npt.ArrayLike, latitude: npt.ArrayLike, boundaries: CityBoundaries
) -> npt.NDArray[np.bool_]:
    """Return which points lie farther from every area than the city is wide.

    No slip of a place in the city goes that far: such a coordinate is of somewhere else.
    Missing and infinite coordinates are no points, and none of a city without areas is far.
    """
    far: npt.NDArray[np.bool_] = np.isfinite(longitude) & np.isfinite(latitude)
    if boundaries.full.empty:
        return far & False
    near, x, y = _project_near(longitude, latitude, boundaries, share=FIRST_LOOK)
    west, south, east, north = boundaries.full.total_bounds
    city = boundaries.full.union_all()
    shapely.prepare(city)
    far[near] = ~shapely.dwithin(city, shapely.points(x, y), max(east - west, north - south))
    return far


def _project_near(
    longitude: npt.ArrayLike, latitude: npt.ArrayLike, boundaries: CityBoundaries, share: float
) -> tuple[npt.NDArray[np.intp], Numbers, Numbers]:
    """Return which points are near the city (their positions), and their x and y in metres.

    Those far away need no projecting, and can fold back or overflow in it. Near is in the city's
    box, widened on each side by a `share` of its longer side.
    """
    across, up = np.asarray(longitude, dtype=float), np.asarray(latitude, dtype=float)
    to_metres = Transformer.from_crs("EPSG:4326", boundaries.full.crs, always_xy=True)
    left, bottom, right, top = boundaries.full.total_bounds
    west, south, east, north = to_metres.transform_bounds(
        left, bottom, right, top, direction="INVERSE"
    )
    more = share * max(east - west, north - south) + 0.01
    near = np.flatnonzero(
        (across >= max(west - more, -180))
        & (across <= min(east + more, 180))
        & (up >= max(south - more, -90))
        & (up <= min(north + more, 90))
    )
    x, y = to_metres.transform(across[near], up[near])
    return near, x, y
