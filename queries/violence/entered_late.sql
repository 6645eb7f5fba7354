-- Of the shootings of three years, how many were entered more than a week after they happened?
-- Grain: city
-- Class: public_record
-- Reads: incidents, victims
-- Share: late of incidents whose source says when they were entered

SELECT
    cities.city,
    COALESCE(SUM(recorded.incidents), 0) AS incidents,
    COALESCE(SUM(recorded.incidents) FILTER (recorded.recorded_on > recorded.day + 7), 0) AS late
FROM cities
LEFT JOIN recorded
    ON
        cities.city = recorded.city
        AND cities.data_through >= recorded.recorded_on
        AND cities.starts_on <= recorded.day
        -- After half a year all that is entered late is there.
        AND cities.data_through - 182 >= recorded.day
        AND cities.data_through - 182 - 3 * 365 < recorded.day
GROUP BY cities.city
