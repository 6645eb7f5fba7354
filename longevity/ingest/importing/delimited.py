"""Delimited text: its encoding, its delimiter, its rows, and the lines that are none."""

from __future__ import annotations

import codecs
import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from longevity.errors import DataError
from longevity.ingest.importing.chunks import (
    ROWS_A_CHUNK,
    Malformed,
    RecordChunk,
    make_names_distinct,
)
from longevity.ingest.importing.mapping import Mapping

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


@dataclass
class DelimitedFile:
    """A text file whose rows are lines of fields."""

    path: Path
    encoding: str
    delimiter: str
    names: list[str]
    skipped: int  # rows before the first one of data
    remarks: list[str] = field(default_factory=list)
    native: bool = False

    def read_chunks(self) -> Iterator[RecordChunk]:
        """Yield every row; a line that is none goes to `malformed`."""
        chunk = RecordChunk(self.names, [], [])
        for number, fields, raw in read_records(
            self.path, self.encoding, self.delimiter, self.skipped
        ):
            if isinstance(fields, Malformed):
                chunk.malformed.append(fields)
            else:
                self._take_record(chunk, number, fields, raw)
            if len(chunk.numbers) + len(chunk.malformed) >= ROWS_A_CHUNK:
                yield chunk
                chunk = RecordChunk(self.names, [], [])
        if chunk.numbers or chunk.malformed:
            yield chunk

    def _take_record(
        self, chunk: RecordChunk, number: int, fields: list[str], raw: list[str]
    ) -> None:
        width = len(self.names)
        if len(fields) != width:
            if not any(fields):
                return  # a blank row, as spreadsheets leave them
            if len(fields) > width and not any(fields[width:]):
                fields = fields[:width]  # delimiters too many at the end
            else:
                sentence = f"The row has {len(fields):,} fields where the header has {width:,}."
                chunk.malformed.append(Malformed(number, "field_count", sentence, "".join(raw)))
                return
        elif not any(fields):
            return
        chunk.numbers.append(number)
        chunk.records.append(fields)


def read_records(
    path: Path, encoding: str, delimiter: str, skipped: int = 0
) -> Iterator[tuple[int, list[str] | Malformed, list[str]]]:
    """Yield (line number, fields, physical lines) of each record after the first `skipped`."""
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


def open_file(file: Path, mapping: Mapping) -> DelimitedFile:
    """Open a delimited file; DataError when it is not text or has no header."""
    rule = mapping.source
    encoding = _find_encoding(file, rule.encoding)
    before = rule.header_row - 1
    remarks = []
    if encoding == "cp1252" and rule.encoding is None:
        remarks.append("The file is not UTF-8; it was read as Windows-1252.")
    if rule.names:
        delimiter = rule.delimiter or _find_delimiter(file, encoding, before, mapping)
        names = make_names_distinct(rule.names, mapping, file.name)
        return DelimitedFile(file, encoding, delimiter, names, before, remarks)
    delimiter = rule.delimiter or _find_delimiter(file, encoding, before, mapping)
    header = _read_header(file, encoding, delimiter, before)
    names = make_names_distinct(header, mapping, file.name)
    return DelimitedFile(file, encoding, delimiter, names, before + 1, remarks)


def _read_header(file: Path, encoding: str, delimiter: str, before: int) -> list[str]:
    for _, fields, _ in read_records(file, encoding, delimiter, before):
        if isinstance(fields, Malformed):
            raise DataError(
                f"The header of {file.name}, line {fields.row:,}, cannot be read: {fields.sentence}"
            )
        return fields
    raise DataError(f"{file.name} has no header.", "Ask the sender for the file again.")


def _find_delimiter(file: Path, encoding: str, before: int, mapping: Mapping) -> str:
    """Return the delimiter by which most of the wanted columns are found in the header."""

    def found(delimiter: str) -> tuple[int, int]:
        for _, fields, _ in read_records(file, encoding, delimiter, before):
            if isinstance(fields, Malformed):
                return 0, 0
            names = {name.strip() for name in fields}
            return len(names & mapping.sources), len(fields)
        return 0, 0

    return max(DELIMITERS, key=found)


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
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    try:
        with file.open("rb") as stream:
            while block := stream.read(BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True
