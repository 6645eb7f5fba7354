"""Whether every city lies where the configured reference system is made for."""

from __future__ import annotations

import numpy as np
from pyproj import CRS

from longevity.errors import ConfigError
from longevity.geography import installed_boundaries, reference_neighbourhoods
from longevity.language import join_words
from longevity.settings import Settings

Bounds = tuple[float, float, float, float]  # west, south, east, north in degrees


def require_projection(settings: Settings) -> None:
    """Raise ConfigError naming the cities that `projected_crs` is not made for.

    Points outside its area of use are taken for mistakes by import and check, and areas
    and distances there are wrong. A city of which nothing says where it lies passes.
    """
    bounds = {city.name: _find_bounds(settings, city.id) for city in settings.cities.values()}
    area = CRS.from_user_input(settings.projected_crs).area_of_use
    outside = [
        name
        for name, found in bounds.items()
        if found and not installed_boundaries.is_in_use(found, settings.projected_crs)
    ]
    if outside and area:
        raise ConfigError(
            f"{settings.config_path}: 'program.projected_crs' is {settings.projected_crs}, made "
            f"for longitudes {area.west:g} to {area.east:g} and latitudes {area.south:g} to "
            f"{area.north:g}. Outside lies {join_words(outside)}.",
            "Give a system in metres that holds every city, such as the UTM zone of the region or "
            "one made for several states.",
        )


def _find_bounds(settings: Settings, city_id: str) -> Bounds | None:
    """Find where a city lies: by its installed areas, its facts, or the demonstration's centre."""
    installed = installed_boundaries.read_installed(settings, city_id)
    if installed is not None:
        west, south, east, north = installed.areas.to_crs("EPSG:4326").total_bounds
        return west, south, east, north
    facts = reference_neighbourhoods.list_neighbourhoods(settings, city_id)
    points = [(fact.longitude, fact.latitude) for fact in facts]
    if not points and (centre := settings.city(city_id).demonstration.centre):
        points = [centre]
    if not points:
        return None
    return (*np.min(points, axis=0), *np.max(points, axis=0))
