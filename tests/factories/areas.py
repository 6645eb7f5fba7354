"""Made-up areas in metres, and the degrees of a place among them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer

from longevity.geography.boundaries import CityBoundaries

CRS = "EPSG:26956"


def boundaries(shapes: Mapping[str, shapely.Geometry], crs: str = CRS) -> CityBoundaries:
    """Boundaries of a city with these areas, in the order given."""
    full = gpd.GeoDataFrame(
        {"neighbourhood": pd.Series(list(shapes), dtype=object)},
        geometry=list(shapes.values()),
        crs=crs,
    )
    areas = pd.DataFrame(
        {
            "neighbourhood": pd.Series(list(shapes), dtype=object),
            "population": pd.array([None] * len(full), dtype="Int64"),
            "area_km2": full.area / 1e6,
        }
    )
    return CityBoundaries("east", "official", full, full.to_crs("EPSG:4326"), areas, "made up")


def degrees(
    x: Sequence[float] | np.ndarray, y: Sequence[float] | np.ndarray, crs: str = CRS
) -> tuple[np.ndarray, np.ndarray]:
    """Longitude and latitude of places given in metres."""
    back = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    longitude, latitude = back.transform(np.asarray(x, float), np.asarray(y, float))
    return np.asarray(longitude), np.asarray(latitude)


def squares(names: Sequence[str | None], **columns: Sequence[object]) -> gpd.GeoDataFrame:
    """One square kilometre a name, side by side, with more columns; metres."""
    x, y = 300_000, 200_000
    shapes = [
        shapely.box(x + 1000 * place, y, x + 1000 * (place + 1), y + 1000)
        for place in range(len(names))
    ]
    return gpd.GeoDataFrame({"name": list(names), **columns}, geometry=shapes, crs=CRS)


def write_squares(file: Path, names: Sequence[str | None], **columns: Sequence[object]) -> Path:
    """`squares`, written as GeoJSON."""
    squares(names, **columns).to_crs("EPSG:4326").to_file(file, driver="GeoJSON")
    return file
