"""The published record as rows a chart can draw without joining what does not belong together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from longevity import citations
from longevity.text import wording

METRICS = {
    "homicides": "homicides, by any weapon",
    "gun_homicides": "homicides by firearm",
    "nonfatal_shooting_victims": "people shot and wounded",
    "nonfatal_shootings": "nonfatal shootings",
    "shooting_victims": "people shot",
    "shooting_incidents": "shooting incidents",
    "confirmed_shots_fired": "confirmed shots fired",
}


def list_metrics(frame: pd.DataFrame, keys: Mapping[str, str]) -> dict[str, str]:
    """Return the metrics published of these cities and their words, those with most figures first.

    `keys`: the city by the name the published facts give it.
    """
    metrics_found = frame.loc[frame["place"].isin(list(keys)), "metric"].value_counts()
    return {metric: METRICS.get(metric, metric.replace("_", " ")) for metric in metrics_found.index}


def select_metric(frame: pd.DataFrame, metric: str, keys: Mapping[str, str]) -> pd.DataFrame:
    """Return the rows of one metric: city, year, value, source, source_url, definition, note."""
    rows = frame[(frame["metric"] == metric) & frame["place"].isin(list(keys))]
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
    last = None
    for row in ordered.itertuples():
        if last is not None and row.year - last != 1:
            x.append(None)
            y.append(None)
        x.append(int(row.year))
        y.append(int(row.value))
        last = row.year
    return x, y


def write_title(frame: pd.DataFrame, what: str) -> str:
    """Say whether sources agree. `frame`: `select_metric`; `what`: the metric in words."""
    source_counts = frame.groupby(["city", "year"])["source"].nunique()
    shared = int((source_counts > 1).sum())
    figures = wording.count_noun(len(frame), "figure")
    several = frame["source"].nunique() > 1
    sources = wording.count_noun(frame["source"].nunique(), "source")
    if not shared:
        disjoint = ", no year of a city from two of them" if several else ""
        return f"Published {what}: {figures} from {sources}{disjoint}"
    differ = frame.groupby(["city", "year"])["value"].nunique()
    differences = int((differ[source_counts > 1] > 1).sum())
    years = wording.count_noun(shared, "year")
    return (
        f"Published {what}, from {sources}: they differ in {wording.format_number(differences)} of "
        f"{years} of a city that more than one gives"
    )


def list_disagreements(frame: pd.DataFrame, cities: Mapping[str, str]) -> list[str]:
    """List years of which sources give different figures. `frame`: `select_metric`."""
    sentences = []
    for (city, year), rows in frame.groupby(["city", "year"], sort=False):
        values = sorted({int(value) for value in rows["value"]})
        if len(values) > 1:
            values_text = wording.join_words([wording.format_number(value) for value in values])
            sentences.append(
                f"{cities.get(str(city), str(city))} {year}: sources say {values_text}. "
                "Neither is chosen here."
            )
    return sentences
