"""XLSX workbooks, read row by row; cells become the text a CSV would hold."""

from __future__ import annotations

import itertools
import json
import struct
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, BinaryIO

from longevity.errors import ConfigError, DataError, suggest_nearest
from longevity.ingest.importing.mapping import Mapping
from longevity.ingest.importing.sources import Cells, Record, Source, make_names_distinct

LARGEST_UNPACKED = 2**30
MOST_ROWS = 2**20
ROWS_LOOKED_AT = 50  # of the sheets that are not read


@contextmanager
def open_file(file: Path, mapping: Mapping) -> Iterator[Source]:
    """Open one sheet of a workbook; DataError when it is none, ConfigError on an unknown sheet."""
    rule = mapping.source
    _refuse_oversized(file)
    with file.open("rb") as stream:
        book = _load_book(stream, file)
        records = _read_records(_find_sheet(book, file, mapping), file)
        records = itertools.dropwhile(lambda record: record.row < rule.header_row, records)
        headings: Cells = rule.names
        if not rule.names:
            cells = next(records, Record(0, ())).cells
            headings = cells[: max((at for at, cell in enumerate(cells, 1) if cell), default=0)]
            if not headings:
                raise DataError(f"{file.name} has no header in row {rule.header_row}.")
        names = make_names_distinct(headings, mapping, file.name)
        remarks = [] if rule.sheet else _describe_other_sheets(book, file)
        yield Source(names, records, remarks, native=True)


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


def _describe_other_sheets(book: Any, file: Path) -> list[str]:
    """Return a remark where sheets besides the first hold anything: another year, perhaps."""
    with _refusing_broken(file):
        others = sum(map(_holds_anything, book.worksheets[1:]))
    if not others:
        return []
    hold = "another sheet holds" if others == 1 else f"{others} more sheets hold"
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


def _read_records(page: Any, file: Path) -> Iterator[Record]:
    rows = page.iter_rows(min_row=1, max_row=MOST_ROWS)
    for number in range(1, MOST_ROWS + 1):
        with _refusing_broken(file):
            row = next(rows, None)
            cells = None if row is None else tuple(map(_cell_text, row))
        if cells is None:
            return
        yield Record(number, cells, json.dumps(cells) if any(cells) else "")


def _find_sheet(book: Any, file: Path, mapping: Mapping) -> Any:
    pages = {page.title: page for page in book.worksheets}
    if not pages:
        raise DataError(f"{file.name} has no sheet.")
    name = mapping.source.sheet or book.worksheets[0].title
    if name not in pages:
        raise ConfigError(
            f"{mapping.path} names the sheet '{name}', which {file.name} does not have.",
            suggest_nearest(name, pages),
        )
    pages[name].reset_dimensions()  # the size a file claims is often wrong
    return pages[name]


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
