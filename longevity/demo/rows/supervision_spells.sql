-- Draws: 5 of supervision
-- Supervision: none, probation, or custody and then parole or probation.
SELECT person_id, listed_on FROM people ORDER BY person_id;

WITH courses AS (
    SELECT
        *,
        place(u1, [0.30, 0.30, 0.24, 0.16]) AS course,
        listed_on + between_ends(u2, -300, 2300) AS begins,
        begins + CASE WHEN course >= 3 THEN between_ends(u3, 90, 800) ELSE 0 END AS out,
        CASE WHEN course = 3 THEN 'parole' ELSE 'probation' END AS outside
    FROM drawn
),
spells AS (
    SELECT
        person_id, listed_on, 'in_custody' AS kind, begins AS from_on, out AS until_on,
        NULL AS required_contacts_a_month
    FROM courses
    WHERE course >= 3
    UNION ALL
    SELECT
        person_id, listed_on, outside, out, out + between_ends(u5, 150, 600),
        CASE WHEN outside = 'parole' THEN 2 ELSE 1 END + CASE WHEN u4 < 0.3 THEN 1 ELSE 0 END
    FROM courses
    WHERE course >= 2
)
SELECT *, greatest(from_on, listed_on) AS on_file
FROM spells
ORDER BY kind <> 'in_custody', person_id
