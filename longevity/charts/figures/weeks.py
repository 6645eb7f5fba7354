"""The newest weeks, and the band in which late reports are likely to leave each."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from longevity.charts.chart import MEASURES, Chart, Drawing, name_measure
from longevity.charts.figures.panels import build_panels
from longevity.charts.frames import list_days
from longevity.charts.spec import Axis, Plot, Series
from longevity.stats.reporting_delay import ReportingDelay
from longevity.text import wording

WIDE = 1.4  # days a band takes of the week it stands on


def draw_newest_weeks(
    frame: pd.DataFrame,
    growth: Mapping[str, ReportingDelay],
    drawing: Drawing,
    title: str,
    measure: str = "incidents",
) -> Chart:
    """Draw a measure by week, a panel a city; of incidents a band over the weeks that still grow.

    `frame`: city, week_ending, `measure`, complete. `growth`: by city, of incidents: how many
    people a late report will add is not estimated. Nothing is added to a bar; the band stands
    beside what was counted.
    """
    noun = MEASURES[measure]
    whole = frame[frame["complete"]]
    cities = [city for city, _ in drawing.split_by_city(frame)]
    has_band = measure == "incidents"
    end = (
        ", and where the newest weeks are likely to end once late reports are in (95% interval). "
        "Nothing is added to a bar."
        if has_band
        else ". Late reports still add to the newest: how much is estimated of incidents only."
    )

    def draw_city(rows: pd.DataFrame, name: str, colour: str) -> tuple[Series, ...]:
        grows = growth[rows["city"].iloc[0]]
        bars, band = _draw_city(rows[rows["complete"]], grows, name, colour, measure)
        return (bars, band) if has_band else (bars,)

    return Chart(
        name=f"{'incidents' if has_band else name_measure(measure)}-by-week-with-late-reports",
        title=title,
        subtitle=f"{wording.start_sentence(noun)} by the city's own week{end}",
        spec=Plot(
            build_panels(frame, drawing, draw_city),
            x=Axis(kind="day", hover="%B %-d, %Y"),
            hover="week to {x}",
            keyed=True,
        ),
        drawing=drawing,
        alt=_describe_weeks(whole, drawing, measure),
        table=_build_table(whole, growth if has_band else {}, cities, measure),
    )


def _draw_city(
    rows: pd.DataFrame, growth: ReportingDelay, name: str, colour: str, measure: str
) -> tuple[Series, Series]:
    counts = rows[measure].astype(int).tolist()
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


def _describe_weeks(whole: pd.DataFrame, drawing: Drawing, measure: str) -> str:
    parts = [
        f"{drawing.cities[city]} {wording.format_number(rows.iloc[-1][measure])} in its newest week"
        for city, rows in drawing.split_by_city(whole)
    ]
    return f"Bars of {MEASURES[measure]} by week: {'; '.join(parts) or 'no whole week'}."


def _build_table(
    whole: pd.DataFrame, growth: Mapping[str, ReportingDelay], cities: list[str], measure: str
) -> pd.DataFrame:
    bands = [
        growth[city].weeks[["week_ending", "low", "high"]].assign(city=city)
        for city in cities
        if city in growth and len(growth[city].weeks)
    ]
    counts = whole[["city", "week_ending", measure]]
    if not bands:
        return counts
    band = pd.concat(bands)
    band["week_ending"] = pd.to_datetime(band["week_ending"]).astype(counts["week_ending"].dtype)
    return counts.merge(band, on=["city", "week_ending"], how="left").rename(
        columns={"low": "likely_low", "high": "likely_high"}
    )
