"""Everything decided about a city in one world."""

from __future__ import annotations

from dataclasses import dataclass

from longevity.demo.episodes import Fates, draw_actions, draw_fates, draw_sides
from longevity.demo.extract_rows import Rows
from longevity.demo.ground import Ground
from longevity.demo.program import (
    draw_call_ins,
    draw_notifications,
    draw_roster,
    find_notice_days,
    list_audits,
)
from longevity.demo.services import draw_reviews, draw_services
from longevity.demo.shootings import draw_incidents, draw_victims
from longevity.demo.streams import Ints, Streams


@dataclass(frozen=True)
class Plan:
    """One city in one world: the rows of each extract, and what they were decided to say."""

    ground: Ground
    rows: dict[str, Rows]
    groups: Rows
    notice: Ints  # the day each group has it
    fates: Fates


def plan_city(ground: Ground, seed: int, world: int) -> Plan:
    """Decide one city in one world: shootings, which group has notice when, and all fates."""
    streams = Streams(seed, world, ground.city.id)
    reviews = draw_reviews(streams, ground)
    incidents = draw_incidents(streams, ground, reviews.held_on)
    roster = draw_roster(streams, ground)
    groups = roster.groups
    call_ins, invitations = draw_call_ins(streams, ground, roster)
    notified = draw_notifications(streams, ground, roster, incidents)
    notice = find_notice_days(roster, invitations, notified)
    fates = draw_fates(streams, ground, groups, notice, incidents)
    rows = {
        "incidents": incidents,
        "victims": draw_victims(streams, ground, incidents),
        "incident_groups": draw_sides(streams, groups, notice, fates, incidents, notified),
        "groups": list_audits(groups, ground.as_of),
        "people": roster.people,
        "memberships": roster.memberships,
        "supervision_spells": roster.supervision_spells,
        "call_ins": call_ins,
        "invitations": invitations,
        "custom_notifications": notified,
        "enforcement_actions": draw_actions(streams, ground, roster, fates, incidents),
        "shooting_reviews": reviews,
        **draw_services(streams, ground, roster, invitations),
    }
    return Plan(ground, rows, groups, notice, fates)
