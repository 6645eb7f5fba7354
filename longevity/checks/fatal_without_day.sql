-- a fatal victim without the day of death.
-- Do: Give it when it is known, so that a later death is known to be later.
-- On: victims.died_on (nothing)
-- Severity: warning

SELECT at_row
FROM victims
WHERE outcome = 'fatal' AND died_on IS NULL
