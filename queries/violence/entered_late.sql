-- Of the shootings of three years, how many were entered more than a week after they happened?
-- Parameters: city
-- Grain: city
-- Class: public_record
-- Order: position
-- Reads: incidents, victims
-- Protects: none
-- Numerator: late
-- Denominator: incidents whose source says when they were entered

SELECT
    cities.city,
    COALESCE(SUM(recorded.incidents), 0) AS incidents,
    COALESCE(
        SUM(recorded.incidents) FILTER (WHERE recorded.recorded_on > recorded.day + 7), 0
    ) AS late
FROM cities
LEFT JOIN recorded
    ON
        cities.city = recorded.city
        AND recorded.recorded_on <= cities.data_through
        AND recorded.day >= cities.starts_on
        -- After half a year all that is entered late is there.
        AND recorded.day <= cities.data_through - 182
        AND recorded.day > cities.data_through - 182 - 3 * 365
WHERE $city IS NULL OR cities.city = $city
GROUP BY cities.city
