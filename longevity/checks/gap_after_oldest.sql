-- {city} has incidents on {early} up to {begins}, and then none for {quiet} days; from then on it
--   never went more than {longest} without one. The days between would count as without a shooting.
-- Do: Is a date mistyped? Correct it. Does the source begin later? Say data_from = {since} or the
--   day it does.
-- On: incidents.occurred_at
-- Severity: error, acceptable
-- Reads: silences
-- Found: at most three days with incidents lie long before the rest: the source begins later, and
--   the days between would count as no one shot

SELECT
    city, later AS rows, COUNT_NOUN(later, 'day') AS early, begins, silences.days AS quiet,
    COUNT_NOUN(longest, 'day') AS longest, CAST(ends AS VARCHAR) AS since, [[begins, ends]] AS days
FROM silences
-- Who says from when it is complete has answered.
ANTI JOIN declared
    ON
        declared.extract = 'incidents' AND declared.city = silences.city
        AND declared.data_from IS NOT NULL
WHERE backward
