-- Draws: 4 of events
-- Events with the community; how many came to one in sixteen is not known.
SELECT launch() + 24 * unnest(range(greatest((drawn_to() - launch()) // 24, 0))) AS begins;

SELECT
    nth AS event_id,
    begins + between_ends(u1, 0, 23) AS held_on,
    pick(u2, map {
        'vigil': 0.22, 'forum': 0.24, 'outreach': 0.36, 'training': 0.12, 'other': 0.06
    }) AS kind,
    CASE WHEN u4 >= 0.06 THEN 8 + wait(u3, 45.0) END AS attendance,
    held_on AS on_file
FROM drawn
ORDER BY nth
