"""Delimited text: its encoding, its delimiter, its rows, and the lines that are none."""

from __future__ import annotations

import codecs
import csv
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from longevity.errors import DataError
from longevity.ingest.importing.mapping import Mapping
from longevity.ingest.importing.source_rows import (
    Malformed,
    Source,
    build_rows,
    make_names_distinct,
)

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
Record = tuple[int, list[str] | Malformed, list[str]]  # line number, fields, physical lines


class _UnclosedQuoteError(Exception):
    """The reader asked for more lines than one record may have."""


class _Lines:
    """Physical lines, remembering those of the record being read."""

    def __init__(self, stream: TextIO, name: str) -> None:
        self._stream = stream
        self._name = name
        self._back: deque[str] = deque()
        self.taken: list[str] = []
        self.number = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if len(self.taken) >= LINES_A_RECORD:
            raise _UnclosedQuoteError
        line = self._back.popleft() if self._back else self._stream.readline(LARGEST_CELL + 1)
        if not line:
            raise StopIteration
        if len(line) > LARGEST_CELL:
            raise DataError(
                f"Line {self.number + 1:,} of {self._name} is longer than a row can be: more than "
                f"{LARGEST_CELL:,} characters.",
                "It may be no CSV, or written without line breaks: ask the sender for it again.",
            )
        self.taken.append(line)
        self.number += 1
        return line

    def give_back(self) -> str:
        """Keep the first line of the record, hand the others out again."""
        first = self.taken[0]
        self._back.extendleft(reversed(self.taken[1:]))
        self.number -= len(self.taken) - 1
        self.taken = []
        return first


def read_file(file: Path, mapping: Mapping) -> Source:
    """Read a delimited file; DataError when it is not text or has no header."""
    rule = mapping.source
    encoding = _find_encoding(file, rule.encoding)
    skipped = rule.header_row - 1
    delimiter, header = _find_header(file, encoding, skipped, mapping)
    if rule.names:
        header = list(rule.names)
    else:
        skipped += 1
    if header is None:
        raise DataError(f"{file.name} has no header.", "Ask the sender for the file again.")
    if isinstance(header, Malformed):
        raise DataError(
            f"The header of {file.name}, line {header.row:,}, cannot be read: {header.sentence}"
        )
    names = make_names_distinct(header, mapping, file.name)
    malformed: list[Malformed] = []
    records = read_records(file, encoding, delimiter, skipped)
    rows = build_rows(names, _take_rows(records, len(names), malformed))
    remarks = []
    if encoding == "cp1252" and rule.encoding is None:
        remarks.append("The file is not UTF-8; it was read as Windows-1252.")
    return Source(rows, malformed, remarks)


def _take_rows(
    records: Iterator[Record], width: int, malformed: list[Malformed]
) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of the header's width; what is none goes to `malformed`."""
    for number, fields, raw in records:
        if isinstance(fields, Malformed):
            malformed.append(fields)
        elif not any(fields):
            continue  # a blank row, as spreadsheets leave them
        elif len(fields) < width or any(fields[width:]):
            sentence = f"The row has {len(fields):,} fields where the header has {width:,}."
            malformed.append(Malformed(number, "field_count", sentence, "".join(raw)))
        else:
            yield number, fields[:width]  # there may be delimiters too many at the end


def _find_header(
    file: Path, encoding: str, before: int, mapping: Mapping
) -> tuple[str, list[str] | Malformed | None]:
    """Return the delimiter by which most of the wanted columns are found, and the header by it."""

    def count_found(sign: str) -> tuple[int, int]:
        fields = headers[sign]
        if fields is None or isinstance(fields, Malformed):
            return 0, 0
        return len({name.strip() for name in fields} & mapping.sources), len(fields)

    headers = {
        sign: next((fields for _, fields, _ in read_records(file, encoding, sign, before)), None)
        for sign in mapping.source.delimiter or DELIMITERS
    }
    delimiter = max(headers, key=count_found)
    return delimiter, headers[delimiter]


def read_records(path: Path, encoding: str, delimiter: str, skipped: int) -> Iterator[Record]:
    """Yield each record after the first `skipped`."""
    csv.field_size_limit(LARGEST_CELL)
    with path.open(encoding=encoding, newline="") as stream:
        lines = _Lines(stream, path.name)
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        position = 0
        while True:
            start = lines.number + 1
            try:
                fields = next(reader)
            except StopIteration:
                return
            except (csv.Error, _UnclosedQuoteError):
                raw = lines.give_back()
                sentence = "A quote is opened or closed in the wrong place."
                reader = csv.reader(lines, delimiter=delimiter, strict=True)
                position += 1
                if position > skipped:
                    yield start, Malformed(start, "broken_quote", sentence, raw), [raw]
                continue
            record_lines, lines.taken = lines.taken, []
            position += 1
            if position > skipped:
                yield start, fields, record_lines


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
