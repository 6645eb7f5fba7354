"""Boundaries light enough to send to a browser, their shared borders still shared."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

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
    areas = full.geometry.to_numpy()
    if len(areas) and not shapely.coverage_is_valid(areas):
        areas = fit_together(areas)
    drawn = shapely.coverage_simplify(areas, TOLERANCE) if len(areas) else areas
    return full[["neighbourhood"]].set_geometry(drawn, crs=full.crs).to_crs("EPSG:4326")


def fit_together(areas: np.ndarray) -> np.ndarray:
    """Make the areas share their borders.

    Ground covered twice goes to the first of its areas, as a point on it would; a
    sliver of a gap goes to the neighbour along which it lies, a wider gap stays.
    An area that others cover whole is kept as given.
    """
    together = shapely.coverage_clean(areas, gap_width=SLIVER, merge_strategy="min_index")
    return np.where(shapely.is_empty(together), areas, together)
