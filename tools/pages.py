"""Writes the parts of docs pages that are made from declarations: `make docs`.

With `--check` it fails where such a part is not what the code says, or a language lacks a word that
the public reads. A part is between `<!-- made: NAME -->` and `<!-- end -->`; all else is written by
hand.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterable
from inspect import getsource
from itertools import pairwise
from typing import Any

from longevity.base.toml_file import Table
from longevity.checks.sql_files import (
    FOLDER,
    KEYS,
    SqlFile,
    fill_sentence,
    load_files,
    load_relations,
    load_rules,
)
from longevity.ingest.contract import EXTRACTS, Column, Extract, Kind
from longevity.ingest.importing import column_rules, mapping
from longevity.screens.chart_catalogue.chart_list import ENTRIES
from longevity.settings import ROOT, models
from tools import translations

MADE = re.compile(r"(<!-- made: (.+?) -->\n).*?(<!-- end -->)", re.DOTALL)
ACCEPTABLE = "error, acceptable"
PLACE = re.compile(r"\{(\w+)\}")
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


def main(arguments: list[str]) -> int:
    """Write the pages, or say which are not current."""
    stale = 0
    for page in sorted((ROOT / "docs").glob("*.md")):
        text = page.read_text(encoding="utf-8")
        made = MADE.sub(lambda mark: mark[1] + make_part(mark[2]) + mark[3], text)
        stale += made != text
        if made != text and arguments == ["--check"]:
            print(f"{page.name} is not what the code says: run `make docs`.", file=sys.stderr)
        elif made != text:
            page.write_text(made, encoding="utf-8")
    gaps = translations.find_gaps(translations.list_words())
    for gap in gaps:
        print(gap, file=sys.stderr)
    return int(bool(stale or gaps) and arguments == ["--check"])


def make_part(name: str) -> str:
    """Return the part of a page with this name, as Markdown."""
    made: dict[str, Callable[[], str]] = {
        "extracts": lambda: "".join(_write_extract(extract) for extract in EXTRACTS),
        "public charts": _write_charts,
        "errors that may be the truth": lambda: _write_checks(is_acceptable=True),
        "other errors, and warnings": lambda: _write_checks(is_acceptable=False),
        "why": _write_whys,
    }
    if name in made:
        return made[name]()
    _, _, model = name.partition("keys of ")
    modules = (models, mapping, column_rules)
    return next(_write_keys(vars(m)[model], m is models) for m in modules if model in vars(m))


def _write_table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table."""
    lines = [[*head], *([*row] for row in rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


# --- the contract -----------------------------------------------------------------


def _write_extract(extract: Extract) -> str:
    """Return the section on an extract: what it holds, and a table of its columns."""
    facts = [
        "Required" if extract.required else "Optional",
        f"key: {', '.join(f'`{name}`' for name in extract.key)}",
    ]
    if extract.named:
        facts.append("holds a group or person code (class `named`)")
    if extract.event:
        facts.append(f"dated by `{extract.event}`")
    rows = [_write_column(column) for column in extract.columns]
    orders = [f"\n`{early}` is never after `{later}`.\n" for early, later in extract.in_order]
    return (
        f"\n## {extract.name}\n\nA row is {extract.row}. {'; '.join(facts)}.\n\n"
        + _write_table(("column", "holds", "may be empty", "says"), rows)
        + "".join(orders)
    )


def _write_column(column: Column) -> list[str]:
    """Return the cells on a column: its name, its kind, whether it may be empty, what it says."""
    notes = [column.describes]
    if column.choices:
        notes.append("One of " + ", ".join(f"`{choice}`" for choice in column.choices) + ".")
    if column.references:
        notes.append(f"Must be in `{column.references}`.")
    if column.ahead:
        notes.append(f"*Ahead*, up to {column.ahead} days.")
    if column.least is not None and column.most is not None:
        notes.append(f"From {column.least:g} to {column.most:g}.")
    empty = "no" if column.required else "yes"
    return [f"`{column.name}`", KINDS[column.kind], empty, " ".join(notes)]


# --- the keys of models: what one says is the text under its field -----------------


def _write_keys(model: type[Table], has_defaults: bool) -> str:
    """Return the table of a configuration model's keys.

    What a key says is the text under its field in the source, which Python itself does not keep.
    """
    (body,) = (
        node.body for node in ast.parse(getsource(model)).body if isinstance(node, ast.ClassDef)
    )
    texts = {
        field.target.id: " ".join(text.value.value.split())
        for field, text in pairwise(body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
    }
    rows = []
    for name, says in texts.items():
        field = model.model_fields[name]
        default = [_write_default(field)] if has_defaults else []
        rows.append([f"`{field.alias or name}`", *default, says])
    return _write_table(("key", "default", "says") if has_defaults else ("key", "says"), rows)


def _write_default(field: Any) -> str:
    if field.is_required():
        return "needed"
    default = field.default
    return "none" if field.default_factory or default in (None, "", ()) else f"`{default}`"


# --- charts and checks ----------------------------------------------------------


def _write_charts() -> str:
    """Return the table of the charts that anybody may have."""
    rows = [
        [f"`{name}`", entry.about.subject, ", ".join(f"`{of.name}`" for of in entry.parameters)]
        for name, entry in ENTRIES.items()
        if not entry.about.inside
    ]
    return _write_table(("chart", "subject", "parameters"), rows)


def _write_checks(is_acceptable: bool) -> str:
    """Return the table of the checks that may be the truth (`acceptable`), or of all the others."""
    files = (load_rules(), load_files(KEYS), load_files(FOLDER))
    checks = [check for of_file in files for check in of_file.values()]
    found = [check for check in checks if (check.severity == ACCEPTABLE) == is_acceptable]
    rows = dict.fromkeys(map(_describe_check, sorted(found, key=lambda check: check.rule)))
    return _write_table(("rule", "", "found", "what to do"), rows)


def _describe_check(check: SqlFile) -> tuple[str, ...]:
    """Return the cells on a check: its rule, how grave it is, what it finds, what to do."""
    facts = _show_thresholds(check)
    found = check.header.get("Found", check.sentence).rstrip(".")
    do = "" if PLACE.fullmatch(check.header["Do"]) else check.header["Do"]
    severity, _, _ = check.severity.partition(",")
    cells = (f"`{check.rule}`", severity, fill_sentence(found, facts), fill_sentence(do, facts))
    return tuple(cell.replace("|", "/") for cell in cells)


def _write_whys() -> str:
    files = [file for file in load_relations().values() if "Why" in file.header]
    return "\n".join(
        f"{fill_sentence(file.header['Why'], _show_thresholds(file))}\n" for file in files
    )


def _show_thresholds(file: SqlFile) -> dict[str, str]:
    """Return the facts of a header: shares as percentages, and what a row says as its name."""
    named = PLACE.findall(f"{file.sentence} {file.header}")
    facts = {name: f"*{name.replace('_', ' ')}*" for name in named}
    for name, value in file.thresholds.items():
        facts[name] = f"{float(value) * 100:g}%" if float(value) < 1 else value
    return facts


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
