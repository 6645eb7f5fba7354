"""What the contract says of columns, keys and references, as facts that fill the rules.

Facts are names and limits, as SQL and as words: `{"field": "weapon", "noun": "choice"}`. A rule of
`columns.toml` applies to every column of a kind; `keys/RULE.sql` to every key, or every reference
to a row of another extract.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from longevity.base import labels
from longevity.base.scratch import quote_identifier, quote_text
from longevity.checks.sql_files import SqlFile, load_rules
from longevity.facts import age_bands
from longevity.ingest.contract import (
    EARLIEST_YEAR,
    LONGEST_CODE,
    LONGEST_TEXT,
    SQL_TYPES,
    Column,
    Extract,
    Kind,
)
from longevity.ingest.extracts_file import ExtractsFile
from longevity.settings import Settings

# A row that is a part of what it refers to is in the same city; a person or a group
# of one city may well appear in another.
PART_OF = {
    ("victims", "incident_id"),
    ("incident_groups", "incident_id"),
    ("invitations", "call_in_id"),
}


def list_row_rules(
    extract: Extract, settings: Settings, declared: ExtractsFile, today: date
) -> Iterator[tuple[SqlFile, dict[str, Any]]]:
    """Yield every rule that a row can break by itself, with the facts of the column it is about.

    `declared`: what `extracts.toml` says of the folder, such as the last complete day of a city.
    """
    rules = load_rules()
    through = declared.data_through.get(extract.name, {})
    for column in extract.columns:
        facts = _describe_column(extract, column, settings, today)
        days = [f"{quote_text(city)}: DATE '{day}'" for city, day in through.items()]
        facts["through"] = f"MAP {{{', '.join(days)}}}"
        # What the `for` of a rule may name: a kind, a single column, what the contract says of one.
        tags = {column.kind.value, f"{extract.name}.{column.name}"}
        tags |= {"required"} if column.required else set()
        tags |= {"bounded"} if column.least is not None else set()
        tags |= {"event"} if column.name == extract.event and through else set()
        for rule in rules.values():
            if tags & {*rule.list_words("For")}:
                yield rule, facts
        looks = [look for look in _load_looks() if {column.name, column.kind.value} & {*look["in"]}]
        suspect = "|".join(f"(?:{look['expression']})" for look in looks)
        for look in looks:
            yield rules["personal_data"], facts | look | {"suspect": quote_text(suspect)}
        for earlier, later in extract.in_order:
            if later == column.name:
                yield rules["out_of_order"], {**facts, "earlier": earlier}


def _describe_column(
    extract: Extract, column: Column, settings: Settings, today: date
) -> dict[str, Any]:
    """Return the facts of a column: for the SQL of rules, and for their sentences.

    `value`, `blank`, `words` and what is quoted are SQL; `noun`, `ahead`, `bounds` and such are
    words.
    """
    choices = tuple(settings.cities) if column.kind is Kind.CITY else column.choices
    latest = today + timedelta(days=column.ahead)
    value = quote_identifier(column.name)
    return {
        "extract": extract.name,
        "field": column.name,
        "value": value,
        "blank": f"TRIM({value}) = ''" if SQL_TYPES[column.kind] == "VARCHAR" else "FALSE",
        "choices": choices,
        "words": f"({', '.join(map(quote_text, choices))})",
        "unseen": quote_text(labels.IN_DUCKDB),
        "noun": column.kind.value,
        "longest": LONGEST_CODE if column.kind is Kind.CODE else LONGEST_TEXT,
        "band": quote_text(age_bands.PATTERN),
        "usual": f"({', '.join(map(quote_text, age_bands.AGE_BANDS))})",
        "oldest": age_bands.OLDEST,
        "examples": age_bands.EXAMPLES,
        "earliest_year": EARLIEST_YEAR,
        "too_late": latest + timedelta(days=1),
        "latest": latest.isoformat(),
        "ahead": f"more than {column.ahead} days ahead" if column.ahead else "in the future",
        "least": column.least,
        "most": column.most,
        "bounds": f"{column.least or 0:,g} and {column.most or 0:,g}",
    }


@cache
def _load_looks() -> list[dict[str, Any]]:
    """Return what personal data look like, such as a birthday or an email, by `personal_data.toml`.

    Each has `in`, the columns or kinds of columns it is looked for in, and as SQL its `pattern` and
    the `harmless` exceptions from it.
    """
    text = Path(__file__).with_name("personal_data.toml").read_text(encoding="utf-8")
    declared = tomllib.loads(text.replace("\\\n", ""))  # long patterns go on in the next line

    def write(pattern: str) -> str:
        parts = declared["parts"]
        return re.sub(r"<(\w+)>", lambda found: parts[found[1]], pattern)

    nothing = "$."  # a pattern that no text fits: a letter after the end
    return [
        {
            **look,
            "expression": write(look["pattern"]),
            "pattern": quote_text(write(look["pattern"])),
            "harmless": quote_text(write(look.get("unless", nothing))),
        }
        for look in declared["looks"]
    ]


def list_key_facts(extract: Extract) -> dict[str, Any]:
    """Return the facts of an extract's key, the columns that tell its rows apart."""
    needed = [name for name in extract.key if extract.column(name).required]
    return {
        "extract": extract.name,
        "field": extract.key[0],
        "key": ", ".join(map(quote_identifier, extract.key)),
        "keys": ", ".join(extract.key),
        "filled": " AND ".join(f"{quote_identifier(name)} IS NOT NULL" for name in needed),
    }


def list_reference_facts(extract: Extract) -> Iterator[dict[str, Any]]:
    """Yield the facts of each reference of an extract: `victims.incident_id` must be an incident's.

    A row that is a part of what it refers to must be of the same city; else that is only a warning.
    """
    for column in extract.columns:
        if column.references:
            parent, other = column.references.split(".")
            is_part = (extract.name, column.name) in PART_OF
            yield {
                "extract": extract.name,
                "field": column.name,
                "parent": parent,
                "other": other,
                "grave": "error" if is_part else "warning",
                "advice": "Correct one of the two." if is_part else "Nothing, if that is right.",
            }
