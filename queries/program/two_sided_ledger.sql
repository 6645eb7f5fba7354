-- Did each group with notice stop or shoot, and what did it get in return?
-- Parameters: as_of
--   months: integer(1..60) = 12 — how long without a shooting counts as stopped
-- Grain: city, group_id
-- Class: named
-- Order: position, stopped, last_shot_on DESC NULLS LAST, group_id
-- Reads: incidents, incident_groups, groups, memberships, call_ins, invitations,
--   custom_notifications, enforcement_actions, services, people

-- What a group did and heard is its successor's from the day it became it.
WITH holdings AS (
    FROM LINEAGE_AS_OF($as_of)
),

responses AS (
    -- The newest episode that is the group's on that day, its predecessors' included.
    SELECT
        holdings.holder AS group_id,
        COUNT(*) AS episodes,
        ARG_MAX(episodes, (episodes.violated_on, episodes.episode)) AS newest
    FROM EPISODES_AS_OF($as_of) AS episodes
    INNER JOIN holdings USING (group_id)
    GROUP BY holdings.holder
),

restrained AS (
    SELECT
        holdings.holder AS group_id,
        COUNT(*) FILTER (group_actions.broke_restraint) AS broke_restraint,
        COUNT(*) FILTER (group_actions.broke_restraint IS NULL) AS unjudged,
        MAX(group_actions.acted_on) FILTER (group_actions.broke_restraint) AS last_broke_on
    FROM group_actions
    INNER JOIN holdings USING (group_id)
    WHERE group_actions.notice_on IS NOT NULL AND group_actions.acted_on <= $as_of
    GROUP BY holdings.holder
),

helped AS (
    -- Offers to people who were members on the day, since the group had notice.
    SELECT
        notices.group_id,
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
    WHERE COALESCE($as_of BETWEEN people.listed_on AND COALESCE(people.delisted_on, $as_of), TRUE)
    GROUP BY members.group_id
)

SELECT
    standing.city,
    standing.group_id,
    audited.label,
    standing.notice_on,
    standing.how,
    IF(audited.active_until <= $as_of, audited.active_until, NULL) AS active_until,
    standing.last_shot_on,
    standing.stopped,
    standing.who_shot_ends_on,
    COALESCE(responses.episodes, 0) AS episodes,
    IF(responses.group_id IS NULL, 'none', PROMISE_STATE(
        responses.newest, responses.newest.window_ends_on - responses.newest.violated_on
    )) AS response,
    responses.newest.violated_on AS response_to,
    responses.newest.first_action_on,
    COALESCE(responses.newest.first_action_on, responses.newest.known_through)
    - responses.newest.violated_on AS days,
    -- None on file is none only where the file was handed over and covers the time.
    CASE
        WHEN restrained.broke_restraint > 0 THEN restrained.broke_restraint
        WHEN COALESCE(restrained.unjudged, 0) = 0
            THEN ZERO_SINCE(standing.city, 'enforcement_actions', standing.notice_on)
    END AS broke_restraint,
    COALESCE(restrained.unjudged, 0) AS unjudged,
    restrained.last_broke_on AS last_broke_restraint_on,
    COALESCE(sized.members_known, 0) AS members_known,
    COALESCE(helped.members_offered, ZERO_SINCE(standing.city, 'services', standing.notice_on))
        AS members_offered
FROM STANDINGS_AS_OF($as_of, $months) AS standing
LEFT JOIN AUDITED_GROUPS() AS audited USING (city, group_id)
LEFT JOIN responses USING (group_id)
LEFT JOIN restrained USING (group_id)
LEFT JOIN helped USING (group_id)
LEFT JOIN sized USING (group_id)
