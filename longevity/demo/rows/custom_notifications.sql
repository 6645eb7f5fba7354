-- Draws: 5 of notified
-- Custom notifications after shootings, which not all of them name.
SELECT position, incident_id, day, on_file, is_confirmed FROM incidents ORDER BY position;

WITH attempts AS (
    SELECT
        *,
        on_file + between_ends(u2, 0, 3) AS attempted_on,
        pick(u4, map { 'direct': 0.58, 'collateral': 0.26, 'none': 0.16 }) AS tried
    FROM drawn
    WHERE is_confirmed AND day >= launch() AND on_file <= day + 3 AND u1 < 0.45
),
notified AS (SELECT *, member(u3, attempted_on, NULL) AS person_id FROM attempts)
SELECT
    incident_id AS notification_id,
    person_id,
    group_id,
    attempted_on,
    CASE WHEN tried = 'direct' AND is_unreached THEN 'collateral' ELSE tried END AS contact,
    CASE WHEN u5 < 0.5 THEN incident_id END AS trigger_incident_id,
    CASE WHEN u5 < 0.5 THEN position END AS after,
    attempted_on AS on_file
FROM notified
INNER JOIN people USING (person_id)
INNER JOIN known_groups USING (group_id)
ORDER BY position
