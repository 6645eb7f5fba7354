"""The planted truths as they are on a day: of the plan, and tests hold the rows against them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb
import numpy as np

from longevity.demo.draw import Plan
from longevity.demo.episodes import ENFORCEMENT_BEHIND, Fates
from longevity.demo.ground import World
from longevity.demo.streams import NEVER, Ints

COUNTS = ("incidents", "victims", "fatal", "nonfatal", "homicides")
NOTES = (
    "Counts take what is on file, as the screens do; homicides by any weapon.",
    "effect: mean of expected confirmed incidents a month with minus without the program.",
    "whole_year: planned homicides; `homicides` are fewer only while records are still to come.",
    "episodes and restraint are of the first world only, as of `until`, with enforcement complete "
    "to `enforcement_through`; an answer after the asked day is late whatever day is asked.",
    "A group that succeeded another has its predecessor's notice; no episode runs over the change.",
)
# A row a year of the plan, columns as COUNTS.
ON_FILE = """
    WITH shot AS (
        SELECT year_of(day) AS year,
            COUNT(*) FILTER (is_counted) AS victims,
            COUNT(*) FILTER (is_counted AND outcome = 'fatal') AS fatal,
            COUNT(*) FILTER (is_counted AND outcome = 'nonfatal') AS nonfatal,
            COUNT(*) FILTER ((is_counted OR what = 'no_firearm') AND outcome = 'fatal') AS homicides
        FROM victims
        WHERE on_file <= as_of()
        GROUP BY ALL
    ),
    happened AS (
        SELECT year_of(day) AS year, COUNT(*) AS incidents
        FROM incidents
        WHERE is_counted AND on_file <= as_of()
        GROUP BY ALL
    )
    SELECT coalesce(COLUMNS(* EXCLUDE (year)), 0)
    FROM (
        SELECT year, incidents, victims, fatal, nonfatal, shot.homicides
        FROM planned_homicides LEFT JOIN happened USING (year) LEFT JOIN shot USING (year)
    )
    ORDER BY year
"""
GROUPS = f"""
    SELECT group_id, coalesce(notice_on, {NEVER}),
        CASE WHEN active_until < as_of() THEN succeeded_by END, known_from <= as_of()
    FROM known_groups
    INNER JOIN notices USING (group_id)
    ORDER BY group_id
"""
Truths = dict[str, Any]


def count_on_file(database: duckdb.DuckDBPyConnection) -> Ints:
    """Return counts on file of the city just drawn: a row a year, columns as COUNTS."""
    return np.array(database.execute(ON_FILE).fetchall(), dtype=np.int64)


def describe_city(database: duckdb.DuckDBPyConnection, plan: Plan) -> tuple[Truths, list[Truths]]:
    """Return the truths of the city just drawn, without its totals, and its episodes on file."""
    world, fates = plan.world, plan.fates
    groups = database.execute(GROUPS).fetchall()
    notices = {group: notice for group, notice, *_ in groups}
    return {
        "effect": {"effect_gmi_incidents_a_month": world.level.effect},
        "totals": [],
        "restraint": _count_restraint(world, fates, notices),
        # Each group on file: its notice, and its successor once it has one.
        "groups": [
            {
                "group_id": f"{world.city.id}-g{group + 1}",
                "notice_on": _format_date(notice if notice <= world.as_of else NEVER),
                "succeeded_by": None if after is None else f"{world.city.id}-g{after + 1}",
            }
            for group, notice, after, is_known in groups
            if is_known
        ],
    }, _list_episodes(world, fates, notices)


def list_totals(world: World, totals: Ints) -> list[Truths]:
    """Return the counts of a city by year, over all worlds."""
    return [
        {"year": year, "whole_year": planned, **dict(zip(COUNTS, row, strict=True))}
        for (year, planned), row in zip(world.homicides.items(), totals.tolist(), strict=True)
    ]


def _list_episodes(world: World, fates: Fates, notices: Mapping[int, int]) -> list[Truths]:
    """Return the episodes on file, in the order of groups and days."""
    through, rows = world.as_of - ENFORCEMENT_BEHIND, []
    for group, violated, on_file, _, action in fates.episodes:
        if on_file > world.as_of:
            continue
        answered = action if max(action, on_file - ENFORCEMENT_BEHIND) <= through else NEVER
        row = {
            "city": world.city.id,
            "group_id": f"{world.city.id}-g{group + 1}",
            "notice_on": _format_date(notices[group]),
            "violated_on": _format_date(violated),
            "first_action_on": _format_date(answered),
        }
        for days in (30, 60, 90):
            still = "broken" if through >= violated + days else "open"
            followed = "kept" if answered - violated <= days else "late"
            row[f"state_{days}"] = followed if answered < NEVER else still
        rows.append(row)
    return rows


def _count_restraint(world: World, fates: Fates, notices: Mapping[int, int]) -> Truths:
    """Return group-scope actions on groups with notice, and those that broke restraint."""
    known = [
        action
        for action in fates.actions
        if action.on_file <= world.as_of and action.day >= notices[action.group]
    ]
    broke = [f"{world.city.id}-a{action.number + 1}" for action in known if action.breaks]
    return {
        "actions_on_groups_with_notice": len(known),
        "broke_restraint": len(broke),
        "broke_restraint_ids": sorted(broke),
    }


def _format_date(day: int) -> str | None:
    return None if day >= NEVER else str(np.datetime64(int(day), "D"))
