"""Answers made ready when a release is published, so that nobody waits for them.

What the screens begin with beyond the public record, of each city and of all, is asked
once by `write` and kept in `LONGEVITY_HOME/prepared/<release>/<scope>.arrow`, the tables of
groups and of the promise beside it in `<scope>.duckdb`. It is no part of the release: what is
missing, half written, or made from anything else than what is open now is asked of the release
as ever, and what becomes ready meanwhile is taken. Answers hold rows of groups and people, so
a purge removes all of them (`release/purge.py`). A file holds what one scope is told, and only
that scope may have it; the public has none.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pandas as pd
import pyarrow as pa

from longevity.auth.viewers import PUBLIC_SCOPE, STATE, Kind, Viewer
from longevity.errors import LongevityError
from longevity.files import sha256
from longevity.ingest import contract
from longevity.progress import Progress
from longevity.promises import tables as promise_tables
from longevity.release import manifest
from longevity.release.store import PREPARED, RELEASES
from longevity.settings import Settings
from longevity.warehouse import frames
from longevity.warehouse.catalogue import Query
from longevity.warehouse.connection import Kept, Release, state_of

if TYPE_CHECKING:
    from longevity.warehouse.recording import Noting
    from longevity.warehouse.warehouse import Warehouse

    Rehearse = Callable[[Warehouse, Viewer], None]

OF_ANSWERS, OF_TABLES = ".arrow", ".duckdb"
MADE_FROM, SCOPE = b"made_from", b"scope"
TABLES = '["tables"]'  # the key under which the hash of the other file stands
# What a screen asks is a page of a list, never the whole of one: that is for a file.
MOST_BYTES = 2**20
PACKED = pa.ipc.IpcWriteOptions(compression="lz4")
SCHEMA = pa.schema([("key", pa.string()), ("sha256", pa.string()), ("answer", pa.large_binary())])
# What of the configuration says only where things are, who comes in, and how charts look.
NOT_ASKED = ("config_path", "home", "reference", "access", "branding")


class Prepared:
    """The prepared answers of one open release. Safe to share between threads."""

    def __init__(self, release: Release, settings: Settings, queries: Mapping[str, Query]) -> None:
        self._folder = settings.home / PREPARED / release.id
        self._made_from = made_from(release, settings, queries)
        self._scopes: dict[str, tuple[tuple[int, ...], Mapping[str, tuple[str, pa.Buffer]]]] = {}

    def frame(self, scope: str, name: str, values: Mapping[str, Any]) -> pd.DataFrame | None:
        """What the scope is told to a question, as it was told then; None where there is none."""
        if scope == PUBLIC_SCOPE:
            return None
        digest, answer = self._read(scope).get(_question(name, values), ("", None))
        if answer is None or hashlib.sha256(answer).hexdigest() != digest:
            return None
        return frames.restored(pa.ipc.open_stream(answer).read_all())

    def tables(self, scope: str) -> Kept | None:
        """The file with a scope's tables of groups and of the promise; None unless it is whole."""
        digest, _ = self._read(scope).get(TABLES, ("", None))
        path = self._folder / f"{scope}{OF_TABLES}"
        try:
            kept = Kept(path, state_of(path)) if digest else None
            return kept if kept and digest == sha256(path) and kept.as_proven() else None
        except OSError:
            return None

    def _read(self, scope: str) -> Mapping[str, tuple[str, pa.Buffer]]:
        """What is kept for a scope, by its key: read anew once the file is another."""
        path = self._folder / f"{scope}{OF_ANSWERS}"
        try:
            stamp = state_of(path)
        except OSError:
            self._scopes.pop(scope, None)  # let go of what a purge took away
            return {}
        before, answers = self._scopes.get(scope, ((), {}))
        if before != stamp:
            answers = _answers(path, {MADE_FROM: self._made_from.encode(), SCOPE: scope.encode()})
            self._scopes[scope] = (stamp, answers)
        return answers


def _answers(path: Path, expected: Mapping[bytes, bytes]) -> Mapping[str, tuple[str, pa.Buffer]]:
    """What a file holds, if it says of itself what is expected; nothing otherwise."""
    try:
        with pa.memory_map(str(path)) as file:
            table = pa.ipc.open_file(file).read_all()
    except (OSError, pa.ArrowInvalid):
        return {}
    if not table.schema.equals(SCHEMA) or table.schema.metadata != expected:
        return {}
    return {
        key.as_py(): (digest.as_py(), answer.as_buffer())
        for key, digest, answer in zip(*table.columns, strict=True)
    }


def write(
    release: Release,
    settings: Settings,
    progress: Progress,
    rehearse: Rehearse | None = None,
) -> None:
    """Ask a release what its screens begin with, and keep the answers beside it.

    `rehearse` asks, as each viewer, what screens ask beyond the defaults of the catalogue.
    Under the lock of `publish`, or a purge could miss what is written. Sets of releases
    that are no longer kept go. OSError on a full disk; nothing half written is ever read.
    """
    from longevity.warehouse.recording import Noting

    progress("Preparing what the screens begin with.")
    home = settings.home / PREPARED
    home.mkdir(mode=0o700, exist_ok=True)
    beside = home / f".{release.id}"
    _remove(home, kept={path.name for path in (settings.home / RELEASES).glob("*")})
    beside.mkdir(mode=0o700)
    warehouse = Noting(release, settings)
    try:
        made = made_from(release, settings, warehouse.queries)
        own = [Viewer(Kind.CITY, city) for city in settings.cities]
        for viewer in (STATE, *own):
            scope = str(viewer.named_scope)
            _ask(warehouse, viewer)
            if rehearse is not None:
                rehearse(warehouse, viewer)
            tables = beside / f"{scope}{OF_TABLES}"
            warehouse.scope(scope).keep(tables)
            rows = [_row(*one) for one in _noted(warehouse, scope)]
            rows.append({"key": TABLES, "sha256": sha256(tables), "answer": b""})
            _file(beside, scope, rows, made)
        shutil.rmtree(home / release.id, ignore_errors=True)
        beside.rename(home / release.id)
    finally:
        warehouse.close()
        shutil.rmtree(beside, ignore_errors=True)


def _remove(home: Path, kept: set[str]) -> None:
    for path in home.iterdir():
        if path.name not in kept:
            shutil.rmtree(path)


def _ask(warehouse: Warehouse, viewer: Viewer) -> None:
    """Ask every question beyond the public record at its defaults: of all, and of each city."""
    for query in warehouse.queries.values():
        if query.query_class.public:
            continue
        by_city = viewer is STATE and "city" in query.parameters
        for city in (None, *warehouse.settings.cities) if by_city else (None,):
            try:
                warehouse.run(query.name, {"city": city} if city else {}, viewer)
            except LongevityError:
                continue  # whoever asks is told why


def _noted(warehouse: Noting, scope: str) -> Iterator[tuple[str, pa.Table]]:
    """What a scope was told."""
    for name, values, frame in warehouse.noted(scope):
        table = frames.kept(frame)
        if table.nbytes <= MOST_BYTES:
            yield _question(name, values), table


def _row(key: str, table: pa.Table) -> dict[str, Any]:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema, options=PACKED) as stream:
        stream.write_table(table)
    answer = sink.getvalue().to_pybytes()
    return {"key": key, "sha256": hashlib.sha256(answer).hexdigest(), "answer": answer}


def _file(folder: Path, scope: str, rows: list[dict[str, Any]], made: str) -> None:
    table = pa.Table.from_pylist(rows, SCHEMA.with_metadata({MADE_FROM: made, SCOPE: scope}))
    path = folder / f"{scope}{OF_ANSWERS}"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file, pa.ipc.new_file(file, table.schema) as written:
        written.write_table(table)


def _question(name: str, values: Mapping[str, Any]) -> str:
    return json.dumps([name, sorted(values.items())], default=str)


def made_from(release: Release, settings: Settings, queries: Mapping[str, Query]) -> str:
    """What an answer depends on, as one hash: the release, the configuration, the code."""
    digest = hashlib.sha256(manifest.compute_seal(dict(release.manifest)).encode())
    for one in fields(settings):
        if one.name not in NOT_ASKED:
            digest.update(repr((one.name, getattr(settings, one.name))).encode())
    for path in sorted(settings.reference.glob("*.csv")):
        digest.update(path.read_bytes())
    for name, query in sorted(queries.items()):
        digest.update(repr((name, query.sql, query.query_class)).encode())
    digest.update(_code().encode())
    return digest.hexdigest()


@cache
def _code() -> str:
    """A hash over the modules that answer, and the versions of what they answer with."""
    here = Path(__file__).parent
    digest = hashlib.sha256(repr((duckdb.__version__, pd.__version__, pa.__version__)).encode())
    rules = Path(promise_tables.__file__).parent
    for path in (*sorted(here.glob("*.py")), *sorted(rules.glob("*.py")), Path(contract.__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()
