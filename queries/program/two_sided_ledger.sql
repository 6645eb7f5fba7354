-- Did each group with notice stop or shoot, and what did it get in return?
-- Parameters: city, as_of
--   months: integer(1..60) = 12 — how long without a violation counts as stopped
-- Grain: city, group_id
-- Class: named
-- Order: position, stopped, last_violated_on DESC NULLS LAST, group_id
-- Reads: incidents, incident_groups, groups, memberships, call_ins, invitations,
--   custom_notifications, enforcement_actions, services, people
-- Protects: none

-- What a group did and was told is its successor's from the day it became it.
WITH holdings AS (
    FROM LINEAGE_AS_OF($as_of)
),

responses AS (
    -- The newest episode that is the group's on that day, its predecessors' included.
    SELECT
        holdings.holder AS group_id,
        episodes.violated_on,
        episodes.window_ends_on,
        episodes.first_action_on,
        episodes.known_through,
        COUNT(*) OVER (PARTITION BY holdings.holder) AS episodes
    FROM EPISODES_AS_OF($as_of) AS episodes
    INNER JOIN holdings USING (group_id)
    QUALIFY
        ROW_NUMBER() OVER (
            PARTITION BY holdings.holder ORDER BY episodes.violated_on DESC, episodes.episode DESC
        ) = 1
),

restrained AS (
    SELECT
        holdings.holder AS group_id,
        COUNT(*) FILTER (WHERE group_actions.broke_restraint) AS broke_restraint,
        COUNT(*) FILTER (WHERE group_actions.broke_restraint IS NULL) AS unjudged,
        MAX(group_actions.acted_on) FILTER (WHERE group_actions.broke_restraint)
            AS last_broke_restraint_on
    FROM group_actions
    INNER JOIN holdings USING (group_id)
    WHERE group_actions.notice_on IS NOT NULL AND group_actions.acted_on <= $as_of
    GROUP BY holdings.holder
),

helped AS (
    -- Offers to people who were members on the day, since the group had notice.
    SELECT
        notices.group_id,
        COUNT(DISTINCT services.service_id) AS services_offered,
        COUNT(DISTINCT services.person_id) AS members_offered
    FROM NOTICES_AS_OF($as_of) AS notices
    INNER JOIN holdings ON notices.group_id = holdings.holder
    INNER JOIN members ON holdings.group_id = members.group_id
    INNER JOIN services
        ON
            members.person_id = services.person_id
            AND members.from_on <= services.offered_on
            AND members.until_on > services.offered_on
            AND notices.notice_on <= services.offered_on
    WHERE services.offered_on <= $as_of
    GROUP BY notices.group_id
),

sized AS (
    SELECT
        members.group_id,
        COUNT(DISTINCT members.person_id) AS members_known
    FROM MEMBERS_AS_OF($as_of) AS members
    LEFT JOIN people USING (person_id)
    WHERE people.delisted_on IS NULL OR people.delisted_on >= $as_of
    GROUP BY members.group_id
)

SELECT
    standing.city,
    standing.group_id,
    audited.label,
    standing.notice_on,
    standing.how,
    CASE WHEN audited.active_until <= $as_of THEN audited.active_until END AS active_until,
    standing.last_violated_on,
    standing.stopped,
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
    -- Without enforcement or services handed over nothing is known of them, and of none on file
    -- not that there was none before the file begins.
    CASE
        WHEN restrained.broke_restraint > 0 THEN restrained.broke_restraint
        WHEN COALESCE(restrained.unjudged, 0) = 0 AND enforced.city IS NOT NULL THEN 0
    END AS broke_restraint,
    restrained.last_broke_restraint_on,
    COALESCE(sized.members_known, 0) AS members_known,
    COALESCE(helped.services_offered, CASE WHEN served.city IS NOT NULL THEN 0 END)
        AS services_offered,
    COALESCE(helped.members_offered, CASE WHEN served.city IS NOT NULL THEN 0 END)
        AS members_offered
FROM STANDINGS_AS_OF($as_of, $months) AS standing
LEFT JOIN AUDITED_GROUPS() AS audited USING (city, group_id)
LEFT JOIN responses USING (group_id)
LEFT JOIN restrained USING (group_id)
LEFT JOIN helped USING (group_id)
LEFT JOIN sized USING (group_id)
LEFT JOIN data_through AS enforced
    ON
        standing.city = enforced.city
        AND enforced.extract = 'enforcement_actions'
        AND COALESCE(standing.notice_on >= enforced.begins_on, TRUE)
LEFT JOIN data_through AS served
    ON
        standing.city = served.city
        AND served.extract = 'services'
        AND COALESCE(standing.notice_on >= served.begins_on, TRUE)
WHERE $city IS NULL OR standing.city = $city
