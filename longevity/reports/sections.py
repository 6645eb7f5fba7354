"""What a document is made of: sections, each with its sentences, its chart and its tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from longevity.auth.viewers import ViewerKind
from longevity.charts.chart import Chart
from longevity.reports.chart_catalogue.definition import Drawn
from longevity.reports.context import ReportContext
from longevity.reports.marks import marks
from longevity.text import wording
from longevity.warehouse.warehouse import Answer

SYNTHETIC_IN_FULL = "SYNTHETIC demonstration data: no person, shooting or action here is real."


@dataclass(frozen=True)
class Table:
    """Rows with the answer they rest on; `title` says what they are, empty where the section does.

    `folded`: a screen keeps it in a fold.
    """

    title: str
    frame: pd.DataFrame
    answer: Answer
    folded: bool = False

    @property
    def key(self) -> str:
        """What tells it from the others of a document."""
        return f"{self.answer.provenance.query}.{self.title}"


@dataclass(frozen=True)
class Section:
    """One part of a document, the same words wherever it stands.

    `sentences` come first, `notes` are smaller. `bars` is a plain chart for slides, beside or
    instead of a longer table. `definition` says what is counted, for speaker notes.
    """

    key: str
    heading: str
    sentences: tuple[str, ...]
    drawn: Drawn | None = None
    bars: Chart | None = None
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    definition: str = ""
    finding: str = ""
    answers: tuple[Answer, ...] = field(default=())

    @property
    def title(self) -> str:
        """What stands over a slide: the finding, where there is one."""
        drawn = self.drawn.chart.title if self.drawn else ""
        return self.finding or drawn or self.heading

    @property
    def beside(self) -> tuple[Table, ...]:
        """The tables of a screen, where a chart has its own rows behind it already."""
        return tuple(t for t in self.tables if not (self.drawn and t.folded))

    @property
    def rests_on(self) -> tuple[Answer, ...]:
        """Every answer in it, once each."""
        drawn = (self.drawn.answers[0],) if self.drawn else ()
        every = (*drawn, *(table.answer for table in self.tables), *self.answers)
        return tuple({answer.provenance.query: answer for answer in every}.values())

    @property
    def sources(self) -> tuple[str, ...]:
        """Where its figures come from, a line a source."""
        return tuple(dict.fromkeys(answer.provenance.source for answer in self.rests_on))

    @property
    def not_for_release(self) -> bool:
        """Whether it holds what the public may not have."""
        return any(answer.provenance.not_for_release for answer in self.rests_on)


@dataclass(frozen=True)
class Briefing:
    """The whole briefing, for one viewer on one day.

    `cards`: what it is, the figure, the words under it. `silent`: which cities supplied
    nothing, or empty.
    """

    context: ReportContext
    measure: str
    through: date
    answer: str
    cards: tuple[tuple[str, str, str], ...]
    silent: str
    sections: tuple[Section, ...]

    @property
    def title(self) -> str:
        """What the document is called."""
        return f"{self.context.settings.program}: state briefing"

    @property
    def dated(self) -> str:
        """The day it counts to."""
        return f"Counted to {wording.format_day(self.through)}"

    @property
    def marks(self) -> tuple[str, ...]:
        """What every page of it is marked with."""
        return marks(self.public, self.context.synthetic)

    @property
    def public(self) -> bool:
        """Whether anybody may have it."""
        return self.context.viewer.kind is ViewerKind.PUBLIC

    @property
    def release_id(self) -> str:
        """The release it was made from."""
        return str(self.context.warehouse.release.id)

    def section(self, key: str) -> Section:
        """The section of this key; KeyError without."""
        return {section.key: section for section in self.sections}[key]
