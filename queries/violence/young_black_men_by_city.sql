-- How many of the people shot were young Black men, and of how many is that not known?
-- Parameters:
--   city: city = null — one city, or all of them
--   date_from: date = start of year — the first day
--   date_until: date = data_through + 1 day — the day after the last
-- Grain: city
-- Class: aggregate
-- Reads: incidents, victims
-- Protects: young_black_men, victims, may_be
-- Numerator: young_black_men, Black men under 30; to young_black_men + may_be
-- Denominator: victims

WITH ever AS (
    SELECT
        victims.city,
        BOOL_OR(victims.age_band <> 'unknown')
        AND BOOL_OR(victims.sex <> 'unknown')
        AND BOOL_OR(victims.race_ethnicity <> 'unknown') AS supplied
    FROM victims
    GROUP BY victims.city
),

shot AS (
    SELECT
        victims.city,
        victims.sex,
        victims.race_ethnicity,
        TRY_CAST(REGEXP_EXTRACT(victims.age_band, '^[0-9]+') AS INTEGER) AS first_year,
        -- Of an open band and of an unknown age there is none.
        TRY_CAST(REGEXP_EXTRACT(victims.age_band, '[0-9]+$') AS INTEGER) AS last_year
    FROM victims
    INNER JOIN located ON victims.incident_id = located.incident_id
    INNER JOIN cities ON victims.city = CAST(cities.city AS VARCHAR)
    WHERE
        located.counted
        AND victims.weapon = 'firearm'
        AND located.day >= $date_from
        AND located.day < $date_until
        AND located.day >= cities.starts_on
        AND located.day <= cities.data_through
),

judged AS (
    SELECT
        shot.city,
        (
            COALESCE(shot.last_year < 30, FALSE)
            AND shot.sex = 'male'
            AND shot.race_ethnicity = 'black'
        ) AS is_one,
        -- Nothing known of them says that they are not: a band across 30 does not either.
        (
            COALESCE(shot.first_year < 30, TRUE)
            AND shot.sex IN ('male', 'unknown')
            AND shot.race_ethnicity IN ('black', 'unknown')
        ) AS could_be
    FROM shot
)

SELECT
    CAST(cities.city AS VARCHAR) AS city,
    -- A source that never gave one of the three says nothing of anybody.
    CASE
        WHEN ever.supplied THEN COUNT(*) FILTER (WHERE judged.is_one)
    END AS young_black_men,
    CASE
        WHEN ever.supplied
            THEN COUNT(*) FILTER (WHERE judged.could_be AND NOT judged.is_one)
    END AS may_be,
    COUNT(judged.is_one) AS victims
FROM cities
INNER JOIN zeros ON cities.city = zeros.city
LEFT JOIN ever ON CAST(cities.city AS VARCHAR) = ever.city
LEFT JOIN judged ON CAST(cities.city AS VARCHAR) = judged.city
WHERE
    cities.data_through IS NOT NULL
    -- Where the data cover nothing of the period nothing is known, which is not zero.
    AND cities.starts_on < $date_until
    AND cities.ends_on >= $date_from
    -- Nor where its sources do not hold everybody who was shot.
    AND zeros.victims IS NOT NULL
    AND ($city IS NULL OR CAST(cities.city AS VARCHAR) = $city)
GROUP BY cities.city, cities.position, ever.supplied
ORDER BY cities.position
