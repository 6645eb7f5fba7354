-- a fatal victim without the day of death.
-- Do: Give it when it is known: later deaths are told by it.
-- On: victims.died_on (nothing)
-- Severity: warning

SELECT at_row
FROM victims
WHERE outcome = 'fatal' AND died_on IS NULL
