"""What looks like a person's data: names of columns, and values, that give one away.

`personal_data.toml` says what a name, address, birth date, telephone number, e-mail address, social
security number or record number looks like.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from longevity.checks.findings import ROWS_NAMED, CheckFinding, make_finding
from longevity.ingest.contract import Column, Kind
from longevity.scratch import quote_identifier, quote_text

if TYPE_CHECKING:
    from longevity.checks.folder import ExtractFile

# What the name of a column too many says that promises a person's data.
PROMISE = re.compile(
    r"name|alias|d\.?o\.?b|birth|born|ssn|social|phone|mobile|mail|addr|street|apartment|docket|"
    r"licen[cs]e|inmate|badge|passport|case.?n",
    re.IGNORECASE,
)
OF_PERSONS = ("person_id", "victim_id")
# Texts in which somebody may have written a name.
MAY_NAME = ("label", "greeted_by", "agency", "facility")
# A code that is mostly one long number: eight digits, or six behind letters as cases have them.
RECORD_NUMBER = r"(?:^|[^0-9A-Za-z])[A-Za-z]{1,4}\d{6,}|[1-9]\d{7,}"
RUN_OF_A_CODE = 0.4
RECORD_SHARE = 0.9
LEAST_RECORDS = 5
_DECLARED = tomllib.loads(
    # Long patterns go on in the next line.
    Path(__file__).with_suffix(".toml").read_text(encoding="utf-8").replace("\\\n", "")
)


def _match_sql(value: str, pattern: str) -> str:
    """Return SQL of whether a value has a pattern, with the parts that it names written out."""
    whole = re.sub(r"<(\w+)>", lambda found: _DECLARED["parts"][found[1]], pattern)
    return f"coalesce(regexp_matches({value}, {quote_text(whole)}), false)"


def list_conditions(column: Column) -> dict[str, str]:
    """Return SQL of whether a column's text looks like a person's data, by kind of these."""
    places = {
        Kind.CODE: {"any", "code", *(["person"] if column.name in OF_PERSONS else [])},
        Kind.TEXT: {"any", "text", *(["name"] if column.name in MAY_NAME else [])},
    }.get(column.kind, set())  # a word among the choices is none; another is refused already
    value = quote_identifier(column.name)
    by_kind: dict[str, str] = {}
    for look in _DECLARED["looks"]:
        if places.intersection(look["in"]):
            condition = _match_sql(value, look["pattern"])
            if "unless" in look:
                condition += f" AND NOT {_match_sql(value, look['unless'])}"
            before = f"{by_kind[look['kind']]} OR " if look["kind"] in by_kind else ""
            by_kind[look["kind"]] = f"{before}({condition})"
    return by_kind


def find_values(connection: duckdb.DuckDBPyConnection, file: ExtractFile) -> Iterator[CheckFinding]:
    """Find values of the view `given` that look like a person's data."""
    columns = [column for column in file.extract.columns if column.name not in file.unread]
    looks = [(c.name, kind, sql) for c in columns for kind, sql in list_conditions(c).items()]
    asked = ", ".join(f"{sql} AS k{at}" for at, (*_, sql) in enumerate(looks))
    counted = ", ".join(
        f"count(*) FILTER (k{at}), min(at_row, {ROWS_NAMED}) FILTER (k{at})"
        for at in range(len(looks))
    )
    query = f"SELECT {counted} FROM (SELECT at_row, {asked} FROM given)"
    answer = connection.execute(query).fetchall()[0] if looks else ()
    found = set()
    for (name, kind, _), count, rows in zip(looks, answer[::2], answer[1::2], strict=True):
        if count:
            found.add(name)
            yield make_finding(
                file.file,
                "personal_data",
                f"the value looks like {kind}.",
                "Replace it by an opaque code, for instance a letter and a running number; no "
                "extract may hold it.",
                column=name,
                kind_of_value=kind,
                rows=rows,
                count=count,
            )
    for column in columns:
        if column.name == file.extract.own_key and column.name not in found:
            yield from _find_record_numbers(connection, file.file, column.name)


def _find_record_numbers(
    connection: duckdb.DuckDBPyConnection, file: str, column: str
) -> Iterator[CheckFinding]:
    """Find a column of codes nearly all of which are long numbers, and not running ones."""
    run = f"regexp_extract(regexp_extract(value, {quote_text(RECORD_NUMBER)}), '\\d+')"
    ((codes, numbers, is_running, rows),) = connection.execute(f"""
        SELECT count(value), count(*) FILTER (long), max(number) FILTER (long)
            - min(number) FILTER (long) < 4 * count(DISTINCT number) FILTER (long),
            min(at_row, {ROWS_NAMED}) FILTER (long)
        FROM (
            SELECT at_row, {quote_identifier(column)} AS value, TRY_CAST({run} AS BIGINT) AS number,
                length({run}) >= {RUN_OF_A_CODE} * length(value) AND {run} <> '' AS long
            FROM given
        )
    """).fetchall()
    if numbers < LEAST_RECORDS or is_running or numbers < RECORD_SHARE * codes:
        return
    yield make_finding(
        file,
        "personal_data",
        f"{numbers} of {codes} codes hold a long number, as records are numbered; it leads back "
        "to the record, and to the people in it.",
        f'Write {column} = {{ from = "…", coded = true }} in the mapping (docs/import.md), or '
        "replace it by an opaque code.",
        column=column,
        kind_of_value="a record number",
        rows=rows,
        count=numbers,
    )
