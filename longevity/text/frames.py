"""Rows of an answer by city, and sums of its columns: what sentences and tables are made of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd


def split_by_city(frame: pd.DataFrame, cities: Mapping[str, str]) -> list[tuple[str, pd.DataFrame]]:
    """Return the name and the rows of each city there are any of, in the order of `cities`."""
    present = set(frame["city"])
    return [
        (name, frame[frame["city"] == city]) for city, name in cities.items() if city in present
    ]


def sum_by(frame: pd.DataFrame, key_column: str, names: Sequence[str]) -> pd.DataFrame:
    """Sum each of the columns `names` by the values of `key_column`, in its order; missing is none.

    As a group-by of the frame would say, which takes ten times as long for a few rows.
    """
    sums: dict[Any, list[int]] = {}
    cells = (frame[name].tolist() for name in names)
    for key, *row in zip(frame[key_column].tolist(), *cells, strict=True):
        if pd.isna(key):
            continue
        row_sums = sums.setdefault(key, [0] * len(names))
        for at, cell in enumerate(row):
            row_sums[at] += 0 if pd.isna(cell) else cell
    keys = sorted(sums)
    columns = {
        name: pd.Series([sums[key][at] for key in keys], dtype="int64")
        for at, name in enumerate(names)
    }
    return pd.DataFrame({key_column: pd.Series(keys, dtype=frame[key_column].dtype), **columns})


def build_list_table(
    frame: pd.DataFrame, cities: Mapping[str, str], *left_out: str
) -> pd.DataFrame:
    """Return a list as a table: cities by name, and without `left_out`.

    What is the same of the whole list stands in words, not in each row.
    """
    rows = frame.drop(columns=[*left_out])
    return rows.assign(city=rows["city"].map(cities).fillna(rows["city"]))


def name_groups(frame: pd.DataFrame) -> list[str]:
    """Return each group's code name, or its code without the id of its city where it has none."""
    rows = zip(frame["label"], frame["group_id"], frame["city"], strict=True)
    return [
        str(label) if pd.notna(label) and str(label).strip() else code.removeprefix(f"{city}-")
        for label, code, city in rows
    ]


def shorten_codes(table: pd.DataFrame, cities: Iterable[str]) -> pd.DataFrame:
    """Return a table for the screen, where a row has its city and its codes need not.

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
