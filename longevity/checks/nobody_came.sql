-- none of the {rows} people invited to {sessions} of the call-ins of {city} came; to others some
--   did.
-- Do: Was it written down who came? Where it was not, say attended = unknown.
-- On: invitations.attended (a word)
-- Severity: warning
-- Of: real data
-- Reads: incidents, call_ins
-- Thresholds: least = 10
-- Found: to one call-in nobody came of {least} or more who were invited (where a third or more
--   come, that is once in 60 or less), and to others of the city some did

WITH sessions AS (
    SELECT
        city, call_in_id, COUNT(*) FILTER (attended = 'attended') AS came,
        COUNT(*) FILTER (attended <> 'unknown') AS told
    FROM invitations
    WHERE call_in_id IN (SELECT call_in_id FROM call_ins WHERE held_on IS NOT NULL)
    GROUP BY city, call_in_id
)
SELECT
    city, COUNT(*) FILTER (came = 0 AND told >= $least) AS sessions,
    CAST(SUM(told) FILTER (came = 0 AND told >= $least) AS BIGINT) AS rows
FROM sessions
GROUP BY city
HAVING sessions > 0 AND SUM(came) > 0
