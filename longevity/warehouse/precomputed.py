"""Answers precomputed when a release is published, so that nobody waits for them.

What the screens begin with beyond the public record, of each city and of all, is asked once
(`recording.py`) and lies in `LONGEVITY_HOME/prepared/<release>/<scope>.arrow`, the tables of
groups and of the promise beside it in `<scope>.duckdb`. It is no part of the release: what is
missing, half written, or made from anything else than what is open now is asked of the release
as ever, and what becomes ready meanwhile is taken. Answers hold rows of groups and people, so
a purge removes all of them (`release/purge.py`). A file holds what one scope is answered, and only
that scope may have it; the public has none.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

from longevity.auth.viewers import PUBLIC_SCOPE
from longevity.files import sha256
from longevity.ingest import contract
from longevity.promises import tables as promise_tables
from longevity.release import manifest
from longevity.release.store import PREPARED, Release
from longevity.settings import Settings
from longevity.warehouse import frames
from longevity.warehouse.catalogue import Query
from longevity.warehouse.connection import TablesFile, read_state

ANSWERS_SUFFIX, TABLES_SUFFIX = ".arrow", ".duckdb"
MADE_FROM, SCOPE = b"made_from", b"scope"
TABLES = '["tables"]'  # the key under which the hash of the other file stands
# What a screen asks is a page of a list, never the whole of one: that is for a file.
MOST_BYTES = 2**20
COMPRESSION = pa.ipc.IpcWriteOptions(compression="lz4")
SCHEMA = pa.schema([("key", pa.string()), ("sha256", pa.string()), ("answer", pa.large_binary())])
# What of the configuration says only where things are, who comes in, and how charts look.
NO_PART_OF_ANSWERS = ("config_path", "home", "reference", "access", "branding")

# The name of a query, all its values, and what it was answered.
RecordedAnswer = tuple[str, Mapping[str, Any], pd.DataFrame]


class PrecomputedAnswers:
    """The precomputed answers of one open release. Safe to share between threads."""

    def __init__(self, release: Release, settings: Settings, queries: Mapping[str, Query]) -> None:
        self._folder = settings.home / PREPARED / release.id
        self._fingerprint = compute_fingerprint(release, settings, queries)
        self._scopes: dict[str, tuple[tuple[int, ...], Mapping[str, tuple[str, pa.Buffer]]]] = {}

    def find_answer(self, scope: str, name: str, values: Mapping[str, Any]) -> pd.DataFrame | None:
        """Return what the scope was answered to a question; None where there is none."""
        if scope == PUBLIC_SCOPE:
            return None
        digest, answer = self._read(scope).get(_make_key(name, values), ("", None))
        if answer is None or hashlib.sha256(answer).hexdigest() != digest:
            return None
        return frames.from_arrow(pa.ipc.open_stream(answer).read_all())

    def find_tables(self, scope: str) -> TablesFile | None:
        """Return the file of a scope's tables of groups and of the promise; None unless whole."""
        digest, _ = self._read(scope).get(TABLES, ("", None))
        path = self._folder / f"{scope}{TABLES_SUFFIX}"
        try:
            file = TablesFile(path, read_state(path)) if digest else None
            return file if file and digest == sha256(path) and file.is_unchanged() else None
        except OSError:
            return None

    def _read(self, scope: str) -> Mapping[str, tuple[str, pa.Buffer]]:
        """Return what there is for a scope, by its key: read anew once the file is another."""
        path = self._folder / f"{scope}{ANSWERS_SUFFIX}"
        try:
            stamp = read_state(path)
        except OSError:
            self._scopes.pop(scope, None)  # let go of what a purge took away
            return {}
        before, answers = self._scopes.get(scope, ((), {}))
        if before != stamp:
            answers = _read_answers(path, _make_metadata(scope, self._fingerprint))
            self._scopes[scope] = (stamp, answers)
        return answers


def _read_answers(
    path: Path, metadata: Mapping[bytes, bytes]
) -> Mapping[str, tuple[str, pa.Buffer]]:
    """Return what a file holds, if it says of itself what is expected; nothing otherwise."""
    try:
        with pa.memory_map(str(path)) as file:
            table = pa.ipc.open_file(file).read_all()
    except (OSError, pa.ArrowInvalid):
        return {}
    if not table.schema.equals(SCHEMA) or table.schema.metadata != metadata:
        return {}
    return {
        key.as_py(): (digest.as_py(), answer.as_buffer())
        for key, digest, answer in zip(*table.columns, strict=True)
    }


def write_scope(
    folder: Path, scope: str, answers: Iterable[RecordedAnswer], tables: Path, fingerprint: str
) -> None:
    """Write what a scope was answered to a file, with the hash of its file of `tables`.

    Without what no screen asks: the whole of a long list.
    """
    rows = [
        _make_row(_make_key(name, values), table)
        for name, values, frame in answers
        if (table := frames.to_arrow(frame)).nbytes <= MOST_BYTES
    ]
    rows.append({"key": TABLES, "sha256": sha256(tables), "answer": b""})
    schema = SCHEMA.with_metadata(_make_metadata(scope, fingerprint))
    table = pa.Table.from_pylist(rows, schema)
    path = folder / f"{scope}{ANSWERS_SUFFIX}"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table)


def _make_metadata(scope: str, fingerprint: str) -> dict[bytes, bytes]:
    return {MADE_FROM: fingerprint.encode(), SCOPE: scope.encode()}


def _make_row(key: str, table: pa.Table) -> dict[str, Any]:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema, options=COMPRESSION) as stream:
        stream.write_table(table)
    answer = sink.getvalue().to_pybytes()
    return {"key": key, "sha256": hashlib.sha256(answer).hexdigest(), "answer": answer}


def _make_key(name: str, values: Mapping[str, Any]) -> str:
    return json.dumps([name, sorted(values.items())], default=str)


def compute_fingerprint(release: Release, settings: Settings, queries: Mapping[str, Query]) -> str:
    """Return what an answer depends on, as one hash: the release, the configuration, the code."""
    digest = hashlib.sha256(manifest.compute_seal(dict(release.manifest)).encode())
    for setting in fields(settings):
        if setting.name not in NO_PART_OF_ANSWERS:
            digest.update(repr((setting.name, getattr(settings, setting.name))).encode())
    for path in sorted(settings.reference.glob("*.csv")):
        digest.update(path.read_bytes())
    for name, query in sorted(queries.items()):
        digest.update(repr((name, query.sql, query.query_class)).encode())
    digest.update(_hash_code().encode())
    return digest.hexdigest()


@cache
def _hash_code() -> str:
    """Hash the modules that answer, and the versions of what they answer with."""
    here = Path(__file__).parent
    digest = hashlib.sha256(repr((duckdb.__version__, pd.__version__, pa.__version__)).encode())
    rules = Path(promise_tables.__file__).parent
    for path in (*sorted(here.glob("*.py")), *sorted(rules.glob("*.py")), Path(contract.__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()
