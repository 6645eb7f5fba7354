"""When shootings happen, and what each is; `rows/incidents.sql` has what is recorded of them.

Drawn for whole years, so that a world drawn to a later day is the same world. Incidents are
in the order of the days; what the program does refers to them by their position.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from longevity.demo.ground import World
from longevity.demo.streams import (
    Floats,
    Ints,
    draw_between,
    draw_index,
    draw_poisson,
    draw_wait,
    find_first_day,
    find_month,
    find_year,
    number_within,
)

# What an incident is. The first two are the counted shootings of the plan.
WHAT = ("confirmed", "other", "uncounted", "unhurt", "no_firearm")
FOLLOWED = (0.40, 0.10, 0.0, 0.0)  # later incidents that follow one, on average
VICTIMS = (0.79, 0.14, 0.045, 0.016, 0.009)  # 1, 2, … victims of a shooting
DRAWS = 20
# fmt: off
HOURS = (  # of the day, from midnight on
    5.6, 5.8, 4.6, 2.9, 1.7, 1.1, 0.9, 1.0, 1.3, 1.6, 1.9, 2.3,
    2.9, 3.3, 3.8, 4.3, 4.8, 5.2, 5.7, 6.4, 7.2, 7.9, 8.0, 7.0,
)
# fmt: on

Part = tuple[Ints, Floats, Ints]  # days, draws, position of the parent within the part


def draw_happened(world: World) -> pd.DataFrame:
    """Draw every incident of a city: day, minute, what, people hurt, and the one it follows.

    Columns `u1`, `u2`, … are the numbers from which the rest is drawn.
    """
    level, days = world.level, np.arange(world.first, world.last + 1)
    total = level.confirmed_without + level.others
    expected = (level.confirmed, level.others, total * 0.06, total * 0.15)
    parts = [
        _draw_clustered(world, what, level.spread_by_day(mean, days), days)
        for what, mean in enumerate(expected)
    ]
    parts.append(_draw_without_firearm(world, parts[:2]))
    day, u, parent = (np.concatenate(column, axis=-1) for column in zip(*parts, strict=True))
    what, within = number_within(np.array([part[0].size for part in parts]))
    minute = draw_index(u[2], *HOURS) * 60 + draw_between(u[3], 0, 59)
    order = np.lexsort((what, minute, day))
    parent = np.where(parent >= 0, parent + np.arange(day.size) - within, -1)[order]
    parent = np.where(parent >= 0, np.argsort(order)[parent], -1)
    day, u, what = day[order], u[:, order], what[order]
    year = find_year(day)
    nth = np.arange(day.size) - np.searchsorted(year, year)
    happened = pd.DataFrame(
        {
            "position": np.arange(day.size),
            "incident_id": (year - min(world.homicides)) * 100_000 + nth,
            "day": day,
            "minute": minute[order],
            "what": np.array(WHAT)[what],
            "people": np.select([what < 2, what != 3], [_count_victims(u), 1], 0),
            "parent": pd.Series(parent).where(parent >= 0).astype("Int64"),
        }
    )
    numbers = pd.DataFrame(u.T, columns=[f"u{at + 1}" for at in range(DRAWS)])
    return happened.join(numbers)


def _draw_clustered(world: World, what: int, mean: Floats, days: Ints) -> Part:
    """Draw incidents and those that follow them within the same month.

    The expected number is the plan's: what follows is taken out of what starts.
    """
    follow = FOLLOWED[what]
    count = draw_poisson(world.uniform(f"{what}/count", days.size)[0], mean / (1 + follow))
    day = np.repeat(days, count)
    draws = world.uniform(f"{what}/rows", day.size, DRAWS)
    with np.errstate(divide="ignore"):  # where none follows
        children = np.floor(np.log1p(-draws[0]) / np.log(follow / (1 + follow)))
    parent = np.repeat(np.arange(day.size), children.astype(int))
    child_draws = world.uniform(f"{what}/children", parent.size, DRAWS)
    lag, start = 1 + draw_wait(child_draws[0], 4.0), day[parent]
    month = find_month(start)
    later = np.where(find_month(start + lag) == month, start + lag, start - lag)
    later = np.where((find_month(later) == month) & (later >= days[0]), later, start)
    return (
        np.append(day, later),
        np.append(draws, child_draws, 1),
        np.append(np.full(day.size, -1), parent),
    )


def _draw_without_firearm(world: World, shot: list[Part]) -> Part:
    """Draw killings without a firearm: a share, and whatever the shootings cannot hold."""
    year_of = find_year(np.concatenate([part[0] for part in shot]))
    victims = np.concatenate([_count_victims(part[1]) for part in shot])
    days = []
    for year, total in world.homicides.items():
        u = world.uniform(f"no firearm/{year}", total, 2)
        most = victims[year_of == year].sum()
        count = max((u[0] < 0.09).sum(), total - most)
        start, beyond = find_first_day(np.array([year - 1970, year - 1969]) * 12)
        start = max(start, world.first)
        days.append(start + np.floor(u[1, :count] * (beyond - start)).astype(int))
    day = np.concatenate(days)
    return day, world.uniform("no firearm/rows", day.size, DRAWS), np.full(day.size, -1)


def _count_victims(draws: Floats) -> Ints:
    return 1 + draw_index(draws[1], *VICTIMS)
