-- a victim wounded by something other than a firearm; kept, and not counted.
-- Do: Nothing, if that is right.
-- On: victims.weapon (a word)
-- Severity: warning

SELECT at_row
FROM victims
WHERE outcome = 'nonfatal' AND weapon IN ('knife', 'blunt', 'other')
