-- On which blocks did shootings happen, as far as their place is known so exactly?
-- Parameters:
--   city: city = null — one city, or all of them
--   date_from: date = start of data — the first day
--   date_until: date = data_through + 1 day — the day after the last
--   most: integer(1..10000) = 2000 — how many of each city, the newest ones
-- Grain: city, number
-- Class: named
-- Reads: incidents, victims
-- Protects: none

WITH asked AS (
    SELECT
        points.city,
        points.neighbourhood,
        points.occurred_on,
        points.longitude,
        points.latitude,
        points.precision,
        points.victims,
        points.fatal,
        points.nonfatal
    FROM points
    WHERE
        points.occurred_on >= $date_from
        AND points.occurred_on < $date_until
        AND ($city IS NULL OR points.city = $city)
),

of_cities AS (
    SELECT
        asked.city,
        COUNT(*) AS points_of_city
    FROM asked
    GROUP BY asked.city
),

numbered AS (
    SELECT
        asked.city,
        asked.neighbourhood,
        asked.occurred_on,
        asked.longitude,
        asked.latitude,
        asked.precision,
        asked.victims,
        asked.fatal,
        asked.nonfatal,
        ROW_NUMBER() OVER (
            PARTITION BY asked.city
            ORDER BY
                asked.occurred_on DESC,
                asked.latitude ASC,
                asked.longitude ASC,
                asked.victims ASC,
                asked.fatal ASC,
                asked.precision ASC,
                asked.neighbourhood ASC
        ) AS number
    FROM asked
    QUALIFY number <= $most
)

SELECT
    cities.city,
    -- 1 is the newest of its city.
    numbered.number,
    numbered.occurred_on,
    numbered.neighbourhood,
    -- The middle of a square of about 100 m, never the place itself (docs/queries.md).
    numbered.longitude,
    numbered.latitude,
    numbered.precision,
    numbered.victims,
    numbered.fatal,
    numbered.nonfatal,
    of_cities.points_of_city
FROM numbered
INNER JOIN cities ON numbered.city = cities.city
INNER JOIN of_cities ON numbered.city = of_cities.city
ORDER BY cities.position, numbered.number
