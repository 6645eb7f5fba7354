"""A claim as a form of five parts, and the verdict on it by the counts of a release.

`form` and `when` say what the parts are; `reader` fills them from a sentence by the phrases of
`phrases.toml`; `evidence` holds the counts, `question` a form with its days and what it is held
against; `judge` finds the verdict, and `render` words the answer and what is so instead.
"""
