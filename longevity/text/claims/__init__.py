"""A claim in words, read by a small grammar and judged by the counts of a release.

`parse` turns text into a `Claim` or says what it cannot read; `evidence` holds the counts,
`evaluate` a claim against them (by its kind in `change_claims`, `rank_claims`, `count_claims`
and `city_claims`), and `render` words the answer. What is not understood is said, never
guessed: every word of a claim must have a meaning here.
"""
