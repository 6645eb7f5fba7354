-- Where was each shooting, was it reviewed, did it open a promise, was an involved group notified?
-- Parameters:
--   city: city = null — one city, or all of them
--   date_from: date = data_through - 6 days — the first day
--   date_until: date = data_through + 1 day — the day after the last
--   as_of: date = data_through — the day it is told as of
--   within_days: integer(0..30) = 3 — days after the shooting, 72 hours as dates
-- Grain: city, incident_id
-- Class: named
-- Order: position, day, incident_id
-- Pages: 100 rows, first by gmi IN ('confirmed', 'suspected') DESC, day, position, incident_id
-- Reads: incidents, victims, incident_groups, groups, memberships, call_ins, invitations,
--   custom_notifications, enforcement_actions
-- Protects: none

WITH told AS (
    SELECT
        data_through.city,
        MIN(data_through.day) FILTER (WHERE data_through.extract = 'incident_groups')
            AS groups_through,
        MIN(data_through.day) FILTER (WHERE data_through.extract = 'custom_notifications')
            AS notified_through,
        COUNT(*) FILTER (
            WHERE data_through.extract IN ('groups', 'incident_groups', 'enforcement_actions')
        ) = 3 AND (
            COUNT(*) FILTER (WHERE data_through.extract IN ('call_ins', 'invitations')) = 2
            OR COUNT(*) FILTER (WHERE data_through.extract = 'custom_notifications') = 1
        ) AS promise_known
    FROM data_through
    GROUP BY data_through.city
),

happened AS (
    SELECT
        located.city,
        located.incident_id,
        located.day,
        located.neighbourhood,
        located.victims,
        located.fatal,
        located.gmi,
        told.promise_known,
        told.groups_through,
        CASE
            WHEN incidents.reviewed_on <= CAST($as_of AS DATE) THEN incidents.reviewed_on
        END AS reviewed_on,
        LEAST(CAST($as_of AS DATE), told.notified_through) AS known_through
    FROM located
    INNER JOIN incidents
        ON
            located.city = incidents.city
            AND located.incident_id = incidents.incident_id
            -- The day of `located` is this one: only its days are read.
            AND incidents.occurred_at >= CAST($date_from AS DATE)
            AND incidents.occurred_at < CAST($date_until AS DATE)
    LEFT JOIN told ON located.city = told.city
    WHERE
        located.counted
        -- Where only the killed are held, of how many were shot nothing is known.
        AND (located.victims > 0 OR located.fatal > 0)
        AND located.day >= CAST($date_from AS DATE)
        AND located.day < CAST($date_until AS DATE)
        AND ($city IS NULL OR located.city = $city)
),

-- Both sides as the group that holds them on the day it is told as of.
involved AS (
    SELECT DISTINCT
        happened.city,
        happened.incident_id,
        COALESCE(lineage.holder, incident_groups.group_id) AS group_id
    FROM happened
    INNER JOIN incident_groups ON happened.incident_id = incident_groups.incident_id
    LEFT JOIN lineage
        ON
            incident_groups.group_id = lineage.group_id
            AND happened.known_through >= lineage.from_on
            AND happened.known_through < lineage.until_on
),

spoken AS (
    SELECT
        happened.incident_id,
        BOOL_OR(messages.result <> 'none') AS made
    FROM happened
    INNER JOIN involved ON happened.incident_id = involved.incident_id
    INNER JOIN messages
        ON
            happened.city = messages.city
            AND happened.day <= messages.brought_on
            AND happened.day + CAST($within_days AS INTEGER) >= messages.brought_on
            AND happened.known_through >= messages.brought_on
    LEFT JOIN lineage
        ON
            messages.group_id = lineage.group_id
            AND happened.known_through >= lineage.from_on
            AND happened.known_through < lineage.until_on
    WHERE
        messages.how = 'custom_notification'
        AND COALESCE(lineage.holder, messages.group_id) = involved.group_id
    GROUP BY happened.incident_id
),

sides AS (
    SELECT
        involved.incident_id,
        STRING_AGG(involved.group_id, ', ' ORDER BY involved.group_id) AS group_ids
    FROM involved
    GROUP BY involved.incident_id
),

suspects AS (
    SELECT DISTINCT happened.incident_id
    FROM happened
    INNER JOIN shootings ON happened.incident_id = shootings.incident_id
    WHERE
        shootings.status = 'confirmed'
        AND shootings.shot_on >= CAST($date_from AS DATE)
        AND shootings.shot_on < CAST($date_until AS DATE)
),

opened AS (
    SELECT DISTINCT happened.incident_id
    FROM happened
    INNER JOIN episodes ON happened.incident_id = episodes.incident_id
    WHERE
        episodes.violated_on <= CAST($as_of AS DATE)
        AND episodes.violated_on >= CAST($date_from AS DATE)
        AND episodes.violated_on < CAST($date_until AS DATE)
),

held AS (
    SELECT DISTINCT happened.incident_id
    FROM happened
    INNER JOIN violations ON happened.incident_id = violations.incident_id
    WHERE
        violations.violated_on >= CAST($date_from AS DATE)
        AND violations.violated_on < CAST($date_until AS DATE)
)

SELECT
    happened.city,
    happened.incident_id,
    happened.day,
    happened.neighbourhood,
    happened.victims,
    happened.fatal,
    happened.gmi,
    happened.reviewed_on,
    sides.group_ids,
    CASE
        WHEN NOT COALESCE(happened.promise_known, FALSE) THEN 'unknown'
        WHEN opened.incident_id IS NOT NULL THEN 'opened'
        WHEN held.incident_id IS NOT NULL THEN 'running'
        WHEN happened.gmi = 'none' THEN 'none'
        WHEN suspects.incident_id IS NOT NULL THEN 'none'
        -- Nobody knows which group shot, which is not that none with notice did.
        ELSE 'unknown'
    END AS promise,
    CASE
        WHEN happened.gmi = 'none' THEN 'not_due'
        WHEN happened.groups_through IS NULL OR happened.known_through IS NULL THEN 'unknown'
        WHEN happened.gmi = 'unknown' OR sides.incident_id IS NULL THEN 'unknown'
        WHEN spoken.made THEN 'notified'
        WHEN
            happened.day + CAST($within_days AS INTEGER) > happened.known_through
            THEN 'too_recent'
        WHEN spoken.incident_id IS NOT NULL THEN 'attempted'
        ELSE 'not_notified'
    END AS notified
FROM happened
INNER JOIN cities ON happened.city = CAST(cities.city AS VARCHAR)
LEFT JOIN sides ON happened.incident_id = sides.incident_id
LEFT JOIN spoken ON happened.incident_id = spoken.incident_id
LEFT JOIN suspects ON happened.incident_id = suspects.incident_id
LEFT JOIN opened ON happened.incident_id = opened.incident_id
LEFT JOIN held ON happened.incident_id = held.incident_id
