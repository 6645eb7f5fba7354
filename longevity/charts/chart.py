"""What every chart is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Any

import pandas as pd

from longevity.charts.drawing import Figure
from longevity.charts.theme import Theme
from longevity.language import ENGLISH, speaking
from longevity.measures.nouns import MEASURES


def name_measure(measure: str) -> str:
    """Return a measure as it is in a file's name: "people-shot"."""
    with speaking(ENGLISH):
        return MEASURES[measure].replace(",", "").replace(" ", "-")


@dataclass(frozen=True)
class Chart:
    """One chart: the finding, the measure, what draws it, its words and its rows.

    `draw`: a kind with all it is given, for the screen or, `on_paper`, for files and documents.
    `sentences` are those that belong next to it. `titles`: what else may be over it, by kind
    (`definition.KINDS`).
    """

    name: str
    title: str
    subtitle: str
    draw: Callable[..., Figure]
    alt: str
    table: pd.DataFrame
    sentences: tuple[str, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def figure(self) -> Figure:
        """The picture for the screen, as a Plotly figure."""
        return self.draw()

    def draw_in(self, theme: Theme) -> Figure:
        """Draw the picture for the screen in another look."""
        draw: Any = self.draw
        if isinstance(draw, partial):  # a kind, with what it is given
            frame, drawing, *words = draw.args
            draw = partial(draw.func, frame, replace(drawing, theme=theme), *words, **draw.keywords)
        else:  # a map
            draw = replace(draw, drawing=replace(draw.drawing, theme=theme))
        figure: Figure = draw()
        return figure

    def __getstate__(self) -> dict[str, Any]:
        """Return what is kept of it, the picture too: to draw one takes longer than to read it."""
        _ = self.figure
        return self.__dict__

    @cached_property
    def printed(self) -> Figure:
        """The picture as files and documents take it."""
        return self.draw(on_paper=True)
