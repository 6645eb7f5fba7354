"""Coordinates that stand for "somewhere in the city": many rows piled on one point.

A geocoder that cannot find an address answers with the middle of the city.
Left alone such a point becomes the worst corner of the map.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from longevity.settings import Thresholds

Point = tuple[str, float, float]


def find_piles(frame: pd.DataFrame, thresholds: Thresholds) -> set[Point]:
    """Return the coordinates on which rows are piled, as (city, longitude, latitude).

    `frame` has columns city, longitude and latitude in degrees, a row an
    incident; missing and infinite coordinates are left aside. A coordinate is a
    pile when it holds at least `piled_rows` rows and at least `piled_share` of
    its city's rows that have coordinates: a busy corner reaches neither.
    """
    points = frame.loc[_has_point(frame), ["city", "longitude", "latitude"]]
    if points.empty:
        return set()
    points = points.astype({"longitude": float, "latitude": float})
    sizes = points.groupby(["city", "longitude", "latitude"], observed=True, sort=False).size()
    of_city = sizes.groupby(level="city", observed=True).transform("sum")
    least = np.maximum(thresholds.piled_rows, thresholds.piled_share * of_city)
    piles = sizes.index[sizes >= least]
    return {(str(city), float(x), float(y)) for city, x, y in piles}


def is_on_pile(frame: pd.DataFrame, piles: set[Point]) -> pd.Series:
    """Return whether each row of `frame` lies on one of `piles`: booleans on its index."""
    on = pd.Series(False, index=frame.index, dtype=bool)
    longitude = pd.to_numeric(frame["longitude"], errors="coerce")
    latitude = pd.to_numeric(frame["latitude"], errors="coerce")
    for city, x, y in piles:
        on |= ((frame["city"] == city) & (longitude == x) & (latitude == y)).fillna(False)
    return on.astype(bool)


def _has_point(frame: pd.DataFrame) -> pd.Series:
    longitude = pd.to_numeric(frame["longitude"], errors="coerce").astype(float)
    latitude = pd.to_numeric(frame["latitude"], errors="coerce").astype(float)
    return longitude.abs().lt(np.inf) & latitude.abs().lt(np.inf)
