-- A person on the list and in their group on a day, of one group or (null) of any; null for none.
CREATE OR REPLACE MACRO member(u, day, of_group) AS (
    SELECT members[1 + cast(floor(u * len(members)) AS integer)]
    FROM (
        SELECT list(person_id ORDER BY person_id) AS members
        FROM people
        WHERE
            listed_on < day
            AND coalesce(least(until_on, delisted_on) > day, TRUE)
            AND (of_group IS NULL OR group_id = of_group)
    ) AS candidates
);
