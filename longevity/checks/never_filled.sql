-- no row of {city} {words}, so that screens would show {shown}.
-- Do: Map the column that says it. If the source does not say it, leave {needed_for} out for this
--   city: then it is shown as not supplied.
-- On: any (a word)
-- Severity: error, acceptable
-- Reads: incidents, answers
-- Thresholds: least = 20
-- Found: in {least} rows or more of a city one of these is never given, and its absence counts as a
--   no: when a call-in was held, a service begun, a request answered or somebody met on coming
--   home; which group shot; which group an action falls on; who could be reached for a call-in and
--   who came; a notification or supervision contact made; when a shooting was reviewed (where a
--   city supplies reviews); when a membership, a place on the list or supervision ended, of what
--   began five years ago or more

SELECT
    answers.extract, field, answers.city, words, needed_for, kind, asked AS rows,
    FORMAT(would_show, asked) AS shown
FROM answers
INNER JOIN supplied ON supplied.extract = needed_for AND supplied.city = answers.city
WHERE asked >= $least AND asked_yes = 0
