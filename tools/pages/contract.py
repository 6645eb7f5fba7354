"""`docs/data-contract.md`, of the contract."""

from __future__ import annotations

from longevity.ingest.contract import AHEAD_DAYS, EXTRACTS, Column, Extract, Kind
from longevity.settings import ROOT

PAGE = ROOT / "docs" / "data-contract.md"

INTRODUCTION = f"""\
# The data contract

Generated from `longevity/ingest/contract.py` by `make docs`; do not edit it here.

An *extract* is one parquet file with exactly the columns below. `incidents` and `victims`
are needed; every other extract may be absent, and the screens that need it then say so.
Ids are opaque codes. **No extract holds a name, an address, a birth date or a record
number**: `check` refuses columns and values that look like one (`docs/check.md`).

Dates are local calendar days. A column marked *ahead* may lie up to {AHEAD_DAYS} days in the
future (a review of a listing five years); any other future date is an error. Beside the
parquet files lies `extracts.toml`, which says for each extract how far it is complete
and, where the sources of a city hold only some victims, which (`docs/import.md`):

    [holds.outcomes]          # of victims.outcome; nothing said: all of them
    east = ["fatal"]

    [holds.weapons]           # of victims.weapon
    east = ["firearm"]

A victim that is not held by its city's sources is then an error, and what they do not hold is
missing in every count.

A city without a row in an extract did not supply it: what it would tell is not known. Where there
truly was nothing, give its day under `[data_through]`: then it is zero.
"""

KINDS: dict[Kind, str] = {
    Kind.CODE: "code (text)",
    Kind.CITY: "city id (text)",
    Kind.TEXT: "text",
    Kind.CHOICE: "choice (text)",
    Kind.BAND: "age band (text)",
    Kind.DAY: "date",
    Kind.MOMENT: "timestamp, local, µs",
    Kind.INTEGER: "whole number (int64)",
    Kind.DECIMAL: "number (float64)",
    Kind.BOOLEAN: "true or false",
}


def render_page() -> str:
    """Return the whole page as Markdown."""
    return INTRODUCTION + "".join(_render_section(extract) for extract in EXTRACTS)


def _render_section(extract: Extract) -> str:
    facts = [
        "required" if extract.required else "optional",
        f"key: {', '.join(f'`{name}`' for name in extract.key)}",
    ]
    if extract.named:
        facts.append("holds a group or person code (class `named`)")
    if extract.event:
        facts.append(f"dated by `{extract.event}`")
    lines = [
        f"\n## {extract.name}\n",
        f"A row is {extract.row}. {'; '.join(facts)[0].upper()}{'; '.join(facts)[1:]}.\n",
        "| column | holds | may be empty | says |",
        "|---|---|---|---|",
        *[_render_line(column) for column in extract.columns],
    ]
    for earlier, later in extract.in_order:
        lines.append(f"\n`{earlier}` is never after `{later}`.")
    return "\n".join(lines) + "\n"


def _render_line(column: Column) -> str:
    notes = [column.describes]
    if column.choices:
        notes.append("One of " + ", ".join(f"`{c}`" for c in column.choices) + ".")
    if column.references:
        notes.append(f"Must be in `{column.references}`.")
    if column.ahead:
        notes.append(f"*Ahead*, up to {column.ahead} days.")
    if column.least is not None and column.most is not None:
        notes.append(f"From {column.least:g} to {column.most:g}.")
    empty = "no" if column.required else "yes"
    return f"| `{column.name}` | {KINDS[column.kind]} | {empty} | {' '.join(notes)} |"
