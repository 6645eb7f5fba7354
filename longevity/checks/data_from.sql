-- data_from of {named} is after the day it is complete through for {cities}.
-- Do: A source is complete from data_from to data_through, at most today.
-- On: extracts.toml (a date)
-- Thresholds: today
-- Found: the day is after the one the extract is complete through

SELECT extract AS named, LIST(name ORDER BY city) AS cities, COUNT(*) AS rows
FROM declared INNER JOIN cities USING (city)
WHERE data_from > LEAST(COALESCE(data_through, $today), $today)
GROUP BY extract
