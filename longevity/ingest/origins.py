"""Find the row of a city's file that a row of an extract was made from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from longevity.base.errors import DataError
from longevity.base.labels import make_printable
from longevity.ingest.importing.parts import FOLDER, read_parts
from longevity.words.language import join_words


def describe_origins(directory: Path, extract: str, rows: Sequence[int]) -> str:
    """Return "rows 14 and 20 of shootings.csv" for rows of an extract, counted from 1.

    An extract is its parts in a row (`importing/parts.py`), which have the sources' row numbers.
    "" where the extract was not made by imports alone.
    """
    said, before = [], 0
    try:
        parts = [part for part in read_parts(directory) if extract in part.rows]
        whole = pq.read_metadata(directory / f"{extract}.parquet").num_rows
        # With another number of rows the extract was changed by something else since.
        for part in parts if sum(part.rows[extract] for part in parts) == whole else ():
            path = directory / FOLDER / part.name / f"{extract}.parquet"
            numbers = pq.read_table(path, columns=["row"], partitioning=None)["row"]
            here = [str(numbers[r - before - 1]) for r in rows if 0 < r - before <= len(numbers)]
            before += len(numbers)
            if here:
                noun = "rows" if len(here) > 1 else "row"
                said.append(f"{noun} {join_words(here)} of {make_printable(part.source)}")
    except (OSError, DataError, pa.ArrowException):
        return ""
    return "; ".join(said)
