-- On which blocks did shootings happen, as far as their place is known so exactly?
-- Parameters: date_from, date_until
--   most: integer(1..10000) = 2000 — how many of each city, the newest ones
-- Grain: city, number
-- Class: named
-- Reads: incidents, victims

SELECT
    points.city,
    -- 1 is the newest of its city.
    ROW_NUMBER() OVER (
        PARTITION BY points.city
        ORDER BY
            points.occurred_on DESC, points.latitude ASC, points.longitude ASC, points.victims ASC,
            points.fatal ASC, points.precision ASC, points.neighbourhood ASC
    ) AS number,
    points.occurred_on,
    points.neighbourhood,
    -- The middle of a square of about 100 m, never the place itself (docs/queries.md).
    points.longitude,
    points.latitude,
    points.precision,
    points.victims,
    points.fatal,
    points.nonfatal,
    COUNT(*) OVER (PARTITION BY points.city) AS points_of_city
FROM points
WHERE
    points.occurred_on >= $date_from
    AND points.occurred_on < $date_until
QUALIFY number <= $most
