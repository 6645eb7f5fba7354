"""What looks like a person's data: names of columns, and values, that give one away.

`personal_data.toml` says what a name, address, birth date, telephone number, e-mail address, social
security number or record number looks like.
"""

from __future__ import annotations

import itertools
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from longevity.checks.findings import ROWS_NAMED, CheckFinding, make_finding
from longevity.ingest.contract import Column, Kind
from longevity.scratch import quote_identifier, quote_text

if TYPE_CHECKING:
    from longevity.checks.folder import ExtractFile

OF_PERSONS = ("person_id", "victim_id")
# Texts in which somebody may have written a name.
MAY_NAME = ("label", "greeted_by", "agency", "facility")
# A code that is mostly one long number: eight digits, or six behind letters as cases have them.
RECORD_NUMBER = r"(?:^|[^0-9A-Za-z])[A-Za-z]{1,4}\d{6,}|[1-9]\d{7,}"
RUN_OF_A_CODE = 0.4
RECORD_SHARE = 0.9
LEAST_RECORDS = 5
RUNNING_FROM = 20
_DECLARED = tomllib.loads(
    # Long patterns go on in the next line.
    Path(__file__).with_suffix(".toml").read_text(encoding="utf-8").replace("\\\n", "")
)


def _write_out(pattern: str) -> str:
    """Return a pattern with the parts it names."""
    return re.sub(r"<(\w+)>", lambda found: _DECLARED["parts"][found[1]], pattern)


@dataclass(frozen=True)
class Look:
    """One kind of personal data and what it looks like, as `personal_data.toml` says."""

    kind: str
    where: frozenset[str]
    pattern: str
    unless: str = ""
    majority: bool = False
    unless_running: bool = False

    def condition(self, value: str) -> str:
        """Return SQL that is true where the text `value` has this look."""
        looks = f"regexp_matches({value}, {quote_text(_write_out(self.pattern))})"
        other = f" AND NOT regexp_matches({value}, {quote_text(_write_out(self.unless))})"
        return f"({looks}{other if self.unless else ''})"


LOOKS = [Look(where=frozenset(look.pop("in")), **look) for look in _DECLARED["looks"]]


def select_looks(column: Column | None) -> list[Look]:
    """Return what to look for in a column's text; None is a column the contract does not know."""
    if column is None:
        places = {"any", "text", "extra"}
    elif column.kind is Kind.CODE:
        places = {"any", "code", *(["person"] if column.name in OF_PERSONS else [])}
    elif column.kind is Kind.TEXT:
        places = {"any", "text", *(["name"] if column.name in MAY_NAME else [])}
    else:
        places = set()  # a word among the choices is none; one that is not is refused already
    return [look for look in LOOKS if look.where & places]


def find_values(connection: duckdb.DuckDBPyConnection, file: ExtractFile) -> list[CheckFinding]:
    """Return findings on values of the view `given` that look like a person's data."""
    columns = [column for column in file.extract.columns if column.name not in file.unread]
    searched = [(c.name, quote_identifier(c.name), select_looks(c)) for c in columns]
    searched += [(name, value, select_looks(None)) for name, value in file.extra_texts.items()]
    searched = [(name, value, looks) for name, value, looks in searched if looks]
    # One pass finds that there is none.
    any_look = ", ".join(
        f"coalesce(bool_or({' OR '.join(look.condition(value) for look in looks)}), false)"
        for _, value, looks in searched
    )
    hits = connection.execute(f"SELECT {any_look} FROM given").fetchall()[0] if searched else ()
    findings = [
        finding
        for (name, value, looks), is_hit in zip(searched, hits, strict=True)
        if is_hit
        for finding in _find_looks(connection, file.file, name, value, looks)
    ]
    reported = {finding.column for finding in findings}
    for column in columns:
        if column.name == file.extract.own_key and column.name not in reported:
            findings += _find_record_numbers(connection, file.file, column.name)
    return findings


def _find_looks(
    connection: duckdb.DuckDBPyConnection, file: str, column: str, value: str, looks: list[Look]
) -> Iterator[CheckFinding]:
    by_kind: dict[str, list[str]] = {}
    for look in looks:
        condition = look.condition(value)
        if not _is_by_chance(connection, look, condition, value):
            by_kind.setdefault(look.kind, []).append(condition)
    for kind, conditions in by_kind.items():
        count, rows = _find_rows(connection, " OR ".join(conditions))
        if count:
            yield make_finding(
                file,
                "personal_data",
                f"the value looks like {kind}.",
                "Replace it by an opaque code, for instance a letter and a running number; no "
                "extract may hold it.",
                column=column,
                kind_of_value=kind,
                rows=rows,
                count=count,
            )


def _find_rows(connection: duckdb.DuckDBPyConnection, condition: str) -> tuple[int, list[int]]:
    ((count, rows),) = connection.execute(
        f"SELECT count(*), min(at_row, {ROWS_NAMED}) FROM given WHERE {condition}"
    ).fetchall()
    return count, rows or []


def _is_by_chance(
    connection: duckdb.DuckDBPyConnection, look: Look, condition: str, value: str
) -> bool:
    """Return whether a column of harmless numbers has a look: too few have it, or they run."""
    if not (look.majority or look.unless_running):
        return False
    values, alike, distinct, is_close = _measure_numbers(connection, value, condition, value)
    too_few = look.majority and alike * 2 < values
    return too_few or (look.unless_running and distinct >= RUNNING_FROM and is_close)


def _measure_numbers(
    connection: duckdb.DuckDBPyConnection, value: str, condition: str, number: str
) -> tuple[int, int, int, bool]:
    """Return how many values there are and meet a condition, how many numbers, and if they run."""
    ((values, alike, distinct, is_close),) = connection.execute(
        f"""
        SELECT count(value), count(*) FILTER (alike), count(DISTINCT number) FILTER (alike),
            coalesce(
                max(number) FILTER (alike) - min(number) FILTER (alike)
                < 4 * count(DISTINCT number) FILTER (alike), false
            )
        FROM (
            SELECT {value} AS value, {condition} AS alike, TRY_CAST({number} AS BIGINT) AS number
            FROM given
        )
        """
    ).fetchall()
    return values, alike, distinct, is_close


def _find_record_numbers(
    connection: duckdb.DuckDBPyConnection, file: str, column: str
) -> Iterator[CheckFinding]:
    """Find a column of codes nearly all of which are long numbers, and not running ones."""
    value = quote_identifier(column)
    looks_like = quote_text(RECORD_NUMBER)
    run = f"regexp_extract(regexp_extract({value}, {looks_like}), '\\d+')"
    long = f"length({run}) >= {RUN_OF_A_CODE} * length({value}) AND {run} <> ''"
    codes, numbers, _, is_running = _measure_numbers(connection, value, long, run)
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
        rows=_find_rows(connection, long)[1],
        count=numbers,
    )


def kind_of_column(name: str) -> str | None:
    """Return the kind of personal data a column's name promises; None when it promises none."""
    plain = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", name)
    words = re.sub(r"[^a-z0-9]+", " ", plain.lower()).split()
    joined = {first + second for first, second in itertools.pairwise(words)}
    for kind, names in _DECLARED["names"].items():
        if {*words, *joined} & {*names.split()}:
            return str(kind)
    return None
