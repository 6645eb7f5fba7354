-- Draws: 3 of audits
-- A row a group and audit; a group not yet audited has a row without a date. Code names are stones
-- and metals, so that none is taken for a person's.
SELECT
    group_id, active_from, active_until, succeeded_by, is_unaudited, known_from, first_audit,
    unnest(range(4)) AS audit
FROM known_groups
ORDER BY group_id, audit;

WITH audits AS (
    SELECT
        *,
        CASE
            WHEN NOT is_unaudited AND (audit = 0 OR u2 < 0.6)
                THEN first_audit + between_ends(u1, 800, 1100) * audit
        END AS on_day
    FROM drawn
)
SELECT
    group_id,
    [
        'Granite', 'Basalt', 'Slate', 'Quartz', 'Marble', 'Gravel', 'Copper', 'Nickel', 'Cobalt',
        'Zinc', 'Chalk', 'Flint', 'Gypsum', 'Pumice', 'Shale', 'Schist', 'Gneiss', 'Bauxite',
        'Feldspar', 'Dolomite', 'Limestone', 'Obsidian'
    ][1 + group_id % 22] AS label,
    CASE WHEN on_day <= coalesce(active_until, on_day) THEN on_day END AS audited_on,
    CASE
        WHEN audited_on <= as_of() THEN greatest(members_a_group() + between_ends(u3, -3, 3), 2)
    END AS members,
    active_from,
    active_until,
    CASE WHEN active_until < as_of() THEN succeeded_by END AS succeeded_by,
    CASE WHEN audit = 0 THEN known_from ELSE audited_on END AS on_file
FROM audits
WHERE audit = 0 OR audited_on IS NOT NULL
ORDER BY group_id, audit
