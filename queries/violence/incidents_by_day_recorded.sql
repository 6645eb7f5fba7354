-- How long after it happened was each shooting of the last weeks first entered?
-- Parameters: city
--   weeks: integer(1..156) = 104 — how many weeks before the last day it looks back
-- Grain: city, day, recorded_on
-- Class: public_record
-- Order: position, day, recorded_on NULLS LAST
-- Reads: incidents, victims
-- Protects: victims

SELECT
    cities.city,
    recorded.day,
    -- Missing where the source does not say: no delay can be had from it.
    recorded.recorded_on,
    recorded.incidents,
    recorded.victims
FROM recorded
INNER JOIN cities USING (city)
WHERE
    ($city IS NULL OR recorded.city = $city)
    AND recorded.day <= cities.data_through
    AND recorded.day > cities.data_through - 7 * $weeks
    AND recorded.day >= cities.starts_on
    AND COALESCE(recorded.recorded_on <= cities.data_through, TRUE)
