"""Rows of incidents, victims and the groups in them, as they are known on a day."""

from __future__ import annotations

import numpy as np

from longevity.age_bands import AGE_BANDS
from longevity.demo import city_plans
from longevity.demo.attributions import ROLES, STATUSES
from longevity.demo.extract_tables import CodeColumn, ExtractRows, WordColumn
from longevity.demo.plan import Plan
from longevity.demo.shootings import CONFIRMED, NO_FIREARM, NOBODY, OTHER, UNCOUNTED, World
from longevity.demo.streams import NEVER, Ints, Streams, draw_index, draw_wait
from longevity.ingest.contract import CIRCUMSTANCES, GMI, RACES, SEXES

WEAPONS = ("firearm", "knife", "blunt", "other", "unknown")
NOT_FIREARM = (0.0, 0.62, 0.14, 0.13, 0.11)
OUTCOMES = ("fatal", "nonfatal")
CLEARANCES = ("arrest", "exceptional", "open", "unknown")
NOT_COUNTED = ("accident", "self_inflicted", "self_defence", "police")
AGES = (0.015, 0.07, 0.33, 0.20, 0.13, 0.13, 0.06, 0.03, 0.035)
SEX = (0.11, 0.86, 0.005, 0.025)
RACE = (0.62, 0.24, 0.08, 0.005, 0.002, 0.01, 0.043)


def make_incident_rows(plan: Plan, prefix: str, as_of: int) -> ExtractRows:
    """Return one row an incident."""
    world, u = plan.world, plan.world.draws
    spots = city_plans.draw_spots(plan.ground.places, world)
    by_day = u[:, 17] < 0.04
    # The oldest records do not all say when they were entered.
    unentered = (u[:, 17] > 0.99) & (world.day < plan.ground.first + 3 * 365)
    solved = world.day + 1 + draw_wait(u[:, 16], 60.0)
    clearance = draw_index(u[:, 15], (0.40, 0.03, 0.51, 0.06))
    return ExtractRows(
        "incidents",
        world.recorded,
        {
            "incident_id": CodeColumn(f"{prefix}i", world.number),
            "occurred_at": world.day * 1440 + np.where(by_day, 0, world.minute),
            "occurred_precision": WordColumn(("minute", "day"), by_day.astype(np.int64)),
            "recorded_on": np.where(unentered, NEVER, world.recorded),
            "longitude": spots.longitude,
            "latitude": spots.latitude,
            "location_precision": WordColumn(city_plans.PRECISIONS, spots.precision),
            "place_confirmed": np.full(world.number.size, -1),
            "neighbourhood": WordColumn(plan.ground.places.names, spots.area),
            "circumstance": WordColumn(CIRCUMSTANCES, _find_circumstances(world)),
            "gmi": WordColumn(GMI, _find_gmi(world, as_of)),
            "reviewed_on": world.reviewed,
            "clearance": WordColumn(
                CLEARANCES, np.where((clearance < 2) & (solved > as_of), 2, clearance)
            ),
        },
    )


def _find_circumstances(world: World) -> Ints:
    u = world.draws[:, 19]
    other = np.array([CIRCUMSTANCES.index(word) for word in NOT_COUNTED])
    uncounted = other[draw_index(u, (0.4, 0.35, 0.15, 0.10))]
    unknown = np.where((world.what <= OTHER) & (u < 0.06), CIRCUMSTANCES.index("unknown"), 0)
    return np.where(world.what == UNCOUNTED, uncounted, unknown)


def _find_gmi(world: World, as_of: int) -> Ints:
    """Return what the review said, once it was held; until then nothing is known."""
    u = world.draws[:, 14]
    suspected = np.isin(world.what, (OTHER, NOBODY)) & (u < 0.16)
    settled = np.select([world.what == CONFIRMED, suspected], [0, 1], 2)
    return np.where(world.reviewed <= as_of, settled, GMI.index("unknown"))


def make_victim_rows(plan: Plan, prefix: str, as_of: int) -> ExtractRows:
    """Return one row a victim; who dies later is nonfatal until then."""
    world, u = plan.world, plan.world.victim_draws
    at = world.victim_of
    tilt = 0.7 + 0.6 * Streams(plan.streams.seed, 0, plan.streams.city).uniform("race", len(RACE))
    undated = (world.died == world.day[at]) & (u[:, 1] > 0.97)
    return ExtractRows(
        "victims",
        find_days_on_file(world),
        {
            "victim_id": CodeColumn(
                f"{prefix}v", world.victim_number // 10, world.victim_number % 10
            ),
            "incident_id": CodeColumn(f"{prefix}i", world.number[at]),
            "outcome": WordColumn(OUTCOMES, (world.learned > as_of).astype(np.int64)),
            "weapon": WordColumn(
                WEAPONS, np.where(world.what[at] == NO_FIREARM, draw_index(u[:, 4], NOT_FIREARM), 0)
            ),
            "died_on": np.where(undated | (world.learned > as_of), NEVER, world.died),
            "age_band": WordColumn(AGE_BANDS, draw_index(u[:, 5], AGES)),
            "sex": WordColumn(SEXES, draw_index(u[:, 6], SEX)),
            "race_ethnicity": WordColumn(RACES, draw_index(u[:, 7], np.array(RACE) * tilt)),
        },
    )


def find_days_on_file(world: World) -> Ints:
    """Return the day each victim is on file: never before the incident."""
    return np.maximum(world.entered, world.recorded[world.victim_of])


def make_incident_group_rows(plan: Plan, prefix: str, as_of: int) -> ExtractRows:
    """Return one row an incident and group."""
    sides, world = plan.attributions, plan.world
    on_file = np.maximum(sides.attributed, world.recorded[sides.position])
    return ExtractRows(
        "incident_groups",
        np.maximum(on_file, plan.roster.groups.known_from[sides.group]),
        {
            "incident_id": CodeColumn(f"{prefix}i", world.number[sides.position]),
            "group_id": CodeColumn(f"{prefix}g", sides.group + 1),
            "role": WordColumn(ROLES, sides.role),
            "status": WordColumn(STATUSES, sides.status),
            "attributed_on": sides.attributed,
        },
    )
