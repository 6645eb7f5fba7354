-- Which call-ins were held, missed and planned in the last years, the newest first?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
--   years: integer(1..20) = 3 — how many back, from the first of the month of the last day
--   rows: integer(1..1000) = 300 — how many
-- Grain: city, call_in_id
-- Class: aggregate
-- Of: call_in_sessions
-- Order: position, COALESCE(held_on, scheduled_for) DESC NULLS LAST, call_in_id
-- Reads: call_ins, invitations
-- Protects: invited, attended, absent, excused, attended_unknown, reachable, reachable_unknown,
--   in_custody, community_speakers, family_speakers, law_enforcement, service_providers
-- Numerator: attended
-- Denominator: invited

WITH since AS (
    -- The last day is the least of the cities asked about.
    SELECT CAST(DATE_TRUNC('month', MIN(last_day)) - TO_YEARS($years) AS DATE) AS day
    FROM SUPPLIED_CITIES(['call_ins'], $as_of, $city)
)

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
    sessions.attended_unknown,
    COUNT(*) OVER () AS of_all
FROM all_call_in_sessions AS sessions
INNER JOIN cities ON sessions.city = cities.city
CROSS JOIN since
WHERE COALESCE(sessions.held_on, sessions.scheduled_for) >= since.day
QUALIFY
    ROW_NUMBER() OVER (
        ORDER BY
            COALESCE(sessions.held_on, sessions.scheduled_for) DESC NULLS LAST,
            cities.position ASC,
            sessions.call_in_id ASC
    ) <= $rows
