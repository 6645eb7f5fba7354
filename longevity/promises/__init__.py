"""The program's promise to street groups, and whether it was kept: rules and the tables they fill.

The promise: if your group shoots, every member meets enforcement; if it stops, you are left alone.
"""
