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
--   an involved group within the days
-- Denominator: confirmed group-member-involved incidents with that many days behind them

WITH supplied AS (
    SELECT
        all_supplied.city,
        all_supplied.position,
        all_supplied.last_day
    FROM
        SUPPLIED_CITIES(
            ['incidents', 'victims', 'incident_groups', 'custom_notifications'],
            CAST($as_of AS DATE),
            $city
        ) AS all_supplied
    INNER JOIN zeros ON all_supplied.city = CAST(zeros.city AS VARCHAR)
    -- Nothing of a city whose sources do not hold every shooting.
    WHERE zeros.incidents IS NOT NULL
),

spans AS (
    SELECT
        supplied.city,
        supplied.position,
        supplied.last_day,
        COALESCE(
            CAST($since AS DATE), CAST(supplied.last_day - INTERVAL 1 YEAR AS DATE) + 1
        ) AS first_day
    FROM supplied
),

happened AS (
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

-- Both sides as the group that holds them on the last day: it may have become another between
-- the shooting and the notification. A group on no audit is one of its own.
involved AS (
    SELECT DISTINCT
        happened.incident_id,
        COALESCE(lineage.holder, incident_groups.group_id) AS group_id
    FROM happened
    INNER JOIN incident_groups ON happened.incident_id = incident_groups.incident_id
    INNER JOIN spans ON happened.city = spans.city
    LEFT JOIN lineage
        ON
            incident_groups.group_id = lineage.group_id
            AND spans.last_day >= lineage.from_on
            AND spans.last_day < lineage.until_on
),

spoken AS (
    SELECT
        spans.city,
        COALESCE(lineage.holder, messages.group_id) AS group_id,
        messages.brought_on,
        (messages.result <> 'none') AS made
    FROM spans
    INNER JOIN messages
        ON
            spans.last_day >= messages.brought_on
            AND spans.first_day <= messages.brought_on
    LEFT JOIN lineage
        ON
            messages.group_id = lineage.group_id
            AND spans.last_day >= lineage.from_on
            AND spans.last_day < lineage.until_on
    WHERE messages.how = 'custom_notification'
),

answered AS (
    SELECT
        happened.city,
        happened.incident_id,
        happened.gmi,
        BOOL_OR(involved.group_id IS NOT NULL) AS group_known,
        COALESCE(BOOL_OR(spoken.made), FALSE) AS notified,
        (COUNT(spoken.brought_on) > 0) AS attempted
    FROM happened
    LEFT JOIN involved ON happened.incident_id = involved.incident_id
    LEFT JOIN spoken
        ON
            happened.city = spoken.city
            AND involved.group_id = spoken.group_id
            AND happened.day <= spoken.brought_on
            AND happened.day + CAST($within_days AS INTEGER) >= spoken.brought_on
    GROUP BY happened.city, happened.incident_id, happened.gmi
)

SELECT
    spans.city,
    COUNT(*) FILTER (WHERE answered.gmi = 'confirmed') AS incidents,
    COUNT(*) FILTER (WHERE answered.gmi = 'confirmed' AND answered.notified)
        AS notified,
    COUNT(
        *) FILTER (
        WHERE answered.gmi = 'confirmed'
        AND answered.attempted AND NOT answered.notified
    ) AS attempted_only,
    COUNT(*) FILTER (WHERE answered.gmi = 'confirmed' AND NOT answered.group_known)
        AS group_unknown,
    COUNT(*) FILTER (WHERE answered.gmi = 'suspected') AS suspected,
    COUNT(*) FILTER (WHERE answered.gmi = 'suspected' AND answered.notified)
        AS suspected_notified,
    COUNT(*) FILTER (WHERE answered.gmi = 'unknown') AS gmi_unknown,
    spans.first_day,
    CAST(spans.last_day - CAST($within_days AS INTEGER) AS DATE) AS last_day
FROM spans
LEFT JOIN answered ON spans.city = answered.city
GROUP BY spans.city, spans.position, spans.first_day, spans.last_day
ORDER BY spans.position
