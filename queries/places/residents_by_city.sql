-- How many people live in the neighbourhoods of each city?
-- Grain: city
-- Class: public_record
-- Reads: incidents, victims

WITH placed AS (
    SELECT
        daily.city,
        SUM(COALESCE(daily.incidents, daily.fatal)) AS events,
        SUM(COALESCE(daily.incidents, daily.fatal)) FILTER (areas.population IS NULL)
            AS events_without
    FROM daily
    INNER JOIN areas USING (city, neighbourhood)
    GROUP BY daily.city
)

SELECT
    cities.city,
    -- Where more than one event in twenty is in areas whose residents no source gives, others
    -- live there, and a rate of those counted would be too high.
    CASE
        WHEN COALESCE(20 * MIN(placed.events_without) <= MIN(placed.events), TRUE)
            THEN SUM(areas.population)
    END AS residents
FROM cities
LEFT JOIN areas USING (city)
LEFT JOIN placed USING (city)
GROUP BY cities.city
