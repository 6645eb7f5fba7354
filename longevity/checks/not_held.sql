-- a victim whose {field} the sources of the city are said not to hold.
-- Do: Take the city out of [holds.{key}] in extracts.toml (in a mapping, the key {mapped} of
--   [victims]), or the row out of the extract. Where it is listed for only some of the time, it is
--   in no count.
-- On: victims
-- Severity: error, acceptable

SELECT at_row, field, key, mapped
FROM (
    SELECT city, at_row, outcome AS word, 'outcome' AS field, 'outcomes' AS key, 'holds' AS mapped
    FROM victims
    UNION ALL
    SELECT city, at_row, weapon, 'weapon', 'weapons', 'holds_weapons' FROM victims
) AS words
INNER JOIN holds USING (key, city)
-- That a weapon is not known does not say that it is another.
WHERE word <> 'unknown' AND NOT LIST_CONTAINS(held, word)
