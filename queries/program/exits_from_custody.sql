-- Who on the list came home from custody, and was each of them met in time, and by whom?
-- Parameters: as_of, since
--   within_hours: integer(0..720) = threshold greeted_within_hours — hours, as whole days
-- Grain: city, custody_release_id
-- Class: named
-- Order: released_on DESC, position, custody_release_id
-- Reads: releases_from_custody, people

WITH exits AS (
    SELECT
        -- A meeting after the day is not known on it, nor who it was.
        releases.* REPLACE (
            IF(releases.greeted_on <= spans.last_day, releases.greeted_on, NULL) AS greeted_on,
            IF(releases.greeted_on > spans.last_day, NULL, releases.greeted_by) AS greeted_by
        ),
        spans.first_day,
        spans.last_day
    FROM releases_from_custody AS releases
    INNER JOIN SUPPLIED_SPANS(['releases_from_custody', 'people'], $as_of, $since) AS spans
        USING (city)
    INNER JOIN people USING (city, person_id)
    WHERE
        releases.released_on BETWEEN spans.first_day AND spans.last_day
        AND releases.released_on >= people.listed_on
        AND COALESCE(releases.released_on <= people.delisted_on, TRUE)
)

SELECT
    exits.city,
    exits.custody_release_id,
    exits.person_id,
    exits.released_on,
    exits.facility,
    -- A share is of these alone: of newer exits those met at once are known, the rest not so far.
    exits.released_on + CAST(CEIL($within_hours / 24) AS INTEGER) <= exits.last_day AS time_over,
    CASE
        WHEN exits.greeted_on - exits.released_on <= CEIL($within_hours / 24) THEN 'greeted'
        WHEN exits.greeted_on IS NOT NULL THEN 'greeted_late'
        -- They were met on a day that is not noted: in time or not is unknown, never a no.
        WHEN exits.greeted_by IS NOT NULL THEN 'greeted_unknown'
        WHEN time_over THEN 'not_greeted'
        ELSE 'too_recent'
    END AS outcome,
    exits.greeted_on,
    exits.greeted_by,
    exits.greeted_on - exits.released_on AS days,
    exits.first_day,
    exits.last_day
FROM exits
