-- {rule} of {named} is {what} for {cities}.
-- Do: A source is complete from data_from to data_through, at most today.
-- On: extracts.toml
-- Thresholds: today, earliest_year
-- Found: the day is in the future, or before {earliest_year}; or (`data_from`) the first is after
--   the one the extract is complete through

SELECT rule, extract AS named, what, LIST(name ORDER BY city) AS cities, COUNT(*) AS rows
FROM (
    SELECT 'data_through' AS rule, extract, city, 'in the future' AS what
    FROM declared WHERE data_through > $today
    UNION ALL
    SELECT 'data_through', extract, city, 'before ' || $earliest_year
    FROM declared WHERE YEAR(COALESCE(data_from, data_through)) < $earliest_year
    UNION ALL
    SELECT 'data_from', extract, city, 'after the day it is complete through'
    FROM declared WHERE data_from > LEAST(COALESCE(data_through, $today), $today)
) AS wrong
INNER JOIN cities USING (city)
GROUP BY rule, extract, what
