-- each of the {rows} rows of {city}{during} {words}: where the source lists those only, screens
--   would tell 100% of what is not known.
-- Do: Ask for the others. Where the source has none, leave {needed_for} out for this city: then it
--   is told as not supplied.
-- On: any (a word)
-- Severity: error, acceptable
-- Of: real data
-- Reads: incidents, questions, answers, stretches
-- Thresholds: least = 20
-- Found: each of {least} invited came, each service offered was begun, each notification reached
--   somebody; in all rows of a city, or in a stretch as above: the source lists successes, and the
--   share would be 100%. A warning where each request was answered, or everybody met on coming
--   home: that may be. A row that says unknown is none of them: it is told as unknown

WITH successes AS (
    SELECT question, city, CAST(SUM(rows) AS BIGINT) AS rows, '' AS during
    FROM answers
    WHERE day IS NOT NULL
    GROUP BY question, city
    HAVING SUM(rows) >= $least AND SUM(rows_yes) = SUM(rows)
    UNION ALL
    SELECT
        question, city, rows,
        FORMAT(
            ' from {} to {}{}, and not {} of the {} others,', STRFTIME(first, '%B %-d, %Y'),
            STRFTIME(last, '%B %-d, %Y'), more, said, others
        )
    FROM stretches
    WHERE way = 'successes'
)
SELECT
    extract, field, city, rows, during, words, needed_for, only_yes AS severity,
    IF(ENDS_WITH(field, '_on'), 'a date', 'a word') AS kind
FROM successes
INNER JOIN questions USING (question)
WHERE only_yes IS NOT NULL
