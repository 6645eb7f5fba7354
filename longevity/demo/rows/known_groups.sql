-- Draws: 4 of groups
-- The groups of a city, one element each. A few play a part the measures must cope with: one is
-- succeeded by another, some are never reached, one was never audited, some come late or end.
SELECT unnest(range(groups_of_city())) AS group_id;

WITH parts AS (SELECT *, row_number() OVER (ORDER BY u1) AS part FROM drawn),
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
)
SELECT
    spans.group_id,
    CASE WHEN spans.part = 2 THEN 1 + other.active_until ELSE spans.began END AS active_from,
    spans.active_until,
    CASE WHEN spans.part = 1 THEN other.group_id END AS succeeded_by,
    spans.part IN (3, 4) AS is_unreached,
    spans.part = 5 AS is_unaudited,
    greatest(launch() - 60, active_from) AS known_from,
    greatest(launch() - between_ends(spans.u4, 20, 60), active_from + 30) AS first_audit
FROM spans
-- The first is succeeded by the second.
LEFT JOIN spans AS other ON spans.part + other.part = 3
ORDER BY spans.group_id
