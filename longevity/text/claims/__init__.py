"""A claim as a form of five parts, and the verdict on it by the counts of a release.

`form` and `when` say what the parts are; `parse` fills them from a sentence, or says what it cannot
read; `evidence` holds the counts, `evaluate` a form against them (by its kind in `change_claims`,
`rank_claims`, `count_claims`, `place_claims` and `program`), and `render` words the answer.
"""
