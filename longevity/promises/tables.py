"""The tables of groups and of the program's promise to them, made when a scope is opened.

`lineage` (which group holds the notices of which, and from when), `active_groups`, `members`,
`messages` (how a group heard the promise), `held_notices`, `shootings`, `violations`, `episodes`,
`episode_members`, `group_actions`: docs/follow-up.md lists their columns. They cover all the time
of the release; the macros `…_as_of(day)` give what was known on a day. Spans are half-open:
`from_on`, `until_on`.
"""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from longevity.base.scratch import create_table
from longevity.ingest import contract
from longevity.promises.rules import (
    ALWAYS,
    FOREVER,
    PROMISE_STATE,
    Action,
    Lineage,
    Notice,
    PromiseHistory,
    Shooting,
    pass_notices_on,
    simulate_promises,
)

ALWAYS_SQL, FOREVER_SQL = f"DATE '{ALWAYS}'", f"DATE '{FOREVER}'"

# The city of every group: of its audits (`groups`), or of its members where it is on none.
CITIES = """
    SELECT group_id, COALESCE(MIN(city) FILTER (WHERE audited), MIN(city))
    FROM (
        SELECT group_id, city, TRUE AS audited FROM groups
        UNION ALL
        SELECT group_id, city, FALSE AS audited FROM memberships
    ) AS known
    GROUP BY group_id
    ORDER BY group_id
"""

# The successor of each group that has one, and the first day it is the successor: the day after
# the group's last, else the successor's first, else that of the audit that first says so, else
# always. A successor that was there already while the group was still itself took over later than
# on its own first day. An audit that finds the group active and itself again undoes the succession.
SUCCESSIONS = f"""
    SELECT before.group_id,
        ARG_MAX(before.succeeded_by, COALESCE(before.audited_on, {ALWAYS_SQL})),
        COALESCE(
            MAX(before.active_until) + 1,
            MIN(after.active_from) FILTER (
                after.active_from > COALESCE(
                    GREATEST(before.active_from, before.itself_on), {ALWAYS_SQL}
                )
            ),
            MIN(before.audited_on), {ALWAYS_SQL}
        ) AS passed_on
    FROM (
        SELECT *,
            MAX(audited_on) FILTER (succeeded_by IS NULL AND active_until IS NULL)
                OVER (PARTITION BY city, group_id) AS itself_on
        FROM groups
    ) AS before
    INNER JOIN groups AS after
        ON before.succeeded_by = after.group_id AND before.city = after.city
    WHERE before.succeeded_by <> before.group_id
    GROUP BY before.group_id
    HAVING COALESCE(MAX(before.audited_on) >= MAX(before.itself_on), TRUE)
"""

# Each group as an audit described it, from that audit until the next, while the group was active
# and had no successor. A group that was never audited has one row with what is known of it.
ACTIVE_GROUPS = f"""
    CREATE TABLE active_groups AS
    SELECT city, group_id, label, audited_on, members, from_on, until_on
    FROM (
        SELECT groups.city, groups.group_id, groups.label, groups.audited_on, groups.members,
            GREATEST(
                lineage.from_on, COALESCE(groups.audited_on, {ALWAYS_SQL}),
                COALESCE(groups.active_from, {ALWAYS_SQL})
            ) AS from_on,
            LEAST(
                lineage.until_on, COALESCE(groups.active_until + 1, {FOREVER_SQL}),
                LEAD(groups.audited_on, 1, {FOREVER_SQL}) OVER (
                    PARTITION BY groups.city, groups.group_id
                    ORDER BY groups.audited_on NULLS FIRST
                )
            ) AS until_on
        FROM groups
        INNER JOIN lineage
            ON groups.group_id = lineage.group_id AND lineage.group_id = lineage.holder
    ) AS spans
    WHERE from_on < until_on
"""

# Who was a member of which group, and when. A membership that lasted to the last day of a group
# goes on in the group's successor, unless the successor has a row for that person itself.
MEMBERS = """
    CREATE TABLE members AS
    SELECT DISTINCT
        lineage.city, memberships.person_id, lineage.holder AS group_id,
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

# How the promise was brought to a group through one person: who came, or may have come, to a
# call-in (a session with members), and every attempt at a custom notification (a visit). Where no
# group is recorded, it counts for each group the person belonged to that day. `gives_notice`:
# whether the group knows the promise from then on.
MESSAGES = """
    CREATE TABLE messages AS
    SELECT members.city, members.group_id, members.person_id, call_ins.held_on AS brought_on,
        'call_in' AS how, invitations.attended AS result,
        (invitations.attended = 'attended') AS gives_notice
    FROM invitations
    INNER JOIN call_ins USING (call_in_id)
    INNER JOIN members
        ON invitations.person_id = members.person_id
        AND call_ins.held_on >= members.from_on AND call_ins.held_on < members.until_on
    WHERE invitations.attended IN ('attended', 'unknown')
    UNION
    SELECT COALESCE(lineage.city, members.city, attempts.city),
        COALESCE(lineage.holder, attempts.group_id, members.group_id), attempts.person_id,
        attempts.attempted_on, 'custom_notification', attempts.contact,
        (attempts.contact = 'direct')
    FROM custom_notifications AS attempts
    LEFT JOIN lineage
        ON attempts.group_id = lineage.group_id
        AND attempts.attempted_on >= lineage.from_on AND attempts.attempted_on < lineage.until_on
    LEFT JOIN members
        ON attempts.group_id IS NULL AND attempts.person_id = members.person_id
        AND attempts.attempted_on >= members.from_on AND attempts.attempted_on < members.until_on
    WHERE COALESCE(attempts.group_id, members.group_id) IS NOT NULL
"""

# The first message that gave notice, of groups on an audit.
NOTICES = """
    SELECT group_id, MIN(brought_on), ARG_MIN(how, (brought_on, how))
    FROM messages
    WHERE gives_notice AND group_id IN (SELECT group_id FROM groups)
    GROUP BY group_id
    ORDER BY group_id
"""

# The earliest notice that a group has in each span of time: from the day it has it until the group
# inherits an earlier one from a predecessor, or has a successor itself.
HELD_NOTICES = f"""
    CREATE TABLE held_notices AS
    WITH earliest AS (
        SELECT *
        FROM _given
        QUALIFY notice_on < COALESCE(
            MIN(notice_on) OVER (
                PARTITION BY group_id ORDER BY holds_from, notice_on, given_to
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ), {FOREVER_SQL}
        )
    )
    SELECT earliest.city, earliest.group_id, earliest.notice_on, earliest.how,
        earliest.holds_from AS from_on,
        LEAST(
            lineage.until_on,
            LEAD(earliest.holds_from, 1, {FOREVER_SQL}) OVER (
                PARTITION BY earliest.group_id ORDER BY earliest.holds_from
            )
        ) AS until_on
    FROM earliest
    INNER JOIN lineage
        ON earliest.group_id = lineage.group_id AND lineage.group_id = lineage.holder
"""

# Shootings by a group: counted incidents in which it is a suspect, confirmed or only suspected.
SHOOTINGS = f"""
    CREATE TABLE shootings AS
    SELECT DISTINCT lineage.city, lineage.holder AS group_id, incidents.incident_id,
        CAST(incidents.occurred_at AS DATE) AS shot_on, incident_groups.status
    FROM incident_groups
    INNER JOIN incidents USING (incident_id)
    INNER JOIN lineage
        ON incident_groups.group_id = lineage.group_id
        AND CAST(incidents.occurred_at AS DATE) >= lineage.from_on
        AND CAST(incidents.occurred_at AS DATE) < lineage.until_on
    LEFT JOIN data_through
        ON data_through.extract = 'incident_groups' AND incident_groups.city = data_through.city
    WHERE incident_groups.role = 'suspect'
        AND COALESCE(CAST(incidents.occurred_at AS DATE) >= data_through.begins_on, TRUE)
        AND incidents.circumstance IN {contract.COUNTED_CIRCUMSTANCES}
        AND incident_groups.group_id IN (SELECT group_id FROM groups)
"""

CONFIRMED = """
    SELECT incident_id, group_id, shot_on FROM shootings
    WHERE status = 'confirmed' ORDER BY incident_id, group_id
"""

ACTIONS = """
    SELECT action_id, group_id, acted_on, trigger_incident_id
    FROM enforcement_actions
    INNER JOIN data_through
        ON data_through.extract = 'enforcement_actions'
        AND enforcement_actions.city = data_through.city
        AND enforcement_actions.acted_on <= data_through.day
        AND COALESCE(enforcement_actions.acted_on >= data_through.begins_on, TRUE)
    WHERE scope = 'group' AND group_id IN (SELECT group_id FROM groups)
"""

# The episodes with what answered them, and the day up to which enforcement is known. Both are null
# for an episode that began before the city's enforcement data do, or after they end.
EPISODES = """
    CREATE TABLE episodes AS
    SELECT walked.episode, walked.city, walked.group_id, walked.incident_id, walked.notice_on,
        walked.violated_on, known.first_action_on, known.first_action_id,
        known.enforcement_through, walked.violated_on + {window_days} AS window_ends_on
    FROM _episodes AS walked
    LEFT JOIN (
        SELECT episode, first_action_on, first_action_id, data_through.day AS enforcement_through
        FROM _episodes
        INNER JOIN data_through
            ON data_through.extract = 'enforcement_actions' AND _episodes.city = data_through.city
        WHERE violated_on BETWEEN COALESCE(begins_on, violated_on) AND day
    ) AS known ON walked.episode = known.episode
    ORDER BY walked.episode
"""

# Restraint, the promise's second half: a group with notice that does not shoot is left alone. An
# action broke it where it answers no episode and the last shooting is longer ago than the window.
# Null, not known, where the data do not cover the window or what the action answers, and where the
# group is suspected of a shooting within the window.
GROUP_ACTIONS = """
    CREATE TABLE group_actions AS
    SELECT walked.*,
        CASE
            WHEN walked.acted_on - who_shot.begins_on <= {window_days} THEN NULL
            WHEN walked.acted_on > who_shot.day THEN NULL
            WHEN answered.violated_on < enforcement.begins_on THEN NULL
            WHEN walked.notice_on IS NULL OR walked.answers IS NOT NULL THEN FALSE
            WHEN walked.acted_on - walked.last_shot_on <= {window_days} THEN FALSE
            WHEN walked.action_id NOT IN (
                SELECT suspected.action_id
                FROM _actions AS suspected
                INNER JOIN lineage
                    ON suspected.group_id = lineage.holder
                    AND suspected.acted_on >= lineage.from_on
                    AND suspected.acted_on < lineage.until_on
                INNER JOIN shootings
                    ON lineage.group_id = shootings.group_id AND shootings.status = 'suspected'
                    AND suspected.acted_on - shootings.shot_on BETWEEN 0 AND {window_days}
            ) THEN TRUE
        END AS broke_restraint
    FROM _actions AS walked
    LEFT JOIN _episodes AS answered ON walked.answers = answered.episode
    LEFT JOIN data_through AS enforcement
        ON enforcement.extract = 'enforcement_actions' AND walked.city = enforcement.city
    LEFT JOIN data_through AS who_shot
        ON who_shot.extract = 'incident_groups' AND walked.city = who_shot.city
    ORDER BY walked.city, walked.action_id
"""

# Who was a member, and on the list, when an episode began, and the first enforcement on that person
# within its window. Actions that were dismissed or not prosecuted are left out.
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
    WHERE COALESCE(people.listed_on <= episodes.violated_on, TRUE)
        AND COALESCE(people.delisted_on >= episodes.violated_on, TRUE)
    GROUP BY episodes.episode, episodes.city, members.person_id
"""

# Macros for what was known on a day. Enforcement is known up to that day, or the last day that its
# data are complete for, whichever is earlier.
AS_OF = (
    """
        CREATE MACRO lineage_as_of(day) AS TABLE
        SELECT city, group_id, holder
        FROM lineage
        WHERE from_on <= day AND until_on > day
    """,
    # Messages, shootings and sides of an incident, each under the group that is the successor by
    # that day. A group on no audit stays as it is.
    """
        CREATE MACRO messages_as_of(day) AS TABLE
        SELECT messages.* EXCLUDE (group_id),
            COALESCE(held.holder, messages.group_id) AS group_id
        FROM messages
        LEFT JOIN lineage_as_of(day) AS held ON messages.group_id = held.group_id
        WHERE messages.brought_on <= day
    """,
    # Custom notifications. One of which no group is known spoke to a group of the shooting that is
    # its trigger; without a trigger it may have spoken to any, and so is not `is_placed`. Those to
    # a side of a shooting are the ones whose `addressee` is one of its `addressees`.
    """
        CREATE MACRO attempts_as_of(day) AS TABLE
        SELECT city, {'group_id': group_id, 'incident_id': NULL} AS addressee, brought_on, result,
            TRUE AS is_placed
        FROM messages_as_of(day)
        WHERE how = 'custom_notification'
        UNION ALL
        SELECT attempts.city, {'group_id': NULL, 'incident_id': attempts.trigger_incident_id},
            attempts.attempted_on, attempts.contact, attempts.trigger_incident_id IS NOT NULL
        FROM custom_notifications AS attempts
        ANTI JOIN members
            ON attempts.person_id = members.person_id
            AND attempts.attempted_on >= members.from_on
            AND attempts.attempted_on < members.until_on
        WHERE attempts.group_id IS NULL AND attempts.attempted_on <= day
            AND (attempts.trigger_incident_id IS NOT NULL OR attempts.contact <> 'none')
    """,
    """
        CREATE MACRO shot_as_of(day) AS TABLE
        SELECT held.holder AS group_id, shootings.shot_on, shootings.status
        FROM shootings
        INNER JOIN lineage_as_of(day) AS held ON shootings.group_id = held.group_id
        WHERE shootings.shot_on <= day
    """,
    """
        CREATE MACRO sides_as_of(day) AS TABLE
        SELECT held_by.*, [
            {'group_id': group_id, 'incident_id': NULL},
            {'group_id': NULL, 'incident_id': incident_id},
            {'group_id': NULL, 'incident_id': NULL}
        ] AS addressees
        FROM (
            SELECT DISTINCT sides.city, sides.incident_id,
                COALESCE(held.holder, sides.group_id) AS group_id
            FROM incident_groups AS sides
            LEFT JOIN lineage_as_of(day) AS held ON sides.group_id = held.group_id
        ) AS held_by
    """,
    """
        CREATE MACRO members_as_of(day) AS TABLE
        SELECT city, person_id, group_id
        FROM members
        WHERE from_on <= day AND until_on > day
    """,
    """
        CREATE MACRO active_groups_as_of(day) AS TABLE
        SELECT city, group_id, label, audited_on, members
        FROM active_groups
        WHERE from_on <= day AND until_on > day
    """,
    """
        CREATE MACRO notices_as_of(day) AS TABLE
        SELECT city, group_id, notice_on, how
        FROM held_notices
        WHERE from_on <= day AND until_on > day
    """,
    """
        CREATE MACRO episodes_as_of(day) AS TABLE
        SELECT
            episode, city, group_id, incident_id, notice_on, violated_on, window_ends_on,
            CASE WHEN first_action_on <= day THEN first_action_on END AS first_action_on,
            CASE WHEN enforcement_through IS NOT NULL THEN LEAST(day, enforcement_through) END
                AS known_through
        FROM episodes
        WHERE violated_on <= day
    """,
    PROMISE_STATE,
    # Whether a city supplied what episodes are made of: its groups, who shot, and one of the two
    # ways that notice is given. Where it did not, having no episodes does not mean there were none.
    """
        CREATE MACRO episodes_are_known(of_city) AS
        CAST(of_city AS VARCHAR) IN (SELECT groups.city FROM groups)
        AND CAST(of_city AS VARCHAR) IN (
            SELECT data_through.city FROM data_through
            GROUP BY data_through.city
            HAVING BOOL_OR(data_through.extract = 'incident_groups')
                AND (
                    BOOL_OR(data_through.extract = 'custom_notifications')
                    OR COUNT(*) FILTER (
                        data_through.extract IN ('call_ins', 'invitations', 'memberships')
                    ) = 3
                )
        )
    """,
    # Whether a city's data say who shot for so many months, to the day or to their own last day
    # where that is earlier: only then does a group without a shooting on file count as one that did
    # not shoot.
    """
        CREATE MACRO standings_are_known(of_city, as_of, months) AS
        episodes_are_known(of_city)
        AND CAST(of_city AS VARCHAR) NOT IN (
            SELECT data_through.city FROM data_through
            WHERE data_through.extract = 'incident_groups'
                AND data_through.begins_on > LEAST(as_of, data_through.day) - to_months(months)
        )
    """,
    # Each group with notice: the last confirmed shooting by it or a predecessor, and whether it
    # `stopped`: none for so many months, notice or not; null where the data do not reach back that
    # far. Where they end before the day it is as of their end, `who_shot_ends_on`, which else is
    # null. `suspected`: of a shooting in these months.
    """
        CREATE MACRO standings_as_of(day, months) AS TABLE
        SELECT city, group_id, notice_on, how, last_shot_on,
            CASE
                WHEN last_shot_on > quiet_from THEN FALSE
                WHEN standings_are_known(city, day, months) THEN TRUE
            END AS stopped,
            COALESCE(last_suspected_on > quiet_from, FALSE) AS suspected,
            who_shot_ends_on
        FROM (
            SELECT held.city, held.group_id, held.notice_on, held.how,
                MAX(shot.shot_on) FILTER (shot.status = 'confirmed') AS last_shot_on,
                MAX(shot.shot_on) FILTER (shot.status = 'suspected') AS last_suspected_on,
                LEAST(day, who_shot.day) - to_months(months) AS quiet_from,
                IF(who_shot.day < day, who_shot.day, NULL) AS who_shot_ends_on
            FROM notices_as_of(day) AS held
            INNER JOIN data_through AS who_shot
                ON who_shot.extract = 'incident_groups' AND held.city = who_shot.city
            LEFT JOIN shot_as_of(day) AS shot ON held.group_id = shot.group_id
            WHERE episodes_are_known(held.city)
            GROUP BY held.city, held.group_id, held.notice_on, held.how, who_shot.day
        ) AS counted
    """,
)


def create_tables(connection: duckdb.DuckDBPyConnection, window_days: int) -> None:
    """Make every table and macro of this module, from the extracts of the database's scope.

    `window_days`: how long an episode runs.
    """
    city: dict[str, str] = dict(connection.execute(CITIES).fetchall())
    lineage = Lineage(
        city, {old: (new, on) for old, new, on in connection.execute(SUCCESSIONS).fetchall()}
    )
    create_table(
        connection,
        "lineage",
        "city VARCHAR, group_id VARCHAR, holder VARCHAR, from_on DATE, until_on DATE",
        [
            (city[group], group, holding.holder, holding.from_on, holding.until_on)
            for group, holdings in lineage.holdings.items()
            for holding in holdings
        ],
    )
    for statement in (ACTIVE_GROUPS, MEMBERS, MESSAGES, SHOOTINGS):
        connection.execute(statement)
    notices = _create_held_notices(connection, lineage, city)
    shootings = [Shooting(*row) for row in connection.execute(CONFIRMED).fetchall()]
    actions = [Action(*row) for row in connection.execute(ACTIONS).fetchall()]
    history = simulate_promises(lineage, notices, shootings, actions, window_days)
    _create_episodes(connection, history, city, window_days)
    connection.execute(EPISODE_MEMBERS)
    for macro in AS_OF:
        connection.execute(macro)


def _create_held_notices(
    connection: duckdb.DuckDBPyConnection, lineage: Lineage, city: Mapping[str, str]
) -> list[Notice]:
    """Create `held_notices`; return every notice, those given and those inherited.

    `city` maps each group to its city.
    """
    rows = connection.execute(NOTICES).fetchall()
    notices = pass_notices_on(
        [Notice(g, notice_on=on, holds_from=on, how=how, given_to=g) for g, on, how in rows],
        lineage,
    )
    create_table(
        connection,
        "_given",
        "city VARCHAR, group_id VARCHAR, notice_on DATE, holds_from DATE, how VARCHAR, "
        "given_to VARCHAR",
        [(city[n.group], n.group, n.notice_on, n.holds_from, n.how, n.given_to) for n in notices],
    )
    connection.execute(HELD_NOTICES)
    connection.execute("DROP TABLE _given")
    return notices


def _create_episodes(
    connection: duckdb.DuckDBPyConnection,
    history: PromiseHistory,
    city: Mapping[str, str],
    window_days: int,
) -> None:
    """Create `episodes`, `violations` and `group_actions` of what the simulation returned.

    `city` maps each group to its city.
    """
    number = {id(episode): at for at, episode in enumerate(history.episodes, start=1)}
    create_table(
        connection,
        "_episodes",
        "episode BIGINT, city VARCHAR, group_id VARCHAR, incident_id VARCHAR, notice_on DATE, "
        "violated_on DATE, first_action_on DATE, first_action_id VARCHAR",
        [
            (
                number[id(episode)],
                *(city[episode.group], episode.group, episode.incident, episode.notice_on),
                *(episode.violated_on, episode.first_action_on, episode.first_action),
            )
            for episode in history.episodes
        ],
    )
    create_table(
        connection,
        "violations",
        "city VARCHAR, group_id VARCHAR, incident_id VARCHAR, violated_on DATE",
        [
            (city[shooting.group], shooting.group, shooting.incident, shooting.day)
            for shooting in history.violations
        ],
    )
    create_table(
        connection,
        "_actions",
        "city VARCHAR, action_id VARCHAR, group_id VARCHAR, acted_on DATE, notice_on DATE, "
        "answers BIGINT, last_shot_on DATE",
        [
            (
                *(city[outcome.holder], outcome.action.action, outcome.holder),
                *(outcome.action.day, outcome.notice_on),
                number[id(outcome.answers)] if outcome.answers else None,
                outcome.last_shot_on,
            )
            for outcome in history.outcomes
        ],
    )
    for statement in (EPISODES, GROUP_ACTIONS):
        connection.execute(statement.format(window_days=int(window_days)))
    connection.execute("DROP TABLE _episodes; DROP TABLE _actions")
