-- Draws: 4 of requests
-- Requests of the community; one in six is never answered.
SELECT launch() + 28 * unnest(range(greatest((drawn_to() - launch()) // 28, 0))) AS begins;

SELECT
    nth AS request_id,
    begins + between_ends(u1, 0, 27) AS asked_on,
    pick(u2, map {
        'services': 0.26, 'enforcement': 0.16, 'information': 0.18, 'youth': 0.2, 'streets': 0.14,
        'other': 0.06
    }) AS topic,
    CASE WHEN u3 < 5 / 6 THEN asked_on + wait(u4, 24.0) END AS answered_on,
    asked_on AS on_file
FROM drawn
ORDER BY nth
