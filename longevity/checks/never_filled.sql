-- no row of {city} {words}, so that screens would show {shown}.
-- Do: Map the column that says it. If the source does not say it, leave {needed_for} out for this
--   city: then it is shown as not supplied.
-- Severity: error, acceptable
-- Reads: incidents, answers
-- Thresholds: least = 20
-- Found: in {least} rows or more of a city one of these is never given, and would count as a no: a
--   call-in held, a service begun, a request answered, somebody met on coming home, reached for a
--   call-in or come to it, a notification or contact made; which group shot, or was acted on; the
--   review of a shooting (where there are reviews); the end of what began five years ago or more

SELECT
    answers.extract, field, answers.city, words, needed_for, asked AS rows,
    FORMAT(would_show, asked) AS shown
FROM answers
INNER JOIN supplied ON supplied.extract = needed_for AND supplied.city = answers.city
WHERE asked >= $least AND asked_yes = 0
