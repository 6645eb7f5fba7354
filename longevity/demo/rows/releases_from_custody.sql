-- Draws: 5 of gates
-- Exits from custody: met within three days, met later, not met; or somebody met them, and the day
-- was not noted.
SELECT person_id, until_on AS released_on, on_file AS spell_on_file
FROM supervision_spells
WHERE kind = 'in_custody' AND until_on >= launch()
ORDER BY person_id;

SELECT
    person_id AS custody_release_id,
    person_id,
    released_on + between_ends(u1, -6, 10) AS expected_on,
    released_on,
    pick(u4, map {
        'state prison, north': 0.35, 'state prison, south': 0.3, 'city jail': 0.25,
        'federal prison': 0.1
    }) AS facility,
    CASE
        WHEN u2 < 0.52 THEN released_on + between_ends(u3, 0, 3)
        WHEN u2 < 0.68 THEN released_on + between_ends(u3, 4, 20)
    END AS greeted_on,
    CASE
        WHEN least(greeted_on, CASE WHEN u2 > 0.94 THEN released_on + 5 END) <= as_of() THEN pick(
            u5, map { 'program office': 0.6, 'parole office': 0.25, 'service provider': 0.15 }
        )
    END AS greeted_by,
    greatest(least(expected_on, released_on) - 90, spell_on_file, launch() - 30) AS on_file
FROM drawn
ORDER BY nth
