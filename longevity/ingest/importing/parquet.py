"""Parquet; typed values become the text a CSV would hold."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from longevity.errors import DataError
from longevity.ingest.importing.mapping import Mapping
from longevity.ingest.importing.sources import Cells, Record, Source, make_names_distinct


@contextmanager
def open_file(file: Path, mapping: Mapping) -> Iterator[Source]:
    """Open a parquet file; DataError when it is none or is cut off."""
    try:
        with pq.ParquetFile(file) as opened:
            names = make_names_distinct(opened.schema_arrow.names, mapping, file.name)
            yield Source(names, _read_records(opened, names, mapping), native=True)
    except (pa.ArrowException, OSError, EOFError, MemoryError, UnicodeError) as error:
        raise DataError(
            f"{file.name} is not a whole parquet file: it may be cut off.",
            "Ask the sender for the file again.",
        ) from error


def _read_records(opened: pq.ParquetFile, names: list[str], mapping: Mapping) -> Iterator[Record]:
    number = 0
    for batch in opened.iter_batches():
        batch.validate(full=True)
        columns = [
            _format_texts(values, name, name in mapping.sources)
            for name, values in zip(names, batch.columns, strict=True)
        ]
        for cells in zip(*columns, strict=True):
            number += 1
            yield Record(number, cells)


def _format_texts(values: pa.Array, name: str, mapped: bool) -> Cells:
    kind = values.type
    if pa.types.is_dictionary(kind):
        values, kind = values.cast(kind.value_type), kind.value_type
    if pa.types.is_timestamp(kind) and kind.tz is not None:
        texts = values.cast(pa.timestamp(kind.unit)).cast(pa.string()).to_pylist()
        return [text and f"{text}Z" for text in texts]
    try:
        return list(values.cast(pa.string()).to_pylist())
    except (pa.ArrowException, UnicodeError) as error:
        if not mapped:
            # No contract column holds a list or bytes, but they may tell two rows apart.
            return [None if value is None else repr(value) for value in values.to_pylist()]
        raise DataError(
            f"The column '{name}' holds {kind}, which cannot be read as text or numbers.",
            "Ask the sender for plain columns.",
        ) from error
