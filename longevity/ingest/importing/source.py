"""Read a file (CSV, XLSX, parquet) into the table `source`, each cell as text.

Columns: `row`, the number as the sender counts it (the line of a text file, the row of a workbook),
and the cells `c0`, `c1`, …. A line that cannot be read as a row has its text in `raw`, and the
reason in `rule` and `sentence`.

Text is split by Python's `csv` and not by DuckDB's `read_csv`: in a file with a quote that is never
closed, DuckDB 2.0 returns the rows before it and drops the hundreds after it without a word.
"""

from __future__ import annotations

import codecs
import csv
import sys
import zipfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import IO, Any, NamedTuple

import duckdb
import openpyxl
import pyarrow.parquet as pq

from longevity.base import files
from longevity.base.errors import (
    ConfigError,
    DataError,
    LongevityError,
    UsageError,
    is_disk_full,
    suggest_nearest,
)
from longevity.base.scratch import ROWS_A_BLOCK, create_table
from longevity.ingest.importing.mapping import Mapping

AGAIN = "Ask the sender for the file again."
MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
PYTHON_NAMES = {"utf-8": "utf-8-sig", "windows-1252": "cp1252"}
NO_TEXT = (
    "If it is compressed, unpack it; if it is an old Excel workbook, save it as XLSX or CSV; if it "
    "is text, set source.encoding in the mapping."
)
DELIMITERS = (",", ";", "\t", "|")
LONGEST_LINE = 8 * 2**20  # characters; what is longer was written without line breaks, and is cut
LINES_A_RECORD = 100  # a quote still open after so many lines was never a quote
BLOCK = 2**20
BROKEN_QUOTE = ("broken_quote", "A quote is opened or closed in the wrong place.")
LARGEST_UNPACKED = 2**30
LARGEST_WHOLE = 1e15  # a float is an exact whole number up to there
Cells = Sequence[str | None]


class SourceRow(NamedTuple):
    """A row of a source: its number and its cells as written.

    `raw`: the line of a text file; `why`: the rule it breaks, and the reason, if it is no row.
    """

    row: int
    cells: Cells
    raw: str | None = None
    why: tuple[str, str] | None = None


Reader = Callable[[Path, Mapping, list[str]], Iterator[SourceRow]]


@dataclass
class Source:
    """What is known of a source that was read: the names of its columns, how many rows, remarks."""

    names: list[str]
    rows: int = 0
    remarks: list[str] = field(default_factory=list)


def read_source(file: Path, mapping: Mapping, connection: duckdb.DuckDBPyConnection) -> Source:
    """Read `file` into the table `source`; its first bytes tell whether it is text.

    Raises UsageError when there is no such file, DataError when it cannot be
    read, ConfigError when the mapping reads a column it does not have.
    """
    remarks: list[str] = []
    records = _find_reader(file)(file, mapping, remarks)
    header = next(islice(records, mapping.source.header_row - 1, None), None)
    if header is None or header.why:
        raise DataError(f"{file.name} has no header that can be read.", AGAIN)
    source = Source(_name_columns(header.cells, mapping, file.name), remarks=remarks)
    source.rows = _store(connection, len(source.names), records)
    return source


def _find_reader(file: Path) -> Reader:
    """Return the function that reads this kind of file; an error where there is nothing to read."""
    if other := files.describe_other_kind(file):
        raise UsageError(f"{file} {other}.", "Give one file.")
    try:
        with file.open("rb") as stream:
            head = stream.read(4)
    except FileNotFoundError as error:
        raise UsageError(f"{file} does not exist.") from error
    except OSError as error:
        raise DataError(f"{file} cannot be read: {error.strerror}.") from error
    if not head:
        raise DataError(f"{file.name} is empty.", AGAIN)
    return {b"PAR1": _read_parquet, b"PK\x03\x04": _read_workbook}.get(head, _read_text)


def _name_columns(headings: Iterable[str | None], mapping: Mapping, source: str) -> list[str]:
    """Return the names in the header, stripped; empty and repeated ones get the column's number.

    DataError for a repeated name that the mapping reads, as it is not known which is meant;
    ConfigError for a name that the mapping reads and the header does not have.
    """
    plain = [(name or "").strip() or f"column {at}" for at, name in enumerate(headings, start=1)]
    for name in sorted(mapping.sources):
        if plain.count(name) > 1:
            raise DataError(
                f"{source} has the column '{name}' more than once.",
                "Rename one of them in the source.",
            )
        if name not in plain:
            short = [n for n in dict.fromkeys(plain[:500]) if len(n) <= 80 and n.isprintable()]
            raise ConfigError(
                f"{mapping.path} reads the column '{name}', which {source} does not have.",
                suggest_nearest(name, short),
            )
    return [f"{n} (column {at + 1})" if n in plain[:at] else n for at, n in enumerate(plain)]


def _store(connection: duckdb.DuckDBPyConnection, width: int, records: Iterable[SourceRow]) -> int:
    """Write the records that are not blank into the table `source`; return how many they are."""
    texts = ["raw", "rule", "sentence", *(f"c{at}" for at in range(width))]
    columns = f"row BIGINT, {', '.join(f'{name} VARCHAR' for name in texts)}"
    rows = (row for record in records if (row := _fit(record, width)))
    return create_table(connection, "source", columns, rows)


def _fit(record: SourceRow, width: int) -> tuple[Any, ...] | None:
    """Return a record as a row of the table; None for a blank one.

    A record with more or fewer cells than the header (`width`) is no row: it gets a reason.
    """
    cells, why = record.cells, record.why
    if not why and not any(cells):
        return None  # spreadsheets leave blank lines at the end
    # Empty cells too many are no fault, nor are too few in a workbook, which leaves them out.
    if any(cells[width:]) or (len(cells) < width and record.raw and not why):
        sentence = f"The row has {len(cells):,} fields where the header has {width:,}."
        why = ("field_count", sentence)
    if why:
        return (record.row, record.raw or repr(cells), *why, *[None] * width)
    return (record.row, None, None, None, *cells[:width], *[None] * (width - len(cells)))


# --- delimited text -----------------------------------------------------------------


def _read_text(file: Path, mapping: Mapping, remarks: list[str]) -> Iterator[SourceRow]:
    """Yield the records of a text file.

    The delimiter is the one that finds most of the mapping's columns in the header.
    """
    rule = mapping.source
    encoding = _find_encoding(file, rule.encoding)
    if encoding == "cp1252" and rule.encoding is None:
        remarks.append("The file is not UTF-8; it was read as Windows-1252.")

    def split(sign: str) -> Iterator[SourceRow]:
        with file.open(encoding=encoding, newline="") as stream:
            yield from _split_lines(stream, sign)

    def count_found(sign: str) -> tuple[int, int]:
        header = next(islice(split(sign), rule.header_row - 1, None), None)
        cells = [name.strip() for name in header.cells if name] if header else []
        return len(mapping.sources.intersection(cells)), len(cells)

    return split(max(DELIMITERS, key=count_found))


def _split_lines(stream: IO[str], delimiter: str) -> Iterator[SourceRow]:
    """Yield the records of a text, each with the number of its first line.

    Where a quote is broken, only that line is a broken record; reading goes on with the next line.
    """
    csv.field_size_limit(sys.maxsize)
    ahead: deque[str] = deque()
    number = 1
    while True:
        if not ahead:
            ahead.append(stream.readline(LONGEST_LINE))
        if not ahead[0]:
            return
        cells, lines = _take_record(stream, ahead, delimiter)
        raw = "".join(ahead.popleft() for _ in range(lines))
        yield SourceRow(number, cells or (), raw, why=BROKEN_QUOTE if cells is None else None)
        number += lines


def _take_record(
    stream: IO[str], ahead: deque[str], delimiter: str
) -> tuple[list[str] | None, int]:
    """Return the cells of the next record and how many lines it takes; (None, 1) for a broken one.

    `ahead` holds lines that were read from the stream already; more are added where a quoted cell
    goes on over lines.
    """
    raw = ""
    for lines in range(1, LINES_A_RECORD + 1):
        if lines > len(ahead):
            ahead.append(stream.readline(LONGEST_LINE))
        raw += ahead[lines - 1]
        if '"' not in raw:
            return raw.rstrip("\r\n").split(delimiter), lines
        try:
            return next(csv.reader([raw], delimiter=delimiter, strict=True)), lines
        except csv.Error as error:
            if "unexpected end" not in str(error) or not ahead[lines - 1]:
                break
    return None, 1


def _find_encoding(file: Path, declared: str | None) -> str:
    """Return the encoding that is declared, else that of the byte order mark, else the first of
    UTF-8 and Windows-1252 that reads the whole file. DataError where none does.
    """
    with file.open("rb") as stream:
        head = stream.read(4096)
    marked = next((name for mark, name in MARKS.items() if head.startswith(mark)), None)
    named = declared or marked
    candidates = [PYTHON_NAMES.get(named, named)] if named else ["utf-8", "cp1252"]
    if not named and head.count(0) * 5 > len(head):
        candidates = []  # many zero bytes: UTF-16 without a byte order mark, or no text at all
    for encoding in candidates:
        with suppress(UnicodeError), file.open(encoding=encoding) as stream:
            while stream.read(BLOCK):
                pass
            return encoding
    what = f"is not {named} throughout: it may be cut off" if named else "is not text"
    raise DataError(f"{file.name} {what}.", NO_TEXT)


# --- workbooks and parquet ------------------------------------------------------------


@contextmanager
def _expect_whole(file: Path, noun: str) -> Iterator[None]:
    """Turn whatever a library raises on a broken file into a DataError."""
    try:
        yield
    except LongevityError:
        raise
    except Exception as error:  # readers of XML, zip and parquet raise errors of many kinds
        if is_disk_full(error):
            raise
        raise DataError(
            f"{file.name} is not a whole {noun}: it may be cut off.",
            f"{AGAIN} If you can open it, save it again, or as CSV.",
        ) from error


def _read_workbook(file: Path, mapping: Mapping, remarks: list[str]) -> Iterator[SourceRow]:
    """Yield the rows of a sheet of an XLSX file: the one the mapping names, else the first."""
    with _expect_whole(file, "workbook"), file.open("rb") as stream:
        with zipfile.ZipFile(stream) as packed:
            unpacked = sum(member.file_size for member in packed.infolist())
        if unpacked > LARGEST_UNPACKED:
            raise DataError(
                f"{file.name} unpacks to {unpacked / 2**30:,.1f} GiB, more than is read.",
                "Send it as CSV or parquet.",
            )
        book = openpyxl.load_workbook(stream, read_only=True, data_only=True)
        name = mapping.source.sheet or book.sheetnames[0]
        if name not in book.sheetnames:
            raise ConfigError(
                f"{mapping.path} names the sheet '{name}', which {file.name} does not have.",
                suggest_nearest(name, book.sheetnames),
            )
        if len(book.sheetnames) > 1 and not mapping.source.sheet:
            remarks.append(
                f"Only the first of {len(book.sheetnames)} sheets was read: to read another, name "
                "it (`sheet` under [source]) in a mapping of its own."
            )
        sheet = book[name]
        sheet.reset_dimensions()  # the size that a file states may be wrong
        for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
            yield SourceRow(number, [*map(_cell_text, row)])


def _read_parquet(file: Path, _mapping: Mapping, _remarks: list[str]) -> Iterator[SourceRow]:
    """Yield the rows of a parquet file, after its column names as row 0."""
    with _expect_whole(file, "parquet file"), pq.ParquetFile(file) as opened:
        yield SourceRow(0, opened.schema_arrow.names)
        number = 0
        for batch in opened.iter_batches(ROWS_A_BLOCK):
            batch.validate(full=True)
            for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                number += 1
                yield SourceRow(number, [*map(_cell_text, row)])


def _cell_text(value: Any) -> str | None:
    """Return a cell as a CSV would have it: dates in ISO, whole numbers without a point."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        is_day = value.time() == time() and value.tzinfo is None
        return value.date().isoformat() if is_day else value.isoformat(" ", "seconds")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, float) and value % 1 == 0 and abs(value) < LARGEST_WHOLE:
        return str(int(value))
    return None if value is None else str(value) or None
