-- Draws: 8 of sessions
-- A call-in each quarter, known a hundred days ahead, so that there is always one to come. Some are
-- cancelled. What is counted at one is known when it was held.
SELECT unnest(range(1 + greatest((drawn_to() + 366 - launch()) // 91, 0))) AS call_in_id;

SELECT
    call_in_id,
    launch() + 91 * call_in_id + CASE WHEN u1 > 0.5 AND call_in_id > 0 THEN 7 ELSE 0 END
        AS scheduled_for,
    CASE WHEN NOT (call_in_id = 4 OR (call_in_id > 6 AND u2 < 0.04)) THEN scheduled_for END
        AS held_on,
    between_ends(u3, 16, 27) AS asked,
    CASE WHEN held_on <= as_of() THEN 1 + between_ends(u4, 0, 4) END AS community_speakers,
    CASE WHEN held_on <= as_of() THEN between_ends(u5, 0, 4) END AS family_speakers,
    CASE WHEN held_on <= as_of() THEN 5 + between_ends(u6, 0, 4) END AS law_enforcement,
    CASE WHEN held_on <= as_of() THEN 3 + between_ends(u7, 0, 4) END AS service_providers,
    CASE WHEN held_on <= as_of() THEN between_ends(u8, 0, 4) END AS cases_prepared,
    scheduled_for - 100 AS on_file
FROM drawn
ORDER BY call_in_id
