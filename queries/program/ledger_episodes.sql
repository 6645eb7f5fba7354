-- Which groups shot after notice, did enforcement on the group follow, and in how many days?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — nothing dated after this day is seen
--   months: integer(1..60) = 12 — how long without a violation counts as stopped
--   list: choice(broke|all) = 'broke' — those that broke it, or all on groups with notice
--   rows: integer(1..1000) = 50 — how many groups
-- Grain: city, group_id, violated_on
-- Class: named
-- Of: episodes, restraint_actions
-- Reads: incidents, incident_groups, groups, memberships, call_ins, invitations,
--   custom_notifications, enforcement_actions
-- Protects: none

WITH shot AS (
    SELECT
        lineage.holder AS group_id,
        MAX(violations.violated_on) AS last_violated_on
    FROM violations
    INNER JOIN lineage
        ON
            violations.group_id = lineage.group_id
            AND lineage.from_on <= CAST($as_of AS DATE)
            AND lineage.until_on > CAST($as_of AS DATE)
    WHERE violations.violated_on <= CAST($as_of AS DATE)
    GROUP BY lineage.holder
),

ranked AS (
    -- In the order of two_sided_ledger_page. docs/promises.md says which group holds a notice.
    SELECT
        held.city,
        held.group_id,
        ROW_NUMBER() OVER (
            ORDER BY
                COALESCE(
                    shot.last_violated_on
                    <= CAST($as_of AS DATE) - TO_MONTHS(CAST($months AS INTEGER)),
                    TRUE
                ) ASC,
                shot.last_violated_on DESC NULLS LAST,
                cities.position ASC,
                held.group_id ASC
        ) AS place
    FROM NOTICES_AS_OF(CAST($as_of AS DATE)) AS held
    INNER JOIN cities ON held.city = cities.city
    LEFT JOIN shot ON held.group_id = shot.group_id
    WHERE
        ($city IS NULL OR held.city = $city)
        AND held.city IN (
            SELECT data_through.city FROM data_through
            WHERE data_through.extract = 'incident_groups'
        )
),

marked AS (
    SELECT
        all_episodes.city,
        all_episodes.group_id
    FROM all_episodes
    UNION
    SELECT
        all_restraint_actions.city,
        all_restraint_actions.group_id
    FROM all_restraint_actions
    WHERE all_restraint_actions.broke_restraint
),

holders AS (
    SELECT COUNT(*) AS many
    FROM ranked
),

lines AS (
    SELECT
        ranked.city,
        ranked.group_id,
        ranked.place
    FROM ranked
    UNION ALL
    -- A group that passed its notice on has a line of its own, after all that hold one.
    SELECT
        marked.city,
        marked.group_id,
        holders.many + ROW_NUMBER() OVER (ORDER BY marked.city, marked.group_id) AS place
    FROM marked
    CROSS JOIN holders
    LEFT JOIN ranked ON marked.city = ranked.city AND marked.group_id = ranked.group_id
    WHERE ranked.group_id IS NULL
),

counted AS (
    SELECT COUNT(*) AS lines_of_all
    FROM lines
)

SELECT
    all_episodes.city,
    all_episodes.group_id,
    all_episodes.notice_on,
    all_episodes.violated_on,
    all_episodes.first_action_on,
    all_episodes.days,
    all_episodes.state_30,
    all_episodes.state_60,
    all_episodes.state_90,
    all_episodes.members_known,
    all_episodes.members_acted_on,
    all_episodes.window_ends_on,
    all_episodes.known_through,
    counted.lines_of_all
FROM all_episodes
INNER JOIN lines
    ON
        all_episodes.city = lines.city
        AND all_episodes.group_id = lines.group_id
        AND lines.place <= $rows
CROSS JOIN counted
INNER JOIN cities ON all_episodes.city = cities.city
ORDER BY cities.position, all_episodes.violated_on, all_episodes.group_id
