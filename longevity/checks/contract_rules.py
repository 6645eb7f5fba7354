"""The rules that follow from the contract: of each column, of keys, of references.

A row rule is a condition in SQL that is true of a row that breaks it; `check` counts all of an
extract in one pass. What rows owe each other is a query of the rows that break it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import duckdb

from longevity import age_bands, labels
from longevity.checks.findings import ROWS_NAMED, Finding, Severity, make_finding
from longevity.ingest.contract import (
    BY_NAME,
    EARLIEST_YEAR,
    LONGEST_CODE,
    LONGEST_TEXT,
    Column,
    Extract,
    Kind,
)
from longevity.ingest.extracts_file import ExtractsFile
from longevity.scratch import quote_identifier, quote_text
from longevity.settings import Settings

# A row that is a part of what it refers to is in the same city; a person or a group
# of one city may well appear in another.
PART_OF = {
    ("victims", "incident_id"),
    ("incident_groups", "incident_id"),
    ("invitations", "call_in_id"),
}


@dataclass(frozen=True)
class Rule:
    """One rule: its name, what is true of what breaks it, and what to say then."""

    name: str
    condition: str
    kind_of_value: str
    what: str
    do: str
    severity: Severity = "error"
    column: str = ""
    words: tuple[str, ...] = ()  # the valid ones, when the nearest should be named


def list_row_rules(
    extract: Extract, settings: Settings, declared: ExtractsFile, today: date
) -> list[Rule]:
    """Return every rule one row of an extract can break on its own, as the contract has it."""
    rules = [rule for column in extract.columns for rule in _list_rules(column, settings, today)]
    for earlier, later in extract.in_order:
        condition = f"CAST({_name(later)} AS DATE) < CAST({_name(earlier)} AS DATE)"
        what = f"a date before the {earlier} of its row."
        do = "Correct one of the two."
        rules.append(Rule("out_of_order", condition, "a date", what, do, column=later))
    days = declared.data_through.get(extract.name, {})
    if extract.event and days:
        event = f"CAST({_name(extract.event)} AS DATE)"
        rules.append(
            Rule(
                "after_data_through",
                " OR ".join(
                    f"(city = {quote_text(city)} AND {event} > DATE '{day}')"
                    for city, day in days.items()
                ),
                "a date",
                "a date after the day this source is said to be complete through.",
                "These days are not counted. If they are complete, move data_through in "
                "extracts.toml.",
                "warning",
                extract.event,
            )
        )
    return rules


def _name(column: str) -> str:
    return quote_identifier(column)


def _list_rules(column: Column, settings: Settings, today: date) -> Iterator[Rule]:
    name, kind = _name(column.name), column.kind
    empty = f"{name} IS NULL" + (f" OR trim({name}) = ''" if kind is Kind.TEXT else "")
    latest = today + timedelta(days=column.ahead)
    ahead = f"more than {column.ahead} days ahead" if column.ahead else "in the future"
    finite = f"isfinite({name})" if kind is Kind.DECIMAL else "TRUE"
    band = f"{name} IS NOT NULL AND {name} <> '{age_bands.UNKNOWN}' AND NOT ({_band_sql(name)})"
    spells = f"{name} IS NOT NULL AND NOT regexp_full_match({name}, '[A-Za-z0-9._:-]+')"
    is_code, is_text, is_date = (
        kind is Kind.CODE,
        kind is Kind.TEXT,
        kind in (Kind.DAY, Kind.MOMENT),
    )
    for applies, rule, condition, met, what, do in (
        (
            column.required,
            "empty",
            empty,
            "nothing",
            "there is no value, and there must be one.",
            "Fill it in, or leave the row out.",
        ),
        (
            is_code,
            "not_a_code",
            spells,
            "text that is not a code",
            "the value is not an opaque code.",
            "Use letters, digits and - _ . : only.",
        ),
        (
            is_code,
            "too_long",
            f"length({name}) > {LONGEST_CODE}",
            "a long code",
            f"the code is longer than {LONGEST_CODE} characters.",
            "Use a shorter one.",
        ),
        (
            is_text,
            "too_long",
            f"length({name}) > {LONGEST_TEXT}",
            "a long text",
            f"the text is longer than {LONGEST_TEXT} characters.",
            "Notes do not belong in an extract; shorten it.",
        ),
        (
            is_text,
            "unprintable",
            f"regexp_matches({name}, '{labels.IN_DUCKDB}')",
            "text with control characters",
            "the text holds line breaks, control characters or marks that turn its direction.",
            "Take them out.",
        ),
        (
            kind is Kind.BAND,
            "not_an_age_band",
            band,
            "text that is not an age band",
            "the value is not an age band; a single age is none.",
            age_bands.EXAMPLES,
        ),
        (
            is_date,
            "future",
            f"{name} >= DATE '{latest + timedelta(days=1)}'",
            "a date",
            f"a date {ahead}.",
            f"No later than {latest.isoformat()} is possible today.",
        ),
        (
            is_date,
            "too_early",
            f"{name} < DATE '{EARLIEST_YEAR}-01-01'",
            "a date",
            f"a date before {EARLIEST_YEAR}.",
            "Correct it; a placeholder for an unknown date is left empty.",
        ),
        (
            kind is Kind.DECIMAL,
            "not_a_number",
            f"NOT {finite}",
            "NaN or infinity",
            "not a number, or infinite.",
            "Leave the cell empty when the number is not known.",
        ),
        (
            column.least is not None,
            "out_of_range",
            f"{finite} AND NOT {name} BETWEEN {column.least} AND {column.most}",
            "a number",
            f"a number that is not between {column.least or 0:,g} and {column.most or 0:,g}.",
            "Check the unit and the order of the columns.",
        ),
    ):
        if applies:
            yield Rule(rule, condition, met, what, do, column=column.name)
    cities = tuple(settings.cities)
    for applies, rule, words, met, where in (
        (kind is Kind.CITY, "unknown_city", cities, "a city", "in the configuration"),
        (kind is Kind.CHOICE, "unknown_word", column.choices, "a word", "one the contract knows"),
    ):
        if applies:
            valid = ", ".join(map(quote_text, words))
            other = f"{name} IS NOT NULL AND {name} NOT IN ({valid})"
            what = f"{met} that is not {where}."
            yield Rule(rule, other, met, what, "", column=column.name, words=words)


def _band_sql(name: str) -> str:
    first = f"TRY_CAST(regexp_extract({name}, '^[0-9]+') AS INTEGER)"
    last = f"COALESCE(TRY_CAST(regexp_extract({name}, '[0-9]+$') AS INTEGER), {first})"
    pattern = quote_text(age_bands.PATTERN)
    in_order = f"{first} <= {last} AND {last} <= {age_bands.OLDEST}"
    return f"regexp_full_match({name}, {pattern}) AND {in_order}"


def find_relation_problems(
    connection: duckdb.DuckDBPyConnection, files: dict[str, str]
) -> Iterator[Finding]:
    """Yield findings on keys and references, over the views named after the extracts in `files`
    (extract to file name).
    """
    for name, file in files.items():
        extract = BY_NAME[name]
        rules = [*_list_key_rules(connection, extract)]
        for column in extract.columns:
            if column.references and column.references.split(".")[0] in files:
                rules += _list_reference_rules(extract, column)
        for rule in rules:
            ((count, first),) = connection.execute(
                f"SELECT count(*), min(at_row, {ROWS_NAMED}) FROM ({rule.condition})"
            ).fetchall()
            if count:
                yield make_broken(file, rule, first, count)


def make_broken(file: str, rule: Rule, rows: list[int], count: int, do: str = "") -> Finding:
    """Return the finding on the first `rows` that break a rule, of `count`."""
    return make_finding(
        file,
        rule.name,
        rule.what,
        do or rule.do,
        severity=rule.severity,
        column=rule.column,
        kind_of_value=rule.kind_of_value,
        rows=rows,
        count=count,
    )


def _list_key_rules(connection: duckdb.DuckDBPyConnection, extract: Extract) -> Iterator[Rule]:
    """Yield the rules on keys that are there twice, where some may be."""
    key = ", ".join(map(_name, extract.key))
    needed = [name for name in extract.key if extract.column(name).required]
    filled = " AND ".join(f"{_name(name)} IS NOT NULL" for name in needed)
    # Hashes first: eight bytes a row fit where ten million keys do not.
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE suspects AS "
        f"SELECT hash({key}) AS hashed FROM {extract.name} WHERE {filled} "
        "GROUP BY hashed HAVING count(*) > 1"
    )
    if not connection.execute("FROM suspects LIMIT 1").fetchall():
        return
    connection.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE repeats AS
        SELECT at_row, row_number() OVER (PARTITION BY {key} ORDER BY at_row) > 1 AS again,
            count(DISTINCT city) OVER (PARTITION BY {key}) > 1 AS elsewhere
        FROM {extract.name} WHERE {filled} AND hash({key}) IN (SELECT hashed FROM suspects)
        """
    )
    what = f"the key ({', '.join(extract.key)}) was there in an earlier row"
    for rule, condition, where, do in (
        ("duplicate_key", "NOT elsewhere", ".", "Keep one row for each."),
        (
            "duplicate_across_cities",
            "elsewhere",
            ", of another city.",
            "Decide which city it belongs to, or give codes that differ between cities.",
        ),
    ):
        query = f"SELECT at_row FROM repeats WHERE again AND {condition}"
        yield Rule(rule, query, "a key", what + where, do, column=extract.key[0])


def _list_reference_rules(extract: Extract, column: Column) -> Iterator[Rule]:
    parent, key = str(column.references).split(".")
    # Both sides are aliased: a group may refer to another row of its own extract.
    child = f"SELECT child.at_row FROM {extract.name} AS child"
    same = f"{_name(key)} = child.{_name(column.name)}"
    yield Rule(
        "dangling_reference",
        f"{child} WHERE child.{_name(column.name)} IS NOT NULL "
        f"AND NOT EXISTS (SELECT 1 FROM {parent} AS held WHERE held.{same})",
        "a code",
        f"the code is in no row of {parent}.",
        f"Supply the rows of {parent} it refers to, or correct it.",
        column=column.name,
    )
    part = (extract.name, column.name) in PART_OF
    yield Rule(
        "another_city",
        f"{child} SEMI JOIN {parent} AS other ON other.{same} AND other.city <> child.city "
        f"ANTI JOIN {parent} AS own ON own.{same} AND own.city = child.city",
        "a city",
        f"the row is of another city than what it refers to in {parent}.",
        "Correct one of the two." if part else "Nothing, if that is right.",
        "error" if part else "warning",
        column.name,
    )
