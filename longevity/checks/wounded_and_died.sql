-- a nonfatal victim with a day of death.
-- Do: Make the outcome fatal, or take the day away.
-- On: victims.died_on (a date)

SELECT at_row
FROM victims
WHERE outcome = 'nonfatal' AND died_on IS NOT NULL
