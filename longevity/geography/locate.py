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


def _find_near(east: Numbers, north: Numbers, boundaries: CityBoundaries) -> npt.NDArray[np.bool_]:
    """Return which points are worth projecting: far ones can fold back or overflow.

    The box in degrees is that of the full lines, taken along their edges and
    widened by a tenth of itself.
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
    wide = 0.1 * (offsets.max() - offsets.min()) + 0.01
    tall = 0.1 * (latitude.max() - latitude.min()) + 0.01
    near: npt.NDArray[np.bool_] = (
        (here >= offsets.min() - wide)
        & (here <= offsets.max() + wide)
        & (north >= latitude.min() - tall)
        & (north <= latitude.max() + tall)
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
