-- money is allocated, and 0 spent: screens tell that nothing was.
-- Do: Leave it empty where it is not known.
-- On: budget.spent (a number)
-- Severity: warning

SELECT at_row
FROM budget
WHERE spent = 0 AND allocated > 0
