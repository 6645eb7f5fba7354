"""Checks a folder of extracts, the files that cities supply, before a release is made of it.

`check.check_extracts` returns everything that is wrong in one pass. A check is a SQL file here;
what a single value can break is in `columns.toml`.
"""
