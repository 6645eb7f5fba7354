-- To which call-ins did nobody come, as far as is known, the newest first?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
--   rows: integer(1..1000) = 20 — how many
-- Grain: city, call_in_id
-- Class: aggregate
-- Of: call_in_sessions
-- Reads: call_ins, invitations
-- Protects: attended_unknown, invited

SELECT
    all_call_in_sessions.city,
    all_call_in_sessions.call_in_id,
    all_call_in_sessions.held_on,
    all_call_in_sessions.invited,
    all_call_in_sessions.attended_unknown,
    COUNT(*) OVER () AS of_all
FROM all_call_in_sessions
INNER JOIN cities ON all_call_in_sessions.city = CAST(cities.city AS VARCHAR)
WHERE all_call_in_sessions.status = 'held' AND all_call_in_sessions.attended = 0
QUALIFY
    ROW_NUMBER() OVER (
        ORDER BY
            all_call_in_sessions.held_on DESC,
            cities.position ASC,
            all_call_in_sessions.call_in_id ASC
    ) <= $rows
ORDER BY
    all_call_in_sessions.held_on DESC,
    cities.position ASC,
    all_call_in_sessions.call_in_id ASC
