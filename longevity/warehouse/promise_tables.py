"""The tables of the promise, made when a scope with extracts is opened.

`lineage`, `members`, `given_notices`, `episodes`, `episode_members`, `violations`,
`group_actions`: docs/promises.md lists their columns. They hold the whole time of
the release; a query cuts them at its as-of date.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa

from longevity.intake import contract
from longevity.warehouse.promises import (
    Action,
    Lineage,
    Notice,
    Shooting,
    Walked,
    passed_on,
    walk,
)

TEXT, DAY, WHOLE = pa.string(), pa.date32(), pa.int64()

# What a group became, and the first day of what it became: the day after its last,
# else the first day of the successor, else the audit that first says so.
SUCCESSIONS = """
    SELECT before.group_id, ARG_MAX(before.succeeded_by, before.audited_on),
        COALESCE(
            MAX(before.active_until) + 1, MIN(after.active_from), MIN(before.audited_on)
        ) AS passed_on
    FROM groups AS before
    INNER JOIN groups AS after
        ON before.succeeded_by = after.group_id AND before.city = after.city
    WHERE before.succeeded_by <> before.group_id
    GROUP BY before.group_id
"""

# Memberships by the group that holds them, half-open. One that lasted to the last day of
# a group goes on in its successor, unless the successor has a row of that person itself.
MEMBERS = """
    CREATE TABLE members AS
    SELECT DISTINCT
        memberships.city, memberships.person_id, lineage.holder AS group_id,
        GREATEST(memberships.from_on, lineage.from_on) AS from_on,
        CASE
            WHEN
                memberships.until_on IS NULL
                OR (lineage.holder <> memberships.group_id
                    AND memberships.until_on + 1 = passed.passed_on)
                THEN lineage.until_on
            ELSE LEAST(memberships.until_on + 1, lineage.until_on)
        END AS until_on
    FROM memberships
    INNER JOIN lineage USING (group_id)
    LEFT JOIN (
        SELECT group_id, until_on AS passed_on FROM lineage WHERE holder = group_id
    ) AS passed ON memberships.group_id = passed.group_id
    LEFT JOIN (SELECT DISTINCT person_id, group_id FROM memberships) AS themselves
        ON memberships.person_id = themselves.person_id
        AND lineage.holder = themselves.group_id
        AND lineage.holder <> memberships.group_id
    WHERE themselves.person_id IS NULL
"""

NOTICES = """
    WITH given AS (
        SELECT members.group_id, call_ins.held_on AS notice_on, 'call_in' AS how
        FROM invitations
        INNER JOIN call_ins USING (call_in_id)
        INNER JOIN members
            ON invitations.person_id = members.person_id
            AND call_ins.held_on >= members.from_on AND call_ins.held_on < members.until_on
        WHERE invitations.attended = 'attended'
        UNION ALL
        SELECT COALESCE(lineage.holder, members.group_id), told.attempted_on,
            'custom_notification'
        FROM custom_notifications AS told
        LEFT JOIN lineage
            ON told.group_id = lineage.group_id
            AND told.attempted_on >= lineage.from_on AND told.attempted_on < lineage.until_on
        LEFT JOIN members
            ON told.group_id IS NULL AND told.person_id = members.person_id
            AND told.attempted_on >= members.from_on AND told.attempted_on < members.until_on
        WHERE told.contact = 'direct'
    )
    SELECT group_id, MIN(notice_on), ARG_MIN(how, (notice_on, how))
    FROM given WHERE group_id IS NOT NULL GROUP BY group_id ORDER BY group_id
"""

SHOOTINGS = f"""
    SELECT DISTINCT incident_groups.incident_id, incident_groups.group_id,
        CAST(incidents.occurred_at AS DATE)
    FROM incident_groups
    INNER JOIN incidents USING (incident_id)
    WHERE incident_groups.role = 'suspect' AND incident_groups.status = 'confirmed'
        AND incidents.circumstance IN {contract.COUNTED_CIRCUMSTANCES}
        AND incident_groups.group_id IN (SELECT group_id FROM groups)
"""

ACTIONS = """
    SELECT action_id, group_id, acted_on, trigger_incident_id
    FROM enforcement_actions
    INNER JOIN data_through
        ON data_through.extract = 'enforcement_actions'
        AND enforcement_actions.city = data_through.city
        AND enforcement_actions.acted_on <= data_through.day
    WHERE scope = 'group' AND group_id IN (SELECT group_id FROM groups)
"""

# A person's own action is not shown when it was dismissed or not prosecuted.
EPISODE_MEMBERS = f"""
    CREATE TABLE episode_members AS
    SELECT episodes.episode, episodes.city, members.person_id, MIN(actions.acted_on) AS acted_on
    FROM episodes
    INNER JOIN members
        ON episodes.group_id = members.group_id
        AND episodes.violated_on >= members.from_on AND episodes.violated_on < members.until_on
    LEFT JOIN people ON members.person_id = people.person_id
    LEFT JOIN enforcement_actions AS actions
        ON members.person_id = actions.person_id
        AND actions.acted_on >= episodes.violated_on
        AND actions.acted_on <= episodes.window_ends_on
        AND actions.acted_on <= episodes.enforcement_through
        AND COALESCE(actions.disposition, 'unknown') NOT IN {contract.NO_CONVICTION}
    WHERE people.delisted_on IS NULL OR people.delisted_on >= episodes.violated_on
    GROUP BY episodes.episode, episodes.city, members.person_id
"""


def create(connection: duckdb.DuckDBPyConnection, window_days: int) -> None:
    """Make every table of the promise from the extracts of this scope."""
    city = dict(connection.execute("SELECT DISTINCT group_id, city FROM groups").fetchall())
    lineage = Lineage(
        sorted(city),
        {old: (new, on) for old, new, on in connection.execute(SUCCESSIONS).fetchall()},
    )
    _table(
        connection,
        "lineage",
        {"city": TEXT, "group_id": TEXT, "holder": TEXT, "from_on": DAY, "until_on": DAY},
        [
            (city[group], group, each.holder, each.from_on, each.until_on)
            for group, holdings in lineage.holdings.items()
            for each in holdings
        ],
    )
    connection.execute(MEMBERS)
    own = [Notice(g, on, on, how, g) for g, on, how in connection.execute(NOTICES).fetchall()]
    notices = passed_on(own, lineage)
    _table(
        connection,
        "given_notices",
        {
            "city": TEXT,
            "group_id": TEXT,
            "notice_on": DAY,
            "holds_from": DAY,
            "how": TEXT,
            "given_to": TEXT,
        },
        [(city[n.group], n.group, n.notice_on, n.holds_from, n.how, n.given_to) for n in notices],
    )
    shootings = [Shooting(*row) for row in connection.execute(SHOOTINGS).fetchall()]
    actions = [Action(*row) for row in connection.execute(ACTIONS).fetchall()]
    walked = walk(lineage, notices, shootings, actions, window_days)
    _walked(connection, walked, city, window_days)
    connection.execute(EPISODE_MEMBERS)


def _walked(
    connection: duckdb.DuckDBPyConnection,
    walked: Walked,
    city: Mapping[str, str],
    window_days: int,
) -> None:
    through: dict[str, date] = dict(
        connection.execute(
            "SELECT city, day FROM data_through WHERE extract = 'enforcement_actions'"
        ).fetchall()
    )
    number = {id(episode): at for at, episode in enumerate(walked.episodes, start=1)}
    _table(
        connection,
        "_episodes",
        {
            "episode": WHOLE,
            "city": TEXT,
            "group_id": TEXT,
            "incident_id": TEXT,
            "notice_on": DAY,
            "violated_on": DAY,
            "first_action_on": DAY,
            "first_action_id": TEXT,
            "enforcement_through": DAY,
        },
        [
            (
                number[id(e)],
                *(city[e.group], e.group, e.incident, e.notice_on, e.violated_on),
                *(e.first_action_on, e.first_action, through.get(city[e.group])),
            )
            for e in walked.episodes
        ],
    )
    connection.execute(
        "CREATE TABLE episodes AS "
        f"SELECT *, violated_on + {int(window_days)} AS window_ends_on FROM _episodes"
    )
    connection.execute("DROP TABLE _episodes")
    _table(
        connection,
        "violations",
        {"city": TEXT, "group_id": TEXT, "incident_id": TEXT, "violated_on": DAY},
        [(city[v.group], v.group, v.incident, v.day) for v in walked.violations],
    )
    _table(
        connection,
        "group_actions",
        {
            "city": TEXT,
            "action_id": TEXT,
            "group_id": TEXT,
            "acted_on": DAY,
            "notice_on": DAY,
            "answers": WHOLE,
            "last_violated_on": DAY,
            "broke_restraint": pa.bool_(),
        },
        [
            (
                city[j.holder],
                *(j.action.action, j.holder, j.action.day, j.notice_on),
                number[id(j.answers)] if j.answers else None,
                j.last_violated_on,
                j.breaks_restraint(window_days),
            )
            for j in walked.judged
        ],
    )


def _table(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    columns: Mapping[str, pa.DataType],
    rows: Sequence[tuple[Any, ...]],
) -> None:
    arrays = [pa.array([row[at] for row in rows], kind) for at, kind in enumerate(columns.values())]
    table = pa.Table.from_arrays(arrays, schema=pa.schema(list(columns.items())))
    connection.register("_incoming", table)
    connection.execute(f"CREATE TABLE {name} AS SELECT * FROM _incoming")
    connection.unregister("_incoming")
