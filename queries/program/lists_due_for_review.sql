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
        WHEN people.review_by < $as_of THEN 'overdue'
        ELSE 'due'
    END AS status,
    people.listed_on,
    people.review_by,
    people.review_by - $as_of AS days_left
FROM people
INNER JOIN SUPPLIED_CITIES(['people'], $as_of) USING (city)
WHERE
    people.listed_on <= $as_of
    AND COALESCE(people.delisted_on > $as_of, TRUE)
    AND COALESCE(people.review_by <= $as_of + $ahead_days, TRUE)
