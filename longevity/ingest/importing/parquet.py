"""Parquet; typed values become the text a CSV would hold."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from longevity.errors import DataError
from longevity.ingest.importing.mapping import Mapping
from longevity.ingest.importing.source_rows import Source, make_names_distinct


def read_file(file: Path, mapping: Mapping) -> Source:
    """Read a parquet file; DataError when it is none or is cut off."""
    try:
        with pq.ParquetFile(file) as opened:
            table = opened.read()
        table.validate(full=True)
        headings = list(table.column_names)
    except (pa.ArrowException, OSError, EOFError, MemoryError, UnicodeError) as error:
        raise DataError(
            f"{file.name} is not a whole parquet file: it may be cut off.",
            "Ask the sender for the file again.",
        ) from error
    names = make_names_distinct(headings, mapping, file.name)
    columns = {
        name: _format_texts(values, name, name in mapping.sources)
        for name, values in zip(names, table.columns, strict=True)
    }
    index = pd.RangeIndex(1, table.num_rows + 1)
    return Source(pd.DataFrame(columns, index=index, dtype="str"), native=True)


def _format_texts(values: pa.ChunkedArray, name: str, mapped: bool) -> list[str | None]:
    kind = values.type
    if pa.types.is_dictionary(kind):
        values, kind = values.cast(kind.value_type), kind.value_type
    if pa.types.is_nested(kind):
        # Nobody maps what holds bytes, but it may tell two rows apart.
        return [None if v is None else json.dumps(v, default=repr) for v in values.to_pylist()]
    if pa.types.is_timestamp(kind) and kind.tz is not None:
        texts = values.cast(pa.timestamp(kind.unit)).cast(pa.string()).to_pylist()
        return [text and f"{text}Z" for text in texts]
    try:
        return list(values.cast(pa.string()).to_pylist())
    except (pa.ArrowException, UnicodeError) as error:
        if not mapped:
            return [repr(value) for value in values]
        raise DataError(
            f"The column '{name}' holds {kind}, which cannot be read as text or numbers.",
            "Ask the sender for plain columns.",
        ) from error
