"""Panels of one picture, a city each, one above the other on one scale."""

from __future__ import annotations

from collections.abc import Sized
from typing import Any

import pandas as pd

from longevity.charts.chart import Drawing
from longevity.charts.theme import city_colour

PANEL = 150  # pixels a city takes
LEGEND = 94  # the scale below the panels and a legend of up to three lines


def highest(values: pd.Series) -> float:
    """The largest value there is, and 1 where there is none: a scale needs a top."""
    most = pd.to_numeric(values).astype("float64").max()
    return 1.0 if pd.isna(most) else max(1.0, float(most))


def places(cities: list[str]) -> list[tuple[int, str, float, str, str]]:
    """Place, city, the panel's top (0 to 1), and its axis as traces and layouts name it."""
    return [
        (
            place,
            city,
            1 - place / len(cities),
            "y" if place == 0 else f"y{place + 1}",
            "yaxis" if place == 0 else f"yaxis{place + 1}",
        )
        for place, city in enumerate(cities)
    ]


def scale(drawing: Drawing, top: float, panels: int, most: float, **more: Any) -> dict[str, Any]:
    """The vertical axis of the panel that ends at `top`, from zero to a little above `most`."""
    tall = 1 / panels
    return {
        "domain": [max(0.0, top - tall * 0.95), top - tall * 0.2],
        "range": [0, most * 1.05],
        "gridcolor": drawing.theme.grid,
        "zerolinecolor": drawing.theme.quiet,
        "tickfont": {"size": 12, "color": drawing.theme.quiet},
        "fixedrange": True,
        "nticks": 4,
        "automargin": True,
        **more,
    }


def heading(city: str, top: float, drawing: Drawing) -> dict[str, Any]:
    """The city's name in the panel's corner."""
    return {
        "text": f"<b>{drawing.cities[city]}</b>",
        "xref": "paper",
        "yref": "paper",
        "x": 0,
        "y": top,
        "xanchor": "left",
        "yanchor": "top",
        "showarrow": False,
        "font": {"size": 15, "color": city_colour(drawing.theme, drawing.position(city))},
    }


def below(height: int, pixels: int) -> dict[str, Any]:
    """A legend under the picture, where it can take as many lines as it needs."""
    return {
        "orientation": "h",
        "x": 0,
        "y": -pixels / height,
        "yanchor": "top",
        "traceorder": "normal",
        "itemclick": False,
        "itemdoubleclick": False,
    }


def alike(cities: Sized) -> str:
    """The note that several panels can be compared, to stand in a subtitle."""
    return "; the same scale for each city" if len(cities) > 1 else ""
