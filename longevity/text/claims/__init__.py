"""A claim in words, read by a small grammar and judged by the counts of a release.

`reading` turns text into a `Claim` or says what it cannot read; `judging` holds a claim
against a `Record`; `telling` words both. What is not understood is said, never guessed:
every word of a claim must have a meaning here.
"""
