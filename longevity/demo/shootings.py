"""The world's shootings, before any row: days, victims, homicides, places.

Drawn for whole years, so that a world drawn to a later day is the same world.
Arrays of a `World` have one element an incident, in the order of the days; the
program's plan (fates, notifications) refers to incidents by their position.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from longevity.demo import levels
from longevity.demo.homicides import Year
from longevity.demo.levels import Level
from longevity.demo.streams import (
    NEVER,
    Bools,
    Floats,
    Ints,
    Streams,
    draw_between,
    draw_index,
    draw_poisson,
    draw_wait,
    find_month,
    find_year,
)

# What an incident is. The first two are the counted shootings of the plan.
CONFIRMED, OTHER, UNCOUNTED, NOBODY, NO_FIREARM = range(5)
RETALIATION = {CONFIRMED: 0.40, OTHER: 0.10}  # later incidents that follow one, on average
UNCOUNTED_SHARE, NOBODY_SHARE = 0.06, 0.15  # further incidents, of the counted level
NO_FIREARM_SHARE = 0.09  # of homicides
VICTIMS = (0.79, 0.14, 0.045, 0.016, 0.009)  # 1, 2, … victims of a shooting
LATE_DEATHS = 0.3
LEARNED_LATE = 0.35  # of the deaths, those first entered as wounds
DRAWS, VICTIM_DRAWS = 20, 8
# fmt: off
HOURS = (  # of the day, from midnight on
    5.6, 5.8, 4.6, 2.9, 1.7, 1.1, 0.9, 1.0, 1.3, 1.6, 1.9, 2.3,
    2.9, 3.3, 3.8, 4.3, 4.8, 5.2, 5.7, 6.4, 7.2, 7.9, 8.0, 7.0,
)
# fmt: on


@dataclass
class World:
    """The shootings of one city in one world.

    `draws` and `victim_draws` are the uniform numbers from which the rest of a
    row is made; `number` is stable however far the world is drawn. `recorded`
    and `reviewed` may be moved earlier by the plan of attributions.
    """

    day: Ints
    minute: Ints
    what: Ints
    parent: Ints  # position of the incident it follows; -1
    number: Ints
    draws: Floats
    recorded: Ints
    victim_of: Ints  # position of the incident; one element a victim from here on
    victim_number: Ints
    fatal: Bools
    died: Ints  # NEVER when alive
    learned: Ints  # day the death is on file: until then the victim is nonfatal there
    entered: Ints  # day the victim is on file
    victim_draws: Floats
    reviewed: Ints = field(default_factory=lambda: np.zeros(0, np.int64))

    @property
    def counted(self) -> Bools:
        """Shootings that counts take in."""
        return self.what <= OTHER


def draw_shootings(
    streams: Streams, level: Level, homicides: list[Year], first: int, last: int
) -> World:
    """Return every incident and victim of a city from day `first` to `last`, a December 31."""
    days = np.arange(first, last + 1)
    total = level.confirmed_without + level.others
    parts = [
        _draw_clustered(
            streams, CONFIRMED, levels.spread_by_day(level, level.confirmed, days), days
        ),
        _draw_clustered(streams, OTHER, levels.spread_by_day(level, level.others, days), days),
    ]
    for what, share in ((UNCOUNTED, UNCOUNTED_SHARE), (NOBODY, NOBODY_SHARE)):
        mean = levels.spread_by_day(level, total * share, days)
        count = draw_poisson(streams.uniform(f"{what}/count", days.size), mean)
        day = np.repeat(days, count)
        parts.append((day, streams.uniform(f"{what}/rows", day.size, DRAWS), -np.ones_like(day)))
    parts.append(
        _draw_without_firearm(streams, homicides, _count_victims_by_year(parts[:2]), first)
    )
    return _assemble_world(streams, parts, homicides)


Part = tuple[Ints, Floats, Ints]  # days, draws, position of the parent within the part


def _draw_clustered(streams: Streams, what: int, mean: Floats, days: Ints) -> Part:
    """Draw incidents and those that follow them within the same month.

    The expected number is the plan's: what follows is taken out of what starts.
    """
    follows = RETALIATION[what]
    count = draw_poisson(streams.uniform(f"{what}/count", days.size), mean / (1 + follows))
    day = np.repeat(days, count)
    draws = streams.uniform(f"{what}/rows", day.size, DRAWS)
    children = np.floor(np.log1p(-draws[:, 0]) / np.log(follows / (1 + follows))).astype(np.int64)
    parent = np.repeat(np.arange(day.size), children)
    child_draws = streams.uniform(f"{what}/children", parent.size, DRAWS)
    lag = 1 + draw_wait(child_draws[:, 0], 4.0)
    after, before, start = day[parent] + lag, day[parent] - lag, day[parent]
    month = find_month(start)
    later = np.where(find_month(after) == month, after, before)
    later = np.where((find_month(later) == month) & (later >= days[0]), later, start)
    return (
        np.concatenate([day, later]),
        np.concatenate([draws, child_draws]),
        np.concatenate([np.full(day.size, -1), parent]),
    )


def _draw_victims(draws: Floats) -> Ints:
    return 1 + draw_index(draws[:, 1], VICTIMS)


def _count_victims_by_year(parts: list[Part]) -> dict[int, int]:
    years = np.concatenate([find_year(part[0]) for part in parts])
    victims = np.concatenate([_draw_victims(part[1]) for part in parts])
    distinct_years = np.unique(years)
    return {int(year): int(victims[years == year].sum()) for year in distinct_years}


def _draw_without_firearm(
    streams: Streams, homicides: list[Year], victims: dict[int, int], first: int
) -> Part:
    """Draw killings without a firearm: a share, and whatever the shootings cannot hold."""
    days: list[Ints] = []
    for year in homicides:
        uniform = streams.uniform(f"no firearm/{year.year}", year.total, 2)
        count = int((uniform[:, 0] < NO_FIREARM_SHARE).sum())
        count = max(count, year.total - victims.get(year.year, 0))
        start = int(np.datetime64(f"{year.year}-01-01", "D").astype(np.int64))
        length = int(np.datetime64(f"{year.year + 1}-01-01", "D").astype(np.int64)) - start
        begin = max(start, first)
        days.append(begin + np.floor(uniform[:count, 1] * (start + length - begin)).astype(int))
    day = np.concatenate(days) if days else np.zeros(0, np.int64)
    draws = streams.uniform("no firearm/rows", day.size, DRAWS)
    return day, draws, -np.ones_like(day)


def _assemble_world(streams: Streams, parts: list[Part], homicides: list[Year]) -> World:
    """Return one world in the order of the days, with its victims and who of them died."""
    offsets = np.cumsum([0] + [part[0].size for part in parts])
    day = np.concatenate([part[0] for part in parts])
    draws = np.concatenate([part[1] for part in parts])
    what = np.repeat(np.arange(len(parts)), [part[0].size for part in parts])
    parent = np.concatenate(
        [np.where(p[2] >= 0, p[2] + offset, -1) for p, offset in zip(parts, offsets, strict=False)]
    )
    minute = draw_index(draws[:, 2], HOURS) * 60 + draw_between(draws[:, 3], 0, 59)
    order = np.lexsort((what, minute, day))
    place = np.empty_like(order)
    place[order] = np.arange(order.size)
    day, draws, what, minute = day[order], draws[order], what[order], minute[order]
    parent = np.where(parent[order] >= 0, place[parent[order]], -1)
    year = find_year(day)
    begins = np.searchsorted(year, year, side="left")
    number = (year - homicides[0].year) * 100_000 + np.arange(day.size) - begins + 1
    recorded = day + _draw_lateness(draws[:, 4], draws[:, 5])
    count = np.where(what == NOBODY, 0, np.where(what <= OTHER, _draw_victims(draws), 1))
    victim_of = np.repeat(np.arange(day.size), count)
    nth = np.arange(victim_of.size) - np.repeat(np.cumsum(count) - count, count)
    victim_draws = streams.uniform("victims", victim_of.size, VICTIM_DRAWS)
    fatal = _draw_deaths(victim_draws[:, 0], what[victim_of], year[victim_of], homicides)
    late = fatal & (what[victim_of] != NO_FIREARM) & (victim_draws[:, 1] < LATE_DEATHS)
    died = day[victim_of] + np.where(
        late, np.minimum(1 + draw_wait(victim_draws[:, 2], 8.0), 60), 0
    )
    learned = np.where(
        (what[victim_of] != NO_FIREARM) & (victim_draws[:, 4] < LEARNED_LATE),
        recorded[victim_of] + 1 + draw_wait(victim_draws[:, 3], 6.0),
        0,
    )
    further = (nth > 0) & (victim_draws[:, 3] < 0.2)  # a further victim found later than the first
    entered = recorded[victim_of] + np.where(further, 2 + draw_wait(victim_draws[:, 4], 9.0), 0)
    return World(
        day=day,
        minute=minute,
        what=what,
        parent=parent,
        number=number,
        draws=draws,
        recorded=recorded,
        victim_of=victim_of,
        victim_number=number[victim_of] * 10 + nth,
        fatal=fatal,
        died=np.where(fatal, died, NEVER),
        learned=np.where(fatal, np.maximum(died, learned), NEVER),
        entered=entered,
        victim_draws=victim_draws,
    )


def _draw_lateness(kind: Floats, length: Floats) -> Ints:
    """Draw days until an incident is entered: mostly a few, for some weeks."""
    return np.select(
        [kind < 0.70, kind < 0.93],
        [draw_wait(length, 1.5), 2 + draw_wait(length, 7.0)],
        10 + np.minimum(draw_wait(length, 14.0), 80),
    ).astype(np.int64)


def _draw_deaths(key: Floats, what: Ints, year: Ints, homicides: list[Year]) -> Bools:
    """Return exactly the planned homicides of each year; one in four of the uncounted."""
    fatal = (what == NO_FIREARM) | ((what == UNCOUNTED) & (key < 0.25))
    eligible = np.flatnonzero(what <= OTHER)
    order = eligible[np.lexsort((key[eligible], year[eligible]))]
    rank = np.arange(order.size) - np.searchsorted(year[order], year[order], side="left")
    first = homicides[0].year
    others = np.bincount(year[what == NO_FIREARM] - first, minlength=len(homicides))
    shot = np.array([y.total for y in homicides]) - others
    fatal[order[rank < shot[year[order] - first]]] = True
    died: Bools = fatal
    return died


def find_confirmed_positions(world: World, since: int) -> Ints:
    """Return positions of the incidents that are or will be confirmed as GMI, from a day on."""
    return np.flatnonzero((world.what == CONFIRMED) & (world.day >= since))


def review_shootings(
    world: World, held_on: Ints, launch: int, audited_back_to: int, audit: Ints
) -> None:
    """Set the day on which each incident's part in group violence is settled.

    `held_on` are the days of the weekly reviews, `audit` one day an incident for
    those before launch that a retrospective audit reaches. One in twelve of the
    incidents that are not confirmed is never settled.
    """
    ready = np.maximum(world.day + 2, world.recorded)
    at = np.searchsorted(held_on, ready, side="left")
    reviewed = np.append(held_on, NEVER)[at]
    old = world.day < launch
    reached = old & (world.day >= audited_back_to)
    reviewed = np.where(reached, np.maximum(audit, world.recorded), reviewed)
    unsettled = (world.what != CONFIRMED) & (world.draws[:, 6] < 1 / 12)
    world.reviewed = np.where((old & ~reached) | unsettled, NEVER, reviewed)
