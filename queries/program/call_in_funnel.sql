-- Of those invited, how many were reached, came, began a service, and were active at 90 days?
-- Parameters: as_of, since
-- Grain: city, route
-- Class: aggregate
-- Order: position, route = 'in_custody', route
-- Reads: call_ins, invitations, services
-- Needs: call_ins, invitations
-- Protects: reachable, invited, reachable_unknown, attended, absent, excused, attended_unknown,
--   attended_besides, attended_aged_30, attended_unserved, intake_30, attended_aged_90,
--   intake_aged_90, intake_unserved, active_90, completed_90, active_unknown_90
-- Share: each stage of the one before it, of sessions old enough for it

WITH spans AS (
    SELECT
        *,
        -- Services may not be handed over: then their stages are missing.
        ZERO_SINCE(city, 'services', NULL) AS zero
    FROM SUPPLIED_SPANS(['call_ins', 'invitations'], $as_of, $since)
),

invited AS (
    SELECT
        invitations.*,
        call_ins.held_on,
        (invitations.reachable AND invitations.attended = 'attended') AS came,
        $as_of - call_ins.held_on AS days_ago,
        LEAST($as_of, served_to.day) - call_ins.held_on AS age,
        -- A session tells of a stage once that many days lie behind it in the file of services.
        (came AND COALESCE(call_ins.held_on >= served_to.begins_on, TRUE) AND age >= 30) AS aged_30,
        (aged_30 AND age >= 90) AS aged_90,
        (came AND days_ago >= 30 AND NOT aged_30) AS unserved_30,
        (aged_30 AND days_ago >= 90 AND NOT aged_90) AS unserved_90
    FROM invitations
    INNER JOIN call_ins USING (city, call_in_id)
    INNER JOIN spans USING (city)
    LEFT JOIN data_through AS served_to
        ON invitations.city = served_to.city AND served_to.extract = 'services'
    WHERE call_ins.held_on BETWEEN spans.first_day AND spans.last_day
),

followed AS (
    SELECT
        invited.*,
        COUNT(services.service_id) > 0 AS intake,
        COALESCE(BOOL_OR(services.completed_on <= invited.held_on + 90), FALSE) AS completed,
        -- Active on day 90: not completed by then, and in contact in the 30 days up to it.
        COALESCE(BOOL_OR(services.last_contact_on >= invited.held_on + 60) FILTER (
            COALESCE(services.completed_on > invited.held_on + 90, TRUE)
        ), FALSE) AS active,
        COALESCE(BOOL_OR(services.last_contact_on IS NULL) FILTER (
            services.service_id IS NOT NULL
            AND COALESCE(services.completed_on > invited.held_on + 90, TRUE)
        ), FALSE) AS unknown
    FROM invited
    LEFT JOIN services
        ON
            invited.city = services.city
            AND invited.person_id = services.person_id
            AND services.intake_on BETWEEN invited.held_on AND invited.held_on + 30
    GROUP BY ALL
)

SELECT
    spans.city,
    routes.route,
    COUNT(DISTINCT followed.call_in_id) AS sessions,
    COUNT(followed.route) AS invited,
    COUNT(*) FILTER (followed.reachable) AS reachable,
    COUNT(followed.route) FILTER (followed.reachable IS NULL) AS reachable_unknown,
    COUNT(*) FILTER (followed.came) AS attended,
    COUNT(*) FILTER (followed.reachable AND followed.attended = 'absent') AS absent,
    COUNT(*) FILTER (followed.reachable AND followed.attended = 'excused') AS excused,
    COUNT(*) FILTER (followed.reachable AND followed.attended = 'unknown') AS attended_unknown,
    COUNT(*) FILTER (followed.attended = 'attended' AND followed.reachable IS NOT TRUE)
        AS attended_besides,
    spans.zero + COUNT(*) FILTER (followed.aged_30) AS attended_aged_30,
    spans.zero + COUNT(*) FILTER (followed.unserved_30) AS attended_unserved,
    spans.zero + COUNT(*) FILTER (followed.aged_30 AND followed.intake) AS intake_30,
    spans.zero + COUNT(*) FILTER (followed.aged_90) AS attended_aged_90,
    spans.zero + COUNT(*) FILTER (followed.aged_90 AND followed.intake) AS intake_aged_90,
    spans.zero + COUNT(*) FILTER (followed.unserved_90 AND followed.intake) AS intake_unserved,
    spans.zero + COUNT(*) FILTER (followed.aged_90 AND followed.active) AS active_90,
    spans.zero + COUNT(*) FILTER (
        followed.aged_90 AND followed.completed AND NOT followed.active
    ) AS completed_90,
    spans.zero + COUNT(*) FILTER (
        followed.aged_90 AND followed.unknown AND NOT (followed.active OR followed.completed)
    ) AS active_unknown_90,
    spans.first_day,
    spans.last_day
FROM spans
CROSS JOIN UNNEST(['probation', 'parole', 'voluntary', 'in_custody']) AS routes (route)
LEFT JOIN followed ON spans.city = followed.city AND routes.route = followed.route
GROUP BY spans.city, routes.route, spans.zero, spans.first_day, spans.last_day
