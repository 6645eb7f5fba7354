"""The planted truths as they stand on a day, for `planted.json`.

They come from the plan, never from the rows; tests hold the rows against them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from longevity.demo.incident_rows import find_days_on_file
from longevity.demo.notice import ATTENDED, NOT_KNOWN
from longevity.demo.plan import Ground, Plan
from longevity.demo.shootings import NO_FIREARM, OTHER
from longevity.demo.simulate_episodes import ENFORCEMENT_BEHIND, WINDOW, SimulatedEpisode
from longevity.demo.streams import NEVER, Bools, Ints, find_date, find_year, format_date

COUNTS = ("incidents", "victims", "fatal", "nonfatal", "homicides")
ASKED = (30, 60, 90)
NOTES = (
    "Counts take what is on file: circumstance criminal or unknown; incidents with a firearm "
    "victim; victims by firearm; homicides by any weapon; by the day of the incident.",
    "homicides: `whole_year` is the planned total; `homicides` are those of it that had happened "
    "and were on file. They differ only where records or deaths were still to come.",
    "effect: mean over the months `from` to `until` of expected confirmed incidents with minus "
    "without the program; the other incidents keep their level.",
    "episodes and restraint are of the first world only, as of `until`, with enforcement complete "
    "to `enforcement_through`; an answer after the asked day is late whatever day is asked.",
    "A group that succeeded another has its predecessor's notice; no episode runs over the change.",
    "Custody exits: greeted_by without greeted_on means somebody met them on a day nobody noted.",
)


def count_on_file(plan: Plan, as_of: int) -> Ints:
    """Return counts on file by the day `as_of`: one row a year of the plan, columns as COUNTS."""
    world, first = plan.world, plan.ground.homicides[0].year
    at, years = world.victim_of, len(plan.ground.homicides)
    here = find_days_on_file(world) <= as_of
    dead = world.learned <= as_of
    shot = here & world.counted[at]
    killed = here & dead & ((world.what[at] <= OTHER) | (world.what[at] == NO_FIREARM))
    happened = world.counted & (world.recorded <= as_of)

    def count_by_year(day: Ints, which: Bools) -> Ints:
        return np.bincount(find_year(day[which]) - first, minlength=years)

    struck = world.day[at]
    columns = [
        count_by_year(world.day, happened),
        count_by_year(struck, shot),
        count_by_year(struck, shot & dead),
        count_by_year(struck, shot & ~dead),
        count_by_year(struck, killed),
    ]
    return np.stack(columns, axis=1)


def summarise_city(ground: Ground, totals: Ints, until: int) -> dict[str, Any]:
    """Return effect, homicides and totals of one city over all worlds."""
    level = ground.level
    evaluated = (level.months >= level.effect_from) & (level.months <= level.evaluated_until)
    running = find_date(until).year
    homicides = [
        (year, row)
        for year, row in zip(ground.homicides, totals, strict=True)
        if year.year <= running
    ]
    return {
        "effect": {
            "effect_gmi_incidents_a_month": round(level.effect, 9),
            "from": str(np.datetime64(level.effect_from, "M")),
            "until": str(np.datetime64(level.evaluated_until, "M")),
            "confirmed_a_month_with": round(float(level.confirmed[evaluated].mean()), 6),
            "confirmed_a_month_without": round(float(level.confirmed_without[evaluated].mean()), 6),
            "other_a_month": round(float(level.others[evaluated].mean()), 6),
        },
        "homicides": [
            {
                "year": year.year,
                "whole_year": year.total,
                "source": year.source,
                "interpolated": year.source == "interpolated",
                "running": year.year == running,
                "homicides": int(row[COUNTS.index("homicides")]),
            }
            for year, row in homicides
        ],
        "totals": [
            {"year": year.year, **dict(zip(COUNTS, row.tolist(), strict=True))}
            for year, row in homicides
        ],
    }


def list_episodes(plan: Plan, prefix: str, until: int) -> list[dict[str, Any]]:
    """Return the episodes on file, in the order of groups and days."""
    through = until - ENFORCEMENT_BEHIND
    entries = []
    for episode in _list_episodes_on_file(plan, until):
        answered = episode.answered if episode.answered <= through else NEVER
        entries.append(
            {
                "city": plan.ground.city.id,
                "group_id": f"{prefix}g{episode.group + 1}",
                "incident_id": f"{prefix}i{plan.world.number[episode.shootings[0]]}",
                "notice_on": format_date(int(plan.notices.notice[episode.group])),
                "violated_on": format_date(episode.violated),
                "first_action_on": format_date(answered),
                **{
                    f"state_{days}": _name_state(episode.violated, answered, days, through)
                    for days in ASKED
                },
            }
        )
    return entries


def _list_episodes_on_file(plan: Plan, until: int) -> list[SimulatedEpisode]:
    episodes = [episode for episode in plan.fates.episodes if episode.attributed[0] <= until]
    return sorted(episodes, key=lambda episode: (episode.group, episode.violated))


def _name_state(violated: int, answered: int, days: int, through: int) -> str:
    if answered < NEVER:
        return "kept" if answered - violated <= days else "late"
    return "broken" if through >= violated + days else "open"


def count_restraint(plan: Plan, prefix: str, codes: list[str], until: int) -> dict[str, Any]:
    """Return group-scope actions on groups with notice, and those that broke restraint."""
    through = until - ENFORCEMENT_BEHIND
    actions = [
        (action, prefix + code)
        for action, code in zip(plan.fates.actions, codes, strict=False)
        if action.day <= through and action.day >= plan.notices.notice[action.group]
    ]
    return {
        "actions_on_groups_with_notice": len(actions),
        "broke_restraint": sum(a.part == "breaks_restraint" for a, _ in actions),
        "broke_restraint_ids": sorted(code for a, code in actions if a.part == "breaks_restraint"),
    }


def list_groups(plan: Plan, prefix: str, until: int) -> list[dict[str, Any]]:
    """Return each group on file: notice, last planned shooting after it, end, successor."""
    every = plan.roster.groups
    last: dict[int, int] = {}
    for episode in plan.fates.episodes:
        for position, attributed in zip(episode.shootings, episode.attributed, strict=True):
            if attributed <= until:
                struck = int(plan.world.day[position])
                last[episode.group] = max(last.get(episode.group, 0), struck)
    entries = []
    for group in range(every.size):
        if every.known_from[group] > until:
            continue
        notice, ends = int(plan.notices.notice[group]), int(every.active_until[group])
        after = int(every.succeeded_by[group]) if ends < until else -1
        entries.append(
            {
                "group_id": f"{prefix}g{group + 1}",
                "notice_on": format_date(notice) if notice <= until else None,
                "last_violation_on": format_date(last.get(group, NEVER)),
                "active_until": format_date(ends) if ends <= until else None,
                "succeeded_by": f"{prefix}g{after + 1}" if after >= 0 else None,
            }
        )
    return entries


def count_attendance(plan: Plan, until: int) -> dict[str, int]:
    """Return invitations to sessions held, and how many nobody knows the attendance of."""
    notices = plan.notices
    took_place = notices.held_on[notices.session] <= until
    by_word = {
        word: int((took_place & (notices.attended == index)).sum())
        for index, word in enumerate(ATTENDED)
    }
    return {
        "sessions": int((notices.held_on <= until).sum()),
        "invitations": int(took_place.sum()),
        "attendance_unknown": by_word[ATTENDED[NOT_KNOWN]],
        **by_word,
    }


def echo_settings(ground: Ground) -> dict[str, Any]:
    """Return the settings the city was drawn from."""
    demonstration = ground.city.demonstration
    return {
        "launched_on": ground.city.require_launch().isoformat(),
        "incidents_a_month": demonstration.incidents_a_month,
        "gmi_share": demonstration.gmi_share,
        "effect_gmi_incidents_a_month": demonstration.effect_gmi_incidents_a_month,
        "groups": demonstration.groups,
        "members_a_group": demonstration.members_a_group,
        "audited_back_to": demonstration.audited_back_to.isoformat()
        if demonstration.audited_back_to
        else None,
        "starts_on": format_date(ground.first),
        "promise_window_days": WINDOW,
    }
