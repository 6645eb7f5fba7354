"""Records what the product says, to be compared with what it says after a change.

A golden is that record, in tests/golden: a line for each text or table.
"""
