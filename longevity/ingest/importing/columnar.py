"""Parquet, read batch by batch; typed values become the text a CSV would hold."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from longevity.errors import DataError
from longevity.ingest.importing.chunks import ROWS_A_CHUNK, Malformed, make_names_distinct
from longevity.ingest.importing.mapping import Mapping


@dataclass
class BatchChunk:
    """Rows held as an Arrow batch."""

    names: list[str]
    first: int
    batch: pa.RecordBatch
    malformed: list[Malformed] = field(default_factory=list)

    @property
    def rows(self) -> np.ndarray:
        """The rows' numbers, from 1."""
        return np.arange(self.first, self.first + self.batch.num_rows, dtype="int64")

    def read_column(self, name: str) -> pd.Series:
        """Return one column as text."""
        return _format_texts(self.batch.column(self.names.index(name)), name)

    def read_record(self, position: int) -> dict[str, Any]:
        """Return one row whole, values as JSON can say them."""
        values = (column[position] for column in self.batch.columns)
        return {name: _make_plain(value) for name, value in zip(self.names, values, strict=True)}

    def hash_rows(self) -> np.ndarray:
        """Return a number for each row, equal for rows alike in every column."""
        rows = zip(*(_list_comparable(column) for column in self.batch.columns), strict=True)
        return np.fromiter(map(hash, rows), dtype="int64", count=self.batch.num_rows)


@dataclass
class ParquetFile:
    """A parquet file."""

    path: Path
    names: list[str]
    remarks: list[str] = field(default_factory=list)
    native: bool = True

    def read_chunks(self) -> Iterator[BatchChunk]:
        """Yield every row."""
        first = 1
        try:
            with pq.ParquetFile(self.path) as opened:
                for batch in opened.iter_batches(batch_size=ROWS_A_CHUNK):
                    batch.validate(full=True)
                    yield BatchChunk(self.names, first, batch)
                    first += batch.num_rows
        except (pa.ArrowException, OSError, EOFError, MemoryError) as error:
            raise _broken_error(self.path) from error


def open_file(file: Path, mapping: Mapping) -> ParquetFile:
    """Open a parquet file; DataError when it is none or is cut off."""
    try:
        with pq.ParquetFile(file) as opened:
            headings = list(opened.schema_arrow.names)
    except (pa.ArrowException, OSError, EOFError, MemoryError, UnicodeError) as error:
        raise _broken_error(file) from error
    return ParquetFile(file, make_names_distinct(headings, mapping, file.name))


def _broken_error(file: Path) -> DataError:
    return DataError(
        f"{file.name} is not a whole parquet file: it may be cut off.",
        "Ask the sender for the file again.",
    )


def _format_texts(values: pa.Array, name: str) -> pd.Series:
    kind = values.type
    try:
        if pa.types.is_dictionary(kind):
            values = values.dictionary_decode()
            kind = values.type
        if pa.types.is_nested(kind):
            texts = [None if v is None else json.dumps(v, default=str) for v in values.to_pylist()]
            return pd.Series(texts, dtype="str")
        ending = ""
        if pa.types.is_timestamp(kind) and kind.tz is not None:
            values, ending = values.cast(pa.timestamp(kind.unit)), "Z"
        text = pd.Series(values.cast(pa.string()).to_pylist(), dtype="str")
    except (pa.ArrowException, UnicodeError) as error:
        raise DataError(
            f"The column '{name}' holds {kind}, which cannot be read as text or numbers.",
            "Ask the sender for plain columns.",
        ) from error
    return text + ending if ending else text


def _list_comparable(values: pa.Array) -> list[Any]:
    """Return values of which equal ones have one hash, whatever their type."""
    try:
        listed = values.to_pylist()
        hash(tuple(listed))
    except (UnicodeError, ValueError, TypeError):  # not UTF-8, a nanosecond time, a list
        return [json.dumps(_make_plain(value)) for value in values]
    # Of floats no NaN equals another, and of text none is one.
    return [None if isinstance(value, float) and math.isnan(value) else value for value in listed]


def _make_plain(value: pa.Scalar) -> Any:
    """Return a value as JSON can say it, nothing rounded."""
    try:
        plain = value.as_py()
    except (UnicodeError, ValueError):  # text that is not UTF-8, a nanosecond time
        return repr(value)
    if plain is None or isinstance(plain, (str, bool, int, float)):
        return plain
    return json.loads(json.dumps(plain, default=str))
