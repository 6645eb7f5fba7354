-- Draws: 2 of reviews
-- The weekly shooting reviews that were held.
SELECT unnest(range(launch() + days_to_week_end(), drawn_to() + 60, 7)) AS week_ending;

SELECT
    nth AS review_id,
    week_ending + between_ends(u2, 2, 4) AS held_on,
    week_ending,
    held_on AS on_file
FROM drawn
WHERE u1 > 0.06
ORDER BY nth
