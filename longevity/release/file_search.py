"""Look for people's codes in a file of any kind, or say why it was not looked into.

Tables (Parquet, Arrow, DuckDB, SQLite) are read cell by cell, packed files (gzip, bzip2, xz,
zstd, lz4, zip and what is built on it, tar) are unpacked and what is in them is looked
into, and every text is read in each of ENCODINGS. What is none of these is searched byte
by byte and is unread all the same: it may hold a code in a form of its own.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import re
import sqlite3
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from longevity import append_log
from longevity.errors import describe_error, is_disk_full
from longevity.ingest.contract import EXTRACTS, Kind
from longevity.ingest.importing.one_file import KEY_FILE
from longevity.ingest.validation.scratch import quote_identifier
from longevity.release import person_references
from longevity.release.person_references import Codes

ENCODINGS = ("utf-8", "cp1252", "utf-16-le", "utf-16-be")
MOST_UNPACKED = 8 << 30  # bytes of one packed file; a bomb must not fill the disk
MOST_DEEP = 6
ROWS_AT_ONCE = 50_000
CODES_AT_ONCE = 500  # a longer pattern would be refused
PERSON_COLUMNS = {
    name for one in EXTRACTS for name in person_references.list_person_columns(one.name)
}
# Codes of other things: an incident may have the number that somebody else has as a code.
OTHERS_CODES = {
    column.name for one in EXTRACTS for column in one.columns if column.kind is Kind.CODE
} - PERSON_COLUMNS
KEYS = (append_log.KEY, KEY_FILE)
_BLOCK = 1 << 20
_AROUND = 8  # bytes of context kept beside a code, so that its neighbours are seen
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_NOT_TEXT = (b"%PDF", b"-----BEGIN PGP MESSAGE")
_UNKNOWN = "it is neither text nor a table nor packed in a way that can be unpacked"
_DAMAGED = (
    OSError, EOFError, ValueError, RuntimeError, NotImplementedError, zlib.error, lzma.LZMAError,
    zipfile.BadZipFile, tarfile.TarError, sqlite3.Error, duckdb.Error, pa.ArrowException,
)  # fmt: skip


class UnreadError(Exception):
    """Why a file, or something in it, was not looked into: the end of a sentence."""


@dataclass
class SearchResult:
    """What a look into a file found: codes, and why something of it was not looked into."""

    codes: set[str] = field(default_factory=set)
    unread: str | None = None


def search_file(codes: Codes, path: Path, spill: Path) -> SearchResult:
    """Look for codes in one file. What is packed is unpacked below `spill`, and removed.

    OSError where the disk is full: that is no answer about the file.
    """
    result = SearchResult()
    if not codes.codes:
        return result
    try:
        _Search(codes, spill, result.codes).search_file(path, 0)
    except UnreadError as error:
        result.unread = str(error)
    return result


class _Search:
    def __init__(self, codes: Codes, spill: Path, result: set[str]) -> None:
        self.codes = codes
        self.spill = spill
        self.found = result
        self.long = [
            code for code in codes.codes if len(code) >= person_references.LEAST_WITHIN_TEXT
        ]
        self.digits = {int(code) for code in self.long if code.isascii() and code.isdigit()}
        self.patterns = [
            "|".join(map(re.escape, sorted(self.long)[at : at + CODES_AT_ONCE]))
            for at in range(0, len(self.long), CODES_AT_ONCE)
        ]
        self.needles = [(code, *encoding) for code in self.long for encoding in _encode_code(code)]

    def search_file(self, path: Path, depth: int) -> None:
        """Look into a file; UnreadError where something of it was not read."""
        try:
            with path.open("rb") as file:
                head = file.read(512)
            if path.name in KEYS and path.stat().st_size == append_log.KEY_BYTES:
                return  # a key of ours: random bytes
            self._find_reader(head)(path, head, depth)
        except _DAMAGED as error:
            if isinstance(error, OSError) and is_disk_full(error):
                raise
            self._search_rest(path)
            raise UnreadError(f"it cannot be read ({describe_error(error)})") from error

    def _search_rest(self, path: Path) -> None:
        """Search what cannot be read as what it says it is, as bytes."""
        try:
            with path.open("rb") as file:
                self._search_bytes(file)
        except OSError:
            return

    def _find_reader(self, head: bytes) -> Callable[[Path, bytes, int], None]:
        for magic, at, reader in (
            (b"PAR1", 0, self._search_parquet),
            (b"ARROW1", 0, self._search_arrow),
            (b"\xff\xff\xff\xff", 0, self._search_arrow_stream),
            (b"DUCK", 8, self._search_duckdb),
            (b"SQLite format 3\x00", 0, self._search_sqlite),
            (b"PK\x03\x04", 0, self._search_zip),
            (b"PK\x05\x06", 0, self._search_zip),
            (b"ustar", 257, self._search_tar),
            *((magic, 0, self._search_packed) for magic in _OPENERS),
        ):
            if head[at : at + len(magic)] == magic:
                return reader
        return self._search_text

    # --- text -------------------------------------------------------------------------

    def _search_text(self, path: Path, head: bytes, _: int) -> None:
        with path.open("rb") as file:
            text = self._search_bytes(file)
        if not text or head.startswith(_NOT_TEXT):
            raise UnreadError(_UNKNOWN)

    def _search_bytes(self, file: IO[bytes]) -> bool:
        """Search a stream of bytes; whether all of it is text."""
        longest = max((len(needle) for _, needle, _ in self.needles), default=0)
        tail, begin, text, wide = b"", True, True, None
        while True:
            block = file.read(_BLOCK)
            window = tail + block
            for code, needle, whole in self.needles:
                if code in self.found or needle not in window:
                    continue
                for match in whole.finditer(window):
                    # At the edge the neighbour is not there yet, or not any more.
                    has_context = begin or match.start() >= _AROUND // 2
                    if has_context and (not block or match.end() <= len(window) - _AROUND // 2):
                        self.found.add(code)
            if not block:
                return text
            wide = _is_utf16(block) if wide is None else wide
            text = text and (wide or _CONTROL.search(block) is None)
            begin = begin and len(window) <= longest + _AROUND
            tail = window[-(longest + _AROUND) :]

    def _search_name(self, name: str) -> None:
        self.found |= set(find_in_name(self.codes, name))

    # --- tables -----------------------------------------------------------------------

    def _search_parquet(self, path: Path, _: bytes, depth: int) -> None:
        with pq.ParquetFile(path) as file:
            self._search_table(file.iter_batches(ROWS_AT_ONCE), depth)

    def _search_arrow(self, path: Path, _: bytes, depth: int) -> None:
        with pa.OSFile(str(path)) as source, pa.ipc.open_file(source) as file:
            self._search_table(map(file.get_batch, range(file.num_record_batches)), depth)

    def _search_arrow_stream(self, path: Path, _: bytes, depth: int) -> None:
        with pa.OSFile(str(path)) as source, pa.ipc.open_stream(source) as stream:
            self._search_table(stream, depth)

    def _search_table(self, batches: Iterable[pa.RecordBatch], depth: int) -> None:
        for batch in batches:
            for name, column in zip(batch.schema.names, batch.columns, strict=True):
                self._search_name(name)
                if name not in OTHERS_CODES:
                    self._search_column(name, column, depth)

    def _search_column(self, name: str, column: pa.Array, depth: int) -> None:
        if isinstance(column, pa.ExtensionArray):
            column = column.storage
        kind = column.type
        if pa.types.is_dictionary(kind):
            self._search_column(name, column.dictionary, depth)
        elif pa.types.is_string(kind) or pa.types.is_large_string(kind):
            self._search_strings(name, column)
        elif pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
            for cell in column:
                if cell.is_valid:
                    self._search_blob(cell.as_py(), depth)
        elif pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
            if self.digits:
                numbers = {int(each) for each in column.to_pylist() if _is_whole(each)}
                self.found |= {str(each) for each in self.digits & numbers} & self.codes.codes
        elif not pa.types.is_temporal(kind):
            for value in column.to_pylist():
                self.found |= self._select_within(self.codes.find_in(value))

    def _search_strings(self, name: str, column: pa.Array) -> None:
        for pattern in self.patterns:
            for cell in column.filter(pc.match_substring_regex(column, pattern)).to_pylist():
                self.found |= self.codes.find_in_text(cell)
        if name in PERSON_COLUMNS:
            whole = pc.is_in(column, value_set=pa.array(sorted(self.codes.codes), column.type))
            self.found |= set(column.filter(whole).to_pylist())

    def _select_within(self, codes: Iterable[str]) -> set[str]:
        return {code for code in codes if code in self.long}

    def _search_blob(self, cell: bytes, depth: int) -> None:
        """Search a cell of bytes: packed, a table itself, or as it is."""
        if self._find_reader(cell[:512]) != self._search_text:
            with self._make_spill_file() as out:
                out.write(cell)
                out.flush()
                self._search_below(Path(out.name), depth)
        else:
            for code, needle, whole in self.needles:
                if needle in cell and whole.search(cell):
                    self.found.add(code)

    def _search_duckdb(self, path: Path, _: bytes, depth: int) -> None:
        only_look = {"enable_external_access": "false"}
        with duckdb.connect(str(path), read_only=True, config=only_look) as database:
            tables = database.execute(
                "SELECT schema_name, table_name FROM duckdb_tables() WHERE NOT temporary"
            ).fetchall()
            for schema, name in tables:
                self._search_name(name)
                rows = database.sql(
                    f"SELECT * FROM {quote_identifier(schema)}.{quote_identifier(name)}"
                )
                self._search_table(rows.to_arrow_reader(ROWS_AT_ONCE), depth)
        if path.with_name(path.name + ".wal").exists():
            raise UnreadError("a database that was not closed has rows in a .wal file beside it")

    def _search_sqlite(self, path: Path, _: bytes, depth: int) -> None:
        self._search_rest(path)  # what was deleted from it may still stand in its pages
        source = f"file:{quote(str(path))}?mode=ro&immutable=1"
        with closing(sqlite3.connect(source, uri=True)) as database:
            database.text_factory = lambda cell: cell.decode("utf-8", errors="replace")
            tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            for (table,) in tables.fetchall():
                for row in database.execute(f"SELECT * FROM {quote_identifier(table)}"):
                    for cell in row:
                        if isinstance(cell, bytes):
                            self._search_blob(cell, depth)
                        else:
                            self.found |= self._select_within(self.codes.find_in(cell))

    # --- what is packed ---------------------------------------------------------------

    def _search_packed(self, path: Path, head: bytes, depth: int) -> None:
        opener = next(opening for magic, opening in _OPENERS.items() if head.startswith(magic))
        with opener(path) as file:
            self._unpack_file(file, depth)

    def _search_zip(self, path: Path, _: bytes, depth: int) -> None:
        unread: list[str] = []
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                self._search_name(member.filename)
                if member.is_dir():
                    continue
                if member.flag_bits & 1:
                    unread.append("something in it is locked with a password")
                    continue
                try:
                    with archive.open(member) as file:
                        self._unpack_file(file, depth)
                except UnreadError as error:
                    unread.append(f"of something in it, {error}")
        if unread:
            raise UnreadError(unread[0])

    def _search_tar(self, path: Path, _: bytes, depth: int) -> None:
        unread: list[str] = []
        with tarfile.open(path, "r:") as archive:
            for member in archive:
                self._search_name(member.name)
                file = archive.extractfile(member) if member.isfile() else None
                if file is None or (
                    Path(member.name).name in KEYS and member.size == append_log.KEY_BYTES
                ):
                    continue
                try:
                    self._unpack_file(file, depth)
                except UnreadError as error:
                    unread.append(f"of something in it, {error}")
        if unread:
            raise UnreadError(unread[0])

    def _unpack_file(self, file: Any, depth: int) -> None:
        with self._make_spill_file() as out:
            size = 0
            while block := file.read(_BLOCK):
                size += len(block)
                if size > MOST_UNPACKED:
                    raise UnreadError(f"it unpacks to more than {MOST_UNPACKED >> 30} GiB")
                out.write(block)
            out.flush()
            self._search_below(Path(out.name), depth)

    def _search_below(self, path: Path, depth: int) -> None:
        if depth == MOST_DEEP:
            self._search_rest(path)
            raise UnreadError(f"it is packed more than {MOST_DEEP} times over")
        self.search_file(path, depth + 1)

    def _make_spill_file(self) -> Any:
        self.spill.mkdir(mode=0o700, parents=True, exist_ok=True)
        return tempfile.NamedTemporaryFile(dir=self.spill, prefix="look-")


_OPENERS: dict[bytes, Callable[[Path], Any]] = {
    b"\x1f\x8b": gzip.open,
    b"BZh": bz2.open,
    b"\xfd7zXZ\x00": lzma.open,
    b"\x28\xb5\x2f\xfd": lambda path: pa.input_stream(str(path), compression="zstd"),
    b"\x04\x22\x4d\x18": lambda path: pa.input_stream(str(path), compression="lz4"),
}


def find_in_name(codes: Codes, name: str) -> frozenset[str]:
    """Return the codes that the name of a file or folder is, or holds."""
    last = Path(name).name
    return (
        codes.find_in_text(name)
        | codes.find_in_text(last)
        | codes.find_in_text(last.partition(".")[0])
    )


def _encode_code(code: str) -> Iterable[tuple[bytes, re.Pattern[bytes]]]:
    """Return the bytes of a code in each encoding, and a pattern of them as a whole word."""
    sign = rb"[A-Za-z0-9]"
    around = {"utf-16-le": sign + rb"\x00", "utf-16-be": rb"\x00" + sign}
    patterns = {}
    for encoding in ENCODINGS:
        try:
            needle = code.encode(encoding)
        except UnicodeEncodeError:
            continue
        neighbour = around.get(encoding, sign)
        patterns[needle] = re.compile(
            b"(?<!" + neighbour + b")" + re.escape(needle) + b"(?!" + neighbour + b")"
        )
    return patterns.items()


def _is_utf16(head: bytes) -> bool:
    """Return whether bytes are UTF-16 text: with its mark, or every second byte is none."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    for first in (0, 1):
        signs, nothing = head[first::2], head[1 - first :: 2]
        if nothing and nothing.count(0) > 0.9 * len(nothing) and not _CONTROL.search(signs):
            return True
    return False


def _is_whole(number: Any) -> bool:
    try:
        return bool(int(number) == number)
    except (TypeError, ValueError, OverflowError):
        return False
