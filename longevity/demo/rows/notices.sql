-- The day each group has notice: somebody came to a call-in, or was met; a successor has its
-- predecessor's.
WITH given AS (
    SELECT group_id, on_file FROM invitations WHERE attended = 'attended'
    UNION ALL
    SELECT group_id, on_file FROM custom_notifications WHERE contact = 'direct'
),
own AS (
    SELECT group_id, MIN(given.on_file) AS notice_on, ANY_VALUE(succeeded_by) AS succeeded_by
    FROM known_groups
    LEFT JOIN given USING (group_id)
    GROUP BY group_id
)
SELECT own.group_id, LEAST(own.notice_on, before.notice_on) AS notice_on
FROM own
LEFT JOIN own AS before ON before.succeeded_by = own.group_id
ORDER BY own.group_id
