"""Read a source, whatever it is written as: its rows as text, one after another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from longevity import files
from longevity.errors import DataError, UsageError
from longevity.ingest.importing.mapping import Mapping, missing_column_error

OLD_WORKBOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
Cells = Sequence[str | None]


class Record(NamedTuple):
    """A row of a source: its number, its cells as written, and the same as one raw text.

    Of a line that is no row, `broken` has the rule it breaks and a sentence.
    """

    row: int
    cells: Cells
    raw: str = ""
    broken: tuple[str, str] | None = None


@dataclass
class Source:
    """A source that is being read. `records`: behind the header, each as wide as `names`."""

    names: list[str]
    records: Iterator[Record]
    remarks: list[str] = field(default_factory=list)
    native: bool = False  # dates may come typed, not as somebody's text


@contextmanager
def open_source(file: Path, mapping: Mapping) -> Iterator[Source]:
    """Open `file` as the mapping says, or as its first bytes tell.

    Raises UsageError when there is no such file, DataError when it cannot be
    read, ConfigError when the mapping reads a column it does not have.
    """
    from longevity.ingest.importing import delimited, parquet, workbook

    head = _read_first_bytes(file)
    readers = {
        "csv": delimited.open_file,
        "xlsx": workbook.open_file,
        "parquet": parquet.open_file,
    }
    with readers[mapping.source.format or _find_kind(file, head)](file, mapping) as source:
        for name in sorted(mapping.sources.difference(source.names)):
            raise missing_column_error(name, file.name, source.names, mapping)
        source.records = _check_widths(source.records, len(source.names), source.native)
        yield source


def _check_widths(records: Iterable[Record], width: int, native: bool) -> Iterator[Record]:
    """Yield the records that hold anything; one that is not as wide as the header is broken."""
    for record in records:
        cells = record.cells
        if record.broken or (len(cells) == width and any(cells)):
            yield record
        elif any(cells[width:]) or (len(cells) < width and any(cells) and not native):
            sentence = f"The row has {len(cells):,} fields where the header has {width:,}."
            yield record._replace(broken=("field_count", sentence))
        elif any(cells):  # else a blank row, as spreadsheets leave them
            # There may be delimiters too many at the end; a workbook leaves empty cells out.
            yield record._replace(cells=(*cells[:width], *[None] * (width - len(cells))))


def _read_first_bytes(file: Path) -> bytes:
    if file.is_dir():
        raise UsageError(f"{file} is a directory.", "Give one file.")
    if other := files.describe_other_kind(file):
        raise UsageError(f"{file} {other}.", "Save what it gives as a file.")
    try:
        with file.open("rb") as stream:
            return stream.read(8)
    except FileNotFoundError as error:
        raise UsageError(f"{file} does not exist.") from error
    except OSError as error:
        raise DataError(f"{file} cannot be read: {error.strerror}.") from error


def _find_kind(file: Path, head: bytes) -> str:
    suffix = file.suffix.lower()
    if not head:
        raise DataError(f"{file.name} is empty.", "Ask the sender for the file again.")
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"PK\x03\x04"):
        return "xlsx"
    if head.startswith(OLD_WORKBOOK):
        raise DataError(f"{file.name} is an old Excel workbook.", "Save it as XLSX or CSV.")
    if head.startswith((b"\x1f\x8b", b"BZh", b"7z\xbc\xaf", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")):
        raise DataError(f"{file.name} is compressed.", "Unpack it first.")
    if suffix in (".xlsx", ".xlsm", ".parquet"):
        raise DataError(
            f"{file.name} is named {suffix} but is not one.",
            "It may be cut off or renamed: ask the sender for the file again.",
        )
    return "csv"


def make_names_distinct(headings: Cells, mapping: Mapping, source: str) -> list[str]:
    """Return the header's names, stripped, empty and repeated ones made distinct.

    A repeated name that the mapping reads is a DataError: which is meant?
    """
    names: list[str] = []
    plain = [(name or "").strip() or f"column {at}" for at, name in enumerate(headings, start=1)]
    for name in plain:
        if name in names and name in mapping.sources:
            raise DataError(
                f"{source} has the column '{name}' more than once.",
                "Rename one of them in the source.",
            )
        again = name
        while again in names or (again != name and again in plain):
            again = f"{again} (again)"
        names.append(again)
    return names
