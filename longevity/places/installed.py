"""Official boundaries, checked and kept in LONGEVITY_HOME."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd

from longevity.settings import Settings


@dataclass(frozen=True)
class Official:
    """Installed areas: neighbourhood, population, area_km2, geometry (metres); their source."""

    areas: gpd.GeoDataFrame
    source: str


def path(settings: Settings, city_id: str) -> Path:
    """Where a city's official boundaries are kept."""
    return settings.home / "boundaries" / f"{settings.city(city_id).id}.parquet"


def read(settings: Settings, city_id: str) -> Official | None:
    """The installed boundaries of a city; None when there are none."""
    if not path(settings, city_id).exists():
        return None
    raise NotImplementedError
