-- After how many group-member-involved shootings was an involved group notified in time?
-- Parameters: city, as_of, since
--   within_days: integer(0..30) = threshold notified_within_days — days after it
-- Grain: city
-- Class: aggregate
-- Order: position
-- Reads: incidents, victims, incident_groups, custom_notifications, groups, memberships
-- Protects: none
-- Numerator: confirmed group-member-involved incidents with a direct or family notification to
--   an involved group within the days
-- Denominator: confirmed group-member-involved incidents with that many days behind them

WITH spans AS (
    FROM SUPPLIED_SPANS(
        ['incidents', 'victims', 'incident_groups', 'custom_notifications'],
        $as_of,
        $city,
        $since
    )
),

-- Both sides as the group that holds them on the last day: it may have become another between
-- the shooting and the notification. A group on no audit is one of its own.
involved AS (
    SELECT DISTINCT
        located.city,
        located.incident_id,
        located.day,
        located.gmi,
        COALESCE(lineage.holder, incident_groups.group_id) AS group_id
    FROM located
    INNER JOIN spans USING (city)
    LEFT JOIN incident_groups ON located.incident_id = incident_groups.incident_id
    LEFT JOIN LINEAGE_AS_OF(spans.last_day) AS lineage
        ON incident_groups.group_id = lineage.group_id
    WHERE
        located.counted
        AND located.victims > 0
        AND located.day >= spans.first_day
        AND located.day + $within_days <= spans.last_day
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
    LEFT JOIN LINEAGE_AS_OF(spans.last_day) AS lineage
        ON messages.group_id = lineage.group_id
    WHERE messages.how = 'custom_notification'
)

SELECT
    spans.city,
    COUNT(DISTINCT involved.incident_id) FILTER (WHERE involved.gmi = 'confirmed') AS incidents,
    COUNT(DISTINCT involved.incident_id) FILTER (
        WHERE involved.gmi = 'confirmed' AND spoken.made
    ) AS notified,
    COUNT(DISTINCT involved.incident_id) FILTER (
        WHERE involved.gmi = 'confirmed' AND spoken.brought_on IS NOT NULL
    ) - notified AS attempted_only,
    COUNT(DISTINCT involved.incident_id) FILTER (
        WHERE involved.gmi = 'confirmed' AND involved.group_id IS NULL
    ) AS group_unknown,
    COUNT(DISTINCT involved.incident_id) FILTER (WHERE involved.gmi = 'suspected') AS suspected,
    COUNT(DISTINCT involved.incident_id) FILTER (
        WHERE involved.gmi = 'suspected' AND spoken.made
    ) AS suspected_notified,
    COUNT(DISTINCT involved.incident_id) FILTER (WHERE involved.gmi = 'unknown') AS gmi_unknown,
    spans.first_day,
    spans.last_day - $within_days AS last_day
FROM spans
LEFT JOIN involved USING (city)
LEFT JOIN spoken
    ON
        involved.city = spoken.city
        AND involved.group_id = spoken.group_id
        AND involved.day <= spoken.brought_on
        AND involved.day + $within_days >= spoken.brought_on
GROUP BY ALL
