"""Claim check: may somebody say "shootings are down 40% from last year" of these counts?

A claim is a form of five parts: what, where, when, against what, and what it says (`form`, `when`).
`reader` fills it from a sentence by the phrases of `phrases.toml`. A `question` is a form with its
days, `evidence` asks the release for counts, `judge` finds the verdict by the rules in `verdict`,
and `render` puts the answer in words.
"""
