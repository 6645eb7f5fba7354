"""Who was destroyed, so that nobody comes back: a keyed hash and a day, never a code.

`destroyed/record.jsonl` only grows; `destroyed/key` is the key, readable by its owner
only. Whoever has the record without the key learns how many were destroyed and when.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from pathlib import Path

import duckdb

from longevity import append_log
from longevity.files import atomic_write
from longevity.ingest.contract import EXTRACTS
from longevity.release import aggregates, extract_files, person_references
from longevity.release.member import member_of
from longevity.release.person_references import Codes
from longevity.scratch import parquet_sql, quote_identifier

FOLDER = "destroyed"
RECORD = "record.jsonl"


def record_destroyed(home: Path, codes: Collection[str], today: date, why: str) -> int:
    """Write down that these codes are destroyed; how many were not down already."""
    key = append_log.ensure_key(home / FOLDER)
    marks = _read_marks(home)
    fresh = sorted(append_log.hash_with_key(key, code) for code in codes)
    new = [mark for mark in fresh if mark not in marks]
    for mark in new:
        line = {"destroyed_on": today.isoformat(), "why": why, "code": mark}
        append_log.append_line(home / FOLDER / RECORD, line)
    return len(new)


def find_returning(home: Path, codes: Collection[str]) -> frozenset[str]:
    """Return those of `codes` that were destroyed. DataError when the key is lost."""
    marks = _read_marks(home)
    if not marks:
        return frozenset()
    key = append_log.read_key(home / FOLDER)
    return frozenset(code for code in codes if append_log.hash_with_key(key, code) in marks)


def drop_returning(
    connection: duckdb.DuckDBPyConnection, folder: Path, home: Path
) -> tuple[int, dict[str, int]]:
    """Drop from a release being built whoever was destroyed: how many codes, rows by extract."""
    if not _read_marks(home):
        return 0, {}
    files = {
        extract.name: folder / member_of(extract.name)
        for extract in EXTRACTS
        if extract.named and (folder / member_of(extract.name)).exists()
    }
    codes_met: set[str] = set()
    for name, path in files.items():
        for column in map(quote_identifier, person_references.list_person_columns(name)):
            rows = connection.execute(
                f"SELECT DISTINCT {column} FROM {parquet_sql(path)} WHERE {column} IS NOT NULL"
            ).fetchall()
            codes_met |= {str(code) for (code,) in rows}
    codes = Codes(find_returning(home, codes_met))
    if not codes.codes:
        return 0, {}
    codes.create_table(connection)
    dropped = {}
    for name, path in files.items():
        if codes.find_in_parquet(connection, path, name):
            dropped[name] = rewrite_without_codes(connection, codes, path, name, path)
    return len(codes.codes), dropped


def rewrite_without_codes(
    connection: duckdb.DuckDBPyConnection, codes: Codes, path: Path, extract: str, out: Path
) -> int:
    """Write what is left of one extract's file to `out`; how many rows went."""
    before = person_references.count_rows(connection, path)
    remaining = codes.select_remaining(connection, path, extract)
    order = extract_files.write_order_clause(connection, extract, path)
    with atomic_write(out, only_writer=True, sync_name=True) as draft:
        aggregates.copy_to_parquet(connection, f"{remaining}{order}", draft)
        after = person_references.count_rows(connection, draft)
    return before - after


def _read_marks(home: Path) -> frozenset[str]:
    return frozenset(
        str(line.get("code")) for line in append_log.read_lines(home / FOLDER / RECORD)
    )
