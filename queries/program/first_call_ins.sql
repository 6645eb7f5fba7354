-- Who was invited to the first call-ins of each city, and how many came?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
--   rows: integer(1..1000) = 10 — how many of each city
-- Grain: city, call_in_id
-- Class: aggregate
-- Of: call_in_sessions
-- Reads: call_ins, invitations
-- Protects: attended, invited, attended_unknown
-- Numerator: attended
-- Denominator: invited

SELECT
    all_call_in_sessions.city,
    all_call_in_sessions.call_in_id,
    all_call_in_sessions.held_on,
    all_call_in_sessions.invited,
    all_call_in_sessions.attended,
    all_call_in_sessions.attended_unknown
FROM all_call_in_sessions
INNER JOIN cities ON all_call_in_sessions.city = CAST(cities.city AS VARCHAR)
WHERE all_call_in_sessions.status = 'held'
QUALIFY
    ROW_NUMBER() OVER (
        PARTITION BY all_call_in_sessions.city
        ORDER BY all_call_in_sessions.held_on, all_call_in_sessions.call_in_id
    ) <= $rows
ORDER BY cities.position, all_call_in_sessions.held_on, all_call_in_sessions.call_in_id
