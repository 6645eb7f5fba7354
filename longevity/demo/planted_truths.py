"""The planted truths: what is so in the plan on a day, which the rows must show (tests ask)."""

from __future__ import annotations

from typing import Any

import duckdb

from longevity.demo.episodes import ENFORCEMENT_BEHIND
from longevity.demo.ground import World

NOTES = (
    "effect: mean of expected confirmed incidents a month with minus without the program.",
    "homicides: of each year and world, by any weapon; fewer are on file only while records are "
    "still to come.",
    "groups, restraint and episodes are of the first world, as of `until`, with enforcement "
    "complete to `enforcement_through`.",
    "A group that succeeded another has its predecessor's notice; no episode runs over the change.",
)
# Each group on file: its notice, and its successor once it has one.
GROUPS = """
    SELECT code_of('g', group_id) AS group_id,
        date_of(CASE WHEN notice_on <= as_of() THEN notice_on END) AS notice_on,
        code_of('g', CASE WHEN active_until < as_of() THEN succeeded_by END) AS succeeded_by
    FROM known_groups
    INNER JOIN notices USING (group_id)
    WHERE known_from <= as_of()
    ORDER BY known_groups.group_id
"""
EPISODES = f"""
    SELECT code_of('g', group_id) AS group_id, date_of(notice_on) AS notice_on,
        date_of(violated_on) AS violated_on,
        date_of(CASE WHEN answered_on + {ENFORCEMENT_BEHIND} <= as_of() THEN answered_on END)
            AS first_action_on
    FROM episodes
    INNER JOIN notices USING (group_id)
    WHERE on_file <= as_of()
    ORDER BY episodes.group_id, episodes.violated_on
"""
RESTRAINT = """
    SELECT COUNT(*) AS actions_on_groups_with_notice,
        coalesce(list(code_of('a', action_id) ORDER BY action_id) FILTER (breaks), [])
            AS broke_restraint_ids
    FROM planned_actions
    INNER JOIN notices USING (group_id)
    WHERE filed <= as_of() AND acted_on >= notice_on
"""


def describe_city(database: duckdb.DuckDBPyConnection, world: World) -> dict[str, Any]:
    """Return the truths of the city just drawn."""

    def list_rows(sql: str) -> Any:
        return database.sql(sql).to_arrow_table().to_pylist()

    return {
        "effect_gmi_incidents_a_month": world.level.effect,
        "homicides": world.homicides,
        "restraint": list_rows(RESTRAINT)[0],
        "groups": list_rows(GROUPS),
        "episodes": list_rows(EPISODES),
    }
