"""What every kind of source gives: rows in chunks, and lines that are no row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import pandas as pd

from longevity.errors import DataError
from longevity.ingest.importing.mapping import Mapping

ROWS_A_CHUNK = 50_000


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

    def read_column(self, name: str) -> pd.Series:
        """Return one column as text, as written; NaN where there is nothing."""
        ...

    def read_record(self, position: int) -> dict[str, Any]:
        """Return one row whole, every column of the source."""
        ...

    def hash_rows(self) -> np.ndarray:
        """Return a number for each row, equal for rows alike in every column of the source."""
        ...


class Source(Protocol):
    """An opened file: its column names and, as often as asked, its chunks."""

    names: list[str]
    native: bool  # dates may come typed, not as somebody's text
    remarks: list[str]

    def read_chunks(self) -> Iterator[Chunk]:
        """Yield every row, in order."""
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

    def read_column(self, name: str) -> pd.Series:
        """Return one column as text."""
        at = self.names.index(name)
        return pd.Series([record[at] for record in self.records], dtype="str")

    def read_record(self, position: int) -> dict[str, Any]:
        """Return one row whole."""
        return dict(zip(self.names, self.records[position], strict=True))

    def hash_rows(self) -> np.ndarray:
        """Return a number for each row, equal for rows alike in every column."""
        hashes = (hash(tuple(record)) for record in self.records)
        return np.fromiter(hashes, dtype="int64", count=len(self.records))


def make_names_distinct(headings: Sequence[str | None], mapping: Mapping, source: str) -> list[str]:
    """Return the header's names, stripped, empty and repeated ones made distinct.

    A repeated name that the mapping reads is a DataError: which is meant?
    """
    names: list[str] = []
    counts: dict[str, int] = {}
    originals = {(name or "").strip() for name in headings}
    for position, name in enumerate(headings, start=1):
        short = (name or "").strip() or f"column {position}"
        counts[short] = counts.get(short, 0) + 1
        if counts[short] > 1:
            if short in mapping.sources:
                raise DataError(
                    f"{source} has the column '{short}' more than once.",
                    "Rename one of them in the source.",
                )
            while short in originals or short in counts:
                short = f"{short} (again)"
            counts[short] = 1
        names.append(short)
    return names
