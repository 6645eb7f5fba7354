"""Cities side by side: twelve months at a time, rates, a funnel instead of a league table."""

from __future__ import annotations

import html
from dataclasses import replace

import pandas as pd

from longevity.charts.chart import Chart, Drawing, name_measure
from longevity.charts.figures.panels import build_panels, note_one_scale
from longevity.charts.frames import list_days, list_numbers
from longevity.charts.spec import Axis, Estimate, Group, Intervals, Label, Line, Panel, Plot, Series
from longevity.charts.theme import find_symbol
from longevity.measures.nouns import MEASURES
from longevity.stats.funnel_plot import FunnelPlot


def draw_twelve_months(frame: pd.DataFrame, drawing: Drawing, measure: str, title: str) -> Chart:
    """Draw the twelve months that end with each month, a panel a city on one scale.

    `frame`: city, month, `measure` (the sum of twelve whole months; missing where one of
    them is not whole), launched (the month the program began, or missing).
    """
    split = drawing.split_by_city(frame)
    plain = build_panels(
        frame,
        drawing,
        lambda rows, name, colour: [
            Series(name, "line", list_days(rows["month"]), list_numbers(rows[measure]), colour)
        ],
    )
    launches = [list_days(rows["launched"].dropna())[:1] for _, rows in split]
    panels = [
        replace(panel, lines=tuple(Line(x=day, words="program begins") for day in days))
        for panel, days in zip(plain, launches, strict=True)
    ]
    has_gap = any(_has_gap(rows[measure]) for _, rows in split)
    gap = "; a gap: a month of the twelve is not known" if has_gap else ""
    return Chart(
        name=f"{name_measure(measure)}-in-twelve-months",
        title=title,
        subtitle=f"{MEASURES[measure].capitalize()} in the twelve whole months that end with each "
        f"month{note_one_scale(split)}{gap}.",
        spec=Plot(tuple(panels), x=Axis(kind="day", hover="%B %Y"), hover="twelve months to {x}"),
        drawing=drawing,
        alt=f"{title}.",
        table=frame.drop(columns=["launched"]),
    )


def _has_gap(counts: pd.Series) -> bool:
    """Return whether counts are missing elsewhere than at the ends."""
    return bool(counts.loc[counts.first_valid_index() : counts.last_valid_index()].isna().any())


def draw_rates(frame: pd.DataFrame, drawing: Drawing, measure: str, days: int, title: str) -> Chart:
    """Draw each city's rate with its interval, on one scale.

    `frame`: city, `measure`, population, rate, rate_low, rate_high (per 100,000 residents
    a year; missing where there are no residents).
    """
    rates = frame[frame["rate"].notna()]
    estimates = [
        Estimate(
            drawing.cities[city],
            f"{drawing.cities[city]}: {row.rate:.0f}",
            row.rate,
            row.rate_low,
            row.rate_high,
            drawing.name_colour(city),
            find_symbol(drawing.name_colour(city)),
            hover=f"{drawing.cities[city]}: {row.rate:.1f} ({row.rate_low:.1f} to "
            f"{row.rate_high:.1f})",
        )
        for city, rows in drawing.split_by_city(rates)
        for row in rows.itertuples()
    ]
    unit = f"{MEASURES[measure].capitalize()} per 100,000 residents a year"
    return Chart(
        name=f"{name_measure(measure)}-rate-by-city",
        title=title,
        subtitle=f"{unit}, over {days} days, with the 95% interval.",
        spec=Intervals((Group(tuple(estimates)),)),
        drawing=drawing,
        alt=f"{title}.",
        table=frame,
    )


def draw_funnel(funnel: FunnelPlot, drawing: Drawing, measure: str, title: str) -> Chart:
    """Draw each neighbourhood's rate against its residents, between the limits chance would give.

    `found.places`: city, name, population, `measure`, rate, at_95, at_998.
    """
    rates = funnel.places[funnel.places["rate"].notna()]
    points = [
        Series(
            drawing.cities[city],
            "points",
            rows["population"].astype(int).tolist(),
            rows["rate"].tolist(),
            drawing.name_colour(city),
            hover="{0}: {y} per 100,000 residents a year, {1} in all",
            details=list(
                zip(rows["name"].tolist(), rows[measure].astype(int).tolist(), strict=True)
            ),
            size=10,
        )
        for city, rows in drawing.split_by_city(rates)
    ]
    far = rates[rates["at_998"].isin(["above", "below"])]
    labels = [
        # A name may come from a file we were handed.
        Label(html.escape(str(row["name"]), quote=False), int(row["population"]), row["rate"])
        for _, row in far.iterrows()
    ]
    most = max([1.0, *rates["rate"]]) * 1.1
    return Chart(
        name=f"{name_measure(measure)}-funnel-of-neighbourhoods",
        title=title,
        subtitle="A funnel, not a league table: "
        f"{MEASURES[measure]} per 100,000 residents a year against how many "
        "live there. Between the lines: what chance alone would give at the common rate (95% and "
        "99.8%).",
        spec=Plot(
            (Panel((*_list_limits(funnel), *points), labels=tuple(labels)),),
            x=Axis(title="residents", form=","),
            y=Axis(ends=(0, most), hover=".0f"),
            hover="",
            tall=330,
            keyed=True,
        ),
        drawing=drawing,
        alt=f"{title}.",
        table=funnel.places,
    )


def _list_limits(funnel: FunnelPlot) -> list[Series]:
    """Return the limits of chance, and the common rate between them."""
    people = funnel.limits["residents"].tolist()
    if not people or funnel.rate is None:
        return []
    lines = [
        (people, funnel.limits[f"{side}_{level}"].tolist(), dash)
        for level, dash in (("95", "dot"), ("998", "solid"))
        for side in ("low", "high")
    ]
    lines.append(([0, people[-1]], [funnel.rate] * 2, "dash"))
    return [
        Series("", "line", x, y, "quiet", hover="", dash=dash, width=1.2, keyed=False)
        for x, y, dash in lines
    ]
