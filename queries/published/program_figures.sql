-- Which numbers of groups, members and people called in were published about the program?
-- Parameters:
--   city: city = null — one city, or all of them
-- Grain: place, date, event
-- Class: public_record
-- Order: position, measure, date, event
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
INNER JOIN reference_places USING (place)
WHERE
    reference_places.kind = 'city'
    AND program_timeline.measure IS NOT NULL
    AND program_timeline.value IS NOT NULL
    AND ($city IS NULL OR reference_places.city = $city)
