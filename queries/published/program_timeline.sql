-- What happened in the life of the program, and when?
-- Parameters: none
-- Grain: date, place, event
-- Class: public_record
-- Reads: none
-- Protects: none

SELECT
    program_timeline.date,
    program_timeline.place,
    program_timeline.event,
    program_timeline.source_url
FROM program_timeline
ORDER BY program_timeline.date, program_timeline.place, program_timeline.event
