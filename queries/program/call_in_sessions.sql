-- Who spoke at each call-in, how many cases were prepared, who was invited and who came?
-- Parameters: as_of
-- Grain: city, call_in_id
-- Class: aggregate
-- Order: COALESCE(held_on, scheduled_for) DESC NULLS LAST, position, call_in_id
-- Reads: call_ins, invitations
-- Needs: call_ins
-- Protects: invited, attended, absent, excused, attended_unknown, reachable, reachable_unknown,
--   in_custody, community_speakers, family_speakers, law_enforcement, service_providers
-- Share: attended of invited

WITH invited AS (
    SELECT
        city,
        call_in_id,
        COUNT(*) AS invited,
        COUNT(*) FILTER (reachable) AS reachable,
        COUNT(*) FILTER (reachable IS NULL) AS reachable_unknown,
        COUNT(*) FILTER (route = 'in_custody') AS in_custody,
        COUNT(*) FILTER (attended = 'attended') AS attended,
        COUNT(*) FILTER (attended = 'absent') AS absent,
        COUNT(*) FILTER (attended = 'excused') AS excused,
        COUNT(*) FILTER (attended = 'unknown') AS attended_unknown
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
        IF(status = 'held', ZERO_SINCE(call_ins.city, 'invitations', call_ins.held_on), NULL)
            AS zero
    FROM call_ins
    INNER JOIN SUPPLIED_CITIES(['call_ins'], $as_of) AS supplied USING (city)
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
    COALESCE(invited.invited, sessions.zero) AS invited,
    COALESCE(invited.reachable, sessions.zero) AS reachable,
    COALESCE(invited.reachable_unknown, sessions.zero) AS reachable_unknown,
    COALESCE(invited.in_custody, sessions.zero) AS in_custody,
    COALESCE(came.attended, sessions.zero) AS attended,
    COALESCE(came.absent, sessions.zero) AS absent,
    COALESCE(came.excused, sessions.zero) AS excused,
    COALESCE(came.attended_unknown, sessions.zero) AS attended_unknown
FROM sessions
-- What is to be said of a session, and who came, is said once it was held.
LEFT JOIN call_ins AS held
    ON sessions.call_in_id = held.call_in_id AND sessions.status = 'held'
LEFT JOIN invited ON sessions.city = invited.city AND sessions.call_in_id = invited.call_in_id
LEFT JOIN invited AS came ON held.city = came.city AND held.call_in_id = came.call_in_id
WHERE sessions.status IS NOT NULL
