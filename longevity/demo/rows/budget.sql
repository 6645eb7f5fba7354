-- Draws: 2 of budget
-- Fiscal years (July to June) and sources; spending is known after the end.
WITH sources AS (
    SELECT 1 AS number, 'state appropriation' AS source, 165000 AS usual
    UNION ALL
    SELECT 2, 'federal grant', 90000
    UNION ALL
    SELECT 3, 'city and foundations', 40000
)
SELECT
    *, unnest(range((month_of(launch()) - 6) // 12 * 12 + 6, month_of(drawn_to()), 12)) AS july
FROM sources
ORDER BY july, number;

SELECT
    july // 12 + 1971 AS fiscal_year,
    source,
    100 * round(usual * (0.75 + 0.5 * u1) / 100) AS allocated,
    CASE WHEN first_day(july + 14) <= as_of() THEN round(allocated * (0.78 + 0.22 * u2), 2) END
        AS spent,
    greatest(first_day(july), launch()) AS on_file
FROM drawn
ORDER BY nth
