"""XLSX workbooks, read row by row; cells become the text a CSV would hold."""

from __future__ import annotations

import json
import struct
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, BinaryIO

from longevity.errors import ConfigError, DataError, suggest_nearest
from longevity.ingest.importing.chunks import (
    ROWS_A_CHUNK,
    Malformed,
    RecordChunk,
    make_names_distinct,
)
from longevity.ingest.importing.mapping import Mapping

LARGEST_UNPACKED = 2**30
MOST_ROWS = 2**20
ROWS_LOOKED_AT = 50  # of the sheets that are not read


@dataclass
class Workbook:
    """One sheet of a workbook."""

    path: Path
    sheet: str | None
    names: list[str]
    skipped: int
    remarks: list[str] = field(default_factory=list)
    native: bool = True

    def read_chunks(self) -> Iterator[RecordChunk]:
        """Yield every row that holds anything."""
        chunk = RecordChunk(self.names, [], [])
        width = len(self.names)
        for number, cells in _read_rows(self.path, self.sheet):
            if number <= self.skipped or not any(cells):
                continue
            if any(cells[width:]):
                sentence = f"The row goes on beyond the {width:,} columns of the header."
                raw = json.dumps(cells)
                chunk.malformed.append(Malformed(number, "field_count", sentence, raw))
                continue
            chunk.numbers.append(number)
            chunk.records.append((*cells[:width], *[None] * (width - len(cells))))
            if len(chunk.numbers) >= ROWS_A_CHUNK:
                yield chunk
                chunk = RecordChunk(self.names, [], [])
        if chunk.numbers or chunk.malformed:
            yield chunk


def open_file(file: Path, mapping: Mapping) -> Workbook:
    """Open a workbook; DataError when it is none, ConfigError on an unknown sheet."""
    rule = mapping.source
    _refuse_oversized(file)
    remarks = [] if rule.sheet else _describe_other_sheets(file)
    if rule.names:
        names = make_names_distinct(rule.names, mapping, file.name)
        return Workbook(file, rule.sheet, names, rule.header_row - 1, remarks)
    for number, cells in _read_rows(file, rule.sheet, mapping):
        if number == rule.header_row and any(cells):
            filled = max(at for at, cell in enumerate(cells, start=1) if cell is not None)
            names = make_names_distinct(cells[:filled], mapping, file.name)
            return Workbook(file, rule.sheet, names, rule.header_row, remarks)
        if number >= rule.header_row:
            break
    raise DataError(f"{file.name} has no header in row {rule.header_row}.")


def _refuse_oversized(file: Path) -> None:
    """Refuse what would unpack into more than memory should hold."""
    try:
        with zipfile.ZipFile(file) as packed:
            names = set(packed.namelist())
            unpacked = sum(member.file_size for member in packed.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error) as error:
        raise DataError(
            f"{file.name} is not a whole workbook.",
            'Ask the sender for it again; of a CSV the mapping says format = "csv".',
        ) from error
    if unpacked > LARGEST_UNPACKED:
        raise DataError(
            f"{file.name} unpacks to {unpacked / 2**30:,.1f} GiB, more than is read.",
            "Send it as CSV or parquet.",
        )
    if "[Content_Types].xml" not in names:
        raise DataError(f"{file.name} is a zip archive, not a workbook.", "Unpack it first.")


def _describe_other_sheets(file: Path) -> list[str]:
    """Return a remark where sheets besides the first hold anything: another year, perhaps."""
    with file.open("rb") as stream:
        book = _load_book(stream, file)
        with _refusing_broken(file):
            others = [page for page in book.worksheets[1:] if _holds_anything(page)]
    if not others:
        return []
    hold = "another sheet holds" if len(others) == 1 else f"{len(others)} more sheets hold"
    return [
        f"Only the first sheet was read, and {hold} something: to read another, name it (`sheet` "
        "under [source]) in a mapping of its own."
    ]


def _holds_anything(page: Any) -> bool:
    page.reset_dimensions()
    rows = page.iter_rows(max_row=ROWS_LOOKED_AT, values_only=True)
    return any(value is not None for row in rows for value in row)


@contextmanager
def _refusing_broken(file: Path) -> Iterator[None]:
    """Say of whatever openpyxl raises here that this is not a readable workbook."""
    try:
        yield
    except Exception as error:  # what its XML and zip readers raise no list of kinds covers
        raise DataError(
            f"{file.name} is not a readable workbook.",
            "Open it, save it as XLSX again, or send CSV.",
        ) from error


def _load_book(stream: BinaryIO, file: Path) -> Any:
    """Open a workbook by openpyxl."""
    import openpyxl

    # What openpyxl warns of (styles, validations it drops) is nothing that is read.
    warnings.filterwarnings("ignore", module="openpyxl")
    with _refusing_broken(file):
        return openpyxl.load_workbook(stream, read_only=True, data_only=True)


def _read_rows(
    file: Path, sheet: str | None, mapping: Mapping | None = None
) -> Iterator[tuple[int, tuple[str | None, ...]]]:
    """Yield (row number, cells as text)."""
    with file.open("rb") as stream:
        page = _find_sheet(_load_book(stream, file), sheet, file, mapping)
        rows = page.iter_rows(min_row=1, max_row=MOST_ROWS)
        for number in range(1, MOST_ROWS + 1):
            with _refusing_broken(file):
                cells = next(rows, None)
                texts = None if cells is None else tuple(_cell_text(cell) for cell in cells)
            if texts is None:
                return
            yield number, texts


def _find_sheet(book: Any, sheet: str | None, file: Path, mapping: Mapping | None) -> Any:
    pages = {page.title: page for page in book.worksheets}
    if sheet is not None and sheet not in pages:
        where = f"{mapping.path} names" if mapping else "The mapping names"
        raise ConfigError(
            f"{where} the sheet '{sheet}', which {file.name} does not have.",
            suggest_nearest(sheet, pages),
        )
    if not pages:
        raise DataError(f"{file.name} has no sheet.")
    page = pages[sheet] if sheet is not None else book.worksheets[0]
    page.reset_dimensions()  # the size a file claims is often wrong
    return page


def _cell_text(cell: Any) -> str | None:
    """Return a cell's value as text: dates in ISO, whole numbers without a point."""
    value = cell.value
    if value is None or isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        timed = value.time() != time(0) or "h" in str(cell.number_format).lower()
        return value.isoformat(" ", "seconds") if timed else value.date().isoformat()
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)
