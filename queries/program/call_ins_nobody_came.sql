-- To which call-ins did nobody come, as far as is known, the newest first?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
--   rows: integer(1..1000) = 20 — how many
-- Grain: city, call_in_id
-- Class: aggregate
-- Of: call_in_sessions
-- Order: held_on DESC, position, call_in_id
-- Reads: call_ins, invitations
-- Protects: attended_unknown, invited

SELECT
    sessions.city,
    sessions.call_in_id,
    sessions.held_on,
    sessions.invited,
    sessions.attended_unknown,
    COUNT(*) OVER () AS of_all
FROM all_call_in_sessions AS sessions
INNER JOIN cities ON sessions.city = cities.city
WHERE sessions.status = 'held' AND sessions.attended = 0
QUALIFY
    ROW_NUMBER() OVER (
        ORDER BY sessions.held_on DESC, cities.position ASC, sessions.call_in_id ASC
    ) <= $rows
