-- Did each group with notice stop or shoot, and what did it get in return?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — nothing dated after this day is seen
--   months: integer(1..60) = 12 — how long without a violation counts as stopped
-- Grain: city, group_id
-- Class: named
-- Order: position, stopped, last_violated_on DESC NULLS LAST, group_id
-- Pages: 50 rows, first by stopped, last_violated_on DESC NULLS LAST, position, group_id
-- Reads: incidents, incident_groups, groups, memberships, call_ins, invitations,
--   custom_notifications, enforcement_actions, services, people
-- Protects: none

WITH held AS (
    -- docs/promises.md says which group holds a notice on a day.
    SELECT
        known.city,
        known.group_id,
        known.notice_on,
        known.how
    FROM NOTICES_AS_OF(CAST($as_of AS DATE)) AS known
    WHERE
        ($city IS NULL OR known.city = $city)
        -- Who shot is not known without the groups of each incident: no rows, not zero.
        AND known.city IN (
            SELECT data_through.city FROM data_through
            WHERE data_through.extract = 'incident_groups'
        )
),

supplied AS (
    -- Without enforcement or services handed over nothing is known of them.
    SELECT
        data_through.city,
        BOOL_OR(data_through.extract = 'enforcement_actions') AS enforcement,
        BOOL_OR(data_through.extract = 'services') AS services
    FROM data_through
    GROUP BY data_through.city
),

shot AS (
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

responses AS (
    -- The newest episode that is the group's on that day, its predecessors' included.
    SELECT
        lineage.holder AS group_id,
        seen.violated_on,
        seen.window_ends_on,
        seen.first_action_on,
        seen.known_through,
        COUNT(*) OVER (PARTITION BY lineage.holder) AS episodes
    FROM EPISODES_AS_OF(CAST($as_of AS DATE)) AS seen
    INNER JOIN lineage
        ON
            seen.group_id = lineage.group_id
            AND lineage.from_on <= CAST($as_of AS DATE)
            AND lineage.until_on > CAST($as_of AS DATE)
    QUALIFY
        ROW_NUMBER() OVER (
            PARTITION BY lineage.holder ORDER BY seen.violated_on DESC, seen.episode DESC
        ) = 1
),

restrained AS (
    SELECT
        lineage.holder AS group_id,
        COUNT(*) FILTER (WHERE group_actions.broke_restraint) AS broke_restraint,
        MAX(group_actions.acted_on) FILTER (
            WHERE group_actions.broke_restraint
        ) AS last_broke_restraint_on
    FROM group_actions
    INNER JOIN lineage
        ON
            group_actions.group_id = lineage.group_id
            AND lineage.from_on <= CAST($as_of AS DATE)
            AND lineage.until_on > CAST($as_of AS DATE)
    WHERE group_actions.acted_on <= CAST($as_of AS DATE)
    GROUP BY lineage.holder
),

helped AS (
    -- Offers to people who were members on the day, since the group had notice.
    SELECT
        held.group_id,
        COUNT(DISTINCT services.service_id) AS services_offered,
        COUNT(DISTINCT services.person_id) AS members_offered
    FROM held
    INNER JOIN lineage
        ON
            held.group_id = lineage.holder
            AND lineage.from_on <= CAST($as_of AS DATE)
            AND lineage.until_on > CAST($as_of AS DATE)
    INNER JOIN members ON lineage.group_id = members.group_id
    INNER JOIN services
        ON
            members.person_id = services.person_id
            AND members.from_on <= services.offered_on
            AND members.until_on > services.offered_on
            AND held.notice_on <= services.offered_on
    WHERE services.offered_on <= CAST($as_of AS DATE)
    GROUP BY held.group_id
),

sized AS (
    SELECT
        members.group_id,
        COUNT(DISTINCT members.person_id) AS members_known
    FROM members
    LEFT JOIN people ON members.person_id = people.person_id
    WHERE
        members.from_on <= CAST($as_of AS DATE)
        AND members.until_on > CAST($as_of AS DATE)
        AND (people.delisted_on IS NULL OR people.delisted_on >= CAST($as_of AS DATE))
    GROUP BY members.group_id
),

audited AS (
    SELECT
        groups.group_id,
        -- A group never audited has its label too.
        ARG_MAX(groups.label, COALESCE(groups.audited_on, DATE '0001-01-01')) AS label,
        ARG_MAX(groups.active_until, groups.audited_on) AS active_until
    FROM groups
    GROUP BY groups.group_id
)

SELECT
    cities.city,
    held.group_id,
    audited.label,
    held.notice_on,
    held.how,
    CASE
        WHEN audited.active_until <= CAST($as_of AS DATE) THEN audited.active_until
    END AS active_until,
    shot.last_violated_on,
    COALESCE(
        shot.last_violated_on <= CAST($as_of AS DATE) - TO_MONTHS(CAST($months AS INTEGER)),
        TRUE
    ) AS stopped,
    COALESCE(responses.episodes, 0) AS episodes,
    CASE
        WHEN responses.violated_on IS NULL THEN 'none'
        ELSE PROMISE_STATE(
            responses.violated_on, responses.window_ends_on - responses.violated_on,
            responses.first_action_on, responses.known_through
        )
    END AS response,
    responses.violated_on AS response_to,
    responses.first_action_on,
    COALESCE(responses.first_action_on, responses.known_through)
    - responses.violated_on AS days,
    CASE
        WHEN supplied.enforcement THEN COALESCE(restrained.broke_restraint, 0)
    END AS broke_restraint,
    restrained.last_broke_restraint_on,
    COALESCE(sized.members_known, 0) AS members_known,
    CASE
        WHEN supplied.services THEN COALESCE(helped.services_offered, 0)
    END AS services_offered,
    CASE
        WHEN supplied.services THEN COALESCE(helped.members_offered, 0)
    END AS members_offered
FROM held
INNER JOIN cities ON held.city = cities.city
LEFT JOIN supplied ON held.city = supplied.city
LEFT JOIN audited ON held.group_id = audited.group_id
LEFT JOIN shot ON held.group_id = shot.group_id
LEFT JOIN responses ON held.group_id = responses.group_id
LEFT JOIN restrained ON held.group_id = restrained.group_id
LEFT JOIN helped ON held.group_id = helped.group_id
LEFT JOIN sized ON held.group_id = sized.group_id
