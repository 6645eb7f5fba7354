"""In which neighbourhood a point lies."""

from __future__ import annotations

from typing import Any

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
    east = _convert_numbers(longitude)
    north = _convert_numbers(latitude)
    names: Names = np.full(len(east), None, dtype=object)
    possible = np.flatnonzero((np.abs(east) <= 180) & (np.abs(north) <= 90))
    if not len(possible) or boundaries.full.empty:
        return names
    near = possible[_find_near(east[possible], north[possible], boundaries)]
    to_metres = Transformer.from_crs("EPSG:4326", boundaries.full.crs, always_xy=True)
    x, y = to_metres.transform(east[near], north[near])
    names[near] = locate_in_metres(x, y, boundaries)
    return names


def find_far(
    longitude: npt.ArrayLike, latitude: npt.ArrayLike, boundaries: CityBoundaries
) -> npt.NDArray[np.bool_]:
    """Return which points lie farther from every area than the city is wide.

    No slip of a place in the city goes that far: such a coordinate is of somewhere else.
    Missing and infinite coordinates are no points, and none of a city without areas is far.
    """
    east, north = _convert_numbers(longitude), _convert_numbers(latitude)
    far: npt.NDArray[np.bool_] = np.isfinite(east) & np.isfinite(north)
    if boundaries.full.empty or not far.any():
        return far & False
    possible = np.flatnonzero((np.abs(east) <= 180) & (np.abs(north) <= 90))
    near = possible[_find_near(east[possible], north[possible], boundaries, FIRST_LOOK)]
    to_metres = Transformer.from_crs("EPSG:4326", boundaries.full.crs, always_xy=True)
    x, y = to_metres.transform(east[near], north[near])
    areas = shapely.union_all(boundaries.full.geometry.to_numpy())
    west, south, most_east, most_north = shapely.bounds(areas)
    shapely.prepare(areas)
    wide = max(most_east - west, most_north - south)
    far[near] = ~shapely.dwithin(areas, shapely.points(x, y), wide)
    return far


def locate_in_metres(x: npt.ArrayLike, y: npt.ArrayLike, boundaries: CityBoundaries) -> Names:
    """Locate points as `locate_points`, in the projected system of the boundaries (metres)."""
    across, up = _convert_numbers(x), _convert_numbers(y)
    names: Names = np.full(len(across), None, dtype=object)
    waiting = np.flatnonzero(np.isfinite(across) & np.isfinite(up))
    areas = zip(boundaries.full["neighbourhood"], boundaries.full.geometry, strict=True)
    for name, area in sorted(areas, key=lambda pair: str(pair[0])):
        west, south, east, north = area.bounds
        ax, ay = across[waiting], up[waiting]
        in_box = np.flatnonzero((ax >= west) & (ax <= east) & (ay >= south) & (ay <= north))
        if not len(in_box):
            continue
        # Prepared once, a polygon answers in a tenth of the time a tree needs.
        shapely.prepare(area)
        inside = in_box[shapely.intersects_xy(area, ax[in_box], ay[in_box])]
        names[waiting[inside]] = name
        waiting = np.delete(waiting, inside)
    return names


def _find_near(
    east: Numbers, north: Numbers, boundaries: CityBoundaries, share: float = 0.1
) -> npt.NDArray[np.bool_]:
    """Return which points are worth projecting: far ones can fold back or overflow.

    The box in degrees is that of the full lines, taken along their edges and
    widened by a share of its longer side.
    """
    outline = shapely.box(*boundaries.full.total_bounds)
    corners = shapely.get_coordinates(
        shapely.segmentize(outline, max(shapely.length(outline) / 100, 1.0))
    )
    back = Transformer.from_crs(boundaries.full.crs, "EPSG:4326", always_xy=True)
    longitude, latitude = back.transform(corners[:, 0], corners[:, 1])
    # Measured from the middle, so that a city across the 180th meridian stays whole.
    middle = longitude[0]
    offsets = (np.asarray(longitude) - middle + 180) % 360 - 180
    here = (east - middle + 180) % 360 - 180
    longer = max(offsets.max() - offsets.min(), latitude.max() - latitude.min())
    more = share * longer + 0.01
    near: npt.NDArray[np.bool_] = (
        (here >= offsets.min() - more)
        & (here <= offsets.max() + more)
        & (north >= latitude.min() - more)
        & (north <= latitude.max() + more)
    )
    return near


def _convert_numbers(values: Any) -> Numbers:
    """Return one float a value, NaN where there is none; pandas' nullable columns included."""
    if hasattr(values, "to_numpy"):
        try:
            return np.asarray(values.to_numpy(dtype=float, na_value=np.nan))
        except TypeError:
            return np.asarray(values.to_numpy(), dtype=float)
    return np.asarray(values, dtype=float)
