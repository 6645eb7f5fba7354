"""Which row of which source file a row of an extract was made from.

`import` keeps, beside what each source brought (`DIR/parts/…`), the source's row numbers,
one for each row of each extract. They stand in no extract, so that no release can carry
them, and hold numbers only. `DIR/<extract>.parquet` is the parts one after another, by name.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from longevity.errors import join_words
from longevity.labels import make_printable

PARTS = "parts"
ABOUT = "part.json"
COLUMN = "row"


def name_file(extract: str) -> str:
    """Return the name of the file in a part that has the source rows of an extract."""
    return f"{extract}.rows.parquet"


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
            for source, numbers in known.groupby("source", sort=False)[COLUMN]
        )

    def _read_origins(self, extract: str) -> pd.DataFrame:
        """Return source and row in it, by the extract's row from 1; empty if not of the whole."""
        unknown = pd.DataFrame({"source": [], COLUMN: []})
        try:
            parts = [
                pq.read_table(folder / name_file(extract), partitioning=None)
                .to_pandas()
                .assign(source=source)
                for _, folder, source in sorted(self._find_parts(extract))
            ]
            whole = pq.read_metadata(self._directory / f"{extract}.parquet").num_rows
        except (OSError, ValueError, LookupError, TypeError, pa.ArrowException):
            return unknown
        origins = pd.concat([unknown, *parts], ignore_index=True)
        origins.index += 1
        # Another number of rows: the extract was put there, or changed, by something else.
        return origins if len(origins) == whole else unknown

    def _find_parts(self, extract: str) -> Iterator[tuple[str, Path, str]]:
        for about in (self._directory / PARTS).glob(f"*/*/{ABOUT}"):
            part = json.loads(about.read_text(encoding="utf-8"))
            if extract in part["rows"]:
                yield part["name"], about.parent, make_printable(str(part["source"]))


def describe_rows(numbers: Sequence[int], source: str) -> str:
    """Return `rows 14 and 20 of shootings.csv`, or the name alone where no row is known."""
    if not numbers:
        return source
    return f"row{'s' if len(numbers) > 1 else ''} {join_words([*map(str, numbers)])} of {source}"
