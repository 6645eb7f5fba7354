"""A source, whatever it is written as, becomes one table: its rows as text, by their numbers.

Table `source`: `row` as the sender counts (the line of a text file, the row of a workbook), the
cells `c0`, `c1`, …, and of a line that is no row the line itself in `raw`, and why.

Delimited text is split by Python's `csv`, not by DuckDB's `read_csv`: of a file with an open quote
that one (2.0) returns the rows before it, rejects none, and is silent about the hundreds behind.
"""

from __future__ import annotations

import codecs
import csv
import sys
import zipfile
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import IO, Any, NamedTuple

import duckdb
import pandas as pd
import pyarrow as pa

from longevity import files
from longevity.errors import ConfigError, DataError, UsageError, is_disk_full, suggest_nearest
from longevity.ingest.importing.mapping import Mapping
from longevity.scratch import parquet_sql, quote_identifier

AGAIN = "Ask the sender for the file again."
# What a file begins with that is no text.
KINDS = {b"PAR1": "parquet", b"PK\x03\x04": "xlsx"}
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
ROWS_A_BLOCK = 10_000
Cells = Sequence[str | None]


class Record(NamedTuple):
    """A row of a source: its number and its cells as written.

    `raw`: the line itself, of one that may be no row; `why`: the rule it breaks and a sentence.
    """

    row: int
    cells: Cells
    raw: str = ""
    why: tuple[str, str] | None = None


@dataclass
class Source:
    """A source in its table. `names`: its columns; `rows`: how many it has."""

    names: list[str]
    rows: int = 0
    remarks: list[str] = field(default_factory=list)
    native: bool = True  # dates may come typed, not as somebody's text


def read_source(file: Path, mapping: Mapping, connection: duckdb.DuckDBPyConnection) -> Source:
    """Read `file` into the table `source`, as the mapping says or as its first bytes tell.

    Raises UsageError when there is no such file, DataError when it cannot be
    read, ConfigError when the mapping reads a column it does not have.
    """
    readers = {"parquet": _read_parquet, "xlsx": _read_workbook, "csv": _read_text}
    found = _find_kind(file)
    return readers[mapping.source.format or found](file, mapping, connection)


def _find_kind(file: Path) -> str:
    if file.is_dir():
        raise UsageError(f"{file} is a directory.", "Give one file.")
    if other := files.describe_other_kind(file):
        raise UsageError(f"{file} {other}.", "Save what it gives as a file.")
    try:
        with file.open("rb") as stream:
            head = stream.read(4)
    except FileNotFoundError as error:
        raise UsageError(f"{file} does not exist.") from error
    except OSError as error:
        raise DataError(f"{file} cannot be read: {error.strerror}.") from error
    if not head:
        raise DataError(f"{file.name} is empty.", AGAIN)
    return KINDS.get(head, "csv")


def _name_columns(headings: Iterable[str | None], mapping: Mapping, source: str) -> list[str]:
    """Return the header's names, stripped, empty and repeated ones made distinct.

    A repeated name that the mapping reads is a DataError: which is meant?
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


def _store(connection: duckdb.DuckDBPyConnection, source: Source, records: Iterable[Record]) -> int:
    """Write the records that hold anything into the table `source`; return how many they are."""
    width = len(source.names)
    names = ["row", "raw", "rule", "sentence", *(f"c{at}" for at in range(width))]
    schema = pa.schema([(name, pa.string() if at else pa.int64()) for at, name in enumerate(names)])
    rows = (row for record in records if (row := _fit(record, width, source.native)))
    add_rows(connection, "source", schema, [()] * len(names))
    total = 0
    while block := list(islice(rows, ROWS_A_BLOCK)):
        total += len(block)
        add_rows(connection, "source", schema, [*zip(*block, strict=True)])
    return total


def _fit(record: Record, width: int, native: bool) -> tuple[Any, ...] | None:
    """Return a row of the table; one that is not as wide as the header is broken, a blank none."""
    cells, why = record.cells, record.why
    if not why and not any(cells):
        return None  # as spreadsheets leave them
    # There may be delimiters too many at the end; a workbook leaves empty cells out.
    if any(cells[width:]) or (len(cells) < width and not native and not why):
        sentence = f"The row has {len(cells):,} fields where the header has {width:,}."
        why = ("field_count", sentence)
    if why:
        return (record.row, record.raw or repr(cells), *why, *[None] * width)
    return (record.row, None, None, None, *cells[:width], *[None] * (width - len(cells)))


def add_rows(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    schema: pa.Schema,
    columns: Sequence[Sequence[Any]],
) -> None:
    """Append rows to a table, which is made where there is none."""
    arrays = [pa.array(c, t) for c, t in zip(columns, schema.types, strict=True)]
    connection.register("block", pa.table(arrays, schema=schema))
    connection.execute(f"CREATE TABLE IF NOT EXISTS {table} AS SELECT * FROM block LIMIT 0")
    connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM block")
    connection.unregister("block")


# --- delimited text -----------------------------------------------------------------


def _read_text(file: Path, mapping: Mapping, connection: duckdb.DuckDBPyConnection) -> Source:
    rule = mapping.source
    encoding = _find_encoding(file, rule.encoding)
    skipped = rule.header_row - 1

    def read_header(sign: str) -> Record | None:
        with file.open(encoding=encoding, newline="") as stream:
            return next(islice(_split_lines(stream, sign), skipped, None), None)

    def count_found(sign: str) -> tuple[int, int]:
        found = headers[sign]
        cells = [name.strip() for name in found.cells if name] if found else []
        return len(mapping.sources.intersection(cells)), len(cells)

    headers = {sign: read_header(sign) for sign in rule.delimiter or DELIMITERS}
    delimiter = max(headers, key=count_found)
    header = Record(0, rule.names) if rule.names else headers[delimiter]
    if header is None or header.why:
        raise DataError(f"{file.name} has no header that can be read.", AGAIN)
    source = Source(_name_columns(header.cells, mapping, file.name), native=False)
    if encoding == "cp1252" and rule.encoding is None:
        source.remarks.append("The file is not UTF-8; it was read as Windows-1252.")
    with file.open(encoding=encoding, newline="") as stream:
        records = islice(_split_lines(stream, delimiter), skipped + (not rule.names), None)
        source.rows = _store(connection, source, records)
    return source


def _split_lines(stream: IO[str], delimiter: str) -> Iterator[Record]:
    """Yield each record with the number of its first line; a broken one is that line alone."""
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
        yield Record(number, cells or (), raw, BROKEN_QUOTE if cells is None else None)
        number += lines


def _take_record(
    stream: IO[str], ahead: deque[str], delimiter: str
) -> tuple[list[str] | None, int]:
    """Return the fields of a record and its number of lines; None of a line that is none."""
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
    """Return the encoding as named, else by its mark, UTF-8 or Windows-1252."""
    with file.open("rb") as stream:
        head = stream.read(4096)
    marked = next((name for mark, name in MARKS.items() if head.startswith(mark)), None)
    named = declared or marked
    candidates = [PYTHON_NAMES.get(named, named)] if named else ["utf-8", "cp1252"]
    if not named and head.count(0) * 5 > len(head):
        candidates = []  # as UTF-16 has without a byte order mark, and what is no text
    for encoding in candidates:
        if _can_decode(file, encoding):
            return encoding
    if named:
        raise DataError(f"{file.name} is not {named} throughout: it may be cut off.", NO_TEXT)
    raise DataError(f"{file.name} is not text.", NO_TEXT)


def _can_decode(file: Path, encoding: str) -> bool:
    try:
        with file.open(encoding=encoding) as stream:
            while stream.read(BLOCK):
                pass
    except UnicodeError:
        return False
    return True


# --- workbooks ----------------------------------------------------------------------


def _read_workbook(file: Path, mapping: Mapping, connection: duckdb.DuckDBPyConnection) -> Source:
    rule = mapping.source
    try:
        with zipfile.ZipFile(file) as packed:
            unpacked = sum(member.file_size for member in packed.infolist())
        if unpacked > LARGEST_UNPACKED:
            raise DataError(
                f"{file.name} unpacks to {unpacked / 2**30:,.1f} GiB, more than is read.",
                "Send it as CSV or parquet.",
            )
        with pd.ExcelFile(file, engine="openpyxl") as book:
            sheets = [str(name) for name in book.sheet_names]
            name = rule.sheet or sheets[0]
            cells = (
                pd.read_excel(book, sheet_name=name, header=None, dtype=object, na_filter=False)
                if name in sheets
                else None
            )
    except DataError:
        raise
    except Exception as error:  # what XML and zip readers raise no list of kinds covers
        raise DataError(
            f"{file.name} is not a readable workbook.",
            "Open it, save it as XLSX again, or send CSV.",
        ) from error
    if cells is None:
        raise ConfigError(
            f"{mapping.path} names the sheet '{name}', which {file.name} does not have.",
            suggest_nearest(name, sheets),
        )
    rows = enumerate(cells.iloc[rule.header_row - 1 :].itertuples(index=False), rule.header_row)
    records = (Record(number, [_cell_text(value) for value in row]) for number, row in rows)
    headings = rule.names or next(records, Record(0, ())).cells
    width = max((at for at, cell in enumerate(headings, 1) if cell), default=0)
    source = Source(_name_columns(headings[:width], mapping, file.name))
    if len(sheets) > 1 and not rule.sheet:
        source.remarks.append(
            f"Only the first of {len(sheets)} sheets was read: to read another, name it (`sheet` "
            "under [source]) in a mapping of its own."
        )
    source.rows = _store(connection, source, records)
    return source


def _cell_text(value: Any) -> str | None:
    """Return a cell's value as text: dates in ISO, whole numbers without a point."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, (date, time)):
        return value.isoformat()
    return str(value) or None


# --- parquet ------------------------------------------------------------------------


def _read_parquet(file: Path, mapping: Mapping, connection: duckdb.DuckDBPyConnection) -> Source:
    table = parquet_sql(file, rows_numbered=True)
    try:
        described = connection.execute(f"DESCRIBE SELECT * FROM {table}").fetchall()
        columns = [(name, kind) for name, kind, *_ in described if name != "file_row_number"]
        source = Source(_name_columns([name for name, _ in columns], mapping, file.name))
        cells = ", ".join(
            f"{_text_sql(quote_identifier(name), kind)} AS c{at}"
            for at, (name, kind) in enumerate(columns)
        )
        connection.execute(f"""
            CREATE TABLE source AS
            SELECT * FROM (
                SELECT file_row_number + 1 AS row, CAST(NULL AS VARCHAR) AS raw,
                    CAST(NULL AS VARCHAR) AS rule, CAST(NULL AS VARCHAR) AS sentence, {cells}
                FROM {table}
            ) WHERE concat(*COLUMNS('c[0-9]+')) <> ''
        """)
        ((source.rows,),) = connection.execute("SELECT count(*) FROM source").fetchall()
    except (duckdb.Error, UnicodeError) as error:
        if is_disk_full(error):
            raise
        raise DataError(
            f"{file.name} is not a whole parquet file: it may be cut off.", AGAIN
        ) from error
    return source


def _text_sql(name: str, kind: str) -> str:
    """Return SQL of the text a CSV would hold: whole numbers without a point, instants in UTC."""
    if kind in ("DOUBLE", "FLOAT"):
        whole = f"{name} = trunc({name}) AND abs({name}) < 1e15"
        return f"CAST(if({whole}, CAST({name} AS BIGINT), {name}) AS VARCHAR)"
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"strftime({name} AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ')"
    return f"CAST({name} AS VARCHAR)"
