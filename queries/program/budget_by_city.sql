-- How much money was allocated and spent, by city, fiscal year and source?
-- Parameters: fiscal_year: integer(1979..2100) = null — the year it ends in, or null for all
-- Grain: city, fiscal_year, source
-- Class: aggregate
-- Reads: budget
-- Share: spent of allocated

SELECT
    budget.city,
    budget.fiscal_year,
    budget.source,
    CAST(budget.allocated AS DOUBLE) AS allocated,
    CAST(budget.spent AS DOUBLE) AS spent,
    (budget.spent IS NULL) AS spent_unknown
FROM budget
WHERE $fiscal_year IS NULL OR budget.fiscal_year = $fiscal_year
