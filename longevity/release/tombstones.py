"""Who was destroyed, so that nobody comes back: a keyed hash and a day, never a code.

`destroyed/record.jsonl` only grows; `destroyed/key` is the key, readable by its owner
only. Whoever has the record without the key learns how many were destroyed and when.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from pathlib import Path

import duckdb

from longevity import appended
from longevity.files import atomic_write
from longevity.intake.checking.scratch import identifier, parquet
from longevity.intake.contract import EXTRACTS
from longevity.release import aggregates, mentions, rewriting
from longevity.release.member import member_of
from longevity.release.mentions import Codes

FOLDER = "destroyed"
RECORD = "record.jsonl"


def record(home: Path, codes: Collection[str], today: date, why: str) -> int:
    """Write down that these codes are destroyed; how many were not down already."""
    key = appended.make_key(home / FOLDER)
    known = _known(home)
    fresh = sorted(appended.hashed(key, code) for code in codes)
    new = [mark for mark in fresh if mark not in known]
    for mark in new:
        line = {"destroyed_on": today.isoformat(), "why": why, "code": mark}
        appended.append(home / FOLDER / RECORD, line)
    return len(new)


def returning(home: Path, codes: Collection[str]) -> frozenset[str]:
    """Those of `codes` that were destroyed. DataError when the key is lost."""
    known = _known(home)
    if not known:
        return frozenset()
    key = appended.read_key(home / FOLDER)
    return frozenset(code for code in codes if appended.hashed(key, code) in known)


def drop_returning(
    connection: duckdb.DuckDBPyConnection, folder: Path, home: Path
) -> tuple[int, dict[str, int]]:
    """Drop from a release being built whoever was destroyed: how many codes, rows by extract."""
    if not _known(home):
        return 0, {}
    files = {
        one.name: folder / member_of(one.name)
        for one in EXTRACTS
        if one.named and (folder / member_of(one.name)).exists()
    }
    met: set[str] = set()
    for name, path in files.items():
        for column in map(identifier, mentions.person_columns(name)):
            rows = connection.execute(
                f"SELECT DISTINCT {column} FROM {parquet(path)} WHERE {column} IS NOT NULL"
            ).fetchall()
            met |= {str(code) for (code,) in rows}
    codes = Codes(returning(home, met))
    if not codes.codes:
        return 0, {}
    codes.table(connection)
    dropped = {}
    for name, path in files.items():
        if codes.in_parquet(connection, path, name):
            dropped[name] = rewrite(connection, codes, path, name, path)
    return len(codes.codes), dropped


def rewrite(
    connection: duckdb.DuckDBPyConnection, codes: Codes, path: Path, extract: str, out: Path
) -> int:
    """Write what is left of one extract's file to `out`; how many rows went."""
    before = mentions.rows_in(connection, path)
    left = codes.left(connection, path, extract)
    order = rewriting.order(connection, extract, path)
    with atomic_write(out, only_writer=True, sync_name=True) as draft:
        aggregates.copy(connection, f"{left}{order}", draft)
        after = mentions.rows_in(connection, draft)
    return before - after


def _known(home: Path) -> frozenset[str]:
    return frozenset(str(line.get("code")) for line in appended.lines(home / FOLDER / RECORD))
