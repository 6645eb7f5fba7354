"""Sentences and tables of words: what a number may be said to mean."""
