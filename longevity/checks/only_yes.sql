-- each of the {rows} rows of {city} {words}: where the source lists those only, screens would show
--   100% of what is not known.
-- Do: Ask for the others. Where the source has none, leave {needed_for} out for this city: then it
--   is shown as not supplied.
-- Severity: error, acceptable
-- Reads: incidents, answers
-- Thresholds: least = 20
-- Found: of {least} or more in a city each invited came, each service offered was begun, or each
--   notification reached somebody: the source lists successes only. A warning where each request
--   was answered or everybody met on coming home. A row that says unknown is none of them

SELECT extract, field, city, rows, words, needed_for, only_yes AS severity
FROM answers
WHERE only_yes IS NOT NULL AND rows >= $least AND rows_yes = rows
