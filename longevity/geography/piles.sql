-- Coordinates on which so many rows lie within six years, none of them placed there by an address,
--   that they mean the whole city.
-- Thresholds: piled_rows, piled_within_years

WITH crowded AS (
    SELECT city, longitude, latitude, CAST(occurred_at AS TIMESTAMP) AS occurred_at
    FROM incidents
    WHERE
        HAS_POINT(longitude, latitude) AND place_confirmed IS DISTINCT FROM TRUE
        AND occurred_at IS NOT NULL
    QUALIFY COUNT(*) OVER (PARTITION BY city, longitude, latitude) >= $piled_rows
),
ordered AS (
    SELECT
        *, LAG(occurred_at, $piled_rows - 1) OVER (
            PARTITION BY city, longitude, latitude ORDER BY occurred_at
        ) AS first_of_them
    FROM crowded
)
SELECT DISTINCT city, longitude, latitude
FROM ordered
WHERE first_of_them > occurred_at - TO_YEARS($piled_within_years)
