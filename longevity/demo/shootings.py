"""When shootings happen, and what each is; `rows/incidents.sql` has what is recorded of them.

Drawn for whole years, so that a world drawn to a later day is the same world. Incidents are
in the order of the days; what the program does refers to them by their position.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import special

from longevity.demo.ground import World
from longevity.demo.streams import Floats, Ints, draw_index, find_first_day, find_month, find_year

# What an incident is. The first two are the counted shootings of the plan.
WHAT = ("confirmed", "other", "uncounted", "unhurt", "no_firearm")
FOLLOWED = (0.40, 0.10, 0.0, 0.0)  # later incidents that follow one, on average
VICTIMS = (0.79, 0.14, 0.045, 0.016, 0.009)  # 1, 2, … victims of a shooting
DRAWS = [f"u{number}" for number in range(1, 21)]
HOURS = (  # of the day, from midnight on
    5.6, 5.8, 4.6, 2.9, 1.7, 1.1, 0.9, 1.0, 1.3, 1.6, 1.9, 2.3,
    2.9, 3.3, 3.8, 4.3, 4.8, 5.2, 5.7, 6.4, 7.2, 7.9, 8.0, 7.0,
)  # fmt: skip


def draw_happened(world: World) -> pd.DataFrame:
    """Draw every incident of a city, a row each in the order of time.

    Columns: day, minute, what (WHAT), people (hurt), position, incident_id, `parent` (the position
    of the incident it follows, as an answer to it) and `u1`, `u2`, …, from which the rest is drawn.
    """
    level, days = world.level, np.arange(world.first, world.last + 1)
    total = level.confirmed_without + level.others
    expected = (level.confirmed, level.others, total * 0.06, total * 0.15)
    parts = [
        _draw_clustered(world, what, level.spread_by_day(mean, days), days)
        for what, mean in enumerate(expected)
    ]
    parts.append(_draw_without_firearm(world, pd.concat(parts[:2])))
    happened = pd.concat(parts, keys=WHAT, names=["what", "nth"]).reset_index()
    happened["minute"] = draw_index(happened["u3"], HOURS) * 60 + (happened["u4"] * 60).astype(int)
    happened = happened.sort_values(["day", "minute"], ignore_index=True)
    happened["position"] = happened.index
    # What one follows is of its own kind, and known by its number in it.
    followed = happened[["what", "nth", "position"]].set_axis(["what", "follows", "parent"], axis=1)
    happened = happened.merge(followed, how="left", on=["what", "follows"])
    what, year = happened["what"], find_year(happened["day"].to_numpy())
    nth_of_year = happened.groupby(year).cumcount()
    return happened.astype({"parent": "Int64"}).assign(
        incident_id=(year - min(world.homicides)) * 100_000 + nth_of_year,
        people=_count_victims(happened).where(what.isin(WHAT[:2]), 1).where(what != "unhurt", 0),
    )


def _draw_clustered(world: World, what: int, mean: Floats, days: Ints) -> pd.DataFrame:
    """Draw incidents and those that follow them within the same month.

    `what`: the place of their kind in WHAT; `mean`: how many are expected on each of `days`, with
    those that follow.
    """
    follow = FOLLOWED[what]
    count = _draw_poisson(world.uniform(f"{what}/count", days.size)[0], mean / (1 + follow))
    # Those that follow none, then what follows them: in the same month, or else before them.
    day = np.repeat(days, count)
    first = _draw_numbers(world, f"{what}/rows", day.size)
    with np.errstate(divide="ignore"):  # where none follows
        children = np.floor(np.log1p(-first["u1"]) / np.log(follow / (1 + follow)))
    parent = first.index.repeat(children.astype(int))
    later = _draw_numbers(world, f"{what}/children", parent.size)
    start = day[parent]
    lag = 1 + np.floor(-np.log1p(-later["u1"].to_numpy()) * 4.0).astype(int)
    month = find_month(start)
    on_day = np.where(find_month(start + lag) == month, start + lag, start - lag)
    on_day = np.where((find_month(on_day) == month) & (on_day >= days[0]), on_day, start)
    later = later.assign(day=on_day, follows=parent)
    return pd.concat([first.assign(day=day), later], ignore_index=True)


def _draw_poisson(uniform: Floats, mean: Floats) -> Ints:
    """Turn uniform numbers into Poisson counts by inversion; means of a few units at most."""
    below = special.pdtr(np.arange(20 + 4 * int(mean.max()))[:, np.newaxis], mean)
    count: Ints = (uniform > below).sum(axis=0)
    return count


def _draw_without_firearm(world: World, shot: pd.DataFrame) -> pd.DataFrame:
    """Draw killings without a firearm: a share, and whatever the shootings cannot hold."""
    victims = _count_victims(shot).groupby(find_year(shot["day"].to_numpy())).sum()
    days = []
    for year, total in world.homicides.items():
        u = world.uniform(f"no firearm/{year}", total, 2)
        count = max((u[0] < 0.09).sum(), total - victims.get(year, 0))
        start, beyond = find_first_day(np.array([year - 1970, year - 1969]) * 12)
        start = max(start, world.first)
        days.append(start + np.floor(u[1, :count] * (beyond - start)).astype(int))
    day = np.concatenate(days)
    return _draw_numbers(world, "no firearm/rows", day.size).assign(day=day)


def _draw_numbers(world: World, purpose: str, size: int) -> pd.DataFrame:
    return pd.DataFrame(world.uniform(purpose, size, len(DRAWS)).T, columns=DRAWS)


def _count_victims(incidents: pd.DataFrame) -> pd.Series:
    return 1 + pd.Series(draw_index(incidents["u2"], VICTIMS), incidents.index)
