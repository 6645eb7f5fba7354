-- Of those reached and not in custody, how many came to the call-ins of each quarter?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
--   since: date = null — the first day, or null for the first session
-- Grain: city, quarter
-- Class: aggregate
-- Order: position, quarter
-- Reads: call_ins, invitations
-- Protects: attended, reachable, attended_unknown, in_custody_attended, in_custody,
--   in_custody_unknown
-- Numerator: attended, to attended + attended_unknown
-- Denominator: reachable, those in custody apart

WITH supplied AS (
    FROM SUPPLIED_CITIES(['call_ins', 'invitations'], $as_of, $city)
),

held AS (
    SELECT
        call_ins.city,
        call_ins.call_in_id,
        CAST(DATE_TRUNC('quarter', call_ins.held_on) AS DATE) AS quarter
    FROM call_ins
    INNER JOIN supplied USING (city)
    WHERE
        COALESCE(call_ins.held_on >= $since, TRUE)
        AND COALESCE(call_ins.held_on >= supplied.begins_on, TRUE)
        AND call_ins.held_on <= supplied.last_day
),

-- From the quarter of the first session on, a quarter without one is a zero.
spine AS (
    SELECT
        supplied.city,
        supplied.last_day,
        CAST(UNNEST(GENERATE_SERIES(
            MIN(held.quarter), supplied.last_day, INTERVAL 3 MONTH
        )) AS DATE) AS quarter
    FROM supplied
    INNER JOIN held USING (city)
    GROUP BY supplied.city, supplied.last_day
),

reached AS (
    SELECT
        invitations.city,
        invitations.call_in_id,
        invitations.attended,
        (invitations.route = 'in_custody') AS inside
    FROM invitations
    WHERE invitations.reachable
)

SELECT
    spine.city,
    spine.quarter,
    COUNT(DISTINCT held.call_in_id) AS sessions,
    COUNT(*) FILTER (WHERE NOT reached.inside) AS reachable,
    COUNT(*) FILTER (WHERE NOT reached.inside AND reached.attended = 'attended') AS attended,
    COUNT(*) FILTER (
        WHERE NOT reached.inside AND reached.attended = 'unknown'
    ) AS attended_unknown,
    COUNT(*) FILTER (WHERE reached.inside) AS in_custody,
    COUNT(*) FILTER (
        WHERE reached.inside AND reached.attended = 'attended'
    ) AS in_custody_attended,
    COUNT(*) FILTER (WHERE reached.inside AND reached.attended = 'unknown') AS in_custody_unknown,
    (
        COALESCE(spine.quarter >= $since, TRUE)
        AND spine.quarter + INTERVAL 3 MONTH <= spine.last_day + 1
    ) AS complete
FROM spine
LEFT JOIN held USING (city, quarter)
LEFT JOIN reached ON held.city = reached.city AND held.call_in_id = reached.call_in_id
GROUP BY ALL
