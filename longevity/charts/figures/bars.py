"""Plain bars for slides and paper: what a screen may draw in finer ways."""

from __future__ import annotations

import pandas as pd

from longevity.charts.chart import MEASURES, Chart, Drawing, name_measure
from longevity.charts.frames import list_numbers
from longevity.charts.spec import Axis, Panel, Plot, Series


def draw_rate_bars(frame: pd.DataFrame, drawing: Drawing, measure: str, title: str) -> Chart:
    """Draw a bar a city with its 95% interval.

    `frame`: city, rate, rate_low, rate_high (per 100,000 residents a year).
    """
    shown = frame[frame["rate"].notna()]
    what = f"{MEASURES[measure].capitalize()} per 100,000 residents a year"
    said = [
        f"{drawing.cities[row.city]} {row.rate:.1f} ({row.rate_low:.1f} to {row.rate_high:.1f})"
        for row in shown.itertuples()
    ]
    bars = Series(
        what,
        "bar",
        [drawing.cities[city] for city in shown["city"]],
        list_numbers(shown["rate"], 1),
        [drawing.name_colour(city) for city in shown["city"]],
        low=list_numbers(shown["rate_low"], 1),
        high=list_numbers(shown["rate_high"], 1),
    )
    return Chart(
        name=f"{name_measure(measure)}-rate-by-city-bars",
        title=title,
        subtitle=f"{what}.",
        spec=Plot(
            (Panel((bars,) if len(shown) else ()),),
            x=Axis(kind="name", names=tuple(map(str, bars.x))),
            tall=230,
        ),
        drawing=drawing,
        alt=f"Bars of {MEASURES[measure]} per 100,000 residents a year: {'; '.join(said)}.",
        table=shown,
    )
