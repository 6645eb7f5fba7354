-- a wounded victim whose weapon is unknown; kept, and in no count of people shot.
-- Do: Map the weapon, or ask for it: some of them may have been shot.
-- On: victims.weapon (a word)
-- Severity: warning

SELECT at_row
FROM victims
WHERE outcome = 'nonfatal' AND weapon = 'unknown'
