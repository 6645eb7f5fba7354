-- no row of {city} from {first} to {last}{more} {words}, and {said} of the {others} others: screens
--   would tell {told}.
-- Do: Ask for it. Where the file is silent from its first day or to its last, data_from or
--   data_through of {needed_for} says so: the rest is then not known.
-- On: any (a word)
-- Severity: error, acceptable
-- Of: real data
-- Reads: incidents, questions, answers
-- Thresholds: half_a_year = 183, least = 20, unlikely = 7, unlikely_within =
--   14
-- Found: in one of the half-years back from the newest row none gives what `never_filled` asks for,
--   and of the other rows of the city ({least} or more) so many do that it is not by chance: the
--   column, or the file beside it, is silent since a day, or was for some years. At the share of
--   the others so many say no by chance once in 1,100 in the newest, and once in a million in one
--   before. So it sees group shootings in a
--   row without a suspect, and enforcement that falls on persons only

WITH dated AS (
    SELECT answers.*, MAX(day) OVER (PARTITION BY question, answers.city) AS newest
    FROM answers INNER JOIN questions USING (question)
    INNER JOIN supplied ON supplied.extract = needed_for AND supplied.city = answers.city
    ANTI JOIN declared
        ON
            declared.city = answers.city AND declared.extract IN (questions.extract, needed_for)
            AND (day < data_from OR day > data_through)
    WHERE day IS NOT NULL AND asked > 0
),
halves AS (
    SELECT
        question, city, (newest - day) // $half_a_year AS half, MIN(day) AS first,
        MAX(day) AS last, CAST(SUM(asked) AS BIGINT) AS rows, SUM(asked_yes) AS yes
    FROM dated GROUP BY ALL
),
compared AS (
    SELECT
        *, CAST(SUM(rows) OVER of_city AS BIGINT) - rows AS others,
        CAST(SUM(yes) OVER of_city AS BIGINT) AS said
    FROM halves
    WINDOW of_city AS (PARTITION BY question, city)
),
silent AS (
    SELECT *, COUNT(*) OVER (PARTITION BY question, city) - 1 AS earlier
    FROM compared
    WHERE
        yes = 0 AND others >= $least
        AND -rows * LN(1 - said / (others + 1)) >= IF(half = 0, $unlikely, $unlikely_within)
    QUALIFY half = MIN(half) OVER (PARTITION BY question, city)
)
SELECT
    extract, field, city, words, needed_for, first, last, said, others, rows,
    IF(earlier = 0, '', FORMAT(' (and in {} earlier half-years)', earlier)) AS more,
    FORMAT(would_tell, rows) AS told, IF(ENDS_WITH(field, '_on'), 'a date', 'a word') AS kind
FROM silent
INNER JOIN questions USING (question)
