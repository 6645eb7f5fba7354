"""Published homicides as rows a chart can draw without joining what does not belong together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from longevity import citations
from longevity.text import wording


def select_homicides(frame: pd.DataFrame, keys: Mapping[str, str]) -> pd.DataFrame:
    """Return the homicides of these cities, a row a figure, with its source's site as `source`.

    `frame`: `published_counts`; `keys`: the city by the name the published facts give it.
    """
    rows = frame[(frame["metric"] == "homicides") & frame["place"].isin(list(keys))]
    return rows.assign(
        city=rows["place"].map(dict(keys)),
        source=[citations.name_site(url) for url in rows["source_url"]],
    )[["city", "year", "value", "source", "source_url", "definition", "note"]]


def insert_gaps(rows: pd.DataFrame) -> tuple[list[Any], list[Any]]:
    """Return years and values in order, with an empty step wherever a year is missing.

    `rows`: year, value of one source. A year the source gives twice has a point each, and
    no line through them.
    """
    x: list[Any] = []
    y: list[Any] = []
    ordered = rows.sort_values(["year", "value"])
    for year, value in zip(ordered["year"].tolist(), ordered["value"].tolist(), strict=True):
        if x and year - x[-1] != 1:
            x.append(None)
            y.append(None)
        x.append(year)
        y.append(value)
    return x, y


def list_disagreements(frame: pd.DataFrame, cities: Mapping[str, str]) -> list[str]:
    """List years of which sources give different figures. `frame`: `select_homicides`."""
    sentences = []
    for (city, year), rows in frame.groupby(["city", "year"], sort=False):
        values = sorted({int(value) for value in rows["value"]})
        if len(values) > 1:
            named = " or ".join(wording.format_number(value) for value in values)
            sentences.append(
                f"Sources disagree about {cities.get(str(city), str(city))} in {year}: {named}."
            )
    return sentences
