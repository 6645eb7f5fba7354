"""Which row of which source file a row of an extract was made from, as the parts say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from longevity.errors import DataError
from longevity.ingest.importing.parts import FOLDER, read_parts
from longevity.labels import make_printable
from longevity.language import join_words


class Origins:
    """The origins of the rows of one folder of extracts; it knows none where none were kept."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._of: dict[str, pd.DataFrame] = {}

    def in_words(self, extract: str, rows: Iterable[int]) -> str:
        """Return `rows 14 and 20 of shootings.csv` for rows of an extract, from 1; else empty."""
        if extract not in self._of:
            self._of[extract] = self._read_origins(extract)
        known = self._of[extract].reindex(rows).dropna()
        return "; ".join(
            describe_rows([int(number) for number in numbers], source)
            for source, numbers in known.groupby("source", sort=False)["row"]
        )

    def _read_origins(self, extract: str) -> pd.DataFrame:
        """Return source and row in it, by the extract's row from 1; empty if not of the whole."""
        unknown = pd.DataFrame({"source": [], "row": []})
        try:
            parts = [
                pq.read_table(
                    self._directory / FOLDER / part.name / f"{extract}.parquet",
                    columns=["row"],
                    partitioning=None,
                )
                .to_pandas()
                .assign(source=make_printable(part.source))
                for part in read_parts(self._directory)
                if extract in part.rows
            ]
            whole = pq.read_metadata(self._directory / f"{extract}.parquet").num_rows
        except (OSError, DataError, pa.ArrowException):
            return unknown
        origins = pd.concat([unknown, *parts], ignore_index=True)
        origins.index += 1
        # Another number of rows: the extract was put there, or changed, by something else.
        return origins if len(origins) == whole else unknown


def describe_rows(numbers: Sequence[int], source: str) -> str:
    """Return `rows 14 and 20 of shootings.csv`, or the name alone where no row is known."""
    if not numbers:
        return source
    return f"row{'s' if len(numbers) > 1 else ''} {join_words([*map(str, numbers)])} of {source}"
