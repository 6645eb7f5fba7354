-- Draws: 5 of sides
-- A row an incident and group in it. Confirmed suspects after a group's notice come from its fate
-- alone (`episode_shootings`). Everything else (before notice, suspected ones, the side of the
-- victims) changes no promise, but a group that shot so is not quiet.
SELECT position, incident_id, day, is_confirmed, reviewed_on FROM incidents ORDER BY position;

WITH guessed AS (
    SELECT
        *,
        between_ends(u1, 0, groups_of_city() - 1) AS suspect,
        between_ends(u2, 0, groups_of_city() - 1) AS other
    FROM drawn
    WHERE is_confirmed
),
sides AS (
    SELECT
        1 AS rule, unnest(shootings) AS position, group_id, 'suspect' AS role,
        'confirmed' AS status, on_file AS filed
    FROM episodes
    UNION ALL
    SELECT 2, after, group_id, 'victim', 'confirmed', 0
    FROM custom_notifications
    WHERE after IS NOT NULL
    UNION ALL
    SELECT 3, position, suspect, 'suspect', 'confirmed', 0
    FROM guessed
    INNER JOIN notices ON notices.group_id = suspect
    WHERE coalesce(day <= notice_on, TRUE) AND u3 < 0.45
    UNION ALL
    SELECT 4, position, other, 'suspect', 'suspected', 0
    FROM guessed
    WHERE u4 < 0.15
    UNION ALL
    SELECT 5, position, other, 'victim', 'confirmed', 0
    FROM guessed
    WHERE u5 < 0.55
)
SELECT
    incident_id,
    group_id,
    role,
    status,
    greatest(reviewed_on, filed) AS attributed_on,
    greatest(attributed_on, known_from) AS on_file
FROM sides
INNER JOIN incidents USING (position)
INNER JOIN known_groups USING (group_id)
WHERE
    reviewed_on IS NOT NULL
    AND (rule <= 2 OR day BETWEEN active_from AND coalesce(active_until, day))
-- Where a group would be on both sides the first of these wins.
QUALIFY row_number() OVER (PARTITION BY position, group_id ORDER BY rule, filed) = 1
ORDER BY position, group_id
