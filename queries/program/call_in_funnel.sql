-- Of those invited, how many were reached, came, began a service, and were active at 90 days?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
--   since: date = null — the first day, or null for the twelve months to as_of
-- Grain: city, route
-- Class: aggregate
-- Reads: call_ins, invitations, services
-- Protects: reachable, invited, reachable_unknown, attended, attended_unknown, attended_besides,
--   attended_aged_30, intake_30, attended_aged_90, intake_aged_90, active_90, completed_90,
--   active_unknown_90
-- Numerator: each stage, of sessions old enough for it
-- Denominator: the stage before it, of the same sessions

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

-- Services may be complete to another day, or not handed over: then their stages are missing.
served_to AS (
    SELECT
        data_through.city,
        MIN(data_through.day) AS day
    FROM data_through
    WHERE data_through.extract = 'services'
    GROUP BY data_through.city
),

routes AS (
    SELECT UNNEST(['probation', 'parole', 'voluntary', 'in_custody']) AS route
),

asked AS (
    SELECT
        invitations.city,
        invitations.call_in_id,
        invitations.person_id,
        invitations.route,
        invitations.reachable,
        invitations.attended,
        call_ins.held_on,
        (invitations.reachable AND invitations.attended = 'attended') AS came,
        -- A session tells of a stage once that many days lie behind it in all sources.
        LEAST(spans.last_day, served_to.day) - call_ins.held_on AS days_behind
    FROM invitations
    INNER JOIN call_ins
        ON invitations.city = call_ins.city AND invitations.call_in_id = call_ins.call_in_id
    INNER JOIN spans ON invitations.city = spans.city
    LEFT JOIN served_to ON invitations.city = served_to.city
    WHERE call_ins.held_on >= spans.first_day AND call_ins.held_on <= spans.last_day
),

began AS (
    SELECT
        asked.city,
        asked.call_in_id,
        asked.person_id,
        -- Active on day 90: not completed by then, and in contact in the 30 days up to it.
        BOOL_OR(
            COALESCE(services.completed_on > asked.held_on + 90, TRUE)
            AND services.last_contact_on >= asked.held_on + 60
        ) AS active,
        BOOL_OR(services.completed_on <= asked.held_on + 90) AS completed,
        BOOL_OR(
            services.last_contact_on IS NULL
            AND COALESCE(services.completed_on > asked.held_on + 90, TRUE)
        ) AS unknown
    FROM asked
    INNER JOIN services
        ON
            asked.city = services.city
            AND asked.person_id = services.person_id
            AND asked.held_on <= services.intake_on
            AND asked.held_on + 30 >= services.intake_on
    GROUP BY asked.city, asked.call_in_id, asked.person_id
),

followed AS (
    SELECT
        asked.city,
        asked.call_in_id,
        asked.route,
        asked.reachable,
        asked.attended,
        asked.came,
        (asked.came AND asked.days_behind >= 30) AS aged_30,
        (asked.came AND asked.days_behind >= 90) AS aged_90,
        (began.person_id IS NOT NULL) AS intake,
        COALESCE(began.active, FALSE) AS active,
        COALESCE(began.completed, FALSE) AS completed,
        COALESCE(began.unknown, FALSE) AS unknown
    FROM asked
    LEFT JOIN began
        ON
            asked.city = began.city
            AND asked.call_in_id = began.call_in_id
            AND asked.person_id = began.person_id
),

counted AS (
    SELECT
        followed.city,
        followed.route,
        COUNT(DISTINCT followed.call_in_id) AS sessions,
        COUNT(*) AS invited,
        COUNT(*) FILTER (WHERE followed.reachable) AS reachable,
        COUNT(*) FILTER (WHERE followed.reachable IS NULL) AS reachable_unknown,
        COUNT(*) FILTER (WHERE followed.came) AS attended,
        COUNT(*) FILTER (
            WHERE followed.reachable AND followed.attended = 'unknown'
        ) AS attended_unknown,
        COUNT(*) FILTER (
            WHERE followed.attended = 'attended' AND followed.reachable IS NOT TRUE
        ) AS attended_besides,
        COUNT(*) FILTER (WHERE followed.aged_30) AS attended_aged_30,
        COUNT(*) FILTER (WHERE followed.aged_30 AND followed.intake) AS intake_30,
        COUNT(*) FILTER (WHERE followed.aged_90) AS attended_aged_90,
        COUNT(*) FILTER (WHERE followed.aged_90 AND followed.intake) AS intake_aged_90,
        COUNT(*) FILTER (WHERE followed.aged_90 AND followed.active) AS active_90,
        COUNT(*) FILTER (
            WHERE followed.aged_90 AND followed.completed AND NOT followed.active
        ) AS completed_90,
        COUNT(*) FILTER (
            WHERE
            followed.aged_90
            AND followed.unknown
            AND NOT followed.active
            AND NOT followed.completed
        ) AS active_unknown_90
    FROM followed
    GROUP BY followed.city, followed.route
)

SELECT
    spans.city,
    routes.route,
    COALESCE(counted.sessions, 0) AS sessions,
    COALESCE(counted.invited, 0) AS invited,
    COALESCE(counted.reachable, 0) AS reachable,
    COALESCE(counted.reachable_unknown, 0) AS reachable_unknown,
    COALESCE(counted.attended, 0) AS attended,
    COALESCE(counted.attended_unknown, 0) AS attended_unknown,
    COALESCE(counted.attended_besides, 0) AS attended_besides,
    CASE WHEN served_to.day IS NOT NULL THEN COALESCE(counted.attended_aged_30, 0) END
        AS attended_aged_30,
    CASE WHEN served_to.day IS NOT NULL THEN COALESCE(counted.intake_30, 0) END AS intake_30,
    CASE WHEN served_to.day IS NOT NULL THEN COALESCE(counted.attended_aged_90, 0) END
        AS attended_aged_90,
    CASE WHEN served_to.day IS NOT NULL THEN COALESCE(counted.intake_aged_90, 0) END
        AS intake_aged_90,
    CASE WHEN served_to.day IS NOT NULL THEN COALESCE(counted.active_90, 0) END AS active_90,
    CASE WHEN served_to.day IS NOT NULL THEN COALESCE(counted.completed_90, 0) END AS completed_90,
    CASE
        WHEN served_to.day IS NOT NULL THEN COALESCE(counted.active_unknown_90, 0)
    END AS active_unknown_90,
    spans.first_day,
    spans.last_day
FROM spans
CROSS JOIN routes
LEFT JOIN served_to ON spans.city = served_to.city
LEFT JOIN counted ON spans.city = counted.city AND routes.route = counted.route
ORDER BY spans.position, routes.route
