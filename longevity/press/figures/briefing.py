"""Plain bars for slides and paper: what a screen may draw in finer ways."""

from __future__ import annotations

import pandas as pd

from longevity.measures import public_forms
from longevity.press.chart import MEASURES, Chart, Drawing
from longevity.press.style import STATE_COLOURS, city_colour, layout

LIGHT_ENOUGH = ("kept_30", "kept_60", "kept_90", "not_kept")


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


def promises(frame: pd.DataFrame, drawing: Drawing) -> Chart:
    """How soon promises were answered, a stacked bar a year. `frame`: lattice_promises."""
    states = STATE_COLOURS[drawing.theme.name]
    colours = (states["kept"], states["open"], states["late"], states["broken"])
    named = public_forms.PROMISES_COLUMNS
    return Chart(
        name="promises-by-year",
        title="Promises",
        subtitle="Promises by the year they began and how soon they were answered.",
        figure={
            "data": [
                {
                    "type": "bar",
                    "name": named[column],
                    "x": [str(int(year)) for year in frame["year"]],
                    "y": [int(count) for count in frame[column]],
                    "marker": {"color": colour},
                }
                for column, colour in zip(LIGHT_ENOUGH, colours, strict=True)
            ]
            if len(frame)
            else [],
            "layout": layout(drawing.theme, 300, barmode="stack"),
        },
        alt="Stacked bars of promises by the year they began. " + public_forms.promises(frame),
        table=frame,
    )
