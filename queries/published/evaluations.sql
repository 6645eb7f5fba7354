-- What have published evaluations of this strategy found, here and elsewhere?
-- Parameters: none
-- Grain: place, program, outcome, study
-- Class: public_record
-- Reads: none
-- Protects: none

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
ORDER BY evaluations.place, evaluations.program, evaluations.outcome, evaluations.study
