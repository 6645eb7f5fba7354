"""Where a person's code stands, and what is left of rows and texts without it.

A row belongs to a person when one of its columns refers to `people.person_id`: it goes.
An action against a group (`scope` group, with a group) is the group's row: it stays,
its person emptied. A text that holds the code is emptied.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

import duckdb

from longevity.ingest.contract import BY_NAME, Kind
from longevity.scratch import parquet_sql, quote_identifier, quote_text

PERSON = "people.person_id"
# The rows that mention a person and are somebody else's: they stay without the person.
OTHERS = {"enforcement_actions": "scope = 'group' AND group_id IS NOT NULL"}
# A shorter code is looked for as a whole text only: `12` stands in every date.
LEAST_WITHIN_TEXT = 6
LEAST_WITHOUT_PREFIX = 3


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
    """The codes to be destroyed, ready to be looked for.

    `import_key` is the key that turned record numbers into codes, if there is one: a
    refused row holds the number.
    """

    def __init__(self, codes: Collection[str], import_key: bytes | None = None) -> None:
        self.codes = frozenset(codes)
        self._key = import_key
        within = "|".join(
            re.escape(code) for code in sorted(codes) if len(code) >= LEAST_WITHIN_TEXT
        )
        self._within = (
            re.compile(f"(?<![A-Za-z0-9])(?:{within})(?![A-Za-z0-9])") if within else None
        )

    def find_in_text(self, text: str) -> frozenset[str]:
        """Return the codes that a text is, or holds between signs that no code continues over."""
        if text.strip() in self.codes:
            return frozenset([text.strip()])
        return frozenset(self._within.findall(text)) if self._within else frozenset()

    def remove_from(self, text: str) -> str:
        """Return a text without the codes."""
        if text.strip() in self.codes:
            return "(destroyed)"
        return self._within.sub("(destroyed)", text) if self._within else text

    def find_meant(self, cell: str) -> frozenset[str]:
        """Return the codes that a cell of a sender's file holds or would have become."""
        text = cell.strip()
        codes = set(self.find_in_text(text))
        endings = [text] if len(text) >= LEAST_WITHOUT_PREFIX else []
        if self._key is not None and text:
            digest = hashlib.blake2b(text.encode(), key=self._key, digest_size=10)
            endings.append("c" + digest.hexdigest())
        for code in self.codes:
            for ending in endings:
                head = code.removesuffix(ending)
                if head != code and (not head or not head[-1].isalnum()):
                    codes.add(code)
        return frozenset(codes)

    def find_meant_in(self, value: Any) -> frozenset[str]:
        """Return the codes meant anywhere in what a line of refused rows says."""
        codes: set[str] = set()
        for leaf in _list_texts(value):
            codes |= self.find_meant(leaf)
            for word in re.split(r"[\s,;|\t\"']+", leaf):
                codes |= self.find_meant(word) if word else frozenset()
        return frozenset(codes)

    def find_in(self, value: Any) -> frozenset[str]:
        """Return the codes found anywhere in what a JSON line says."""
        return frozenset[str]().union(*map(self.find_in_text, _list_texts(value)))

    def create_table(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Make the table `gone` (code) of a scratch database."""
        connection.execute("CREATE OR REPLACE TEMP TABLE gone (code VARCHAR)")
        connection.execute("INSERT INTO gone SELECT unnest($codes)", {"codes": sorted(self.codes)})

    def find_in_parquet(
        self, connection: duckdb.DuckDBPyConnection, path: Path, extract: str
    ) -> frozenset[str]:
        """Return the codes one extract's file holds; the table `gone` must be there."""
        codes: set[str] = set()
        present = _list_columns(connection, path)
        for column in (c for c in list_person_columns(extract) if c in present):
            rows = connection.execute(
                f"SELECT DISTINCT {quote_identifier(column)} FROM {parquet_sql(path)} "
                f"WHERE {quote_identifier(column)} IN (SELECT code FROM gone)"
            ).fetchall()
            codes |= {str(code) for (code,) in rows}
        for cell in self._read_texts(connection, path, extract):
            codes |= self.find_in_text(cell)
        return frozenset(codes)

    def _read_texts(
        self, connection: duckdb.DuckDBPyConnection, path: Path, extract: str
    ) -> Iterator[str]:
        present = _list_columns(connection, path)
        for column in (c for c in list_text_columns(extract) if c in present):
            rows = connection.execute(
                f"SELECT DISTINCT {quote_identifier(column)} FROM {parquet_sql(path)} "
                f"WHERE {quote_identifier(column)} IS NOT NULL"
            ).fetchall()
            yield from (str(cell) for (cell,) in rows)

    def select_remaining(
        self, connection: duckdb.DuckDBPyConnection, path: Path, extract: str
    ) -> str:
        """Return the SELECT of what is left of one extract's file, in its order of columns."""
        present = _list_columns(connection, path)
        people = [column for column in list_person_columns(extract) if column in present]
        stays, replaced = [], []
        for column in map(quote_identifier, people):
            is_gone = f"{column} IN (SELECT code FROM gone)"
            others = OTHERS.get(extract)
            stays.append(
                f"({column} IS NULL OR NOT {is_gone}{f' OR ({others})' if others else ''})"
            )
            if others:
                replaced.append(f"CASE WHEN {is_gone} THEN NULL ELSE {column} END AS {column}")
        bad = [
            cell for cell in self._read_texts(connection, path, extract) if self.find_in_text(cell)
        ]
        if bad:
            cells = ", ".join(quote_text(cell) for cell in sorted(set(bad)))
            for column in (quote_identifier(c) for c in list_text_columns(extract) if c in present):
                replaced.append(
                    f"CASE WHEN {column} IN ({cells}) THEN NULL ELSE {column} END AS {column}"
                )
        star = f"* REPLACE ({', '.join(replaced)})" if replaced else "*"
        where = f" WHERE {' AND '.join(stays)}" if stays else ""
        return f"SELECT {star} FROM {parquet_sql(path)}{where}"


def count_rows(connection: duckdb.DuckDBPyConnection, path: Path) -> int:
    """Return how many rows a file has."""
    return int(connection.execute(f"SELECT count(*) FROM {parquet_sql(path)}").fetchall()[0][0])


def _list_columns(connection: duckdb.DuckDBPyConnection, path: Path) -> frozenset[str]:
    described = connection.execute(f"DESCRIBE SELECT * FROM {parquet_sql(path)}").fetchall()
    return frozenset(str(row[0]) for row in described)


def _list_texts(value: Any) -> Iterable[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from _list_texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _list_texts(inner)
    elif value is not None and not isinstance(value, bool):
        yield str(value)
