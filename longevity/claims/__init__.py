"""A claim as a form of five parts, and the verdict on it by the counts of a release.

`form` and `when` say what the parts are; `reader` fills them from a sentence by the phrases of
`phrases.toml`; `evidence` holds the counts, and a `question` is a form with its days. `judge` finds
the verdict: `numbers` of how many and which share, `comparisons` of a change, two places and a
rank, each a finding under one relation (`verdict`); `render` puts the answer in words, by the
sentences of `measures/claims.toml`.
"""
