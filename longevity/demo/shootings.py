"""The world's shootings: incidents and victims, as they are known on the day asked for.

Drawn for whole years, so that a world drawn to a later day is the same world. Incidents are
in the order of the days; what the program does refers to them by their position.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from longevity.demo.extract_rows import Rows
from longevity.demo.ground import World
from longevity.demo.streams import (
    NEVER,
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
    open_dice,
)
from longevity.ingest.contract import CIRCUMSTANCES, GMI, PRECISIONS

# What an incident is. The first two are the counted shootings of the plan.
CONFIRMED, OTHER, UNCOUNTED, UNHURT, NO_FIREARM = range(5)
FOLLOWED = (0.40, 0.10, 0.0, 0.0)  # later incidents that follow one, on average
VICTIMS = (0.79, 0.14, 0.045, 0.016, 0.009)  # 1, 2, … victims of a shooting
OPEN = 2  # clearance
DRAWS = 20
# fmt: off
HOURS = (  # of the day, from midnight on
    5.6, 5.8, 4.6, 2.9, 1.7, 1.1, 0.9, 1.0, 1.3, 1.6, 1.9, 2.3,
    2.9, 3.3, 3.8, 4.3, 4.8, 5.2, 5.7, 6.4, 7.2, 7.9, 8.0, 7.0,
)
# fmt: on
RACE = np.array([0.62, 0.24, 0.08, 0.005, 0.002, 0.01, 0.043])

Part = tuple[Ints, Floats, Ints]  # days, draws, position of the parent within the part


def draw_incidents(world: World, held_on: Ints) -> Rows:
    """Return every incident of a city; `held_on` are the days of weekly reviews."""
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
    recorded = day + np.select(  # mostly a few days later, sometimes weeks
        [u[4] < 0.70, u[4] < 0.93],
        [draw_wait(u[5], 1.5), 2 + draw_wait(u[5], 7.0)],
        10 + np.minimum(draw_wait(u[5], 14.0), 80),
    )
    reviewed = np.append(held_on, NEVER)[np.searchsorted(held_on, np.maximum(day + 2, recorded))]
    audited = np.maximum(world.launch + draw_between(u[18], -45, 45), recorded)
    audited = np.where(day >= world.audited_from, audited, NEVER)
    reviewed = np.where(day < world.launch, audited, reviewed)
    reviewed[(what != CONFIRMED) & (u[6] < 1 / 12)] = NEVER  # no review settles them
    suspected = np.isin(what, (OTHER, UNHURT)) & (u[14] < 0.16)
    settled = np.select([what == CONFIRMED, suspected], [0, 1], 2)
    unknown = np.where((what <= OTHER) & (u[19] < 0.06), CIRCUMSTANCES.index("unknown"), 0)
    uncounted = 1 + draw_index(u[19], 0.4, 0.35, 0.15, 0.10)
    by_day = u[17] < 0.04
    # The oldest records do not all say when they were entered.
    unentered = (u[17] > 0.99) & (day < world.first + 3 * 365)
    clearance = draw_index(u[15], 0.40, 0.03, 0.51, 0.06)
    solved = day + 1 + draw_wait(u[16], 60.0)
    return Rows(
        on_file=recorded,
        day=day,
        what=what,
        counted=what <= OTHER,
        confirmed=what == CONFIRMED,  # or will be
        draws=u,
        incident_id=(year - min(world.homicides)) * 100_000 + nth,
        occurred_at=day * 1440 + np.where(by_day, 0, minute[order]),
        occurred_precision=by_day.astype(int),
        recorded_on=np.where(unentered, NEVER, recorded),
        **_draw_spots(world.areas, u, parent),
        place_confirmed=np.full(day.size, -1),
        circumstance=np.where(what == UNCOUNTED, uncounted, unknown),
        gmi=np.where(reviewed <= world.as_of, settled, GMI.index("unknown")),
        reviewed_on=reviewed,
        clearance=np.where((clearance < OPEN) & (solved > world.as_of), OPEN, clearance),
    )


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


def _draw_spots(areas: pd.DataFrame, u: Floats, parent: Ints) -> dict[str, np.ndarray]:
    """Return columns of where each incident is said to have happened.

    Points lie inside a disc around each area's label point; what follows an incident
    tends to lie near it.
    """
    area = draw_index(u[7], *areas["weight"])
    follows = (parent >= 0) & (u[8] < 0.8)
    area = np.where(follows, area[parent], area)
    east, north, radius = areas[["longitude", "latitude", "radius_km"]].to_numpy()[area].T
    # So that few points fall into the area next door.
    reach = radius * 0.7 * np.sqrt(u[9])
    point = _move_point(east, north, reach, u[10])
    near = _move_point(point[0][parent], point[1][parent], 0.25 * u[9], u[10])
    precision = draw_index(u[11], 0.30, 0.53, 0.08, 0.04, 0.02, 0.03)
    is_area, whole, unknown = (
        precision == PRECISIONS.index(word) for word in ("neighbourhood", "city", "unknown")
    )
    missing = is_area | (unknown & (u[12] < 0.6))
    unnamed = ~is_area & (whole | (unknown & (u[12] < 0.4)) | (u[13] < 0.06))
    wrong = ~is_area & (u[13] > 0.997)
    names = areas["name"].to_numpy(object)[(area + wrong) % len(areas)]
    names[unnamed] = None
    columns = {}
    for name, far, close in zip(("longitude", "latitude"), point, near, strict=True):
        degrees = np.where(whole, areas[name].mean(), np.where(follows, close, far))
        columns[name] = np.where(missing, np.nan, degrees.round(5))
    return {**columns, "location_precision": precision, "neighbourhood": names}


def _move_point(
    longitude: Floats, latitude: Floats, km: Floats, turn: Floats
) -> tuple[Floats, Floats]:
    angle, km_a_degree = 2 * np.pi * turn, 111.32
    north = km * np.sin(angle) / km_a_degree
    east = km * np.cos(angle) / (km_a_degree * np.cos(np.radians(latitude)))
    return longitude + east, latitude + north


def draw_victims(world: World, incidents: Rows) -> Rows:
    """Return every victim; who dies later is nonfatal until the death is on file."""
    what = incidents.what
    shot = np.where(what <= OTHER, _count_victims(incidents.draws), 1)
    at, nth = number_within(np.where(what == UNHURT, 0, shot))
    what, day, recorded = what[at], incidents.day[at], incidents.on_file[at]
    u = world.uniform("victims", at.size, 8)
    # Exactly the planned homicides of each year, and one in four of the uncounted.
    fatal = (what == NO_FIREARM) | ((what == UNCOUNTED) & (u[0] < 0.25))
    for year, total in world.homicides.items():
        here = find_year(day) == year
        eligible = np.flatnonzero(here & (what <= OTHER))
        rest = total - (here & (what == NO_FIREARM)).sum()
        fatal[eligible[np.argsort(u[0, eligible])][:rest]] = True
    shot = what != NO_FIREARM
    late = np.where(shot & (u[1] < 0.3), 1 + draw_wait(u[2], 8.0), 0)
    died = np.where(fatal, day + np.minimum(late, 60), NEVER)
    # Some are first entered as wounded.
    late = np.where(shot & (u[4] < 0.35), 1 + draw_wait(u[3], 6.0), -NEVER)
    learned = np.maximum(died, recorded + late)
    further = (nth > 0) & (u[3] < 0.2)  # a further victim found later than the first
    undated = (died == day) & (u[1] > 0.97)
    tilt = 0.7 + 0.6 * open_dice(world.seed, 0, world.city.id, "race").random(RACE.size)
    return Rows(
        on_file=recorded + np.where(further, 2 + draw_wait(u[4], 9.0), 0),
        at=at,
        dead=learned <= world.as_of,
        victim_id=incidents.incident_id[at] * 10 + nth,
        incident_id=incidents.incident_id[at],
        outcome=(learned > world.as_of).astype(int),
        weapon=np.where(shot, 0, 1 + draw_index(u[4], 0.62, 0.14, 0.13, 0.11)),
        died_on=np.where(undated | (learned > world.as_of), NEVER, died),
        age_band=draw_index(u[5], 0.015, 0.07, 0.33, 0.20, 0.13, 0.13, 0.06, 0.03, 0.035),
        sex=draw_index(u[6], 0.11, 0.86, 0.005, 0.025),
        race_ethnicity=draw_index(u[7], *(RACE * tilt)),
    )
