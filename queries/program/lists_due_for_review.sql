-- Which listings must be reviewed soon, are overdue, or have no day of review?
-- Parameters:
--   city: city = null — one city, or all of them
--   as_of: date = data_through — the day it is told as of
--   ahead_days: integer(0..1830) = 90 — how far ahead, in days
-- Grain: city, person_id
-- Class: named
-- Order: position, review_by NULLS FIRST, person_id
-- Pages: 100 rows, first by review_by NULLS FIRST, position, person_id
-- Reads: people
-- Protects: none

WITH through AS (
    SELECT
        data_through.city,
        MIN(data_through.day) AS day
    FROM data_through
    WHERE data_through.extract IN ('people')
    GROUP BY data_through.city
    -- A city that did not hand over all of this has no rows: nothing is known, not zero.
    HAVING COUNT(*) = 1
),

told AS (
    SELECT
        CAST(cities.city AS VARCHAR) AS city,
        cities.position,
        LEAST(CAST($as_of AS DATE), through.day) AS last_day
    FROM cities
    INNER JOIN through ON CAST(cities.city AS VARCHAR) = through.city
    WHERE $city IS NULL OR CAST(cities.city AS VARCHAR) = $city
)

SELECT
    people.city,
    people.person_id,
    CASE
        WHEN people.review_by IS NULL THEN 'no_day'
        WHEN people.review_by < told.last_day THEN 'overdue'
        ELSE 'due'
    END AS status,
    people.listed_on,
    people.review_by,
    CAST(people.review_by - told.last_day AS BIGINT) AS days_left,
    told.last_day
FROM people
INNER JOIN told ON people.city = told.city
WHERE
    people.listed_on <= told.last_day
    AND COALESCE(people.delisted_on > told.last_day, TRUE)
    AND COALESCE(people.review_by <= told.last_day + CAST($ahead_days AS INTEGER), TRUE)
