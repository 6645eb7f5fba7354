"""What every kind of source gives: its rows as text by their number, and lines that are no row."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import pandas as pd

from longevity.errors import DataError
from longevity.ingest.importing.mapping import Mapping

ROWS_A_BLOCK = 50_000  # Python's texts take several times the room of a frame's


@dataclass(frozen=True)
class Malformed:
    """A line that is no row: kept raw, with the rule it breaks."""

    row: int
    rule: str
    sentence: str
    raw: str


@dataclass
class Source:
    """A whole file. `rows`: a column of text each, as written; their index numbers them."""

    rows: pd.DataFrame
    malformed: list[Malformed] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    native: bool = False  # dates may come typed, not as somebody's text


def build_rows(
    names: list[str], records: Iterable[tuple[int, Sequence[str | None]]]
) -> pd.DataFrame:
    """Build the rows of a source from each one's number and cells."""
    rest = iter(records)
    frames = [pd.DataFrame(columns=names, index=pd.Index([], dtype="int64"), dtype="str")]
    while block := list(itertools.islice(rest, ROWS_A_BLOCK)):
        numbers, cells = zip(*block, strict=True)
        frames.append(pd.DataFrame(list(cells), index=numbers, columns=names, dtype="str"))
    return pd.concat(frames)


def make_names_distinct(headings: Sequence[str | None], mapping: Mapping, source: str) -> list[str]:
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
