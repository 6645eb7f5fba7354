"""Where a person's code is written, and what remains of rows and texts without it.

A row belongs to a person when one of its columns refers to `people.person_id`: it goes.
An action against a group (`scope` group, with a group) is the group's row: it stays,
its person emptied. A text that holds the code is emptied.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

import duckdb

from longevity.base.files import atomic_write
from longevity.base.scratch import create_table, quote_identifier
from longevity.ingest.contract import BY_NAME, Kind
from longevity.release.aggregates import copy_to_parquet
from longevity.release.extract_rows import count_rows, order_by_key, select_rows

PERSON = "people.person_id"
# The rows that mention a person and are somebody else's: they stay without the person.
OTHERS = {"enforcement_actions": "scope = 'group' AND group_id IS NOT NULL"}
# A shorter code is looked for as a whole text only: `12` is in every date.
LEAST_WITHIN_TEXT = 6
DESTROYED = "(destroyed)"


def list_person_columns(extract: str) -> list[str]:
    """Return the columns of an extract whose values are people's codes."""
    return [
        column.name
        for column in BY_NAME[extract].columns
        if PERSON in (f"{extract}.{column.name}", column.references)
    ]


def list_text_columns(extract: str) -> list[str]:
    """Return the columns of an extract in which anything may be written."""
    return [c.name for c in BY_NAME[extract].columns if c.kind is Kind.TEXT]


class Codes:
    """The codes to be destroyed, ready to be looked for with one database."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, codes: Collection[str]) -> None:
        self.codes = frozenset(codes)
        self._connection = connection
        long = [re.escape(code) for code in sorted(codes) if len(code) >= LEAST_WITHIN_TEXT]
        # Between signs that no code continues over. Without a long one nothing is found.
        within = "|".join(long) or "(?!)"
        self._within = re.compile(f"(?<![A-Za-z0-9])(?:{within})(?![A-Za-z0-9])")
        create_table(connection, "gone", "code VARCHAR", ((code,) for code in self.codes))
        connection.create_function("holds_code", self.is_in_text, ["VARCHAR"], "BOOLEAN")

    def is_in_text(self, text: str) -> bool:
        """Return whether a text is a code, or holds one."""
        return text.strip() in self.codes or self._within.search(text) is not None

    def remove_from(self, text: str) -> str:
        """Return a text without the codes."""
        return DESTROYED if text.strip() in self.codes else self._within.sub(DESTROYED, text)

    def is_in_extract(self, path: Path, extract: str) -> bool:
        """Return whether one extract's file holds a code."""
        found = " OR ".join(_find_conditions(extract).values()) or "FALSE"
        rows = select_rows(self._connection, extract, path)
        answer = self._connection.execute(f"SELECT coalesce(bool_or({found}), FALSE) FROM ({rows})")
        return bool(answer.fetchall()[0][0])

    def rewrite_extract(self, path: Path, extract: str, out: Path) -> int:
        """Write what remains of one extract's file to `out`; how many rows went."""
        before = count_rows(self._connection, path)
        conditions = _find_conditions(extract)
        replaced = ", ".join(
            f"CASE WHEN {is_found} THEN NULL ELSE {column} END AS {column}"
            for column, is_found in conditions.items()
        )
        people = map(quote_identifier, list_person_columns(extract))
        goes = " OR ".join(conditions[column] for column in people) or "FALSE"
        select = (
            f"SELECT * REPLACE ({replaced}) FROM ({select_rows(self._connection, extract, path)}) "
            f"WHERE ({goes}) IS NOT TRUE OR ({OTHERS.get(extract, 'FALSE')})"
        )
        with atomic_write(out, only_writer=True, sync_name=True) as draft:
            copy_to_parquet(self._connection, select + order_by_key(extract), draft)
            return before - count_rows(self._connection, draft)


def _find_conditions(extract: str) -> dict[str, str]:
    """Return the SQL that asks whether a column holds a code, for each column that may."""
    people = map(quote_identifier, list_person_columns(extract))
    texts = map(quote_identifier, list_text_columns(extract))
    return {column: f"{column} IN (SELECT code FROM gone)" for column in people} | {
        column: f"holds_code({column})" for column in texts
    }
