"""What every chart is made of, and what it is drawn with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from longevity.charts.theme import PUBLISHED, SYNTHETIC, Theme, mark

Figure = dict[str, Any]  # a Plotly figure as plain data, so that nothing re-validates it

MEASURES: Mapping[str, str] = {
    "victims": "people shot",
    "incidents": "shooting incidents",
    "fatal": "people shot and killed",
    "nonfatal": "people shot and wounded",
    "homicides": "homicides by any weapon",
}


@dataclass(frozen=True)
class Drawing:
    """What a figure needs to know beside its frame.

    `cities` maps id to name in the configuration's order, so that the same city
    has the same place and colour everywhere.
    """

    theme: Theme
    cities: Mapping[str, str]
    synthetic: bool

    def position(self, city: str) -> int:
        """The place of a city in the configuration, from 0."""
        return list(self.cities).index(city)

    def marks(self, inside: bool = False, above: int = 0) -> list[dict[str, Any]]:
        """Annotations every picture carries: SYNTHETIC when it is, `above` a legend's pixels."""
        return [mark(self.theme, SYNTHETIC, inside, above)] if self.synthetic else []

    def published(self) -> list[dict[str, Any]]:
        """Annotations of a picture of what others published, whatever the release is."""
        return [mark(self.theme, PUBLISHED, False)]


def beside(chart: Chart, sentence: str) -> Chart:
    """The chart with one more sentence beside it, if there is one."""
    return replace(chart, said=(*chart.said, sentence)) if sentence else chart


@dataclass(frozen=True)
class Chart:
    """One chart: the finding, the measure, the picture, its words and its rows.

    `print_figure` is the same picture drawn for paper, where the screen's cannot be had as
    true vectors; `said` are sentences that belong beside it.
    """

    name: str
    title: str
    subtitle: str
    figure: Figure
    alt: str
    table: pd.DataFrame
    print_figure: Figure | None = None
    said: tuple[str, ...] = ()

    @property
    def printed(self) -> Figure:
        """The picture as files and documents take it."""
        return self.figure if self.print_figure is None else self.print_figure
