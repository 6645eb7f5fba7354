"""What all worlds (drawn histories) of a city have in common: what is expected, where and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from longevity.base.errors import ConfigError, suggest_nearest
from longevity.demo.levels import Level, find_level, plan_homicides
from longevity.demo.streams import NEVER, Floats, number_day, open_dice
from longevity.geography.reference_neighbourhoods import FILE, read_neighbourhoods
from longevity.settings import City, Settings

WINDOW = 90  # days in which a promise is to be kept
LOOKING_AHEAD = WINDOW + 30  # days drawn beyond the last day asked for
HOT_SHARE = 0.5  # of a city's shootings at least, in the hot areas the configuration names


@dataclass(frozen=True)
class World:
    """One of the histories drawn of a city, which have their plan in common; days as numbers."""

    city: City
    level: Level
    homicides: dict[int, int]  # by year
    areas: pd.DataFrame  # name, longitude, latitude, radius_km, and weight of the shootings
    launch: int
    audited_from: int  # the first day whose shootings an audit before the launch reached
    first: int
    as_of: int  # the day as which everything is known
    last: int  # a December 31 after `as_of`, to which rows are drawn
    seed: int
    number: int = 1

    def dice(self, purpose: str) -> np.random.Generator:
        """Return the random numbers of this world for one purpose."""
        return open_dice(self.seed, world=self.number, city=self.city.id, purpose=purpose)

    def uniform(self, purpose: str, size: int, columns: int = 1) -> Floats:
        """Return columns of uniform numbers in [0, 1); longer ones begin with the shorter."""
        return self.dice(purpose).random((size, columns)).T


def make_world(settings: Settings, city: City, until: date, seed: int) -> World:
    """Return the first world of a city; the others have another number alone.

    Drawn far enough ahead that an episode which is open on the day `until` has
    all its shootings to choose from; so a later `until` chooses the same ones.
    """
    starts, audited = settings.demonstration.starts_on, city.demonstration.audited_back_to
    ahead = date((until + timedelta(days=LOOKING_AHEAD)).year, 12, 31)
    return World(
        city,
        find_level(city, starts, ahead),
        plan_homicides(settings, city, seed, until=ahead),
        _list_areas(settings, city, seed),
        launch=number_day(city.require_launch()),
        audited_from=number_day(audited) if audited else NEVER,
        first=number_day(starts),
        as_of=number_day(until),
        last=number_day(ahead),
        seed=seed,
    )


def _list_areas(settings: Settings, city: City, seed: int) -> pd.DataFrame:
    """Return the areas of a city, from the reference facts; the same in every world.

    Few hold most of the shootings: the hot ones of the configuration, else by people and chance.
    """
    areas = read_neighbourhoods(settings, city.id).reset_index(drop=True)
    if areas.empty:
        raise ConfigError(
            f"Nothing says where {city.name} lies.",
            f"Give its neighbourhoods, one at least, in {settings.reference / FILE}.",
        )
    names, hot = areas["name"].tolist(), list(city.demonstration.hot_areas)
    for name in hot:
        if name not in names:
            raise ConfigError(
                f"cities.{city.id}.demonstration: 'hot_areas' names '{name}', which is no area "
                f"of {city.name}.",
                suggest_nearest(name, names),
            )
    u = open_dice(seed, world=0, city=city.id, purpose="areas").random(len(names))
    chance = 0.5 + u if hot else np.maximum(u, 1e-3) ** -1.15
    people = areas["population"].to_numpy(float, na_value=0)
    weight = np.where(people > 0, (people + 1500) * chance, 40.0)
    if hot:
        # The hot ones share HOT_SHARE; no other has more than the least of them.
        fall = 0.8 ** np.arange(len(hot))  # from one hot area to the next
        share = HOT_SHARE * fall / fall.sum()
        weight[areas["name"].isin(hot)] = 0.0
        weight *= (1 - HOT_SHARE) / max(weight.sum(), 1e-9)
        weight = np.minimum(weight, share[-1])
        weight[[names.index(name) for name in hot]] = share
    radius = np.sqrt(areas["area_km2"].fillna(2.0) / np.pi)
    return areas.assign(weight=weight / weight.sum(), radius_km=radius)
