-- How often did each group shoot before it had notice, and how often since?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — nothing dated after this day is seen
-- Grain: city, group_id
-- Class: named
-- Reads: incidents, incident_groups, groups, memberships, call_ins, invitations,
--   custom_notifications, enforcement_actions
-- Protects: none
-- Numerator: incidents_before and incidents_after, confirmed shootings by the group
-- Denominator: weeks_before and weeks_after, weeks it was active and shootings were reviewed
-- Used by: Promises

WITH held AS (
    -- A group that passed on counts as its successor from the day it did.
    SELECT
        given_notices.city,
        given_notices.group_id,
        MIN(given_notices.notice_on) AS notice_on,
        ARG_MIN(given_notices.how, given_notices.notice_on) AS how
    FROM given_notices
    INNER JOIN lineage
        ON
            given_notices.group_id = lineage.group_id
            AND lineage.group_id = lineage.holder
            AND lineage.until_on > CAST($as_of AS DATE)
    WHERE
        given_notices.holds_from <= CAST($as_of AS DATE)
        AND ($city IS NULL OR given_notices.city = $city)
    GROUP BY given_notices.city, given_notices.group_id
),

-- Who shot is known from the first incident of the city that was ever reviewed.
reviewed AS (
    SELECT
        incidents.city,
        MIN(CAST(incidents.occurred_at AS DATE)) AS reviewed_from
    FROM incidents
    WHERE incidents.reviewed_on IS NOT NULL
    GROUP BY incidents.city
),

audited AS (
    SELECT
        groups.group_id,
        MIN(groups.active_from) AS active_from,
        ARG_MAX(groups.active_until, groups.audited_on) AS active_until
    FROM groups
    GROUP BY groups.group_id
),

spans AS (
    -- The day of notice is the last day before.
    SELECT
        held.city,
        held.group_id,
        held.notice_on,
        GREATEST(reviewed.reviewed_from, audited.active_from) AS observed_from,
        LEAST(CAST($as_of AS DATE), audited.active_until) AS observed_to
    FROM held
    INNER JOIN reviewed ON held.city = reviewed.city
    LEFT JOIN audited ON held.group_id = audited.group_id
),

days AS (
    SELECT
        spans.city,
        spans.group_id,
        spans.notice_on,
        spans.observed_from,
        spans.observed_to,
        GREATEST(
            LEAST(spans.notice_on, spans.observed_to) - spans.observed_from + 1, 0
        ) AS days_before,
        GREATEST(
            spans.observed_to - GREATEST(spans.notice_on, spans.observed_from - 1), 0
        ) AS days_after
    FROM spans
),

shootings AS (
    SELECT DISTINCT
        lineage.holder AS group_id,
        incidents.incident_id,
        CAST(incidents.occurred_at AS DATE) AS day
    FROM incident_groups
    INNER JOIN incidents ON incident_groups.incident_id = incidents.incident_id
    INNER JOIN lineage
        ON
            incident_groups.group_id = lineage.group_id
            AND lineage.from_on <= CAST(incidents.occurred_at AS DATE)
            AND lineage.until_on > CAST(incidents.occurred_at AS DATE)
    WHERE
        incident_groups.role = 'suspect'
        AND incident_groups.status = 'confirmed'
        AND incidents.circumstance IN ('criminal', 'unknown')
),

counted AS (
    SELECT
        days.city,
        days.group_id,
        days.notice_on,
        days.observed_from,
        days.observed_to,
        days.days_before,
        days.days_after,
        COUNT(*) FILTER (WHERE shootings.day <= days.notice_on) AS before,
        COUNT(*) FILTER (WHERE shootings.day > days.notice_on) AS after
    FROM days
    LEFT JOIN shootings
        ON
            days.group_id = shootings.group_id
            AND days.observed_from <= shootings.day
            AND days.observed_to >= shootings.day
    GROUP BY
        days.city, days.group_id, days.notice_on, days.observed_from, days.observed_to,
        days.days_before, days.days_after
)

SELECT
    cities.city,
    counted.group_id,
    counted.notice_on,
    counted.observed_from,
    counted.observed_to,
    CAST(counted.before AS BIGINT) AS incidents_before,
    CAST(counted.days_before / 7.0 AS DOUBLE) AS weeks_before,
    CAST(counted.after AS BIGINT) AS incidents_after,
    CAST(counted.days_after / 7.0 AS DOUBLE) AS weeks_after
FROM counted
INNER JOIN cities ON counted.city = cities.city
ORDER BY cities.position, counted.group_id
