-- Which listings must be reviewed soon, are overdue, or have no day of review?
-- Parameters: as_of
--   ahead_days: integer(0..1830) = 90 — how far ahead, in days
-- Grain: city, person_id
-- Class: named
-- Order: review_by NULLS FIRST, position, person_id
-- Reads: people

SELECT
    people.city,
    people.person_id,
    CASE
        WHEN people.review_by IS NULL THEN 'no_day'
        WHEN people.review_by < supplied.last_day THEN 'overdue'
        ELSE 'due'
    END AS status,
    people.listed_on,
    people.review_by,
    people.review_by - supplied.last_day AS days_left,
    supplied.last_day
FROM people
INNER JOIN SUPPLIED_CITIES(['people'], $as_of) AS supplied USING (city)
WHERE
    people.listed_on <= supplied.last_day
    AND COALESCE(people.delisted_on > supplied.last_day, TRUE)
    AND COALESCE(people.review_by <= supplied.last_day + $ahead_days, TRUE)
