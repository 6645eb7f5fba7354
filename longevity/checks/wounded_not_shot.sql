-- a victim wounded by something else than a firearm, or by what is not known; kept, and in no count
--   of people shot.
-- Do: Nothing, if that is right. Where it is unknown, map the weapon or ask for it: some of them
--   may have been shot.
-- On: victims.weapon (a word)
-- Severity: warning

SELECT at_row
FROM victims
WHERE outcome = 'nonfatal' AND weapon IN ('knife', 'blunt', 'other', 'unknown')
