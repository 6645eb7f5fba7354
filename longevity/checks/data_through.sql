-- data_through of {named} is {what} for {cities}.
-- Do: A source is complete from data_from to data_through, at most today.
-- On: extracts.toml (a date)
-- Thresholds: today, earliest_year
-- Found: the day is in the future, or before {earliest_year}

SELECT extract AS named, what, LIST(name ORDER BY city) AS cities, COUNT(*) AS rows
FROM (
    SELECT extract, city, 'in the future' AS what FROM declared WHERE data_through > $today
    UNION ALL
    SELECT extract, city, 'before ' || $earliest_year
    FROM declared WHERE YEAR(COALESCE(data_from, data_through)) < $earliest_year
) AS wrong
INNER JOIN cities USING (city)
GROUP BY extract, what
