-- How much money was allocated and spent, by city, fiscal year and source?
-- Parameters: city
--   fiscal_year: integer(1979..2100) = null — one fiscal year, by the year it ends in, or all
-- Grain: city, fiscal_year, source
-- Class: aggregate
-- Order: position, fiscal_year, source
-- Reads: budget
-- Protects: none
-- Numerator: spent
-- Denominator: allocated

SELECT
    budget.city,
    budget.fiscal_year,
    budget.source,
    CAST(budget.allocated AS DOUBLE) AS allocated,
    CAST(budget.spent AS DOUBLE) AS spent,
    (budget.spent IS NULL) AS spent_unknown
FROM budget
WHERE
    ($city IS NULL OR budget.city = $city)
    AND ($fiscal_year IS NULL OR budget.fiscal_year = $fiscal_year)
