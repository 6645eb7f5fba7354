-- Which call-ins were held, missed and planned in the last years, the newest first?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
--   years: integer(1..20) = 3 — how many back, from the first of the month of the last day
--   rows: integer(1..1000) = 300 — how many
-- Grain: city, call_in_id
-- Class: aggregate
-- Of: call_in_sessions
-- Reads: call_ins, invitations
-- Protects: invited, attended, absent, excused, attended_unknown, reachable, reachable_unknown,
--   in_custody, community_speakers, family_speakers, law_enforcement, service_providers
-- Numerator: attended
-- Denominator: invited

WITH since AS (
    -- The last day is the least of the cities asked about.
    SELECT
        CAST(
            DATE_TRUNC('month', MIN(LEAST(CAST($as_of AS DATE), data_through.day)))
            - TO_YEARS(CAST($years AS INTEGER)) AS DATE
        ) AS day
    FROM data_through
    INNER JOIN cities ON data_through.city = CAST(cities.city AS VARCHAR)
    WHERE data_through.extract = 'call_ins' AND ($city IS NULL OR data_through.city = $city)
)

SELECT
    all_call_in_sessions.city,
    all_call_in_sessions.call_in_id,
    all_call_in_sessions.status,
    all_call_in_sessions.scheduled_for,
    all_call_in_sessions.held_on,
    all_call_in_sessions.community_speakers,
    all_call_in_sessions.family_speakers,
    all_call_in_sessions.law_enforcement,
    all_call_in_sessions.service_providers,
    all_call_in_sessions.cases_prepared,
    all_call_in_sessions.invited,
    all_call_in_sessions.reachable,
    all_call_in_sessions.reachable_unknown,
    all_call_in_sessions.in_custody,
    all_call_in_sessions.attended,
    all_call_in_sessions.absent,
    all_call_in_sessions.excused,
    all_call_in_sessions.attended_unknown,
    COUNT(*) OVER () AS of_all
FROM all_call_in_sessions
INNER JOIN cities ON all_call_in_sessions.city = cities.city
CROSS JOIN since
WHERE COALESCE(all_call_in_sessions.held_on, all_call_in_sessions.scheduled_for) >= since.day
QUALIFY
    ROW_NUMBER() OVER (
        ORDER BY
            COALESCE(
                all_call_in_sessions.held_on, all_call_in_sessions.scheduled_for
            ) DESC NULLS LAST,
            cities.position ASC,
            all_call_in_sessions.call_in_id ASC
    ) <= $rows
ORDER BY
    cities.position ASC,
    COALESCE(all_call_in_sessions.held_on, all_call_in_sessions.scheduled_for) DESC NULLS LAST,
    all_call_in_sessions.call_in_id ASC
