"""Open a source, whatever it is written as, and give its rows in chunks.

A source can be read again from the start, so that nothing but the rows in hand
is kept: import reads once for the extracts and, when rows were refused, once
more for the quarantine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pandas as pd

from longevity.errors import DataError, UsageError
from longevity.intake.importing.mapping import Mapping, column_missing

ROWS_A_CHUNK = 50_000
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True)
class Malformed:
    """A line that is no row: kept raw, with the rule it breaks."""

    row: int
    rule: str
    sentence: str
    raw: str


class Chunk(Protocol):
    """Some consecutive rows. `rows` holds their numbers in the source."""

    malformed: list[Malformed]

    @property
    def rows(self) -> np.ndarray:
        """The rows' numbers."""
        ...

    def column(self, name: str) -> pd.Series:
        """One column as text, as written; NaN where there is nothing."""
        ...

    def record(self, position: int) -> dict[str, Any]:
        """One row whole, every column of the source."""
        ...


class Source(Protocol):
    """An opened file: its column names and, as often as asked, its chunks."""

    names: list[str]
    native: bool  # dates may come typed, not as somebody's text
    remarks: list[str]

    def chunks(self) -> Iterator[Chunk]:
        """Every row, in order."""
        ...


@dataclass
class RecordChunk:
    """Rows held as sequences of text, from a delimited file or a workbook."""

    names: list[str]
    numbers: list[int]
    records: list[Sequence[str | None]]
    malformed: list[Malformed] = field(default_factory=list)

    @property
    def rows(self) -> np.ndarray:
        """The rows' numbers in the source."""
        return np.asarray(self.numbers, dtype="int64")

    def column(self, name: str) -> pd.Series:
        """One column as text."""
        at = self.names.index(name)
        return pd.Series([record[at] for record in self.records], dtype="str")

    def record(self, position: int) -> dict[str, Any]:
        """One row whole."""
        return dict(zip(self.names, self.records[position], strict=True))


def open_source(file: Path, mapping: Mapping) -> Source:
    """Open `file` as the mapping says, or as its first bytes tell.

    Raises UsageError when there is no such file, DataError when it cannot be
    read, ConfigError when the mapping reads a column it does not have.
    """
    from longevity.intake.importing import columnar, delimited, workbook

    kind = mapping.source.format or _kind(file, _first_bytes(file))
    openers: dict[str, Callable[[Path, Mapping], Source]] = {
        "csv": delimited.open_file,
        "xlsx": workbook.open_file,
        "parquet": columnar.open_file,
    }
    source = openers[kind](file, mapping)
    for name in sorted(mapping.sources):
        if source.names.count(name) == 0:
            raise column_missing(name, file.name, source.names, mapping)
    return source


def _first_bytes(file: Path) -> bytes:
    if file.is_dir():
        raise UsageError(f"{file} is a directory.", "Give one file.")
    try:
        with file.open("rb") as stream:
            return stream.read(8)
    except FileNotFoundError as error:
        raise UsageError(f"{file} does not exist.") from error
    except OSError as error:
        raise DataError(f"{file} cannot be read: {error.strerror}.") from error


def _kind(file: Path, head: bytes) -> str:
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


def distinct_names(written: Sequence[str | None], mapping: Mapping, source: str) -> list[str]:
    """The header's names, stripped, empty and repeated ones made distinct.

    A repeated name that the mapping reads is a DataError: which is meant?
    """
    names: list[str] = []
    seen: dict[str, int] = {}
    taken = {(name or "").strip() for name in written}
    for position, name in enumerate(written, start=1):
        short = (name or "").strip() or f"column {position}"
        seen[short] = seen.get(short, 0) + 1
        if seen[short] > 1:
            if short in mapping.sources:
                raise DataError(
                    f"{source} has the column '{short}' more than once.",
                    "Rename one of them in the source.",
                )
            while short in taken or short in seen:
                short = f"{short} (again)"
            seen[short] = 1
        names.append(short)
    return names
