-- How many of the people shot were young Black men, and of how many is that not known?
-- Parameters:
--   city: city = null — one city, or all of them
--   date_from: date = start of year — the first day
--   date_until: date = data_through + 1 day — the day after the last
-- Grain: city
-- Class: aggregate
-- Reads: incidents, victims
-- Protects: young_black_men of victims, may_be of victims
-- Numerator: young_black_men, Black men under 30; to young_black_men + may_be
-- Denominator: victims
-- Used by: Compare cities

WITH shot AS (
    SELECT
        victims.city,
        victims.sex,
        victims.race_ethnicity,
        victims.age_band IN ('0-14', '15-17', '18-24', '25-29') AS under_30,
        victims.age_band = 'unknown' AS age_unknown
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
        (shot.under_30 AND shot.sex = 'male' AND shot.race_ethnicity = 'black') AS is_one,
        -- Nothing known of them says that they are not.
        (
            (shot.under_30 OR shot.age_unknown)
            AND shot.sex IN ('male', 'unknown')
            AND shot.race_ethnicity IN ('black', 'unknown')
        ) AS could_be
    FROM shot
)

SELECT
    CAST(cities.city AS VARCHAR) AS city,
    CAST(COUNT(*) FILTER (WHERE judged.is_one) AS BIGINT) AS young_black_men,
    CAST(COUNT(*) FILTER (WHERE judged.could_be AND NOT judged.is_one) AS BIGINT) AS may_be,
    CAST(COUNT(judged.is_one) AS BIGINT) AS victims
FROM cities
INNER JOIN zeros ON cities.city = zeros.city
LEFT JOIN judged ON CAST(cities.city AS VARCHAR) = judged.city
WHERE
    cities.data_through IS NOT NULL
    -- Where the data cover nothing of the period nothing is known, which is not zero.
    AND cities.starts_on < $date_until
    AND cities.ends_on >= $date_from
    -- Nor where its sources do not hold everybody who was shot.
    AND zeros.victims IS NOT NULL
    AND ($city IS NULL OR CAST(cities.city AS VARCHAR) = $city)
GROUP BY cities.city, cities.position
ORDER BY cities.position
