"""Made-up areas in metres, and the degrees of a place among them."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer
from shapely.geometry import mapping

from longevity.geography.boundaries import CityBoundaries

CRS = "EPSG:26956"


def boundaries(shapes: Mapping[str, shapely.Geometry], crs: str = CRS) -> CityBoundaries:
    """Boundaries of a city with these areas, in the order given."""
    full = gpd.GeoDataFrame(
        {"neighbourhood": pd.Series(list(shapes), dtype=object)}, geometry=list(shapes.values()), crs=crs
    )
    areas = pd.DataFrame(
        {
            "neighbourhood": pd.Series(list(shapes), dtype=object),
            "population": pd.array([None] * len(full), dtype="Int64"),
            "area_km2": full.area / 1e6,
        }
    )
    return CityBoundaries("east", "installed", full, full.to_crs("EPSG:4326"), areas, "made up")


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
    shapes = [shapely.box(x + 1000 * place, y, x + 1000 * (place + 1), y + 1000) for place in range(len(names))]
    return gpd.GeoDataFrame({"name": list(names), **columns}, geometry=shapes, crs=CRS)


def write_squares(file: Path, names: Sequence[str | None], **columns: Sequence[object]) -> Path:
    squares(names, **columns).to_crs("EPSG:4326").to_file(file, driver="GeoJSON")
    return file


def write_reference(folder: Path, city: str, places: Mapping[str, tuple[float, float]], residents: int) -> None:
    """Facts and outlines of a city's areas, boxes that touch where they are 0.02° apart.

    `places`: longitude and latitude of each area's middle. One more resident in each than in
    the one before. Facts of other cities in the file stay.
    """
    folder.mkdir(parents=True, exist_ok=True)
    facts = folder / "neighbourhoods.csv"
    if not facts.exists():
        facts.write_text(
            "city,neighbourhood,longitude,latitude,area_km2,population,definition,source_url\n", encoding="utf-8"
        )
    features = []
    with facts.open("a", encoding="utf-8") as lines:
        for at, (name, (east, north)) in enumerate(places.items()):
            quoted = '"' + name.replace('"', '""') + '"'
            lines.write(f"{city},{quoted},{east},{north},2.0,{residents + at},x,https://x.org\n")
            box = shapely.box(east - 0.01, north - 0.05, east + 0.01, north + 0.05)
            features.append({"type": "Feature", "properties": {"name": name}, "geometry": mapping(box)})
    content = {"source": "made up", "licence": "none", "read": "2026", "credit": "made up"}
    outlines = folder / "outlines" / f"{city.casefold()}.geojson"
    outlines.parent.mkdir(exist_ok=True)
    outlines.write_text(json.dumps({"type": "FeatureCollection", **content, "features": features}), encoding="utf-8")
