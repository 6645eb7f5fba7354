"""Where incidents happen: few neighbourhoods hold most of them, those the configuration names.

Points lie inside a disc around each neighbourhood's label point; what follows
an incident tends to lie near it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from longevity.demo.invented_places import invent_neighbourhoods
from longevity.demo.shootings import World
from longevity.demo.streams import Bools, Floats, Ints, Streams, draw_index
from longevity.errors import ConfigError, suggest_nearest
from longevity.geography.reference_neighbourhoods import list_neighbourhoods
from longevity.settings import City as ConfiguredCity
from longevity.settings import Settings

KM_A_DEGREE = 111.32
PART_OF_THE_DISC = 0.7  # so that few points fall into the area next door
CONCENTRATION = 1.15
HOT_SHARE = 0.5  # of a city's shootings at least, in the hot areas the configuration names
HOT_FALL = 0.8  # of the shootings of one hot area, in the next
UNKNOWN_KM2 = 2.0
PRECISIONS = ("address", "block", "intersection", "neighbourhood", "city", "unknown")
HOW_PRECISE = (0.30, 0.53, 0.08, 0.04, 0.02, 0.03)
ADDRESS, BLOCK, INTERSECTION, AREA, WHOLE_CITY, UNKNOWN = range(6)


@dataclass(frozen=True)
class DemoCity:
    """A city's areas and how much of its shootings each holds."""

    names: tuple[str, ...]
    longitude: Floats
    latitude: Floats
    radius_km: Floats
    weight: Floats


@dataclass(frozen=True)
class Spots:
    """One element an incident; coordinates are NaN where they are not given."""

    longitude: Floats
    latitude: Floats
    precision: Ints  # index of PRECISIONS
    area: Ints  # index of the area named, -1 for none


def list_areas(settings: Settings, city: str, seed: int) -> DemoCity:
    """Return the areas of a city, from the reference facts or invented; the same in every world."""
    areas = list_neighbourhoods(settings, city) or invent_neighbourhoods(
        settings, settings.city(city)
    )
    names = tuple(area.name for area in areas)
    uniform = Streams(seed, 0, city).uniform("areas", len(areas))
    km2 = np.array([area.area_km2 for area in areas], dtype=float)
    people = np.array([area.population or 0 for area in areas], dtype=float)
    hot = _find_hot_areas(names, settings.city(city))
    return DemoCity(
        names=names,
        longitude=np.array([area.longitude for area in areas], dtype=float),
        latitude=np.array([area.latitude for area in areas], dtype=float),
        radius_km=np.sqrt(np.nan_to_num(km2, nan=UNKNOWN_KM2) / np.pi),
        weight=_weigh_areas(people, uniform, hot),
    )


def _find_hot_areas(names: tuple[str, ...], city: ConfiguredCity) -> list[int]:
    """Return positions of the areas named hot; a ConfigError that names the nearest otherwise."""
    for name in city.demonstration.hot_areas:
        if name not in names:
            raise ConfigError(
                f"cities.{city.id}.demonstration: 'hot_areas' names '{name}', which is no area "
                f"of {city.name}.",
                suggest_nearest(name, names),
            )
    return [names.index(name) for name in city.demonstration.hot_areas]


def _weigh_areas(people: Floats, uniform: Floats, hot: list[int]) -> Floats:
    """Return each area's share of the shootings: by people and chance, hot areas most."""
    chance = 0.5 + uniform if hot else np.exp(-CONCENTRATION * np.log(np.maximum(uniform, 1e-3)))
    weight: Floats = np.where(people > 0, (people + 1500) * chance, 40.0)
    if hot:
        fall = HOT_FALL ** np.arange(len(hot))
        share = HOT_SHARE * fall / fall.sum()
        weight[hot] = 0.0
        weight *= (1 - HOT_SHARE) / max(float(weight.sum()), 1e-9)
        weight = np.minimum(weight, share[-1])
        weight[hot] = share
    weight /= weight.sum()
    return weight


def draw_spots(city: DemoCity, world: World) -> Spots:
    """Return where each incident of a world is said to have happened."""
    u = world.draws
    area = draw_index(u[:, 7], city.weight)
    follows = (world.parent >= 0) & (u[:, 8] < 0.8)
    area = np.where(follows, area[world.parent], area)
    reach = city.radius_km[area] * PART_OF_THE_DISC * np.sqrt(u[:, 9])
    longitude, latitude = _move_point(city.longitude[area], city.latitude[area], reach, u[:, 10])
    near = _move_point(longitude[world.parent], latitude[world.parent], 0.25 * u[:, 9], u[:, 10])
    longitude = np.where(follows, near[0], longitude)
    latitude = np.where(follows, near[1], latitude)
    precision = draw_index(u[:, 11], HOW_PRECISE)
    whole = precision == WHOLE_CITY
    longitude = np.where(whole, city.longitude.mean(), longitude)
    latitude = np.where(whole, city.latitude.mean(), latitude)
    missing: Bools = (precision == AREA) | ((precision == UNKNOWN) & (u[:, 12] < 0.6))
    wrong = (u[:, 13] > 0.997).astype(np.int64)
    area_named = np.where(u[:, 13] < 0.06, -1, (area + wrong) % len(city.names))
    unnamed = whole | ((precision == UNKNOWN) & (u[:, 12] < 0.4))
    digits = 5
    return Spots(
        longitude=np.where(missing, np.nan, np.round(longitude, digits)),
        latitude=np.where(missing, np.nan, np.round(latitude, digits)),
        precision=precision,
        area=np.where(
            unnamed & (precision != AREA), -1, np.where(precision == AREA, area, area_named)
        ),
    )


def _move_point(
    longitude: Floats, latitude: Floats, km: Floats, turn: Floats
) -> tuple[Floats, Floats]:
    angle = 2 * np.pi * turn
    north = km * np.sin(angle) / KM_A_DEGREE
    east = km * np.cos(angle) / (KM_A_DEGREE * np.cos(np.radians(latitude)))
    return longitude + east, latitude + north
