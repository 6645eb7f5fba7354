"""Long lists, a page at a time: how many rows there are in all, and which of them are shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import pandas as pd

OF_ALL = "of_all"  # how many rows the whole list has, in every row of a page of it


def count_all_rows(frame: pd.DataFrame) -> int:
    """Return how many rows the list has that `frame` is a page of, or the whole of."""
    if OF_ALL in frame and len(frame):
        return int(frame[OF_ALL].iloc[0])
    return len(frame)


def describe_first(frame: pd.DataFrame, rows: str) -> str:
    """Say that only the first rows of a list stand in a table; nothing where all of them do."""
    many = count_all_rows(frame)
    if many <= len(frame):
        return ""
    return f"The table has the first {len(frame):,} of {many:,} {rows}; the CSV has all of them."


def build_list_table(
    frame: pd.DataFrame, cities: Mapping[str, str], *left_out: str
) -> pd.DataFrame:
    """Return a page, or the whole list, as a table: cities by name, and without `left_out`.

    What a page says of the list stands in words, not in each row.
    """
    rows = frame.drop(columns=[OF_ALL, *left_out], errors="ignore")
    return rows.assign(city=rows["city"].map(cities).fillna(rows["city"]))


def shorten_codes(table: pd.DataFrame, cities: Iterable[str]) -> pd.DataFrame:
    """Return a table for the screen, where the city of a row stands beside its codes.

    A code that begins with its city's id, as `CITY-p12`, is `p12` there.
    """
    ids = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, cities))})-(?=\w)")
    texts = table.select_dtypes(include=["object", "string"]).columns
    return table.assign(
        **{
            name: [ids.sub("", cell) if isinstance(cell, str) else cell for cell in table[name]]
            for name in texts
        }
    )


def label_pages(many: int, rows: int, most: int) -> dict[str, str]:
    """Label the pages of a list of `many` by number: what each holds. At most `most` of them."""
    pages = min(most, -(-many // rows))
    return {
        str(page): f"{rows * (page - 1) + 1:,} to {min(many, rows * page):,}"
        for page in range(1, pages + 1)
    }
