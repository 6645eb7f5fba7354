"""Delimited text: its encoding, its delimiter, its records, and the lines that are none.

Python's `csv` and not DuckDB's `read_csv`: that one swallows the good lines behind a stray quote,
and does not say on which line a row begins.
"""

from __future__ import annotations

import codecs
import csv
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from longevity.errors import DataError
from longevity.ingest.importing.mapping import Mapping
from longevity.ingest.importing.sources import Record, Source, make_names_distinct

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
PYTHON_NAMES = {"utf-8": "utf-8-sig", "windows-1252": "cp1252"}
DELIMITERS = (",", ";", "\t", "|")
LARGEST_CELL = 8 * 2**20  # characters, of a line too
LINES_A_RECORD = 100  # a quote still open after so many lines, or characters, was never a quote
BLOCK = 2**20
BROKEN_QUOTE = ("broken_quote", "A quote is opened or closed in the wrong place.")


@contextmanager
def open_file(file: Path, mapping: Mapping) -> Iterator[Source]:
    """Open a delimited file; DataError when it is not text or has no header."""
    rule = mapping.source
    encoding = _find_encoding(file, rule.encoding)
    skipped = rule.header_row - 1
    headers = {
        sign: next(islice(read_records(file, encoding, sign), skipped, None), None)
        for sign in rule.delimiter or DELIMITERS
    }

    def count_found(sign: str) -> tuple[int, int]:
        found = headers[sign]
        cells = [(name or "").strip() for name in found.cells] if found else []
        return len(mapping.sources.intersection(cells)), len(cells)

    delimiter = max(headers, key=count_found)
    header = headers[delimiter]
    if rule.names:
        header = Record(0, rule.names)
    else:
        skipped += 1
    if header is None:
        raise DataError(f"{file.name} has no header.", "Ask the sender for the file again.")
    if header.broken:
        raise DataError(
            f"The header of {file.name}, line {header.row:,}, cannot be read: {header.broken[1]}"
        )
    remarks = []
    if encoding == "cp1252" and rule.encoding is None:
        remarks.append("The file is not UTF-8; it was read as Windows-1252.")
    names = make_names_distinct(header.cells, mapping, file.name)
    records = read_records(file, encoding, delimiter)
    yield Source(names, islice(records, skipped, None), remarks)


def read_records(file: Path, encoding: str, delimiter: str) -> Iterator[Record]:
    """Yield each record with the number of its first line; a broken one is that line alone."""
    csv.field_size_limit(LARGEST_CELL)
    ahead: deque[str] = deque()
    number = 1
    with file.open(encoding=encoding, newline="") as stream:
        while True:
            raw, cells, lines = "", None, 0
            while cells is None and lines < LINES_A_RECORD:
                if lines == len(ahead):
                    line = stream.readline(LARGEST_CELL + 1)
                    if len(line) > LARGEST_CELL:
                        raise DataError(
                            f"Line {number + lines:,} of {file.name} is longer than a row can be: "
                            f"more than {LARGEST_CELL:,} characters.",
                            "It may be no CSV, or written without line breaks: ask the sender for "
                            "it again.",
                        )
                    if not line:
                        break
                    ahead.append(line)
                raw += ahead[lines]
                lines += 1
                try:
                    cells = _split_record(raw, delimiter)
                except csv.Error:
                    break
            if not lines:
                return
            if cells is None:
                lines = 1
                yield Record(number, (), ahead[0], BROKEN_QUOTE)
            else:
                yield Record(number, cells, raw)
            for _ in range(lines):
                ahead.popleft()
            number += lines


def _split_record(raw: str, delimiter: str) -> list[str] | None:
    """Return the fields of a record, None where it goes on; csv.Error where it is broken."""
    if '"' not in raw:
        return raw.rstrip("\r\n").split(delimiter)
    try:
        return next(csv.reader([raw], delimiter=delimiter, strict=True))
    except csv.Error as error:
        if "unexpected end" in str(error):
            return None
        raise


def _find_encoding(file: Path, declared: str | None) -> str:
    """Return the encoding as named, else by its mark, UTF-8 or Windows-1252."""
    with file.open("rb") as stream:
        head = stream.read(4096)
    if not head:
        raise DataError(f"{file.name} is empty.", "Ask the sender for the file again.")
    if declared is not None:
        encoding = PYTHON_NAMES.get(declared, declared)
        if not _can_decode(file, encoding):
            raise DataError(
                f"{file.name} is not {declared} throughout.",
                "Correct source.encoding in the mapping, or leave it out.",
            )
        return encoding
    for mark, encoding in MARKS:
        if head.startswith(mark):
            if not _can_decode(file, encoding):
                raise DataError(f"{file.name} begins as {encoding} and then breaks off.")
            return encoding
    if head.count(0) * 5 > len(head):
        raise DataError(
            f"{file.name} is not text, or is UTF-16 without a byte order mark.",
            "If it is text, set source.encoding in the mapping.",
        )
    for encoding in ("utf-8", "cp1252"):
        if _can_decode(file, encoding):
            return encoding
    raise DataError(
        f"{file.name} is not text in UTF-8, UTF-16 or Windows-1252.",
        "Ask the sender for a CSV, XLSX or parquet file.",
    )


def _can_decode(file: Path, encoding: str) -> bool:
    try:
        with file.open(encoding=encoding) as stream:
            while stream.read(BLOCK):
                pass
    except UnicodeError:
        return False
    return True
