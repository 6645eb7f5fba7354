-- Draws: 2 of budget
-- Fiscal years (July to June) and sources; spending is known after the end.
SELECT
    sources.*,
    unnest(range((month_of(launch()) - 6) // 12 * 12 + 6, month_of(drawn_to()), 12)) AS july
FROM (
    VALUES
    (165000, 'state appropriation'), (90000, 'federal grant'), (40000, 'city and foundations')
) AS sources (usual, source)
ORDER BY july ASC, usual DESC;

SELECT
    july // 12 + 1971 AS fiscal_year,
    source,
    100 * round(usual * (0.75 + 0.5 * u1) / 100) AS allocated,
    CASE WHEN first_day(july + 14) <= as_of() THEN round(allocated * (0.78 + 0.22 * u2), 2) END
        AS spent,
    greatest(first_day(july), launch()) AS on_file
FROM drawn
ORDER BY nth
