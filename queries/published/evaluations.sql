-- What have published evaluations of this strategy found, here and elsewhere?
-- Grain: place, program, outcome, study
-- Class: public_record
-- Reads: none

SELECT
    evaluations.place,
    evaluations.program,
    evaluations.began,
    evaluations.outcome,
    evaluations.effect,
    evaluations.unit,
    evaluations.method,
    evaluations.study,
    evaluations.source_url
FROM evaluations
