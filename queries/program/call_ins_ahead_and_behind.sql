-- Which call-ins come next in each city, and which were the last?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
--   next: integer(0..1000) = 2 — how many of those ahead
--   last: integer(0..1000) = 4 — how many of those behind, and the last held however long ago
-- Grain: city, call_in_id
-- Class: aggregate
-- Of: call_in_sessions
-- Order: position, COALESCE(held_on, scheduled_for) DESC NULLS LAST, call_in_id
-- Reads: call_ins, invitations
-- Protects: invited, attended, absent, excused, attended_unknown, reachable, reachable_unknown,
--   in_custody, community_speakers, family_speakers, law_enforcement, service_providers
-- Numerator: attended
-- Denominator: invited

SELECT
    sessions.city,
    sessions.call_in_id,
    sessions.status,
    sessions.scheduled_for,
    sessions.held_on,
    sessions.community_speakers,
    sessions.family_speakers,
    sessions.law_enforcement,
    sessions.service_providers,
    sessions.cases_prepared,
    sessions.invited,
    sessions.reachable,
    sessions.reachable_unknown,
    sessions.in_custody,
    sessions.attended,
    sessions.absent,
    sessions.excused,
    sessions.attended_unknown
FROM all_call_in_sessions AS sessions
-- The nearest to the day on either side.
QUALIFY
    ROW_NUMBER() OVER (
        PARTITION BY sessions.city, sessions.status = 'scheduled'
        ORDER BY
            ABS(COALESCE(sessions.held_on, sessions.scheduled_for) - $as_of) ASC NULLS LAST,
            sessions.call_in_id ASC
    ) <= CASE WHEN sessions.status = 'scheduled' THEN $next ELSE $last END
    OR (
        sessions.status = 'held'
        AND ROW_NUMBER() OVER (
            PARTITION BY sessions.city, sessions.status
            ORDER BY sessions.held_on DESC, sessions.call_in_id ASC
        ) = 1
    )
