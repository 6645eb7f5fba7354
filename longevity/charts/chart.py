"""A chart: its words and rows, and the function that draws it once a picture is needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Any

import pandas as pd

from longevity.charts.drawing import Figure
from longevity.charts.theme import Theme
from longevity.facts.counted import MEASURES
from longevity.words.language import ENGLISH, speaking


def name_measure(measure: str) -> str:
    """Return what a measure counts as part of a file's name: `victims` is "people-shot"."""
    with speaking(ENGLISH):
        return MEASURES[measure].replace(",", "").replace(" ", "-")


@dataclass(frozen=True)
class Chart:
    """One chart: its words, its rows, and what draws its picture.

    `title` says what was found, `subtitle` what is counted; `alt` describes the picture to those
    who do not see it, `table` has its rows, and `sentences` belong next to it. `draw()` gives the
    picture for the screen, `draw(on_paper=True)` that for files and documents. `titles`: what else
    may be over it, by kind (`definition.KINDS`).
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
        """Draw the picture for the screen in another theme, light or dark."""
        draw: Any = self.draw
        if isinstance(draw, partial):  # a kind, with what it is given
            frame, drawing, *words = draw.args
            draw = partial(draw.func, frame, replace(drawing, theme=theme), *words, **draw.keywords)
        else:  # a map
            draw = replace(draw, drawing=replace(draw.drawing, theme=theme))
        figure: Figure = draw()
        return figure

    def __getstate__(self) -> dict[str, Any]:
        """Return what a cache keeps, the picture too: to draw one takes longer than to read it."""
        _ = self.figure
        return self.__dict__

    @cached_property
    def printed(self) -> Figure:
        """The picture as files and documents take it."""
        return self.draw(on_paper=True)
