-- Draws: 4 of contacts
-- Supervision contacts; some months miss the standard.
SELECT
    person_id, from_on, required_contacts_a_month AS required, on_file AS spell_on_file,
    unnest(range((until_on - from_on) * required_contacts_a_month // 30)) AS number
FROM supervision_spells
ORDER BY person_id, number;

SELECT
    nth AS contact_id,
    person_id,
    from_on + cast(floor((number + u1) * 30 / required) AS INTEGER) AS contacted_on,
    pick(u3, map {
        'office': 0.5, 'home': 0.18, 'field': 0.14, 'telephone': 0.16, 'other': 0.02
    }) AS kind,
    pick(u4, map { 'made': 0.82, 'attempted': 0.13, 'unknown': 0.05 }) AS result,
    contacted_on AS on_file
FROM drawn
WHERE u2 > 0.14 AND contacted_on >= greatest(spell_on_file, launch())
ORDER BY nth
