"""Which row of which source file a row of an extract was made from.

`import` keeps, beside what each source brought (`DIR/parts/…`), the source's row numbers,
one for each row of each extract. They stand in no extract, so that no release can carry
them, and hold numbers only. `DIR/<extract>.parquet` is the parts one after another, by name.
"""

from __future__ import annotations

import bisect
import itertools
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from longevity.labels import make_printable

PARTS = "parts"
ABOUT = "part.json"
COLUMN = "row"


def write_origins(part: Path, extract: str, rows: Iterable[int]) -> None:
    """Keep the source rows of an extract's rows, in their order, in the folder of a part."""
    numbers = pa.array(list(rows), pa.int64())
    pq.write_table(pa.table({COLUMN: numbers}), _origins_file(part, extract))


def _origins_file(part: Path, extract: str) -> Path:
    return part / f"{extract}.rows.parquet"


class Origins:
    """The origins of the rows of one folder of extracts; it knows none where none were kept."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._of: dict[str, list[tuple[int, Path, str]]] = {}
        self._rows: dict[Path, pa.ChunkedArray] = {}

    def in_words(self, extract: str, rows: Iterable[int]) -> str:
        """Return `rows 14 and 20 of shootings.csv` for rows of an extract, from 1; else empty."""
        by_source: dict[str, list[int]] = {}
        for row in rows:
            name, number = self._find_origin(extract, row)
            if name:
                by_source.setdefault(name, []).append(number)
        return "; ".join(describe_rows(numbers, name) for name, numbers in by_source.items())

    def _find_origin(self, extract: str, row: int) -> tuple[str, int]:
        """Return the source's name and the row in it; an empty name where it is not known."""
        if extract not in self._of:
            self._of[extract] = self._list_parts(extract)
        parts = self._of[extract]
        at = bisect.bisect_right([start for start, *_ in parts], row - 1) - 1
        if at < 0:
            return "", 0
        start, folder, name = parts[at]
        path = _origins_file(folder, extract)
        try:
            if path not in self._rows:
                self._rows[path] = pq.read_table(path, partitioning=None)[COLUMN]
            return name, self._rows[path][row - 1 - start].as_py()
        except (OSError, LookupError, pa.ArrowException):
            return "", 0

    def _list_parts(self, extract: str) -> list[tuple[int, Path, str]]:
        """Return first row (from 0), folder and source of each part; empty if not the whole."""
        try:
            parts = sorted(self._find_parts(extract))
            sizes = [
                pq.read_metadata(folder / f"{extract}.parquet").num_rows for _, folder, _ in parts
            ]
            whole = pq.read_metadata(self._directory / f"{extract}.parquet").num_rows
        except (OSError, ValueError, LookupError, TypeError, pa.ArrowException):
            return []
        starts = list(itertools.accumulate(sizes, initial=0))
        if starts.pop() != whole:
            return []  # the extract was put there, or changed, by something else
        return [
            (start, folder, name) for start, (_, folder, name) in zip(starts, parts, strict=True)
        ]

    def _find_parts(self, extract: str) -> Iterator[tuple[str, Path, str]]:
        for about in (self._directory / PARTS).glob(f"*/*/{ABOUT}"):
            about_part = json.loads(about.read_text(encoding="utf-8"))
            if extract in about_part["rows"]:
                yield about_part["name"], about.parent, make_printable(str(about_part["source"]))


def describe_rows(numbers: Sequence[int], source: str) -> str:
    """Return `rows 14 and 20 of shootings.csv`, or the name alone where no row is known."""
    if not numbers:
        return source
    return f"{'row' if len(numbers) == 1 else 'rows'} {_list_numbers(numbers)} of {source}"


def _list_numbers(numbers: Sequence[int]) -> str:
    words = [str(number) for number in numbers]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
