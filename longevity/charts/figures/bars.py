"""Plain bars for slides and paper: what a screen may draw in finer ways."""

from __future__ import annotations

import pandas as pd

from longevity.charts.chart import MEASURES, Chart, Drawing
from longevity.charts.theme import city_colour, layout


def rates(frame: pd.DataFrame, drawing: Drawing, measure: str, title: str) -> Chart:
    """A bar a city with its 95 % interval.

    `frame`: city, rate, rate_low, rate_high (per 100,000 residents a year).
    """
    shown = frame[frame["rate"].notna()]
    return Chart(
        name=f"{measure}-rate-by-city-bars",
        title=title,
        subtitle=f"{MEASURES[measure].capitalize()} per 100,000 residents a year.",
        figure={
            "data": [
                {
                    "type": "bar",
                    "name": f"{MEASURES[measure].capitalize()} per 100,000 residents a year",
                    "x": [drawing.cities[city] for city in shown["city"]],
                    "y": [round(float(rate), 1) for rate in shown["rate"]],
                    "marker": {
                        "color": [
                            city_colour(drawing.theme, drawing.position(city))
                            for city in shown["city"]
                        ]
                    },
                    "error_y": {
                        "array": (shown["rate_high"] - shown["rate"]).round(1).tolist(),
                        "arrayminus": (shown["rate"] - shown["rate_low"]).round(1).tolist(),
                    },
                }
            ]
            if len(shown)
            else [],
            "layout": layout(drawing.theme, 300),
        },
        alt=f"Bars of {MEASURES[measure]} per 100,000 residents a year: "
        + "; ".join(
            f"{drawing.cities[row.city]} {row.rate:.1f} ({row.rate_low:.1f} to {row.rate_high:.1f})"
            for row in shown.itertuples()
        )
        + ".",
        table=shown,
    )
