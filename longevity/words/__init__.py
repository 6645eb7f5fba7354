"""What is said: the sentences of every screen as TOML, languages, days, and why a number is absent.

`say` fills a sentence with figures. docs/measures.md says how one is written.
"""
