"""Measures, what is counted: TOML files (one a subject) with each measure's noun and sentences.

`say` fills a sentence with figures. docs/measures.md says how a measure is written.
"""
