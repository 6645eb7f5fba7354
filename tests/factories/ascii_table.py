"""Tables a person can read, as the input and the expected output of a test.

    city | day        | fatal
    east | 2024-02-29 | 1

An empty cell is a missing value.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd


def rows(text: str) -> list[dict[str, str]]:
    """The rows of a table as text, by column; a line that begins with # is a remark."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    lines = [line for line in lines if not line.startswith("#")]
    header, *body = [[cell.strip() for cell in line.split("|")] for line in lines]
    assert all(len(cells) == len(header) for cells in body), "a row has too many or too few cells"
    return [dict(zip(header, cells, strict=True)) for cells in body]


def said(value: object) -> str:
    if pd.isna(value):  # type: ignore[call-overload]  # any cell is asked
        return ""
    if isinstance(value, (datetime, date)):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


@dataclass
class Shown:
    """A frame as tables write it: it is equal to rows that say the same in the columns that they have."""

    frame: pd.DataFrame

    def __eq__(self, wanted: object) -> bool:
        assert isinstance(wanted, list)
        return self.list_rows(list(wanted[0]) if wanted else list(self.frame)) == wanted

    __hash__ = None  # type: ignore[assignment]

    def list_rows(self, columns: list[str]) -> list[dict[str, str]]:
        """Its rows in these columns, as text."""
        cells = self.frame[columns].astype(object).itertuples(index=False, name=None)
        return [dict(zip(columns, map(said, row), strict=True)) for row in cells]

    def __repr__(self) -> str:
        """The table, for a failure a person can read."""
        columns = list(self.frame)
        return "\n".join(" | ".join(line) for line in (columns, *(row.values() for row in self.list_rows(columns))))


def read_frame(text: str) -> pd.DataFrame:
    """The rows of a table as an answer has them: whole numbers, numbers, days, yes and no, text.

    A column is of the one kind that all its cells are of; an empty cell is missing.
    """
    lines = rows(text)
    return pd.DataFrame({name: _read_column([line[name] for line in lines]) for name in lines[0]})


def _read_column(cells: list[str]) -> pd.Series:
    known = [cell for cell in cells if cell]
    there = [cell or None for cell in cells]
    if all(re.fullmatch(r"-?\d+", cell) for cell in known):
        return pd.Series([cell and int(cell) for cell in there], dtype="Int64")
    if all(re.fullmatch(r"-?\d+(\.\d+)?", cell) for cell in known):
        return pd.Series([cell and float(cell) for cell in there], dtype="float64")
    if all(re.fullmatch(r"\d{4}-\d\d-\d\d", cell) for cell in known):
        return pd.Series(pd.to_datetime(there))
    if set(known) <= {"yes", "no"}:
        return pd.Series([cell and cell == "yes" for cell in there], dtype="boolean")
    return pd.Series(there, dtype="object")
