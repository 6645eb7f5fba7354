"""The published record: what others printed, one line a source, gaps left as gaps."""

from __future__ import annotations

import pandas as pd

from longevity.charts.chart import Chart, Drawing
from longevity.charts.figures.panels import build_panels
from longevity.charts.frames import build_year_axis
from longevity.charts.spec import Plot, Series
from longevity.charts.theme import CITY_DASHES, CITY_SYMBOLS
from longevity.text import published_record, wording


def draw_published_record(frame: pd.DataFrame, drawing: Drawing, title: str) -> Chart:
    """Draw published counts of one metric, a panel a city; a line joins one source's years only.

    `frame`: city, year, value, source (its site), source_url, of one metric. Two sources of
    one year stand beside each other: neither is averaged or chosen.
    """
    split = drawing.split_by_city(frame)
    sources = sorted(frame["source"].unique())

    def draw_city(record: pd.DataFrame, _name: str, _colour: str) -> list[Series]:
        # The key names sites; only what one page of a site gives is joined.
        pages = record.groupby(["source", "source_url"], sort=True)
        return [_draw_source(rows, str(source), sources) for (source, _), rows in pages]

    parts = [
        f"{drawing.cities[city]}: {wording.count_noun(record['year'].nunique(), 'year')} from "
        f"{wording.count_noun(record['source'].nunique(), 'source')}"
        for city, record in split
    ]
    return Chart(
        name="published-record",
        title=title,
        subtitle="As others published it. A line joins years of one source; no point, no figure.",
        spec=Plot(
            build_panels(frame, drawing, draw_city),
            x=build_year_axis(frame["year"]),
            keyed=True,
            published=True,
        ),
        drawing=drawing,
        alt=f"Published figures. {'; '.join(parts) or 'None'}.",
        table=frame,
    )


def _draw_source(rows: pd.DataFrame, source: str, sources: list[str]) -> Series:
    x, y = published_record.insert_gaps(rows)
    look = sources.index(source)
    shape = (look + look // len(CITY_SYMBOLS)) % len(CITY_SYMBOLS)  # no two look the same
    return Series(
        source,
        "line",
        x,
        y,
        f"city:{look % len(CITY_SYMBOLS)}",
        hover=f"{{y}} ({source})",
        dash=CITY_DASHES[shape],
        symbol=CITY_SYMBOLS[shape],
        markers=True,
        size=9,
        width=1.8,
    )
