-- Of those whom the invitation reached, how many came to a call-in, by route?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
--   since: date = null — the first day, or null for the twelve months to as_of
-- Grain: city, route
-- Class: aggregate
-- Reads: call_ins, invitations
-- Protects: reachable, attended, absent, excused, attended_unknown, invited, reachable_unknown,
--   attended_besides
-- Numerator: attended, to attended + attended_unknown
-- Denominator: reachable, those in custody apart

WITH spans AS (
    SELECT
        city,
        position,
        first_day,
        last_day
    FROM SUPPLIED_SPANS(
        ['call_ins', 'invitations'], CAST($as_of AS DATE), $city, CAST($since AS DATE)
    )
),

routes AS (
    SELECT UNNEST(['probation', 'parole', 'voluntary', 'in_custody']) AS route
),

counted AS (
    SELECT
        invitations.city,
        invitations.route,
        COUNT(*) AS invited,
        COUNT(*) FILTER (WHERE invitations.reachable) AS reachable,
        COUNT(*) FILTER (WHERE invitations.reachable IS NULL) AS reachable_unknown,
        COUNT(*) FILTER (
            WHERE invitations.reachable AND invitations.attended = 'attended'
        ) AS attended,
        COUNT(*) FILTER (
            WHERE invitations.reachable AND invitations.attended = 'absent'
        ) AS absent,
        COUNT(*) FILTER (
            WHERE invitations.reachable AND invitations.attended = 'excused'
        ) AS excused,
        COUNT(*) FILTER (
            WHERE invitations.reachable AND invitations.attended = 'unknown'
        ) AS attended_unknown,
        COUNT(*) FILTER (
            WHERE invitations.attended = 'attended' AND invitations.reachable IS NOT TRUE
        ) AS attended_besides
    FROM invitations
    INNER JOIN call_ins
        ON invitations.city = call_ins.city AND invitations.call_in_id = call_ins.call_in_id
    INNER JOIN spans ON invitations.city = spans.city
    WHERE call_ins.held_on >= spans.first_day AND call_ins.held_on <= spans.last_day
    GROUP BY invitations.city, invitations.route
)

SELECT
    spans.city,
    routes.route,
    (routes.route = 'in_custody') AS in_custody,
    COALESCE(counted.invited, 0) AS invited,
    COALESCE(counted.reachable, 0) AS reachable,
    COALESCE(counted.reachable_unknown, 0) AS reachable_unknown,
    COALESCE(counted.attended, 0) AS attended,
    COALESCE(counted.absent, 0) AS absent,
    COALESCE(counted.excused, 0) AS excused,
    COALESCE(counted.attended_unknown, 0) AS attended_unknown,
    COALESCE(counted.attended_besides, 0) AS attended_besides,
    spans.first_day,
    spans.last_day
FROM spans
CROSS JOIN routes
LEFT JOIN counted ON spans.city = counted.city AND routes.route = counted.route
ORDER BY spans.position, in_custody, routes.route
