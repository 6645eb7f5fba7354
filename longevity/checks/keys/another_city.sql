-- the row is of another city than what it refers to in {parent}.
-- Do: {advice}

SELECT child.at_row, '$grave' AS severity
FROM $extract AS child
SEMI JOIN $parent AS other ON other.$other = child.$field AND other.city <> child.city
ANTI JOIN $parent AS own ON own.$other = child.$field AND own.city = child.city
