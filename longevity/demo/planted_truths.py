"""The planted truths as they are on a day: of the plan, and tests hold the rows against them."""

from __future__ import annotations

from typing import Any

import numpy as np

from longevity.demo.episodes import ENFORCEMENT_BEHIND
from longevity.demo.plan import Plan
from longevity.demo.shootings import NO_FIREARM
from longevity.demo.streams import NEVER, Ints, find_year

COUNTS = ("incidents", "victims", "fatal", "nonfatal", "homicides")
NOTES = (
    "Counts take what is on file, as the screens do; homicides by any weapon.",
    "effect: mean of expected confirmed incidents a month with minus without the program.",
    "whole_year: planned homicides; `homicides` are fewer only while records are still to come.",
    "episodes and restraint are of the first world only, as of `until`, with enforcement complete "
    "to `enforcement_through`; an answer after the asked day is late whatever day is asked.",
    "A group that succeeded another has its predecessor's notice; no episode runs over the change.",
)


def count_on_file(plan: Plan) -> Ints:
    """Return counts on file: one row a year of the plan, columns as COUNTS."""
    incidents, victims, years = plan.rows["incidents"], plan.rows["victims"], plan.world.homicides
    as_of, at, dead = plan.world.as_of, victims.at, victims.dead
    here = victims.on_file <= as_of
    shot = here & incidents.counted[at]
    killed = here & dead & (incidents.counted[at] | (incidents.what[at] == NO_FIREARM))
    days = [incidents.day[incidents.counted & (incidents.on_file <= as_of)]]
    days += [incidents.day[at[which]] for which in (shot, shot & dead, shot & ~dead, killed)]
    counted = [np.bincount(find_year(day) - min(years), minlength=len(years)) for day in days]
    return np.stack(counted, axis=1)


def describe_city(plan: Plan, totals: Ints) -> dict[str, Any]:
    """Return the truths of one city: totals over all worlds, and the promises of the first."""
    years = plan.world.homicides.items()
    return {
        "effect": {"effect_gmi_incidents_a_month": plan.world.level.effect},
        "totals": [
            {"year": year, "whole_year": planned, **dict(zip(COUNTS, row, strict=True))}
            for (year, planned), row in zip(years, totals.tolist(), strict=True)
        ],
        "restraint": _count_restraint(plan),
        "groups": _list_groups(plan),
    }


def list_episodes(plan: Plan) -> list[dict[str, Any]]:
    """Return the episodes on file, in the order of groups and days."""
    city, through = plan.world.city.id, plan.world.as_of - ENFORCEMENT_BEHIND
    rows = []
    for group, violated, on_file, _, action in plan.fates.episodes:
        if on_file > plan.world.as_of:
            continue
        answered = action if max(action, on_file - ENFORCEMENT_BEHIND) <= through else NEVER
        row = {
            "city": city,
            "group_id": f"{city}-g{group + 1}",
            "notice_on": _format_date(plan.notice[group]),
            "violated_on": _format_date(violated),
            "first_action_on": _format_date(answered),
        }
        for days in (30, 60, 90):
            still = "broken" if through >= violated + days else "open"
            followed = "kept" if answered - violated <= days else "late"
            row[f"state_{days}"] = followed if answered < NEVER else still
        rows.append(row)
    return rows


def _count_restraint(plan: Plan) -> dict[str, Any]:
    """Return group-scope actions on groups with notice, and those that broke restraint."""
    known = [
        action
        for action in plan.fates.actions
        if action.on_file <= plan.world.as_of and action.day >= plan.notice[action.group]
    ]
    broke = [f"{plan.world.city.id}-a{action.number + 1}" for action in known if action.breaks]
    return {
        "actions_on_groups_with_notice": len(known),
        "broke_restraint": len(broke),
        "broke_restraint_ids": sorted(broke),
    }


def _list_groups(plan: Plan) -> list[dict[str, Any]]:
    """Return each group on file: its notice, and its successor once it has one."""
    groups, city, as_of = plan.groups, plan.world.city.id, plan.world.as_of
    successor = np.where(groups.active_until < as_of, groups.succession, -1)
    return [
        {
            "group_id": f"{city}-g{group + 1}",
            "notice_on": _format_date(notice if notice <= as_of else NEVER),
            "succeeded_by": f"{city}-g{after + 1}" if after >= 0 else None,
        }
        for group, (notice, after) in enumerate(zip(plan.notice, successor, strict=True))
        if groups.known_from[group] <= as_of
    ]


def _format_date(day: int) -> str | None:
    return None if day >= NEVER else str(np.datetime64(int(day), "D"))
