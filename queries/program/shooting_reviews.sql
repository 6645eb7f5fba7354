-- How many shootings were reviewed within seven days, and how many weeks were reviewed?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
--   since: date = null — the first day, or null for the twelve months to as_of
--   within_days: integer(0..90) = 7 — days after the incident, or after the week's last day
-- Grain: city
-- Class: aggregate
-- Reads: incidents, victims, shooting_reviews
-- Protects: none
-- Numerator: reviewed_in_time; weeks_reviewed
-- Denominator: incidents; weeks, both with that many days behind them

WITH supplied AS (
    SELECT
        all_supplied.city,
        all_supplied.position,
        all_supplied.last_day
    FROM
        SUPPLIED_CITIES(
            ['incidents', 'victims', 'shooting_reviews'], CAST($as_of AS DATE), $city
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

reviewed AS (
    SELECT
        located.city,
        CASE
            WHEN incidents.reviewed_on <= spans.last_day
                THEN incidents.reviewed_on - located.day
        END AS days
    FROM located
    INNER JOIN incidents
        ON located.city = incidents.city AND located.incident_id = incidents.incident_id
    INNER JOIN spans
        ON
            located.city = spans.city
            AND located.day >= spans.first_day
            AND located.day + CAST($within_days AS INTEGER) <= spans.last_day
    WHERE located.counted AND located.victims > 0
),

incident_counts AS (
    SELECT
        reviewed.city,
        COUNT(*) AS incidents,
        COUNT(*) FILTER (
            WHERE reviewed.days <= CAST($within_days AS INTEGER)
        ) AS reviewed_in_time,
        COUNT(*) FILTER (
            WHERE reviewed.days > CAST($within_days AS INTEGER)
        ) AS reviewed_later,
        COUNT(*) FILTER (WHERE reviewed.days IS NULL) AS not_reviewed
    FROM reviewed
    GROUP BY reviewed.city
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
        spans.first_day,
        begun.day AS begun_on,
        CAST(
            UNNEST(GENERATE_SERIES(spans.first_day, spans.last_day, INTERVAL 1 DAY)) AS DATE
        ) AS day
    FROM spans
    INNER JOIN begun ON spans.city = begun.city
),

weeks AS (
    SELECT
        days.city,
        days.day AS week_ending,
        days.last_day
    FROM days
    INNER JOIN cities
        ON
            days.city = CAST(cities.city AS VARCHAR)
            AND cities.week_ends_iso = ISODOW(days.day)
    WHERE
        days.day >= days.begun_on
        AND days.day - 6 >= days.first_day
        AND days.day + CAST($within_days AS INTEGER) <= days.last_day
),

week_counts AS (
    SELECT
        weeks.city,
        COUNT(DISTINCT weeks.week_ending) AS weeks,
        COUNT(DISTINCT weeks.week_ending) FILTER (
            WHERE shooting_reviews.review_id IS NOT NULL
        ) AS weeks_reviewed
    FROM weeks
    LEFT JOIN shooting_reviews
        ON
            weeks.city = shooting_reviews.city
            AND weeks.week_ending - 6 <= shooting_reviews.week_ending
            AND weeks.week_ending >= shooting_reviews.week_ending
            AND weeks.last_day >= shooting_reviews.held_on
    GROUP BY weeks.city
)

SELECT
    spans.city,
    COALESCE(incident_counts.incidents, 0) AS incidents,
    COALESCE(incident_counts.reviewed_in_time, 0) AS reviewed_in_time,
    COALESCE(incident_counts.reviewed_later, 0) AS reviewed_later,
    COALESCE(incident_counts.not_reviewed, 0) AS not_reviewed,
    COALESCE(week_counts.weeks, 0) AS weeks,
    COALESCE(week_counts.weeks_reviewed, 0) AS weeks_reviewed,
    spans.first_day,
    spans.last_day
FROM spans
LEFT JOIN incident_counts ON spans.city = incident_counts.city
LEFT JOIN week_counts ON spans.city = week_counts.city
ORDER BY spans.position
