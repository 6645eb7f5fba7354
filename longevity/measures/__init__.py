"""What is counted, declared: a file a subject, with each measure's noun and its sentences.

`say` fills a sentence with figures. docs/measures.md says how one is written.
"""
