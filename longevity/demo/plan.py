"""Everything decided about a city in one world, before any row is written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from longevity.demo import (
    attributions,
    city_plans,
    homicides,
    levels,
    roster,
    shootings,
    simulate_episodes,
)
from longevity.demo import notice as notices
from longevity.demo.attributions import ATTRIBUTED, Attributions
from longevity.demo.homicides import Year
from longevity.demo.levels import Level
from longevity.demo.notice import Notices
from longevity.demo.roster import Roster
from longevity.demo.shootings import World
from longevity.demo.simulate_episodes import WINDOW, Fates
from longevity.demo.streams import NEVER, Ints, Streams, draw_between, find_weekday, number_day
from longevity.settings import City, Settings

AN_EPISODE_HOLDS = 1.6  # shootings, on average
A_COVERED_SPAN = 50  # days an episode runs, on average
LOOKING_AHEAD = WINDOW + 30  # days beyond the last one asked for


@dataclass(frozen=True)
class Ground:
    """What all worlds of a city have in common."""

    city: City
    level: Level
    homicides: list[Year]
    places: city_plans.DemoCity
    first: int
    last: int  # a December 31 after the day asked for


@dataclass(frozen=True)
class Reviews:
    """The weekly shooting reviews held, one element each."""

    held_on: Ints
    week_ending: Ints
    week: Ints


@dataclass(frozen=True)
class Plan:
    """One city in one world."""

    ground: Ground
    streams: Streams
    world: World
    reviews: Reviews
    roster: Roster
    notices: Notices
    fates: Fates
    attributions: Attributions

    @property
    def launch(self) -> int:
        """Return the day number of the launch."""
        return number_day(self.ground.city.require_launch())


def make_ground(settings: Settings, city: City, until: date, seed: int) -> Ground:
    """Return the common ground of every world of a city.

    Drawn far enough ahead that an episode which is open on the day `until` has
    all its shootings to choose from; so a later `until` chooses the same ones.
    """
    starts = settings.demonstration.starts_on
    until += timedelta(days=LOOKING_AHEAD)
    return Ground(
        city=city,
        level=levels.find_level(city, starts, until),
        homicides=homicides.plan_homicides(settings, city, seed, until),
        places=city_plans.list_areas(settings, city.id, seed),
        first=number_day(starts),
        last=number_day(date(until.year, 12, 31)),
    )


def plan_city(ground: Ground, seed: int, world_number: int) -> Plan:
    """Decide one city in one world: shootings, who has notice when, and all fates."""
    city = ground.city
    streams = Streams(seed, world_number, city.id)
    launch = number_day(city.require_launch())
    world = shootings.draw_shootings(
        streams, ground.level, ground.homicides, ground.first, ground.last
    )
    reviews = _draw_reviews(streams, city, launch, ground.last)
    audited = city.demonstration.audited_back_to
    back_to = number_day(audited) if audited else NEVER
    audit = launch - 45 + draw_between(world.draws[:, 18], 0, 90)
    shootings.review_shootings(world, reviews.held_on, launch, back_to, audit)
    people = roster.draw_roster(streams, city, date(ground.homicides[-1].year, 12, 31))
    notices_of_city = notices.draw_notices(streams, people, world, launch, ground.last)
    at = shootings.find_confirmed_positions(world, launch)
    decided = simulate_episodes.simulate_episodes(
        streams,
        _group_inputs(ground, people, notices_of_city, launch),
        world.day[at].tolist(),
        at.tolist(),
    )
    attributions.move_forward(world, decided)
    sides = attributions.draw_attributions(streams, world, people.groups, notices_of_city, decided)
    return Plan(ground, streams, world, reviews, people, notices_of_city, decided, sides)


def _group_inputs(
    ground: Ground, people: Roster, notices_of_city: Notices, launch: int
) -> list[simulate_episodes.Group]:
    """Return groups as the walk needs them; they shoot often enough for the city's level."""
    level = ground.level
    evaluated = (level.months >= level.effect_from) & (level.months <= level.evaluated_until)
    a_day = float(level.confirmed[evaluated].mean()) * 12 / 365.25 * ATTRIBUTED
    groups = people.groups
    calm = groups.size * AN_EPISODE_HOLDS / max(a_day, 1e-6) - A_COVERED_SPAN
    return [
        simulate_episodes.Group(
            number=group,
            notice=int(notices_of_city.notice[group]),
            begins=max(int(groups.active_from[group]), launch),
            ends=int(groups.active_until[group]),
            succeeded=bool(groups.succeeded_by[group] >= 0),
            calm=min(max(calm, 60.0), 2000.0),
        )
        for group in range(groups.size)
    ]


def _draw_reviews(streams: Streams, city: City, launch: int, last: int) -> Reviews:
    days = np.arange(launch, launch + 7)
    first = int(days[find_weekday(days) == city.week_ends_iso][0])
    ending = np.arange(first, max(last + 60, first + 1), 7)
    u = streams.uniform("reviews", ending.size, 2)
    takes_place = u[:, 0] > 0.06
    week = np.flatnonzero(takes_place)
    return Reviews(
        ending[takes_place] + draw_between(u[takes_place, 1], 2, 4), ending[takes_place], week
    )
