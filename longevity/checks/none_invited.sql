-- {rows} of the call-ins held by {city} have no row: screens would show that no one was invited to
--   them.
-- Do: Ask who was. Where the file begins later or ends earlier, data_from or data_through of
--   invitations says so: who was invited is then not known.
-- On: invitations.call_in_id
-- Severity: error, acceptable
-- Reads: incidents, call_ins
-- Thresholds: least = 2
-- Found: {least} call-ins or more were held without an invitation on file, in a city that has some
--   for others

SELECT uninvited.city, COUNT(*) AS rows
FROM (SELECT * FROM call_ins ANTI JOIN invitations USING (call_in_id)) AS uninvited
ANTI JOIN declared
    ON
        declared.extract = 'invitations' AND declared.city = uninvited.city
        AND (held_on < data_from OR held_on > data_through)
WHERE held_on IS NOT NULL AND uninvited.city IN (SELECT city FROM invitations)
GROUP BY uninvited.city
HAVING rows >= $least
