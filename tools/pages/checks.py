"""`docs/check.md`, of the headers of the checks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from longevity.checks.sql_files import (
    COLUMNS,
    FOLDER,
    KEYS,
    SqlFile,
    fill_sentence,
    load_files,
    load_relations,
)
from longevity.settings import ROOT

PAGE = ROOT / "docs" / "check.md"
ACCEPTABLE = "error, acceptable"
PLACE = re.compile(r"\{(\w+)\}")

INTRODUCTION = """\
# Check: what is wrong with a folder of extracts

Generated from the headers of `longevity/checks/*.sql` by `make docs`; do not edit it here.

    python -m longevity check extracts

One pass finds everything. A *warning* stops nothing. An *error* stops a publish. Each finding
names file, row, column and what to do; `In the source:` names the same rows in the file they were
imported from (the line of a CSV, the row of a workbook). `import` keeps those numbers beside the
extracts, in `parts/`: they stand in no extract, so no release can carry them, nor a file's name.

Files and columns must be those of [the contract](data-contract.md). Codes and texts are searched for
what looks like a person's data (`personal_data`). A code that is mostly a long number (eight digits, or
six behind letters) in nine of ten rows is a record number, not a running one, and an error: it leads
back to the record. `coded = true` in the mapping makes it opaque.

A check is one SQL file, named as its rule. Its thresholds, in its header, are *ours*.

## Errors that may be the truth

Every row may be right, and the file cut off, pasted twice, or silent about what a count needs. Then
a figure is false that nobody sees is missing. These are errors, `check` ends with 1, and `publish`
refuses; `publish --accept REASON` passes them all, and only them. The reason, and each sentence it
passed, stand in the manifest and, for the state, on *Sources*. Read all of them before you give one.
None is asked of synthetic data, which are whole by construction.
"""  # noqa: E501

# Found by import and publish, which see what no extract shows.
ELSEWHERE = """
By `import`, which has every column of the source:

| rule | found | what to do |
|---|---|---|
| `copied_rows` | twenty rows or more of a year are copies of another, alike in all columns of the source, and three times the share of the file's other years (of those, the quarter with fewest); of a file of one year, three in ten. In made-up files without a key, of 100 to 600 victims a year for eight years, of whom 3 to 21 in 100 were alike with somebody shot beside them, that was so in fewer than one in a hundred | take the copies out, or map a key |
| `refused_value` | a value of a mapped column that the mapping does not read, in five rows or more, which are all refused | say under `values` what it is; the rows are in `quarantine/` |
| `short_outcome` | five people or more of a city who were killed (or wounded), or may have been, are in refused rows, a tenth or more of all | read `quarantine/`, put the mapping or the file right |

By `publish`, which has the lines and the release before:

| rule | found | what to do |
|---|---|---|
| `mostly_outside` | most coordinates of a city (of twenty or more) lie in none of its areas: another city's rows under its name, or lines of another place | put the city, or the lines, right |
| `synthetic_over_real` | synthetic data where real data are served, whose place they would take on every screen | give them a LONGEVITY_HOME of their own |
| `against_the_release_before` | whatever `publish` would object to ([releases](releases.md)); compared when nothing else than the above is wrong | publish with a reason, or ask for what is gone |
"""  # noqa: E501

END = """
## What no check sees

An event under two codes, or in the files of two agencies, with other words; times, days or
coordinates that were typed because nobody knew them; a number of victims that is a code for unknown;
a file of victims cut by year. A year missing of work that is done less than twenty times a year. A
column silent for less than that. A first file that is cut where nobody said how far it goes ends where
it ends, and is complete through the day before. A year of which every second row is missing. People who
were aimed at and missed, listed as wounded ([import](import.md) says how to leave them out). Incidents
of a neighbouring town under the city's name: they count for the city, and *Map* says how many lie
outside every neighbourhood.
"""  # noqa: E501


def render_page() -> str:
    """Return the whole page as Markdown."""
    checks = [*load_files(FOLDER).values()]
    others = [*load_files(COLUMNS).values(), *load_files(KEYS).values()]
    others += [check for check in checks if check.header["Severity"] != ACCEPTABLE]
    whys = [
        fill_sentence(file.header["Why"], _show_thresholds(file))
        for file in load_relations().values()
        if "Why" in file.header
    ]
    parts = [
        INTRODUCTION,
        *_render_table(check for check in checks if check.header["Severity"] == ACCEPTABLE),
        ELSEWHERE,
        "## How it is judged\n",
        *(f"{why}\n" for why in whys),
        "## Other errors, and warnings\n",
        *_render_table(sorted(others, key=lambda check: check.rule)),
    ]
    return "\n".join(parts) + END


def _render_table(checks: Iterator[SqlFile] | list[SqlFile]) -> Iterator[str]:
    yield "| rule | | found | what to do |\n|---|---|---|---|"
    rows = dict.fromkeys(_render_row(check) for check in checks)
    yield from rows
    yield ""


def _render_row(check: SqlFile) -> str:
    facts = _show_thresholds(check)
    found = check.header.get("Found", check.sentence).rstrip(".")
    do = "" if PLACE.fullmatch(check.header["Do"]) else check.header["Do"]
    severity, _, _ = check.header["Severity"].partition(",")
    cells = [f"`{check.rule}`", severity, fill_sentence(found, facts), fill_sentence(do, facts)]
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def _show_thresholds(file: SqlFile) -> dict[str, str]:
    """Return the facts of a header: shares as percentages, and what a row says as its name."""
    named = PLACE.findall(f"{file.sentence} {file.header}")
    facts = {name: f"*{name.replace('_', ' ')}*" for name in named}
    for name, value in file.thresholds.items():
        facts[name] = f"{float(value):.0%}" if float(value) < 1 else value
    return facts
