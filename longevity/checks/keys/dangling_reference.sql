-- the code is in no row of {parent}.
-- Do: Supply the rows of {parent} it refers to, or correct it.

-- Both sides are aliased: a group may refer to another row of its own extract.
SELECT child.at_row
FROM $extract AS child
WHERE
    child.$field IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM $parent AS held WHERE held.$other = child.$field)
