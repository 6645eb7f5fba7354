"""What every chart is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from longevity.charts import draw
from longevity.charts.drawing import Drawing
from longevity.charts.spec import Spec
from longevity.measures.nouns import MEASURES

Figure = dict[str, Any]  # a Plotly figure as plain data, so that nothing re-validates it


def name_measure(measure: str) -> str:
    """Return a measure as it stands in a file's name: "people-shot"."""
    return MEASURES[measure].replace(",", "").replace(" ", "-")


@dataclass(frozen=True)
class Chart:
    """One chart: the finding, the measure, what it shows, its words and its rows.

    Every picture of it is made of `spec`; `sentences` are those that belong beside it. `titles`:
    what else may stand over it, by kind (`definition.KINDS`).
    """

    name: str
    title: str
    subtitle: str
    spec: Spec
    drawing: Drawing
    alt: str
    table: pd.DataFrame
    sentences: tuple[str, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def figure(self) -> Figure:
        """The picture for the screen, as a Plotly figure."""
        return draw.draw_figure(self.spec, self.drawing.theme, self.drawing.synthetic)

    def __getstate__(self) -> dict[str, Any]:
        """Return what is kept of it, the picture too: to draw one takes longer than to read it."""
        _ = self.figure
        return self.__dict__

    @cached_property
    def printed(self) -> Figure:
        """The picture as files and documents take it."""
        look = self.drawing.theme
        return draw.draw_figure(self.spec, look, self.drawing.synthetic, on_paper=True)
