"""Inputs for tests: what a test needs to be there before it begins.

- `extracts`: parquet files as an import writes them; give the cells that matter
- `ascii_table`: tables a person can read, as rows, and compared with an answer
- `areas`, `bundles`, `promise_story`, `swapped_sexes`: inputs of one subject
- `configs`, `identities`: configurations, and people who sign in
- `damaged_rows`: a file of victims, sound and damaged row by row, with its mapping
- `seeded_draws`, `hypothesis_settings`: chance, alike in every run; how many examples

Releases, from the least to the most:

- `tiny_release`: incidents written as a release by hand, without publish; `claim_record` holds
  claims against one
- `reach_release`: the same with the program's rows, by hand or random
- `violence_release`: published; incidents and victims of two cities, without any program
- `holdings_release`: published; some sources hold only some victims
- `launch_release`: published; to be read with whatever launch dates a test configures
- `odd_release`: published; a small program with every oddity a screen must put into words
- `purge_home`: a whole home in which one person is everywhere a person can

The demonstration is a fixture: `published` in tests/conftest.py.
"""
