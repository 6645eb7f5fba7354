"""Who was destroyed, so that no one comes back: a keyed hash and a day, never a code.

`destroyed/record.jsonl` only grows; `destroyed/key` is the key, readable by its owner
only. Someone with the record and without the key learns how many were destroyed and when.
`destroyed/seal.json` is a keyed hash of the record as far as it went at the last purge: by it a
record or a key that was damaged or lost is known, before somebody comes back for it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import date
from pathlib import Path

import duckdb

from longevity.base import append_log
from longevity.base.errors import DataError, count_noun
from longevity.base.scratch import parquet_sql, quote_identifier
from longevity.checks.findings import CheckFinding
from longevity.ingest.contract import BY_NAME
from longevity.release import manifest
from longevity.release.manifest import member_of
from longevity.release.person_references import Codes, list_person_columns
from longevity.release.store import Store

FOLDER = "destroyed"
KEY = f"{FOLDER}/{append_log.KEY}"  # in LONGEVITY_HOME
RECORD, SEAL = "record.jsonl", "seal.json"


def record_destroyed(home: Path, codes: Collection[str], today: date, why: str) -> None:
    """Write down that these codes are destroyed, unless they are down already."""
    marks = _read_marks(home)
    key = append_log.ensure_key(home / KEY)
    for mark in sorted({append_log.hash_with_key(key, code) for code in codes} - marks):
        line = {"destroyed_on": today.isoformat(), "why": why, "code": mark}
        append_log.append_line(home / FOLDER / RECORD, line)
    length = (home / FOLDER / RECORD).stat().st_size
    seal = {"bytes": length, "seal": _seal_record(home, length)}
    manifest.write_json(home / FOLDER / SEAL, seal)


def has_key(home: Path) -> bool:
    """Return whether people were destroyed in this home, and not only in one it pulls from."""
    return (home / KEY).exists()


def find_returning(home: Path, codes: Collection[str]) -> frozenset[str]:
    """Return the codes among `codes` that were destroyed. DataError when the key is lost."""
    marks = _read_marks(home)
    key = append_log.read_key(home / KEY) if marks else b""
    return frozenset(code for code in codes if append_log.hash_with_key(key, code) in marks)


def search_files(
    connection: duckdb.DuckDBPyConnection, home: Path, files: Iterable[tuple[str, Path]]
) -> frozenset[str]:
    """Return the codes of people in these files who were destroyed.

    `files`: the name of an extract, and rows of it. DataError when the key is lost.
    """
    selects = [
        f"SELECT {quote_identifier(column)} FROM {parquet_sql(path)}"
        for name, path in files
        for column in list_person_columns(name)
    ]
    if not selects or not _read_marks(home):
        return frozenset()
    rows = connection.execute(" UNION ".join(selects)).fetchall()
    return find_returning(home, [code for (code,) in rows if code is not None])


def drop_returning(
    connection: duckdb.DuckDBPyConnection, folder: Path, home: Path
) -> tuple[list[CheckFinding], dict[str, int]]:
    """Drop from a release being built those who were destroyed and are in the extracts again.

    Returned are a warning, if anybody was, and how many rows went, by extract.
    """
    paths = {name: folder / member_of(name) for name in BY_NAME if BY_NAME[name].named}
    files = {name: path for name, path in paths.items() if path.exists()}
    returning = search_files(connection, home, files.items())
    if not returning:
        return [], {}
    codes = Codes(connection, returning)
    dropped = {
        name: codes.rewrite_extract(path, name, path)
        for name, path in files.items()
        if codes.is_in_extract(path, name)
    }
    finding = CheckFinding(
        "people.parquet",
        "destroyed_code_returned",
        f"{count_noun(len(returning), 'code')} that had been destroyed came back; what is "
        f"theirs was left out: {count_noun(sum(dropped.values()), 'row')}.",
        "Have the sender take them out. Who is listed anew needs a new code.",
        severity="warning",
        count=len(returning),
    )
    return [finding], dropped


def _seal_record(home: Path, length: int) -> str:
    """Return a keyed hash of so many bytes of the record, which only grows."""
    with suppress(FileNotFoundError):
        text = (home / FOLDER / RECORD).read_bytes()[:length].hex()
        return append_log.hash_with_key(append_log.read_key(home / KEY), text)
    return ""


def _read_marks(home: Path) -> frozenset[str]:
    """Return the keyed hashes; DataError where the record is not what was written, or is lost."""
    record, sealed = home / FOLDER / RECORD, home / FOLDER / SEAL
    if sealed.exists():
        is_whole = False
        with suppress(ValueError, TypeError, KeyError):
            seal = json.loads(sealed.read_bytes())
            is_whole = seal["seal"] == _seal_record(home, seal["bytes"])
    else:  # nobody was destroyed yet, or an earlier version noted who
        manifests = Store(home).read_manifests().values()
        is_whole = record.exists() or not any(found.get("destroyed") for found in manifests)
    if not is_whole:
        raise DataError(
            f"{home / FOLDER} is damaged: who was destroyed would not be known again.",
            "Restore the folder from the back-up. Without one, see that none of them is handed "
            f"over again, put an empty {RECORD} there and remove {SEAL}.",
        )
    return frozenset(str(line.get("code")) for line in append_log.read_lines(record))
