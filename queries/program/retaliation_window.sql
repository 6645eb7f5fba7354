-- After how many group-member-involved shootings was an involved group notified within three days?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
--   since: date = null — the first day, or null for the twelve months to as_of
--   within_days: integer(0..30) = 3 — days after the incident, 72 hours as dates
-- Grain: city
-- Class: aggregate
-- Reads: incidents, victims, incident_groups, custom_notifications, groups, memberships
-- Protects: none
-- Numerator: confirmed group-member-involved incidents with a direct or family notification to
--   an involved
--   group within the days
-- Denominator: confirmed group-member-involved incidents with that many days behind them
-- Used by: Call-ins

WITH RECURSIVE through AS (
    SELECT
        data_through.city,
        MIN(data_through.day) AS day
    FROM data_through
    WHERE
        data_through.extract IN ('incidents', 'victims', 'incident_groups', 'custom_notifications')
    GROUP BY data_through.city
    -- A city that did not hand over all of this has no rows: nothing is known, not zero.
    HAVING COUNT(*) = 4
),

told AS (
    SELECT
        CAST(cities.city AS VARCHAR) AS city,
        cities.position,
        LEAST(CAST($as_of AS DATE), through.day) AS last_day
    FROM cities
    INNER JOIN through ON CAST(cities.city AS VARCHAR) = through.city
    WHERE $city IS NULL OR CAST(cities.city AS VARCHAR) = $city
),

spans AS (
    SELECT
        told.city,
        told.position,
        told.last_day,
        COALESCE(
            CAST($since AS DATE), CAST(told.last_day - INTERVAL 1 YEAR AS DATE) + 1
        ) AS first_day
    FROM told
),

-- A group that became another passes its members and its notice on: both are one line.
successions AS (
    SELECT
        groups.city,
        groups.group_id,
        MAX(groups.succeeded_by) AS succeeded_by
    FROM groups
    GROUP BY groups.city, groups.group_id
),

walked AS (
    SELECT
        successions.city,
        successions.group_id,
        successions.group_id AS line,
        0 AS steps
    FROM successions
    UNION ALL
    SELECT
        walked.city,
        walked.group_id,
        successions.succeeded_by AS line,
        walked.steps + 1 AS steps
    FROM walked
    INNER JOIN successions ON walked.city = successions.city AND walked.line = successions.group_id
    -- Groups that succeed each other in a circle are the source's mistake, not an endless walk.
    WHERE successions.succeeded_by IS NOT NULL AND walked.steps < 20
),

lines AS (
    SELECT
        walked.city,
        walked.group_id,
        ARG_MAX(walked.line, walked.steps) AS line
    FROM walked
    GROUP BY walked.city, walked.group_id
),

shootings AS (
    SELECT
        located.city,
        located.incident_id,
        located.day,
        located.gmi
    FROM located
    INNER JOIN spans
        ON
            located.city = spans.city
            AND located.day >= spans.first_day
            AND located.day + CAST($within_days AS INTEGER) <= spans.last_day
    WHERE located.counted AND located.victims > 0
),

involved AS (
    SELECT DISTINCT
        incident_groups.city,
        incident_groups.incident_id,
        -- A group of which nothing else was handed over is a line of its own.
        COALESCE(lines.line, incident_groups.group_id) AS line
    FROM incident_groups
    LEFT JOIN lines
        ON incident_groups.city = lines.city AND incident_groups.group_id = lines.group_id
),

-- The group spoken to, or where none is noted the groups the person was in on that day.
spoken AS (
    SELECT
        custom_notifications.city,
        COALESCE(lines.line, custom_notifications.group_id, memberships.group_id) AS line,
        custom_notifications.attempted_on,
        (custom_notifications.contact <> 'none') AS made
    FROM custom_notifications
    LEFT JOIN memberships
        ON
            custom_notifications.group_id IS NULL
            AND custom_notifications.city = memberships.city
            AND custom_notifications.person_id = memberships.person_id
            AND custom_notifications.attempted_on >= memberships.from_on
            AND COALESCE(custom_notifications.attempted_on <= memberships.until_on, TRUE)
    LEFT JOIN lines
        ON
            custom_notifications.city = lines.city
            AND COALESCE(custom_notifications.group_id, memberships.group_id) = lines.group_id
),

answered AS (
    SELECT
        shootings.city,
        shootings.incident_id,
        shootings.gmi,
        BOOL_OR(involved.line IS NOT NULL) AS group_known,
        COALESCE(BOOL_OR(spoken.made), FALSE) AS notified,
        (COUNT(spoken.attempted_on) > 0) AS attempted
    FROM shootings
    LEFT JOIN involved
        ON shootings.city = involved.city AND shootings.incident_id = involved.incident_id
    LEFT JOIN spoken
        ON
            involved.city = spoken.city
            AND involved.line = spoken.line
            AND shootings.day <= spoken.attempted_on
            AND shootings.day + CAST($within_days AS INTEGER) >= spoken.attempted_on
    GROUP BY shootings.city, shootings.incident_id, shootings.gmi
)

SELECT
    spans.city,
    CAST(COUNT(*) FILTER (WHERE answered.gmi = 'confirmed') AS BIGINT) AS incidents,
    CAST(COUNT(*) FILTER (WHERE answered.gmi = 'confirmed' AND answered.notified) AS BIGINT)
        AS notified,
    CAST(COUNT(
        *) FILTER (
        WHERE answered.gmi = 'confirmed'
        AND answered.attempted AND NOT answered.notified
    ) AS BIGINT) AS attempted_only,
    CAST(
        COUNT(*) FILTER (WHERE answered.gmi = 'confirmed' AND NOT answered.group_known) AS BIGINT
    ) AS group_unknown,
    CAST(COUNT(*) FILTER (WHERE answered.gmi = 'suspected') AS BIGINT) AS suspected,
    CAST(COUNT(*) FILTER (WHERE answered.gmi = 'suspected' AND answered.notified) AS BIGINT)
        AS suspected_notified,
    CAST(COUNT(*) FILTER (WHERE answered.gmi = 'unknown') AS BIGINT) AS gmi_unknown,
    spans.first_day,
    CAST(spans.last_day - CAST($within_days AS INTEGER) AS DATE) AS last_day
FROM spans
LEFT JOIN answered ON spans.city = answered.city
GROUP BY spans.city, spans.position, spans.first_day, spans.last_day
ORDER BY spans.position
