"""Published homicides: what others printed, one line a source, gaps left as gaps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from longevity.charts.chart import Chart, Drawing
from longevity.charts.figures.panels import build_panels
from longevity.charts.frames import build_year_axis
from longevity.charts.spec import Plot, Series
from longevity.measures import wording


def draw_published_homicides(frame: pd.DataFrame, drawing: Drawing) -> Chart:
    """Draw published homicides, a panel a city; a line joins the years of one source only.

    `frame`: city, year, value, source (its site), source_url. Two figures of one year are two
    points: neither is averaged or chosen.
    """

    def draw_city(record: pd.DataFrame, _name: str, colour: str) -> list[Series]:
        # Only what one page of a site gives is joined.
        pages = record.groupby(["source", "source_url"], sort=True)
        return [_draw_source(rows, str(source), colour) for (source, _), rows in pages]

    parts = [
        f"{drawing.cities[city]}: {wording.count_noun(record['year'].nunique(), 'year')} from "
        f"{wording.count_noun(record['source'].nunique(), 'source')}"
        for city, record in drawing.split_by_city(frame)
    ]
    span = wording.format_years(min(frame["year"]), max(frame["year"]))
    return Chart(
        name="published-homicides",
        title=f"Published homicides, {span}",
        subtitle="By any weapon, as others published them. A line joins years of one source.",
        spec=Plot(
            build_panels(frame, drawing, draw_city),
            x=build_year_axis(frame["year"]),
            published=True,
        ),
        drawing=drawing,
        alt=f"Homicides as others published them. {'; '.join(parts)}.",
        table=frame,
        sentences=tuple(_list_disagreements(frame, drawing)),
    )


def _list_disagreements(frame: pd.DataFrame, drawing: Drawing) -> Iterator[str]:
    """List the years of which sources give different figures."""
    for (city, year), values in frame.groupby(["city", "year"], sort=False)["value"]:
        if values.nunique() > 1:
            named = " or ".join(map(wording.format_number, sorted(values.unique())))
            yield f"Sources disagree about {drawing.cities[city]} in {year}: {named}."


def insert_gaps(rows: pd.DataFrame) -> tuple[list[Any], list[Any]]:
    """Return years and values in order, with an empty step wherever a year is missing.

    `rows`: year, value of one source. A year the source gives twice has a point each, and
    no line through them.
    """
    x: list[Any] = []
    y: list[Any] = []
    ordered = rows.sort_values(["year", "value"])[["year", "value"]].astype(object)
    for year, value in ordered.itertuples(index=False, name=None):
        gap = [None] if x and year - x[-1] != 1 else []
        x += [*gap, year]
        y += [*gap, value]
    return x, y


def _draw_source(rows: pd.DataFrame, source: str, colour: str) -> Series:
    x, y = insert_gaps(rows)
    return Series(
        source, "line", x, y, colour, hover=f"{{y}} ({source})", markers=True, size=9, width=1.8
    )
