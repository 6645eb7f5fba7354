-- How many shootings were reviewed within seven days, and how many weeks were reviewed?
-- Parameters: city, as_of, since
--   within_days: integer(0..90) = threshold reviewed_within_days — days after it, or after its week
-- Grain: city
-- Class: aggregate
-- Order: position
-- Reads: incidents, victims, shooting_reviews
-- Protects: none
-- Numerator: reviewed_in_time; weeks_reviewed
-- Denominator: incidents; weeks, both with that many days behind them

WITH spans AS (
    FROM SUPPLIED_SPANS(['incidents', 'victims', 'shooting_reviews'], $as_of, $city, $since)
),

reviewable AS (
    SELECT
        spans.city,
        shootings.incident_id,
        shootings.reviewed_on - shootings.day AS days
    FROM spans
    CROSS JOIN SHOOTINGS_AS_OF(spans.city, spans.first_day, spans.last_day) AS shootings
    WHERE shootings.day + $within_days <= spans.last_day
),

-- Before its first reviewed week a city held no reviews.
begun AS (
    SELECT
        shooting_reviews.city,
        MIN(shooting_reviews.week_ending) AS day
    FROM shooting_reviews
    GROUP BY shooting_reviews.city
),

days AS (
    SELECT
        spans.city,
        spans.last_day,
        cities.week_ends_iso,
        CAST(UNNEST(GENERATE_SERIES(
            GREATEST(spans.first_day + 6, begun.day),
            spans.last_day - $within_days,
            INTERVAL 1 DAY
        )) AS DATE) AS day
    FROM spans
    INNER JOIN begun USING (city)
    INNER JOIN cities USING (city)
),

weeks AS (
    SELECT
        days.city,
        COUNT(DISTINCT days.day) AS weeks,
        COUNT(DISTINCT days.day) FILTER (WHERE reviews.review_id IS NOT NULL) AS weeks_reviewed
    FROM days
    LEFT JOIN shooting_reviews AS reviews
        ON
            days.city = reviews.city
            AND days.day - 6 <= reviews.week_ending
            AND days.day >= reviews.week_ending
            AND days.last_day >= reviews.held_on
    WHERE days.week_ends_iso = ISODOW(days.day)
    GROUP BY days.city
)

SELECT
    spans.city,
    COUNT(reviewable.incident_id) AS incidents,
    COUNT(*) FILTER (WHERE reviewable.days <= $within_days) AS reviewed_in_time,
    COUNT(*) FILTER (WHERE reviewable.days > $within_days) AS reviewed_later,
    COUNT(reviewable.incident_id) FILTER (WHERE reviewable.days IS NULL) AS not_reviewed,
    COALESCE(weeks.weeks, 0) AS weeks,
    COALESCE(weeks.weeks_reviewed, 0) AS weeks_reviewed,
    spans.first_day,
    spans.last_day
FROM spans
LEFT JOIN reviewable ON spans.city = reviewable.city
LEFT JOIN weeks ON spans.city = weeks.city
GROUP BY ALL
