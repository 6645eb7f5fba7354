-- Which numbers of groups, members and people called in were published about the program?
-- Parameters:
--   city: city = null — one city, or all of them
-- Grain: place, date, event
-- Class: public_record
-- Reads: none
-- Protects: none

SELECT
    reference_places.city,
    program_timeline.place,
    program_timeline.date,
    program_timeline.event,
    program_timeline.measure,
    program_timeline.qualifier,
    program_timeline.value,
    program_timeline.first_call_ins,
    program_timeline.source_url
FROM program_timeline
INNER JOIN reference_places
    ON program_timeline.place = reference_places.place AND reference_places.kind = 'city'
LEFT JOIN cities ON reference_places.city = CAST(cities.city AS VARCHAR)
WHERE
    program_timeline.measure IS NOT NULL
    AND program_timeline.value IS NOT NULL
    AND ($city IS NULL OR reference_places.city = $city)
ORDER BY
    cities.position,
    program_timeline.measure,
    program_timeline.date,
    program_timeline.event
