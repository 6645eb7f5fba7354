-- Draws: 8 of people
-- The people on the list; each is in one group, from before the day of listing on. Each year 13 in
-- a hundred join. A listing is reviewed within five years, but for a few.
SELECT launch() - 50 AS begins, 40 AS spread
FROM range(groups_of_city() * members_a_group())
UNION ALL
SELECT first_day((years.in_year - 1970) * 12), 365
FROM
    range(year_of(launch()) + 1, year_of(drawn_to()) + 1) AS years (in_year),
    range(cast(ceil(0.13 * groups_of_city() * members_a_group()) AS bigint))
ORDER BY begins;

WITH listed AS (
    SELECT
        drawn.*, known_groups.*,
        -- The first of a group that comes late are listed when it is known.
        greatest(begins, active_from + 5) + cast(floor(u2 * spread) AS integer) AS listed_on
    FROM drawn
    INNER JOIN known_groups ON group_id = between_ends(u1, 0, groups_of_city() - 1)
)
SELECT
    row_number() OVER (ORDER BY nth) - 1 AS person_id,
    listed_on,
    listed_on + 5 * 365 * (
        1 + CASE WHEN u7 < 0.05 THEN 0 ELSE greatest(as_of() - listed_on, 0) // (5 * 365) END
    ) AS review_by,
    CASE WHEN u3 < 0.12 THEN listed_on + between_ends(u4, 1000, 3000) END AS delisted_on,
    group_id,
    greatest(active_from, listed_on - between_ends(u8, 5, 500)) AS from_on,
    least(CASE WHEN u5 < 0.28 THEN listed_on + between_ends(u6, 200, 2400) END, active_until)
        AS until_on,
    listed_on AS on_file
FROM listed
WHERE coalesce(active_until > listed_on + 60, TRUE)
ORDER BY nth
