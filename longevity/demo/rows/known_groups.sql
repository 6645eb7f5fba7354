-- Draws: 4 of groups
-- The groups of a city, one element each. A few play a part the measures must cope with: one is
-- succeeded by another, some are never reached, one was never audited, some come late or end.
-- Where there are few groups, none plays a part.
SELECT unnest(range(groups_of_city())) AS group_id;

WITH parts AS (
    SELECT *, CASE WHEN groups_of_city() >= 12 THEN row_number() OVER (ORDER BY u1) END AS part
    FROM drawn
),
spans AS (
    SELECT
        *,
        CASE
            WHEN part IN (6, 7) THEN launch() + between_ends(u2, 300, 1800)
            ELSE launch() - between_ends(u2, 200, 2200)
        END AS began,
        CASE
            WHEN part IN (8, 9) THEN launch() + between_ends(u3, 1500, 3000)
            WHEN part = 1 THEN launch() + between_ends(u3, 900, 2100)
        END AS active_until
    FROM parts
),
followed AS (
    SELECT
        *,
        CASE WHEN part = 2 THEN 1 + max(active_until) FILTER (part = 1) OVER () ELSE began END
            AS active_from,
        CASE WHEN part = 1 THEN max(group_id) FILTER (part = 2) OVER () END AS succeeded_by
    FROM spans
)
SELECT
    group_id,
    active_from,
    active_until,
    succeeded_by,
    coalesce(part IN (3, 4), FALSE) AS is_unreached,
    coalesce(part = 5, FALSE) AS is_unaudited,
    greatest(launch() - 60, active_from) AS known_from,
    greatest(launch() - between_ends(u4, 20, 60), active_from + 30) AS first_audit
FROM followed
ORDER BY group_id
