-- Of those invited, how many were reached, came, began a service, and were active at 90 days?
-- Parameters: city, as_of, since
-- Grain: city, route
-- Class: aggregate
-- Order: position, route = 'in_custody', route
-- Reads: call_ins, invitations, services
-- Protects: reachable, invited, reachable_unknown, attended, absent, excused, attended_unknown,
--   attended_besides, attended_aged_30, intake_30, attended_aged_90, intake_aged_90, active_90,
--   completed_90, active_unknown_90
-- Numerator: each stage, of sessions old enough for it
-- Denominator: the stage before it, of the same sessions

WITH spans AS (
    FROM SUPPLIED_SPANS(['call_ins', 'invitations'], $as_of, $city, $since)
),

-- Services may be complete to another day, or not handed over: then their stages are missing.
served_to AS (
    SELECT
        data_through.city,
        data_through.day,
        data_through.begins_on,
        0 AS nobody
    FROM data_through
    WHERE data_through.extract = 'services'
),

invited AS (
    SELECT
        invitations.*,
        call_ins.held_on,
        (invitations.reachable AND invitations.attended = 'attended') AS came,
        (came AND COALESCE(call_ins.held_on >= served_to.begins_on, TRUE)) AS served,
        -- A session tells of a stage once that many days lie behind it in all sources.
        (served AND LEAST(spans.last_day, served_to.day) - call_ins.held_on >= 30) AS aged_30,
        (served AND LEAST(spans.last_day, served_to.day) - call_ins.held_on >= 90) AS aged_90
    FROM invitations
    INNER JOIN call_ins USING (city, call_in_id)
    INNER JOIN spans USING (city)
    LEFT JOIN served_to USING (city)
    WHERE call_ins.held_on >= spans.first_day AND call_ins.held_on <= spans.last_day
),

followed AS (
    SELECT
        invited.*,
        COUNT(services.service_id) > 0 AS intake,
        -- Active on day 90: not completed by then, and in contact in the 30 days up to it.
        COALESCE(BOOL_OR(
            COALESCE(services.completed_on > invited.held_on + 90, TRUE)
            AND services.last_contact_on >= invited.held_on + 60
        ), FALSE) AS active,
        COALESCE(BOOL_OR(services.completed_on <= invited.held_on + 90), FALSE) AS completed,
        COALESCE(BOOL_OR(
            services.last_contact_on IS NULL
            AND COALESCE(services.completed_on > invited.held_on + 90, TRUE)
        ) FILTER (WHERE services.service_id IS NOT NULL), FALSE) AS unknown
    FROM invited
    LEFT JOIN services
        ON
            invited.city = services.city
            AND invited.person_id = services.person_id
            AND invited.held_on <= services.intake_on
            AND invited.held_on + 30 >= services.intake_on
    GROUP BY ALL
)

SELECT
    spans.city,
    routes.route,
    COUNT(DISTINCT followed.call_in_id) AS sessions,
    COUNT(followed.route) AS invited,
    COUNT(*) FILTER (WHERE followed.reachable) AS reachable,
    COUNT(followed.route) FILTER (WHERE followed.reachable IS NULL) AS reachable_unknown,
    COUNT(*) FILTER (WHERE followed.came) AS attended,
    COUNT(*) FILTER (WHERE followed.reachable AND followed.attended = 'absent') AS absent,
    COUNT(*) FILTER (WHERE followed.reachable AND followed.attended = 'excused') AS excused,
    COUNT(*) FILTER (
        WHERE followed.reachable AND followed.attended = 'unknown'
    ) AS attended_unknown,
    COUNT(*) FILTER (
        WHERE followed.attended = 'attended' AND followed.reachable IS NOT TRUE
    ) AS attended_besides,
    served_to.nobody + COUNT(*) FILTER (WHERE followed.aged_30) AS attended_aged_30,
    served_to.nobody + COUNT(*) FILTER (WHERE followed.aged_30 AND followed.intake) AS intake_30,
    served_to.nobody + COUNT(*) FILTER (WHERE followed.aged_90) AS attended_aged_90,
    served_to.nobody + COUNT(*) FILTER (
        WHERE followed.aged_90 AND followed.intake
    ) AS intake_aged_90,
    served_to.nobody + COUNT(*) FILTER (WHERE followed.aged_90 AND followed.active) AS active_90,
    served_to.nobody + COUNT(*) FILTER (
        WHERE followed.aged_90 AND followed.completed AND NOT followed.active
    ) AS completed_90,
    served_to.nobody + COUNT(*) FILTER (
        WHERE
        followed.aged_90
        AND followed.unknown
        AND NOT followed.active
        AND NOT followed.completed
    ) AS active_unknown_90,
    spans.first_day,
    spans.last_day
FROM spans
CROSS JOIN UNNEST(['probation', 'parole', 'voluntary', 'in_custody']) AS routes (route)
LEFT JOIN served_to ON spans.city = served_to.city
LEFT JOIN followed ON spans.city = followed.city AND routes.route = followed.route
GROUP BY spans.city, routes.route, served_to.nobody, spans.first_day, spans.last_day
