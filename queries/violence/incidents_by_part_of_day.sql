-- How many shootings were by night, and how many by day?
-- Parameters: city
-- Grain: city
-- Class: public_record
-- Order: position
-- Reads: incidents, victims
-- Protects: night, day, hour_unknown, incidents

SELECT
    cities.city,
    COALESCE(SUM(hourly.incidents) FILTER (WHERE hourly.hour >= 18 OR hourly.hour < 6), MIN(zeros.incidents)) AS night,
    COALESCE(SUM(hourly.incidents) FILTER (WHERE hourly.hour >= 6 AND hourly.hour < 18), MIN(zeros.incidents)) AS day,
    COALESCE(SUM(hourly.incidents) FILTER (WHERE hourly.hour IS NULL), MIN(zeros.incidents)) AS hour_unknown,
    COALESCE(SUM(hourly.incidents), MIN(zeros.incidents)) AS incidents
FROM cities
INNER JOIN zeros USING (city)
LEFT JOIN hourly ON cities.city = hourly.city
WHERE
    cities.data_through IS NOT NULL
    AND ($city IS NULL OR cities.city = $city)
GROUP BY ALL
