-- Who spoke at each call-in, how many cases were prepared, who was invited and who came?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
-- Grain: city, call_in_id
-- Class: aggregate
-- Order: position, COALESCE(held_on, scheduled_for) DESC NULLS LAST, call_in_id
-- Pages: 200 rows, first by COALESCE(held_on, scheduled_for) DESC NULLS LAST, position, call_in_id
-- Reads: call_ins, invitations
-- Protects: invited, attended, absent, excused, attended_unknown, reachable, reachable_unknown,
--   in_custody, community_speakers, family_speakers, law_enforcement, service_providers
-- Numerator: attended
-- Denominator: invited

WITH supplied AS (
    SELECT
        city,
        position,
        last_day
    FROM SUPPLIED_CITIES(['call_ins'], CAST($as_of AS DATE), $city)
),

asked AS (
    SELECT
        invitations.city,
        invitations.call_in_id,
        COUNT(*) AS invited,
        COUNT(*) FILTER (WHERE invitations.reachable) AS reachable,
        COUNT(*) FILTER (WHERE invitations.reachable IS NULL) AS reachable_unknown,
        COUNT(*) FILTER (WHERE invitations.route = 'in_custody') AS in_custody,
        COUNT(*) FILTER (WHERE invitations.attended = 'attended') AS attended,
        COUNT(*) FILTER (WHERE invitations.attended = 'absent') AS absent,
        COUNT(*) FILTER (WHERE invitations.attended = 'excused') AS excused,
        COUNT(*) FILTER (WHERE invitations.attended = 'unknown') AS attended_unknown
    FROM invitations
    GROUP BY invitations.city, invitations.call_in_id
),

-- Where no invitations were handed over, how many were invited is missing, not zero.
told_of_invitations AS (
    SELECT DISTINCT data_through.city
    FROM data_through
    WHERE data_through.extract = 'invitations'
),

sessions AS (
    SELECT
        call_ins.city,
        call_ins.call_in_id,
        call_ins.scheduled_for,
        call_ins.held_on,
        call_ins.community_speakers,
        call_ins.family_speakers,
        call_ins.law_enforcement,
        call_ins.service_providers,
        call_ins.cases_prepared,
        supplied.position,
        COALESCE(call_ins.held_on <= supplied.last_day, FALSE) AS held,
        CASE
            WHEN call_ins.held_on <= supplied.last_day THEN 'held'
            WHEN call_ins.scheduled_for > supplied.last_day THEN 'scheduled'
            WHEN call_ins.held_on IS NULL THEN 'not_held'
        END AS status,
        (told_of_invitations.city IS NOT NULL) AS invitations_known
    FROM call_ins
    INNER JOIN supplied ON call_ins.city = supplied.city
    LEFT JOIN told_of_invitations ON call_ins.city = told_of_invitations.city
)

SELECT
    sessions.city,
    sessions.call_in_id,
    sessions.status,
    sessions.scheduled_for,
    CASE WHEN sessions.held THEN sessions.held_on END AS held_on,
    CASE WHEN sessions.held THEN sessions.community_speakers END
        AS community_speakers,
    CASE WHEN sessions.held THEN sessions.family_speakers END AS family_speakers,
    CASE WHEN sessions.held THEN sessions.law_enforcement END AS law_enforcement,
    CASE WHEN sessions.held THEN sessions.service_providers END
        AS service_providers,
    CASE WHEN sessions.held THEN sessions.cases_prepared END AS cases_prepared,
    CASE WHEN sessions.invitations_known THEN COALESCE(asked.invited, 0) END AS invited,
    CASE WHEN sessions.invitations_known THEN COALESCE(asked.reachable, 0) END AS reachable,
    CASE WHEN sessions.invitations_known THEN COALESCE(asked.reachable_unknown, 0) END
        AS reachable_unknown,
    CASE WHEN sessions.invitations_known THEN COALESCE(asked.in_custody, 0) END AS in_custody,
    CASE
        WHEN sessions.held AND sessions.invitations_known THEN COALESCE(asked.attended, 0)
    END AS attended,
    CASE
        WHEN sessions.held AND sessions.invitations_known THEN COALESCE(asked.absent, 0)
    END AS absent,
    CASE
        WHEN sessions.held AND sessions.invitations_known THEN COALESCE(asked.excused, 0)
    END AS excused,
    CASE
        WHEN
            sessions.held AND sessions.invitations_known
            THEN COALESCE(asked.attended_unknown, 0)
    END AS attended_unknown
FROM sessions
LEFT JOIN asked ON sessions.city = asked.city AND sessions.call_in_id = asked.call_in_id
WHERE sessions.status IS NOT NULL
