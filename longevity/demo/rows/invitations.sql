-- Draws: 4 of asked
-- Who is asked to a call-in, and who comes: some people of the groups that are picked. No one comes
-- to one of them.
SELECT call_in_id, held_on, asked, person_id, group_id, listed_on, until_on, delisted_on
FROM call_ins, people
ORDER BY call_in_id, person_id;

WITH ranked AS (
    SELECT drawn.*, row_number() OVER (PARTITION BY call_in_id ORDER BY u1) AS turn
    FROM drawn
    SEMI JOIN picked_groups USING (call_in_id, group_id)
    WHERE listed_on < held_on AND coalesce(least(until_on, delisted_on) > held_on, TRUE)
)
SELECT
    call_in_id,
    person_id,
    group_id,
    pick(u2, map { 'parole': 0.02, 'probation': 0.05, 'voluntary': 0.88, 'in_custody': 0.05 })
        AS route,
    CASE
        WHEN route = 'in_custody' THEN TRUE
        ELSE [TRUE, FALSE, NULL][place(u3, [0.83, 0.13, 0.04])]
    END AS reachable,
    pick(u4, map { 'attended': 0.64, 'absent': 0.21, 'excused': 0.08, 'unknown': 0.07 }) AS answer,
    CASE
        WHEN NOT reachable OR call_in_id = 6 THEN 'absent'
        WHEN reachable IS NULL AND answer = 'attended' THEN 'unknown'
        ELSE answer
    END AS attended,
    held_on AS on_file
FROM ranked
WHERE turn <= asked
ORDER BY call_in_id, person_id
