-- The day each group has notice: somebody came to a call-in, or was met; a successor has its
-- predecessor's.
WITH given AS (
    SELECT group_id, on_file FROM invitations WHERE attended = 'attended'
    UNION ALL
    SELECT group_id, on_file FROM custom_notifications WHERE contact = 'direct'
)
SELECT own.group_id, MIN(given.on_file) AS notice_on
FROM known_groups AS own
LEFT JOIN known_groups AS before ON before.succeeded_by = own.group_id
LEFT JOIN given ON given.group_id IN (own.group_id, before.group_id)
GROUP BY own.group_id
ORDER BY own.group_id
