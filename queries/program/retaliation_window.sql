-- After how many group-member-involved shootings was an involved group notified in time?
-- Parameters: as_of, since
--   within_days: integer(0..30) = threshold notified_within_days — days after it
-- Grain: city
-- Class: aggregate
-- Reads: incidents, victims, incident_groups, custom_notifications, groups, memberships
-- Needs: incidents, victims, incident_groups, custom_notifications
-- Share: notified (an involved group, directly or by family, within the days) of incidents, the
--   confirmed group-member-involved ones with that many days behind them

WITH spans AS (
    FROM SUPPLIED_SPANS(
        ['incidents', 'victims', 'incident_groups', 'custom_notifications'], $as_of, $since
    )
),

-- Both sides as the group that holds them on the last day: it may have become another between
-- the shooting and the notification.
sides AS (
    SELECT
        spans.city,
        sides.incident_id,
        UNNEST(sides.addressees) AS addressee
    FROM spans
    INNER JOIN SIDES_AS_OF(spans.last_day) AS sides ON spans.city = sides.city
),

followed AS (
    SELECT
        spans.city,
        located.incident_id,
        located.gmi,
        COALESCE(BOOL_OR(attempts.is_placed AND attempts.result <> 'none'), FALSE) AS made,
        NOT made
        AND (COUNT(sides.city) = 0 OR COUNT(*) FILTER (NOT attempts.is_placed) > 0) AS unknown,
        NOT (made OR unknown) AND COUNT(attempts.result) > 0 AS attempted
    FROM spans
    INNER JOIN located
        ON
            spans.city = located.city
            AND located.day BETWEEN spans.first_day AND spans.last_day - $within_days
            AND located.counted
            AND located.victims > 0
    LEFT JOIN sides ON located.incident_id = sides.incident_id
    LEFT JOIN ATTEMPTS_AS_OF(spans.last_day) AS attempts
        ON
            sides.city = attempts.city
            AND sides.addressee = attempts.addressee
            AND attempts.brought_on BETWEEN located.day AND located.day + $within_days
    GROUP BY ALL
)

SELECT
    spans.city,
    COUNT(*) FILTER (followed.gmi = 'confirmed') AS incidents,
    COUNT(*) FILTER (followed.gmi = 'confirmed' AND followed.made) AS notified,
    COUNT(*) FILTER (followed.gmi = 'confirmed' AND followed.attempted) AS attempted_only,
    COUNT(*) FILTER (followed.gmi = 'confirmed' AND followed.unknown) AS group_unknown,
    COUNT(*) FILTER (
        followed.gmi = 'confirmed' AND NOT (followed.made OR followed.attempted OR followed.unknown)
    ) AS none_warned,
    COUNT(*) FILTER (followed.gmi = 'suspected') AS suspected,
    COUNT(*) FILTER (followed.gmi = 'suspected' AND followed.made) AS suspected_notified,
    COUNT(*) FILTER (followed.gmi = 'unknown') AS gmi_unknown,
    spans.first_day,
    spans.last_day - $within_days AS last_day
FROM spans
LEFT JOIN followed USING (city)
GROUP BY ALL
