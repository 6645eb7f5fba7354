-- How often did each group shoot before it had notice, and how often since?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — nothing dated after this day is seen
-- Grain: city, group_id
-- Class: named
-- Reads: incidents, incident_groups, groups, memberships, call_ins, invitations,
--   custom_notifications
-- Protects: none
-- Numerator: incidents_before and incidents_after, confirmed shootings by the group
-- Denominator: weeks_before and weeks_after, weeks it was active and shootings were reviewed

WITH reviewed AS (
    -- Who shot is known from the first incident of the city that was ever reviewed.
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
    -- docs/promises.md says which group holds a notice on a day.
    FROM NOTICES_AS_OF(CAST($as_of AS DATE)) AS held
    INNER JOIN reviewed ON held.city = reviewed.city
    LEFT JOIN audited ON held.group_id = audited.group_id
    WHERE
        ($city IS NULL OR held.city = $city)
        -- Who shot is not known without the groups of each incident: no rows, not zero.
        AND held.city IN (
            SELECT data_through.city FROM data_through
            WHERE data_through.extract = 'incident_groups'
        )
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

counted AS (
    SELECT
        days.city,
        days.group_id,
        days.notice_on,
        days.observed_from,
        days.observed_to,
        days.days_before,
        days.days_after,
        COUNT(*) FILTER (WHERE shootings.shot_on <= days.notice_on) AS before,
        COUNT(*) FILTER (WHERE shootings.shot_on > days.notice_on) AS after
    FROM days
    LEFT JOIN shootings
        ON
            days.group_id = shootings.group_id
            AND shootings.status = 'confirmed'
            AND days.observed_from <= shootings.shot_on
            AND days.observed_to >= shootings.shot_on
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
    counted.before AS incidents_before,
    CAST(counted.days_before / 7.0 AS DOUBLE) AS weeks_before,
    counted.after AS incidents_after,
    CAST(counted.days_after / 7.0 AS DOUBLE) AS weeks_after
FROM counted
INNER JOIN cities ON counted.city = cities.city
ORDER BY cities.position, counted.group_id
