-- By question and city the newest stretch of rows none of which says yes (`silent`), or all of
--   which do (`successes`), where of the `others` many do otherwise: `said` of them.
-- Reads: questions, answers
-- Thresholds: least_days = 180, long_days = 365, least_rows = 20, least_in_a_year = 5, unlikely =
--   7, unlikely_within = 14
-- Why: **How silent is silent.** A stretch is held against the share of the city's other rows that
--   say it. It lasts {least_days} days or more from the last row that says it, as what is said
--   late, or one call-in to which nobody came, does not; it has {least_rows} rows, or
--   {least_in_a_year} in a year. At that share so many in a row come by chance once in 1,100 at the
--   newest end; within the file, where there are many places for them, and of successes in a row,
--   once in a million. Looked at every two months in twelve made-up years of nine cities, the
--   rarest came once in 400 at the end, and once in 10,000 within or of successes; in 36 other
--   cities none was found. Where one row in five says it and forty are written a year, it takes a
--   year to see. What `data_from` and `data_through` say is not known is left out, and so are
--   shootings before the first reviewed week.

WITH both_ways AS (
    SELECT question, city, day, 'silent' AS way, asked AS here, asked_yes AS said
    FROM answers WHERE asked > 0
    UNION ALL
    -- What is done late is done of all old rows and of few new ones: of such only.
    SELECT question, city, day, 'successes', rows, rows - rows_yes
    FROM answers SEMI JOIN questions
        ON questions.question = answers.question AND questions.only_yes = 'error'
),
days AS (
    SELECT question, both_ways.city, day, way, here, said
    FROM both_ways INNER JOIN questions USING (question)
    INNER JOIN supplied ON supplied.extract = needed_for AND supplied.city = both_ways.city
    ANTI JOIN declared
        ON
            declared.city = both_ways.city AND declared.extract IN (questions.extract, needed_for)
            AND (day < data_from OR day > data_through)
    WHERE day IS NOT NULL
),
numbered AS (
    SELECT
        *, SUM(said) OVER line AS stretch,
        SUM(here) OVER line_whole AS of_all, SUM(said) OVER line_whole AS said_of_all,
        MAX(day) OVER line_whole AS newest
    FROM days
    WINDOW
        line AS (PARTITION BY question, way, city ORDER BY day),
        line_whole AS (PARTITION BY question, way, city)
),
-- A stretch is told of after the day that last said it, and lasts from that day.
stretches AS (
    SELECT
        question, way, city,
        MIN(day) FILTER (said = 0) AS first, MAX(day) AS last, MAX(day) - MIN(day) AS days,
        CAST(SUM(here) FILTER (said = 0) AS BIGINT) AS rows,
        CAST(ANY_VALUE(of_all) AS BIGINT) - rows AS others,
        CAST(ANY_VALUE(said_of_all) AS BIGINT) AS said,
        last = ANY_VALUE(newest) AS at_end
    FROM numbered
    GROUP BY question, way, city, stretch
)
SELECT
    question, way, city, rows, others, said, first, last,
    CASE COUNT(*) OVER (PARTITION BY question, way, city)
        WHEN 1 THEN '' WHEN 2 THEN ' (and in 1 earlier stretch)'
        ELSE FORMAT(
            ' (and in {} earlier stretches)', COUNT(*) OVER (PARTITION BY question, way, city) - 1
        )
    END AS more
FROM stretches
WHERE
    days >= $least_days AND others >= $least_rows
    AND (rows >= $least_rows OR days >= $long_days AND rows >= $least_in_a_year)
    AND -rows * LN(1 - said / (others + 1))
    >= IF(at_end AND way = 'silent', $unlikely, $unlikely_within)
QUALIFY ROW_NUMBER() OVER (PARTITION BY question, way, city ORDER BY last DESC) = 1
