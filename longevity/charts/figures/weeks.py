"""The newest weeks, and the band in which late reports are likely to leave each."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from longevity.charts.chart import Chart, Drawing
from longevity.charts.figures.panels import build_panels
from longevity.charts.frames import list_days
from longevity.charts.spec import Axis, Plot, Series
from longevity.stats.reporting_delay import ReportingDelay
from longevity.text import wording

WIDE = 1.4  # days a band takes of the week it stands on


def draw_newest_weeks(
    frame: pd.DataFrame, growth: Mapping[str, ReportingDelay], drawing: Drawing, title: str
) -> Chart:
    """Draw shooting incidents by week, a panel a city, a band over the weeks that still grow.

    `frame`: city, week_ending, incidents, complete. `growth`: by city. Nothing is added to
    a bar; the band stands beside what was counted.
    """
    whole = frame[frame["complete"]]
    cities = [city for city, _ in drawing.split_by_city(frame)]

    def draw_city(rows: pd.DataFrame, name: str, colour: str) -> tuple[Series, ...]:
        return _draw_city(rows[rows["complete"]], growth[rows["city"].iloc[0]], name, colour)

    return Chart(
        name="incidents-by-week-with-late-reports",
        title=title,
        subtitle="Shooting incidents by the city's own week, and where the newest weeks are "
        "likely to end once late reports are in (95% interval). Nothing is added to a bar.",
        spec=Plot(
            build_panels(frame, drawing, draw_city),
            x=Axis(kind="day", hover="%B %-d, %Y"),
            hover="week to {x}",
            keyed=True,
        ),
        drawing=drawing,
        alt=_describe_weeks(whole, drawing),
        table=_build_table(whole, growth, cities),
    )


def _draw_city(
    rows: pd.DataFrame, growth: ReportingDelay, name: str, colour: str
) -> tuple[Series, ...]:
    counts = rows["incidents"].astype(int).tolist()
    bars = Series(name, "bar", list_days(rows["week_ending"]), counts, colour, keyed=False)
    weeks = growth.weeks[growth.weeks["high"].notna()] if len(growth.weeks) else growth.weeks
    low, high = (
        [int(end) for end in weeks[side]] if len(weeks) else [] for side in ("low", "high")
    )
    band = Series(
        "where the week is likely to end",
        "range",
        list_days(weeks["week_ending"]) if len(weeks) else [],
        high,
        low=low,
        high=high,
        hover="likely to end at {0} to {1}",
        details=list(zip(low, high, strict=True)),
        strength=0.55,
        width=WIDE,
    )
    return bars, band


def _describe_weeks(whole: pd.DataFrame, drawing: Drawing) -> str:
    parts = [
        f"{drawing.cities[city]} {wording.format_number(rows.iloc[-1]['incidents'])} in its newest "
        "week"
        for city, rows in drawing.split_by_city(whole)
    ]
    return f"Bars of shooting incidents by week: {'; '.join(parts) or 'no whole week'}."


def _build_table(
    whole: pd.DataFrame, growth: Mapping[str, ReportingDelay], cities: list[str]
) -> pd.DataFrame:
    bands = [
        growth[city].weeks[["week_ending", "low", "high"]].assign(city=city)
        for city in cities
        if len(growth[city].weeks)
    ]
    counts = whole[["city", "week_ending", "incidents"]]
    if not bands:
        return counts
    band = pd.concat(bands)
    band["week_ending"] = pd.to_datetime(band["week_ending"]).astype(counts["week_ending"].dtype)
    return counts.merge(band, on=["city", "week_ending"], how="left").rename(
        columns={"low": "likely_low", "high": "likely_high"}
    )
