-- Of those whom the invitation reached, how many came to a call-in, by route?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
--   since: date = null — the first day, or null for the twelve months to as_of
-- Grain: city, route
-- Class: aggregate
-- Order: position, in_custody, route
-- Reads: call_ins, invitations
-- Protects: reachable, attended, absent, excused, attended_unknown, invited, reachable_unknown,
--   attended_besides
-- Numerator: attended, to attended + attended_unknown
-- Denominator: reachable, those in custody apart

WITH spans AS (
    FROM SUPPLIED_SPANS(['call_ins', 'invitations'], $as_of, $city, $since)
),

invited AS (
    SELECT
        invitations.city,
        invitations.route,
        invitations.reachable,
        invitations.attended
    FROM invitations
    INNER JOIN call_ins USING (city, call_in_id)
    INNER JOIN spans USING (city)
    WHERE call_ins.held_on >= spans.first_day AND call_ins.held_on <= spans.last_day
)

SELECT
    spans.city,
    routes.route,
    (routes.route = 'in_custody') AS in_custody,
    COUNT(invited.route) AS invited,
    COUNT(*) FILTER (WHERE invited.reachable) AS reachable,
    COUNT(invited.route) FILTER (WHERE invited.reachable IS NULL) AS reachable_unknown,
    COUNT(*) FILTER (WHERE invited.reachable AND invited.attended = 'attended') AS attended,
    COUNT(*) FILTER (WHERE invited.reachable AND invited.attended = 'absent') AS absent,
    COUNT(*) FILTER (WHERE invited.reachable AND invited.attended = 'excused') AS excused,
    COUNT(*) FILTER (WHERE invited.reachable AND invited.attended = 'unknown') AS attended_unknown,
    COUNT(*) FILTER (
        WHERE invited.attended = 'attended' AND invited.reachable IS NOT TRUE
    ) AS attended_besides,
    spans.first_day,
    spans.last_day
FROM spans
CROSS JOIN UNNEST(['probation', 'parole', 'voluntary', 'in_custody']) AS routes (route)
LEFT JOIN invited USING (city, route)
GROUP BY ALL
