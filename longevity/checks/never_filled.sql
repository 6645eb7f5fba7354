-- no row of {city} {words}, so that screens would tell {told}.
-- Do: {advice} If the source does not say it, leave {needed_for} out for this city: then it is told
--   as not supplied.
-- On: any (a word)
-- Severity: error, acceptable
-- Of: real data
-- Reads: incidents, questions, answers
-- Thresholds: least = 20
-- Found: of a city that has {least} rows or more none gives what is told as a no where it is
--   absent: when a call-in was held, a service begun, a request answered, somebody met on coming
--   home; which group shot, as confirmed suspect; which group an action falls on; who could be
--   reached for a call-in, and came; a notification or supervision contact made; when a shooting
--   was reviewed, of a city that supplies its reviews; or, of what began five years ago or more,
--   when a membership, a place on the list or supervision ended. Or all of these ended before the
--   newest incident: nobody would be a member

SELECT
    questions.extract, field, answers.city, words, needed_for,
    IF(
        words = 'lasts to the newest incident', FORMAT('Leave {} empty where it lasts.', field),
        'Map the column that says it.'
    ) AS advice,
    CAST(SUM(asked) AS BIGINT) AS rows, FORMAT(would_tell, CAST(SUM(asked) AS BIGINT)) AS told,
    IF(ENDS_WITH(field, '_on'), 'a date', 'a word') AS kind
FROM answers
INNER JOIN questions USING (question)
INNER JOIN supplied ON supplied.extract = needed_for AND supplied.city = answers.city
GROUP BY question, questions.extract, field, answers.city, words, needed_for, would_tell
HAVING rows >= $least AND SUM(asked_yes) = 0
