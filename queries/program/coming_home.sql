-- Who on the list is expected home from custody in the next weeks?
-- Parameters: as_of
--   weeks: integer(1..52) = 8 — how far ahead, in weeks
-- Grain: city, custody_release_id
-- Class: named
-- Order: expected_on, position, custody_release_id
-- Reads: releases_from_custody, people, memberships, groups
-- Needs: releases_from_custody, people

SELECT
    releases.city,
    releases.custody_release_id,
    releases.person_id,
    STRING_AGG(DISTINCT members.group_id, ', ' ORDER BY members.group_id) AS group_ids,
    STRING_AGG(
        DISTINCT COALESCE(names.label, members.group_id), ', '
        ORDER BY COALESCE(names.label, members.group_id)
    ) AS groups,
    IF(releases.expected_on <= supplied.last_day, 'overdue', 'expected') AS status,
    releases.expected_on,
    releases.expected_on - supplied.last_day AS days_ahead,
    releases.facility,
    supplied.last_day
FROM releases_from_custody AS releases
INNER JOIN SUPPLIED_CITIES(['releases_from_custody', 'people'], $as_of) AS supplied
    USING (city)
INNER JOIN people USING (city, person_id)
LEFT JOIN MEMBERS_AS_OF(supplied.last_day) AS members ON releases.person_id = members.person_id
LEFT JOIN AUDITED_GROUPS() AS names
    ON releases.city = names.city AND members.group_id = names.group_id
WHERE
    COALESCE(releases.released_on > supplied.last_day, TRUE)
    AND releases.expected_on <= $as_of + 7 * $weeks
    AND people.listed_on <= supplied.last_day
    AND COALESCE(people.delisted_on > supplied.last_day, TRUE)
GROUP BY ALL
