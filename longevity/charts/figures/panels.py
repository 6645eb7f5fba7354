"""Panels of one picture, a city each, on one scale."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sized

import pandas as pd

from longevity.charts.chart import Drawing
from longevity.charts.spec import Panel, Series


def build_panels(
    frame: pd.DataFrame,
    drawing: Drawing,
    draw: Callable[[pd.DataFrame, str, str], Iterable[Series]],
) -> tuple[Panel, ...]:
    """Return a panel a city of `frame` (column `city`), in the order of cities.

    `draw`: the series of a city's rows, given its name and the name of its colour.
    """
    return tuple(
        Panel(tuple(draw(rows, drawing.cities[city], colour)), drawing.cities[city], colour)
        for city, rows in drawing.split_by_city(frame)
        for colour in [drawing.name_colour(city)]
    )


def note_one_scale(panels: Sized) -> str:
    """Return the note that several panels can be compared, to stand in a subtitle."""
    return "; one scale for all" if len(panels) > 1 else ""
