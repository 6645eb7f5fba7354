-- Of those reached and not in custody, how many came to the call-ins of each quarter?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
--   since: date = null — the first day, or null for the first session
-- Grain: city, quarter
-- Class: aggregate
-- Reads: call_ins, invitations
-- Protects: attended, reachable, attended_unknown, in_custody_attended, in_custody,
--   in_custody_unknown
-- Numerator: attended, to attended + attended_unknown
-- Denominator: reachable, those in custody apart

WITH supplied AS (
    SELECT
        city,
        position,
        last_day
    FROM SUPPLIED_CITIES(['call_ins', 'invitations'], CAST($as_of AS DATE), $city)
),

held AS (
    SELECT
        call_ins.city,
        call_ins.call_in_id,
        CAST(DATE_TRUNC('quarter', call_ins.held_on) AS DATE) AS quarter
    FROM call_ins
    INNER JOIN supplied ON call_ins.city = supplied.city
    WHERE
        COALESCE(call_ins.held_on >= CAST($since AS DATE), TRUE)
        AND call_ins.held_on <= supplied.last_day
),

-- From the quarter of the first session on, a quarter without one is a zero.
spine AS (
    SELECT
        supplied.city,
        supplied.position,
        supplied.last_day,
        CAST(UNNEST(GENERATE_SERIES(
            MIN(held.quarter),
            supplied.last_day,
            INTERVAL 3 MONTH
        )) AS DATE) AS quarter
    FROM supplied
    INNER JOIN held ON supplied.city = held.city
    GROUP BY supplied.city, supplied.position, supplied.last_day
),

sessions AS (
    SELECT
        held.city,
        held.quarter,
        COUNT(*) AS sessions
    FROM held
    GROUP BY held.city, held.quarter
),

counted AS (
    SELECT
        held.city,
        held.quarter,
        COUNT(*) FILTER (
            WHERE invitations.reachable AND invitations.route <> 'in_custody'
        ) AS reachable,
        COUNT(*) FILTER (
            WHERE invitations.reachable AND invitations.route <> 'in_custody'
            AND invitations.attended = 'attended'
        ) AS attended,
        COUNT(*) FILTER (
            WHERE invitations.reachable AND invitations.route <> 'in_custody'
            AND invitations.attended = 'unknown'
        ) AS attended_unknown,
        COUNT(*) FILTER (
            WHERE invitations.reachable AND invitations.route = 'in_custody'
        ) AS in_custody,
        COUNT(*) FILTER (
            WHERE invitations.reachable AND invitations.route = 'in_custody'
            AND invitations.attended = 'attended'
        ) AS in_custody_attended,
        COUNT(*) FILTER (
            WHERE invitations.reachable AND invitations.route = 'in_custody'
            AND invitations.attended = 'unknown'
        ) AS in_custody_unknown
    FROM held
    INNER JOIN invitations
        ON held.city = invitations.city AND held.call_in_id = invitations.call_in_id
    GROUP BY held.city, held.quarter
)

SELECT
    spine.city,
    spine.quarter,
    COALESCE(sessions.sessions, 0) AS sessions,
    COALESCE(counted.reachable, 0) AS reachable,
    COALESCE(counted.attended, 0) AS attended,
    COALESCE(counted.attended_unknown, 0) AS attended_unknown,
    COALESCE(counted.in_custody, 0) AS in_custody,
    COALESCE(counted.in_custody_attended, 0) AS in_custody_attended,
    COALESCE(counted.in_custody_unknown, 0) AS in_custody_unknown,
    (
        COALESCE(spine.quarter >= CAST($since AS DATE), TRUE)
        AND spine.quarter + INTERVAL 3 MONTH <= spine.last_day + 1
    ) AS complete
FROM spine
LEFT JOIN sessions ON spine.city = sessions.city AND spine.quarter = sessions.quarter
LEFT JOIN counted ON spine.city = counted.city AND spine.quarter = counted.quarter
ORDER BY spine.position, spine.quarter
