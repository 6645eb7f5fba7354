-- in {city} {rows} were shot and killed and {wounded} wounded; everywhere more are wounded.
-- Do: Are the two swapped in the mapping? If the source holds only some of the wounded, or none,
--   say so: holds under [victims] of the mapping, or {code} under [holds.outcomes] of
--   extracts.toml.
-- On: victims.outcome
-- Severity: error, acceptable
-- Thresholds: beyond_chance = 3
-- Found: more killed than wounded by a firearm in a source that holds both, by more than chance, as
--   42 and 18 are; in cities one in three to one in six is killed

SELECT
    city, city AS code, COUNT(*) FILTER (outcome = 'fatal') AS rows,
    COUNT(*) FILTER (outcome = 'nonfatal') AS wounded
FROM victims
ANTI JOIN holds ON holds.city = victims.city AND key = 'outcomes' AND LEN(held) = 1
WHERE weapon = 'firearm'
GROUP BY city
-- A source without any is found as outcome_missing.
HAVING wounded > 0 AND rows - wounded > $beyond_chance * SQRT(rows + wounded)
