"""Rows of an answer by city, and sums of its columns: what sentences and tables are made of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd


def split_by_city(frame: pd.DataFrame, cities: Mapping[str, str]) -> list[tuple[str, pd.DataFrame]]:
    """Return the name and the rows of each city there are any of, in the order of `cities`."""
    present = set(frame["city"])
    return [
        (name, frame[frame["city"] == city]) for city, name in cities.items() if city in present
    ]


def sum_by(frame: pd.DataFrame, key_column: str, names: Sequence[str]) -> pd.DataFrame:
    """Sum columns by the values of `key_column`, most of the first first, those of none left out.

    What is missing adds nothing.
    """
    sums = frame.groupby(key_column, observed=True)[[*names]].sum().astype("int64").reset_index()
    order = [names[0], key_column]
    found = sums[sums[names[0]] > 0].sort_values(order, ascending=[False, True])
    return found.reset_index(drop=True)


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
