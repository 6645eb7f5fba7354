"""A chart: its rows and words, what it was made of, and its picture once that is needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import pandas as pd

from longevity.base.errors import UsageError
from longevity.charts.drawing import Figure, Kind
from longevity.charts.theme import Theme
from longevity.facts.counted import MEASURES
from longevity.warehouse.provenance import Provenance
from longevity.warehouse.warehouse import Answer
from longevity.words.language import ENGLISH, speaking

# The kinds of titles: what the chart found ("People shot are down"), or only its subject.
FINDING, TOPIC = "finding", "topic"


def name_measure(measure: str) -> str:
    """Return what a measure counts as part of a file's name: `victims` is "people-shot"."""
    with speaking(ENGLISH):
        return MEASURES[measure].replace(",", "").replace(" ", "-")


@dataclass(frozen=True)
class Chart:
    """One chart, made for a viewer.

    `name`: in the catalogue; `file`: in the names of files. `title` says what was found, `topic`
    only what it is about, `subtitle` what is counted; `alt` describes the picture to those who do
    not see it, and `sentences` belong next to it. `kind` draws it; `table` has its rows.
    `answers`: what queries returned for it, first that of its rows; of a picture that a screen
    makes for itself, none. `values`: the choices it was made with; `changes`: those that are not
    the default; `ends`: the last day of each city's counts, as ISO text.
    """

    name: str
    title: str
    subtitle: str
    kind: Kind
    alt: str
    table: pd.DataFrame
    file: str = ""
    topic: str = ""
    sentences: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    changes: Mapping[str, str] = field(default_factory=dict)
    ends: Mapping[str, str] = field(default_factory=dict)

    @property
    def titles(self) -> dict[str, str]:
        """Return the titles it may have, by kind: {"finding": "…", "topic": "…"}; none twice."""
        is_another = self.topic not in ("", self.title)
        return {FINDING: self.title} | ({TOPIC: self.topic} if is_another else {})

    def find_title(self, kind: str) -> str:
        """Return its title of a kind; UsageError for a kind that it does not offer."""
        if kind not in self.titles:
            raise UsageError(
                f"'{self.name}' offers no title '{kind}'.", f"It offers {', '.join(self.titles)}."
            )
        return self.titles[kind]

    @property
    def about(self) -> Provenance:
        """Return where its rows come from."""
        return self.answers[0].provenance

    @cached_property
    def figure(self) -> Figure:
        """The picture for the screen, as a Plotly figure."""
        return self.kind.draw()

    @cached_property
    def printed(self) -> Figure:
        """The picture as files and documents take it."""
        return self.kind.draw(on_paper=True)

    def draw_in(self, theme: Theme) -> Figure:
        """Draw the picture for the screen in another theme, light or dark."""
        return replace(self.kind, drawing=replace(self.kind.drawing, theme=theme)).draw()

    def __getstate__(self) -> dict[str, Any]:
        """Return what a cache keeps, the picture too: to draw one takes longer than to read it."""
        _ = self.figure
        return self.__dict__
