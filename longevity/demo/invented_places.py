"""Places for a demonstration where there are no published facts of a city.

Always the same ones for the same configuration.
"""

from __future__ import annotations

import math

import numpy as np
from pyproj import CRS, Transformer

from longevity.errors import ConfigError
from longevity.geography.reference_neighbourhoods import Neighbourhood
from longevity.settings import City, Settings

_GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))


def invent_neighbourhoods(settings: Settings, city: City) -> list[Neighbourhood]:
    """Invent areas round the city's centre like a sunflower's seeds, one without residents."""
    crs = CRS.from_user_input(settings.projected_crs)
    to_metres = Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    x, y = to_metres.transform(*_find_centre(settings, city, crs))
    dice = np.random.default_rng(list(city.id.encode()))
    place = np.arange(dice.integers(12, 18))
    distance = 950.0 * np.sqrt(place + 0.3)
    angle = _GOLDEN_ANGLE * place + dice.uniform(0, 2 * math.pi)
    east, north = to_metres.transform(
        x + distance * np.cos(angle), y + distance * np.sin(angle), direction="INVERSE"
    )
    km2 = dice.uniform(1.2, 3.6, len(place))
    people = km2 * 2500 * np.exp(-distance / 6000) * dice.uniform(0.6, 1.4, len(place))
    return [
        Neighbourhood(
            name=f"Area {number + 1}",
            longitude=round(east[number], 5),
            latitude=round(north[number], 5),
            area_km2=round(km2[number], 2),
            population=None if number == place[-1] else round(people[number]),
        )
        for number in place
    ]


def _find_centre(settings: Settings, city: City, crs: CRS) -> tuple[float, float]:
    """Return the configured centre, or a spot of the city's own in the system's area of use."""
    if city.demonstration.centre is not None:
        return city.demonstration.centre
    if crs.area_of_use is None:
        raise ConfigError(
            f"Nothing says where {city.name} lies.",
            f"Give its longitude and latitude as 'centre' of [cities.{city.id}.demonstration].",
        )
    west, south, east, north = crs.area_of_use.bounds
    if east < west:  # it crosses the 180th meridian
        east += 360
    # Along the diagonal, and well inside.
    share = 0.2 + 0.6 * (list(settings.cities).index(city.id) + 0.5) / len(settings.cities)
    longitude = west + (east - west) * share
    return (longitude + 180) % 360 - 180, south + (north - south) * share
