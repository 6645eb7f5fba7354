"""Tables a person can read, as the input and the expected output of a test.

    city | day        | fatal
    east | 2024-02-29 | 1

An empty cell is a missing value.
"""

import re
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


def assert_table(frame: pd.DataFrame, expected: str) -> None:
    """The frame's rows, in the columns the expected table names, are the expected ones."""
    wanted = rows(expected)
    columns = list(wanted[0]) if wanted else list(frame.columns)
    got = [
        dict(zip(columns, map(said, row), strict=True))
        for row in frame[columns].astype(object).itertuples(index=False, name=None)
    ]
    assert got == wanted, "\n" + drawn(got, columns)


def drawn(table: list[dict[str, str]], columns: list[str]) -> str:
    """The table as text, for a failure a person can read."""
    lines = [" | ".join(columns), *(" | ".join(row[c] for c in columns) for row in table)]
    return "\n".join(lines)


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
