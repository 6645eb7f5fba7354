"""Boundaries light enough to send to a browser, their shared borders still shared."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

Geometries = npt.NDArray[np.object_]

# Metres: corners that change an area by less than the square of this go. At the
# scale of a city on a screen a pixel is about as wide.
TOLERANCE = 20.0
# Borders that miss each other by less than half a street are meant to be one.
SLIVER = 10.0


def simplify_areas(full: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return `full` (metres) with fewer corners, in EPSG:4326: neighbourhood, geometry.

    No area is lost, none overlaps another, and a border between two stays one
    border. Where the areas given do not fit together they are fitted first.
    """
    areas = np.array(full.geometry.values, dtype=object)
    result = (
        _reduce_corners(areas if _is_coverage(areas) else fit_together(areas))
        if len(areas)
        else areas
    )
    return gpd.GeoDataFrame(
        {"neighbourhood": full["neighbourhood"].to_numpy()}, geometry=list(result), crs=full.crs
    ).to_crs("EPSG:4326")


def _reduce_corners(areas: Geometries) -> Geometries:
    tolerance = TOLERANCE
    while tolerance > 0.5:
        result: Geometries = shapely.coverage_simplify(areas, tolerance)
        whole = not shapely.is_empty(result).any() and bool(shapely.is_valid(result).all())
        if whole and _is_coverage(result):
            return result
        tolerance /= 2
    return areas


def fit_together(areas: Geometries) -> Geometries:
    """Make the areas share their borders.

    Ground covered twice goes to the first of its areas, as a point on it would; a
    sliver of a gap goes to the neighbour along which it lies, a wider gap stays.
    An area left with nothing, because others cover it whole, is kept as given.
    """
    together: Geometries = shapely.coverage_clean(
        areas, gap_width=SLIVER, merge_strategy="min_index"
    )
    return np.where(shapely.is_empty(together), areas, together)


def _is_coverage(areas: Geometries) -> bool:
    return bool(shapely.coverage_is_valid(areas))
