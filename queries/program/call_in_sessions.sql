-- Who spoke at each call-in, how many cases were prepared, who was invited and who came?
-- Parameters: city, as_of
-- Grain: city, call_in_id
-- Class: aggregate
-- Order: COALESCE(held_on, scheduled_for) DESC NULLS LAST, position, call_in_id
-- Reads: call_ins, invitations
-- Protects: invited, attended, absent, excused, attended_unknown, reachable, reachable_unknown,
--   in_custody, community_speakers, family_speakers, law_enforcement, service_providers
-- Numerator: attended
-- Denominator: invited

WITH invited AS (
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
    GROUP BY ALL
),

sessions AS (
    SELECT
        call_ins.*,
        CASE
            WHEN call_ins.held_on <= supplied.last_day THEN 'held'
            WHEN call_ins.scheduled_for > supplied.last_day THEN 'scheduled'
            WHEN call_ins.held_on IS NULL THEN 'not_held'
        END AS status,
        -- Before it is held, and where no invitations were handed over, none is missing, not zero.
        CASE
            WHEN COALESCE(call_ins.held_on, call_ins.scheduled_for) < asked.begins_on THEN NULL
            WHEN asked.city IS NOT NULL AND call_ins.held_on <= supplied.last_day THEN 0
        END AS nobody
    FROM call_ins
    INNER JOIN SUPPLIED_CITIES(['call_ins'], $as_of, $city) AS supplied USING (city)
    LEFT JOIN data_through AS asked
        ON call_ins.city = asked.city AND asked.extract = 'invitations'
)

SELECT
    sessions.city,
    sessions.call_in_id,
    sessions.status,
    sessions.scheduled_for,
    held.held_on,
    COALESCE(held.held_on, sessions.scheduled_for) AS day,
    held.community_speakers,
    held.family_speakers,
    held.law_enforcement,
    held.service_providers,
    held.cases_prepared,
    COALESCE(invited.invited, sessions.nobody) AS invited,
    COALESCE(invited.reachable, sessions.nobody) AS reachable,
    COALESCE(invited.reachable_unknown, sessions.nobody) AS reachable_unknown,
    COALESCE(invited.in_custody, sessions.nobody) AS in_custody,
    CASE WHEN held.held_on IS NOT NULL THEN COALESCE(invited.attended, sessions.nobody) END
        AS attended,
    CASE WHEN held.held_on IS NOT NULL THEN COALESCE(invited.absent, sessions.nobody) END
        AS absent,
    CASE WHEN held.held_on IS NOT NULL THEN COALESCE(invited.excused, sessions.nobody) END
        AS excused,
    CASE WHEN held.held_on IS NOT NULL THEN COALESCE(invited.attended_unknown, sessions.nobody) END
        AS attended_unknown
FROM sessions
-- What is to be said of a session is said once it was held.
LEFT JOIN call_ins AS held
    ON sessions.call_in_id = held.call_in_id AND sessions.status = 'held'
LEFT JOIN invited ON sessions.city = invited.city AND sessions.call_in_id = invited.call_in_id
WHERE sessions.status IS NOT NULL
