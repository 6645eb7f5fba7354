-- Who was invited to the first call-ins of each city, and how many came?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
--   rows: integer(1..1000) = 10 — how many of each city
-- Grain: city, call_in_id
-- Class: aggregate
-- Of: call_in_sessions
-- Order: position, held_on, call_in_id
-- Reads: call_ins, invitations
-- Protects: attended, invited, attended_unknown
-- Numerator: attended
-- Denominator: invited

SELECT
    sessions.city,
    sessions.call_in_id,
    sessions.held_on,
    sessions.invited,
    sessions.attended,
    sessions.attended_unknown
FROM all_call_in_sessions AS sessions
WHERE sessions.status = 'held'
QUALIFY
    ROW_NUMBER() OVER (
        PARTITION BY sessions.city ORDER BY sessions.held_on, sessions.call_in_id
    ) <= $rows
