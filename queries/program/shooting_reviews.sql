-- How many shootings were reviewed within seven days, and how many weeks were reviewed?
-- Parameters: as_of, since
--   within_days: integer(0..90) = threshold reviewed_within_days — days after it or its week
-- Grain: city
-- Class: aggregate
-- Reads: incidents, victims, shooting_reviews
-- Share: reviewed_in_time of incidents, weeks_reviewed of weeks, both with that many days behind

WITH spans AS (
    FROM SUPPLIED_SPANS(['incidents', 'victims', 'shooting_reviews'], $as_of, $since)
),

reviewable AS (
    SELECT
        spans.city,
        COUNT(shootings.incident_id) AS incidents,
        COUNT(*) FILTER (shootings.reviewed_on - shootings.day <= $within_days) AS reviewed_in_time,
        COUNT(*) FILTER (shootings.reviewed_on - shootings.day > $within_days) AS reviewed_later,
        COUNT(*) FILTER (shootings.reviewed_on IS NULL AND shootings.gmi = 'unknown')
            AS not_reviewed,
        COUNT(*) FILTER (shootings.reviewed_on IS NULL AND shootings.gmi <> 'unknown')
            AS review_day_unknown
    FROM spans
    LEFT JOIN SHOOTINGS_AS_OF(spans.city, spans.first_day, spans.last_day) AS shootings
        ON shootings.day + $within_days <= spans.last_day
    GROUP BY spans.city
),

days AS (
    SELECT
        spans.city,
        spans.last_day,
        CAST(UNNEST(GENERATE_SERIES(
            -- Before its first reviewed week a city held no reviews.
            GREATEST(spans.first_day + 6, MIN(held.week_ending)),
            spans.last_day - $within_days,
            INTERVAL 1 DAY
        )) AS DATE) AS day
    FROM spans
    INNER JOIN shooting_reviews AS held USING (city)
    GROUP BY spans.city, spans.first_day, spans.last_day
),

weeks AS (
    SELECT
        days.city,
        COUNT(DISTINCT days.day) AS weeks,
        COUNT(DISTINCT days.day) FILTER (reviews.review_id IS NOT NULL) AS weeks_reviewed
    FROM days
    INNER JOIN cities ON days.city = cities.city AND ISODOW(days.day) = cities.week_ends_iso
    LEFT JOIN shooting_reviews AS reviews
        ON
            days.city = reviews.city
            AND reviews.week_ending BETWEEN days.day - 6 AND days.day
            AND days.last_day >= reviews.held_on
    GROUP BY days.city
)

SELECT
    spans.city,
    reviewable.incidents,
    reviewable.reviewed_in_time,
    reviewable.reviewed_later,
    reviewable.not_reviewed,
    reviewable.review_day_unknown,
    COALESCE(weeks.weeks, 0) AS weeks,
    COALESCE(weeks.weeks_reviewed, 0) AS weeks_reviewed,
    spans.first_day,
    spans.last_day
FROM spans
INNER JOIN reviewable USING (city)
LEFT JOIN weeks USING (city)
