"""Everything decided about a city in one world."""

from __future__ import annotations

from typing import NamedTuple

from longevity.demo import episodes, program, services, shootings
from longevity.demo.extract_rows import Rows
from longevity.demo.ground import Ground, World
from longevity.demo.streams import Ints


class Plan(NamedTuple):
    """One city in one world: the rows of each extract, and what they were decided to say."""

    world: World
    rows: dict[str, Rows]
    groups: Rows
    notice: Ints  # the day each group has it
    fates: episodes.Fates


def plan_city(ground: Ground, seed: int, number: int) -> Plan:
    """Decide one city in one world: shootings, which group has notice when, and all fates."""
    world = World(**vars(ground), seed=seed, number=number)
    reviews = services.draw_reviews(world)
    incidents = shootings.draw_incidents(world, reviews.held_on)
    groups = program.draw_groups(world)
    people = program.draw_people(world, groups)
    call_ins, invitations = program.draw_call_ins(world, groups, people)
    notified = program.draw_notifications(world, groups, people, incidents)
    notice = program.find_notice_days(groups, people, invitations, notified)
    fates = episodes.draw_fates(world, groups, notice, incidents)
    spells = program.draw_spells(world, people.listed_on)
    rows = {
        "supervision_spells": spells,
        "incidents": incidents,
        "victims": shootings.draw_victims(world, incidents),
        "incident_groups": episodes.draw_sides(world, groups, notice, fates, incidents, notified),
        "groups": program.list_audits(world, groups),
        "people": people,
        "memberships": people,
        "call_ins": call_ins,
        "invitations": invitations,
        "custom_notifications": notified,
        "enforcement_actions": episodes.draw_actions(world, people, fates, incidents),
        "releases_from_custody": services.draw_exits(world, spells),
        "supervision_contacts": services.draw_contacts(world, spells),
        "services": services.draw_offers(world, invitations),
        "community_events": services.draw_events(world),
        "community_requests": services.draw_requests(world),
        "shooting_reviews": reviews,
        "budget": services.draw_budget(world),
    }
    return Plan(world, rows, groups, notice, fates)
