-- {city} has nothing for {quiet} days before {ends}, and only {newest} from then on, {why}; it
--   never went more than {longest} without one.
-- Do: Is the date mistyped? Correct it, or ask for what is missing between.
-- Severity: error, acceptable
-- Reads: incidents, silences
-- Found: at most three days with events follow a long gap: mistyped dates, which move
--   `data_through` or hide that the file ends early. The rows are named

SELECT
    extract, field, city, ends, silences.days AS quiet, COUNT_NOUN(longest, 'day') AS longest,
    COUNT(*) AS rows, COUNT_NOUN(COUNT(*), 'row') AS newest, MIN(at_row, 5) AS at_rows,
    IF(
        through IS NULL, 'and the day it is complete through would be derived from them',
        'so that it looks complete to the end'
    ) AS why,
    [[begins, ends]] AS days
FROM silences
INNER JOIN events USING (extract, field, city)
WHERE NOT backward AND later > 0 AND day >= ends
GROUP BY ALL
